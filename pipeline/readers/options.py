"""How inputs are read: the caller's choices, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError, nearest

_COMMON_ENCODINGS = ("utf-8", "utf-16", "windows-1252", "latin-1", "iso-8859-15", "cp850", "mac-roman")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Where a row keeps its text, and how bytes become text.

    `id_field` None: the field "id" where a row has one, else the file's name and the line. `title_field`:
    its value goes before the text as a headline line and a blank line; None: no field is taken for a
    title. `encoding` None: detected. `max_bytes` bounds one document (5 MB hold any book). Folders in
    `exclude` are not read (the run's own output).

    Raises:
        ConfigError: the encoding is unknown, or `max_bytes` is not positive.
    """

    text_field: str = "text"
    id_field: str | None = None
    title_field: str | None = None
    encoding: str | None = None
    max_bytes: int = 5_000_000
    exclude: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if self.max_bytes < 1:
            raise ConfigError(f"max_bytes is {self.max_bytes}, it must be at least 1")
        if self.encoding is not None:
            try:
                "a".encode(self.encoding)  # codecs that are not between text and bytes raise as well
            except (LookupError, ValueError) as error:
                known = ", ".join(_COMMON_ENCODINGS)
                hint = nearest(self.encoding, _COMMON_ENCODINGS)
                raise ConfigError(f"unknown encoding {self.encoding!r}{hint}; for example {known}") from error

    @property
    def max_line(self) -> int:
        r"""How long one physical line may be: six characters for each that is escaped (\u00e9), and other fields."""
        return 8 * self.max_bytes + 65_536
