"""Sixteen bytes that stand for an id, or for what was read: enough for any number of documents, and little memory."""

from __future__ import annotations

import json
from hashlib import blake2b

from pipeline.codec import to_dict
from pipeline.document import Document
from pipeline.writers.jsonl import escaped

SIZE = 16


def key_of(identity: str) -> bytes:
    """Return the key of an id as it is written to files."""
    return blake2b(escaped(identity).encode(), digest_size=SIZE).digest()


def hash_of(document: Document) -> bytes:
    """Return the hash of a document as a reader made it: its text, its fields, how its reading failed."""
    return blake2b(json.dumps(to_dict(document)).encode(), digest_size=SIZE).digest()


def input_row(identity: str, read: bytes | None) -> dict[str, str | None]:
    """Return the row of `inputs.jsonl` for one document."""
    return {"id": escaped(identity), "input": read.hex() if read else None}
