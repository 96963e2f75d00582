"""Rows as Parquet: typed columns that keep their type when they are empty, read by `datasets`, pandas and the rest.

`datasets` takes one format for all tables of a folder, and from JSON it guesses types: an `id` such as
"2025-01-17" comes back as a time stamp. So the card names the Parquet files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

_SCALARS = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
# A row group is written when it holds so many rows, or so many characters in its text columns: this bounds memory.
_GROUP_ROWS = 4096
_GROUP_CHARACTERS = 4_000_000


def arrow_type(hint: Any) -> pa.DataType:
    """Return the Arrow type for the type hint of a record's field; a mapping is kept as JSON text."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if is_dataclass(hint):
        return pa.struct(arrow_fields(hint))
    if origin is Literal:
        return pa.string()
    if origin in (Union, UnionType):
        return arrow_type(next(argument for argument in arguments if argument is not type(None)))
    if origin is tuple:
        return pa.list_(arrow_type(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return pa.json_()
    raise TypeError(f"no Arrow type is known for {hint!r}")


def arrow_fields(record: Any) -> list[tuple[str, pa.DataType]]:
    """Return the names and Arrow types of a dataclass's fields, in order."""
    hints = get_type_hints(record)
    return [(field.name, arrow_type(hints[field.name])) for field in fields(record)]


class ParquetTable:
    """A file of rows in row groups; memory holds one group at a time.

    `schema` names the columns. Where the groups end depends on the rows alone, so equal input gives equal bytes.
    """

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self.rows = 0
        self._schema = schema
        self._json = [field.name for field in schema if isinstance(field.type, pa.JsonType)]
        self._writer = pq.ParquetWriter(stream, schema, compression="zstd")
        self._group: list[dict[str, Any]] = []
        self._characters = 0

    def write(self, row: Mapping[str, Any]) -> None:
        """Add one row."""
        self._group.append({**row, **{name: _json_text(row[name]) for name in self._json}})
        self._characters += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(self._group) >= _GROUP_ROWS or self._characters >= _GROUP_CHARACTERS:
            self._flush()

    def close(self) -> None:
        """Write the last group and the footer; after an error here the file is not a Parquet file."""
        try:
            self._flush()
            self._writer.close()
        finally:
            self._writer.is_open = False  # or its finaliser would try once more

    def _flush(self) -> None:
        if self._group:  # an empty row group is one that `datasets` cannot read
            self._writer.write_table(pa.Table.from_pylist(self._group, schema=self._schema), len(self._group))
            self.rows += len(self._group)
        self._group, self._characters = [], 0


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
