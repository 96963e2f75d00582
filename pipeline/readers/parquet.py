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


def read(file: File, options: ReadOptions) -> Iterator[Located]:
    """Yield a document for each row; a row that cannot be used becomes a failed document.

    Raises:
        DocumentError: the file is damaged; what comes before the damage was yielded.
        OSError: it cannot be read.
    """
    with _open(file) as table:
        for row in _rows(table):
            yield f"{file.place}, row {row.number}", to_document(row, file.name, options)


def check(file: File, options: ReadOptions) -> None:
    """Check that the columns which the caller counts on are there and of a fitting type.

    Raises:
        InputError: one is missing or of another type, or the file is not a whole Parquet table.
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
        return ParquetFile(file.path)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InputError(f"{file.place} is not a whole Parquet file") from error


def _rows(table: ParquetFile) -> Iterator[Row]:
    import pyarrow as pa

    number = 0
    try:
        for batch in table.iter_batches(_BATCH):
            for index in range(batch.num_rows):
                number += 1
                yield _row(number, batch, index)
    except (pa.ArrowException, OSError) as error:
        raise DocumentError(f"the file is damaged; after row {number} nothing was read") from error


def _row(number: int, batch: RecordBatch, index: int) -> Row:
    values: dict[str, Any] = {}
    fault: DocumentError | None = None
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            values[name] = column[index].as_py()
        except (ValueError, OverflowError) as error:  # stray bytes in a text, a date outside Python's calendar
            fault = DocumentError(f"column {name!r} holds a value that cannot be read ({type(error).__name__})")
    return Row(number, values, fault)
