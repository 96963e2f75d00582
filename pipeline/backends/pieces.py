"""Texts to the pieces that CTranslate2 takes and back, by the checkpoint's own tokenizer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from pipeline.backends.families import Languages, languages
from pipeline.backends.quiet import quiet

_END = "</s>"


class Tokenizer(Protocol):
    """What the backend asks of a tokenizer; `prefix` are the pieces that every answer begins with."""

    prefix: list[str]

    def encode(self, texts: Sequence[str]) -> list[list[str]]: ...

    def decode(self, pieces: Sequence[Sequence[str]]) -> list[str]: ...


class MarianPieces:
    """Marian's two sentencepiece files, read without transformers: that import alone takes seconds."""

    def __init__(self, folder: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._source = SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._target = SentencePieceProcessor(model_file=str(folder / "target.spm"))
        size = self._source.get_piece_size()
        self._names = [self._source.id_to_piece(index) for index in range(size)]  # shared: texts are kept as pieces
        self.prefix: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        return [[*map(self._names.__getitem__, row), _END] for row in self._source.encode(list(texts), out_type=int)]

    def decode(self, pieces: Sequence[Sequence[str]]) -> list[str]:
        return [self._target.decode(list(answer)) for answer in pieces]


class HuggingFacePieces:
    """Any tokenizer of transformers."""

    def __init__(self, tokenizer: Any, told: Languages, forced_first: int | None) -> None:
        self._tokenizer, self._told = tokenizer, told
        if told.source_code:
            tokenizer.src_lang = told.source_code
        first = told.forced_bos_token_id if told.forced_bos_token_id is not None else forced_first
        self.prefix = [] if first is None else [tokenizer.convert_ids_to_tokens(first)]

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        ids = self._tokenizer([self._told.prefix + text for text in texts])["input_ids"]
        return [self._tokenizer.convert_ids_to_tokens(row) for row in ids]

    def decode(self, pieces: Sequence[Sequence[str]]) -> list[str]:
        rows = [self._tokenizer.convert_tokens_to_ids(list(answer[len(self.prefix) :])) for answer in pieces]
        return [text.strip() for text in self._tokenizer.batch_decode(rows, skip_special_tokens=True)]


def tokenizer(folder: Path, config: dict[str, Any], source: str, target: str, prefix: str) -> Tokenizer:
    """Return the tokenizer of a checkpoint, told its languages (ISO 639-1).

    Raises:
        UnsupportedModelError: the architecture is unknown, or the model does not know a language.
    """
    if config["model_type"] == "marian" and not prefix and _is_bilingual(folder):
        return MarianPieces(folder)
    with quiet():
        import transformers

        made = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return HuggingFacePieces(
        made, languages(config["model_type"], made, source, target, prefix), _forced_first(folder, config)
    )


def _is_bilingual(folder: Path) -> bool:
    """Multilingual Marian models have marks such as >>fra<< among their pieces."""
    return ">>" not in (folder / "vocab.json").read_text(encoding="utf-8")


def _forced_first(folder: Path, config: dict[str, Any]) -> int | None:
    path = folder / "generation_config.json"
    generation = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    first: int | None = generation.get("forced_bos_token_id", config.get("forced_bos_token_id"))
    return first
