"""Hugging Face encoder-decoder checkpoints on CTranslate2, as `Seq2Seq`: the fast way on a CPU."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2

from pipeline.backends.checkpoint import locate
from pipeline.backends.conversion import converted
from pipeline.backends.pieces import Tokenizer, tokenizer
from pipeline.batching import bucket_of
from pipeline.config import Device, ModelSettings
from pipeline.errors import DocumentError, ModelError, ResourceError
from pipeline.seq2seq import Decoding, Hypothesis


def load(settings: ModelSettings, device: Device, threads: int) -> Ct2Seq2Seq:
    """Load a checkpoint from this machine, converted on first use.

    Raises:
        ModelError: it is missing, unsafe, broken, or of an architecture or language that we do not know.
    """
    folder = locate(settings.model, settings.revision)
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        pieces = tokenizer(folder, config, settings.source_language, settings.target_language, settings.prefix)
        translator = ctranslate2.Translator(
            str(converted(folder, settings.compute_type)),
            device="cuda" if device == "cuda" else "cpu",
            compute_type=settings.compute_type,
            inter_threads=threads or _cores(),
            intra_threads=1,
        )
        return Ct2Seq2Seq(translator, pieces, _limit(folder, config), settings)
    except (ValueError, KeyError, RuntimeError, OSError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelError(f"cannot load model {settings.model} from {folder}: {reason}") from error


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _limit(folder: Path, config: dict[str, Any]) -> int:
    """Return the longest source in tokens: what the positions hold, or the tokenizer says if that is less."""
    path = folder / "tokenizer_config.json"
    said = json.loads(path.read_text(encoding="utf-8")).get("model_max_length") if path.is_file() else None
    positions = config.get("max_position_embeddings") or config.get("n_positions") or 512
    return int(min(positions, said or positions))


class Ct2Seq2Seq:
    """A loaded model. A text's answer does not depend on its neighbours: they are all of its length."""

    def __init__(self, translator: Any, pieces: Tokenizer, limit: int, settings: ModelSettings) -> None:
        self._translator, self._pieces, self._settings = translator, pieces, settings
        self.max_source_tokens = min(limit, settings.max_source_tokens or limit)
        self._max_target_tokens = limit

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in source tokens, prefix and end mark included."""
        return [len(pieces) for pieces in self._pieces.encode(texts)] if texts else []

    def generate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Return the best hypothesis for each text, in order; see `Seq2Seq.generate`."""
        sources = self._pieces.encode(texts) if texts else []
        longest = max(map(len, sources), default=0)
        if longest > self.max_source_tokens:
            raise DocumentError(f"a text of {longest} tokens is over the model's limit of {self.max_source_tokens}")
        buckets: dict[int, list[int]] = defaultdict(list)
        for index, source in enumerate(sources):
            buckets[len(source)].append(index)
        try:
            return self._answers(sources, buckets, decoding)
        except (RuntimeError, MemoryError) as error:
            if "memory" in str(error).lower() or isinstance(error, MemoryError):
                raise ResourceError(f"out of memory for a batch of {len(texts)} texts") from error
            raise

    def _bound(self, length: int, decoding: Decoding) -> int:
        return min(decoding.max_new_tokens or bucket_of(length) * 3 // 2 + 16, self._max_target_tokens - 1)

    def _answers(self, sources: list[list[str]], buckets: dict[int, list[int]], decoding: Decoding) -> list[Hypothesis]:
        """Texts of one length make a batch, and all batches are in flight at once, the longest first.

        Without padding the sums of a text have the same order whatever its neighbours; with it, int8 rounding made
        2 % of the sentences depend on them.
        """
        begun = {
            length: self._begin([sources[index] for index in buckets[length]], self._bound(length, decoding), decoding)
            for length in sorted(buckets, reverse=True)
        }
        answers: dict[int, Hypothesis] = {}
        for length, results in begun.items():
            for index, result in zip(buckets[length], results, strict=True):
                answers[index] = self._hypothesis(result.result(), self._bound(length, decoding), decoding)
        return [answers[index] for index in range(len(sources))]

    def _begin(self, sources: list[list[str]], bound: int, decoding: Decoding) -> list[Any]:
        begun: list[Any] = self._translator.translate_batch(
            sources,
            target_prefix=[self._pieces.prefix] * len(sources) if self._pieces.prefix else None,
            max_batch_size=self._settings.batch_tokens,
            batch_type="tokens",
            asynchronous=True,
            beam_size=max(decoding.beam_size, decoding.hypotheses),
            num_hypotheses=decoding.hypotheses,
            length_penalty=decoding.length_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            max_input_length=0,  # the default cuts at 1024 in silence
            max_decoding_length=bound,
            min_decoding_length=max(1, decoding.min_new_tokens),
            return_scores=True,
        )
        return begun

    def _hypothesis(self, result: Any, bound: int, decoding: Decoding) -> Hypothesis:
        texts = self._pieces.decode(result.hypotheses)
        best, *rest = (
            self._one(text, score, len(pieces), bound, decoding)
            for text, score, pieces in zip(texts, result.scores, result.hypotheses, strict=True)
        )
        return Hypothesis(best.text, best.score, best.finished, tuple(rest))

    def _one(self, text: str, score: float, length: int, bound: int, decoding: Decoding) -> Hypothesis:
        """Undo the library's division by length ** length_penalty, and take the mean without what was forced."""
        finished = length < bound
        total = max(1, length + finished)  # the end mark counts
        chosen = max(1, total - len(self._pieces.prefix))
        return Hypothesis(text, round(score * total**decoding.length_penalty / chosen, 4), finished)
