"""Every error that Dépêche raises on purpose.

DepecheError
├── StartError                 the run could not start (exit code 2)
│   ├── ConfigError            a setting is unknown, missing or out of range
│   ├── InputError             an input path or field is missing, unreadable, empty or ambiguous
│   ├── OutputError            the output folder cannot be written, or holds something else
│   │   └── HeldError              another process is at work in it
│   └── ModelError             a model cannot be used
│       ├── MissingModelError      it is not on this machine
│       └── UnsupportedModelError  its architecture or language is not one that the backend knows
├── DocumentError              one document cannot be processed; it is marked and the run goes on (exit code 1)
│   ├── DecodingError          its bytes are not text in any encoding that we recognise
│   └── LanguageError          its language is not one that this run translates
└── ResourceError              the machine ran out of something; the batch is halved and tried again

Any other exception is a defect of Dépêche and stops the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class DepecheError(Exception):
    """Root of the tree. The message is one line: what was wrong, where, and what to do."""


class StartError(DepecheError):
    """The run could not start; nothing was done."""


class ConfigError(StartError):
    """A setting is unknown, missing or out of range."""


class InputError(StartError):
    """An input path or field is missing, unreadable, empty or ambiguous."""


class OutputError(StartError):
    """The output folder cannot be written, or already holds something else."""


class HeldError(OutputError):
    """Another process is at work in the folder; the message has its process id."""


class ModelError(StartError):
    """A model cannot be used."""


class MissingModelError(ModelError):
    """The model is not on this machine; the message names the command that fetches it."""


class UnsupportedModelError(ModelError):
    """The model's architecture or language is not one that the backend knows."""


class DocumentError(DepecheError):
    """One document cannot be processed; it carries the reason to the output."""


class DecodingError(DocumentError):
    """The bytes of a document are not text in any encoding that we recognise."""


class LanguageError(DocumentError):
    """The language of a document is not one that this run translates."""


class ResourceError(DepecheError):
    """Memory ran out for a batch; half of it may fit."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the known name nearest to `word`, or an empty string."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {matches[0]!r}?)" if matches else ""
