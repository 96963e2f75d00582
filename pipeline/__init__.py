"""Dépêche: foreign-language news, French first, to trustworthy English.

import pipeline
nlp = pipeline.load()
result = nlp("Le maire a démissionné lundi. …")
result["translation_text"], result["summary_text"], result.document
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.desk import Desk, Result, load
    from pipeline.document import Document


__all__ = ["Desk", "Document", "Result", "__version__", "load"]

_ROOMS = {"load": "pipeline.desk", "Desk": "pipeline.desk", "Result": "pipeline.desk", "Document": "pipeline.document"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that importing the package costs nothing."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)
