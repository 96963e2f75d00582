"""What is particular to a language, as data: one folder a language, one TOML file a topic.

A language without a file for a topic is served by the one in `general/`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_ROOM = Path(__file__).parent


@cache
def rules(code: str, topic: str) -> Mapping[str, Any]:
    """Return the rules of one topic ("sentences", "furniture", "numbers", ...) for an ISO 639-1 code."""
    path = _ROOM / code / f"{topic}.toml"
    if not (code.isalpha() and path.is_file()):
        path = _ROOM / "general" / f"{topic}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
