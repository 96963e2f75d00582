"""Parquet tables, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.errors import DocumentError, InputError
from pipeline.readers.listing import File
from pipeline.readers.options import ReadOptions
from pipeline.readers.rows import Located, Row, check_fields, to_document

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

_BATCH = 32  # rows decoded at once: a small file may unfold to very long texts
_BUFFER = 1 << 20  # bytes of a column that are read at once
# A column that unfolds to more than both of these is a bomb; text unfolds to some 5 times.
_UNFOLDED = 100_000_000
_TIMES = 200
_MOST_VALUES = 50_000_000  # of one column in one group of rows, where rows hold lists


def read(file: File, options: ReadOptions) -> Iterator[Located]:
    """Yield a document for each row; a row that cannot be used becomes a failed document.

    Raises:
        DocumentError: the file is damaged, and what comes before the damage was yielded; or it would unfold to far
            more than it holds.
        OSError: it cannot be read.
    """
    with _open(file) as table:
        _check_unfolding(table)
        for row in _rows(table, options.max_bytes):
            yield f"{file.place}, row {row.number}", to_document(row, file.name, options)


def check(file: File, options: ReadOptions) -> None:
    """Check that the columns which the caller counts on are there and of a fitting type.

    Raises:
        InputError: one is missing or of another type.
        DocumentError: the file is not a whole Parquet table.
        OSError: it cannot be read.
    """
    from pyarrow import types

    with _open(file) as table:
        schema = table.schema_arrow
    check_fields(file.place, schema.names, options)
    for name, numbers in ((options.text_field, False), (options.title_field, False), (options.id_field, True)):
        if name is None:
            continue
        if schema.names.count(name) > 1:
            raise InputError(f"{file.place} has two columns of the name {name!r}; give each its own")
        kind = schema.field(name).type
        value = kind.value_type if types.is_dictionary(kind) else kind
        text = types.is_string(value) or types.is_large_string(value) or types.is_string_view(value)
        if not (text or (numbers and types.is_integer(value))):
            raise InputError(f"{file.place}: column {name!r} is of type {kind}, not text; name another column")


def _open(file: File) -> ParquetFile:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(file.path) as plain:
            texts = [field.name for field in plain.schema_arrow if pa.types.is_string(field.type)]
        # As a dictionary a text that stands in many rows is in memory once.
        return ParquetFile(file.path, read_dictionary=texts, buffer_size=_BUFFER)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise DocumentError("not a whole Parquet file; write it anew, or take it out") from error


def _check_unfolding(table: ParquetFile) -> None:
    groups = (table.metadata.row_group(index) for index in range(table.num_row_groups))
    for column, rows in (
        (group.column(index), group.num_rows) for group in groups for index in range(group.num_columns)
    ):
        unfolded, stored = column.total_uncompressed_size, column.total_compressed_size
        if unfolded > max(_UNFOLDED, _TIMES * stored) or column.num_values > max(_MOST_VALUES, rows):
            raise DocumentError(
                f"column {column.path_in_schema!r} would unfold to {unfolded:,} bytes and {column.num_values:,} values"
                f" from {stored:,} bytes; the file is not read"
            )


def _rows(table: ParquetFile, longest: int) -> Iterator[Row]:
    import pyarrow as pa

    number = 0
    try:
        for batch in table.iter_batches(_BATCH):
            for index in range(batch.num_rows):
                number += 1
                yield _row(number, batch, index, longest)
    except (pa.ArrowException, OSError) as error:
        raise DocumentError(f"the file is damaged; after row {number} nothing was read") from error


def _row(number: int, batch: RecordBatch, index: int, longest: int) -> Row:
    values: dict[str, Any] = {}
    fault: DocumentError | None = None
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            values[name] = _value(column[index], longest)
        except (ValueError, OverflowError) as error:  # stray bytes in a text, a date outside Python's calendar
            fault = DocumentError(f"column {name!r} holds a value that cannot be read ({type(error).__name__})")
        except DocumentError as error:
            fault = DocumentError(f"column {name!r} {error}")
    return Row(number, values, fault)


def _value(scalar: Any, longest: int) -> Any:
    """Return a value as Python has it; a text that is too long is not even copied."""
    inner = getattr(scalar, "value", scalar) if hasattr(scalar, "dictionary") else scalar
    if hasattr(inner, "as_buffer") and inner.is_valid and inner.as_buffer().size > longest:
        raise DocumentError(f"holds a value of {inner.as_buffer().size:,} bytes; the most is {longest:,}")
    return scalar.as_py()
