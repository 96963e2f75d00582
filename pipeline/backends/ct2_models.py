"""Hugging Face encoder-decoder checkpoints on CTranslate2, as `Seq2Seq`: the fast way on a CPU."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import ctranslate2

from pipeline.backends.budget import TokenBudget, is_out_of_memory
from pipeline.backends.checkpoint import locate
from pipeline.backends.conversion import converted
from pipeline.backends.pieces import Tokenizer, tokenizer
from pipeline.backends.tokens import Tokens
from pipeline.batching import bucket_of, padding_groups
from pipeline.config import ModelSettings
from pipeline.errors import ConfigError, DocumentError, ModelError, ResourceError
from pipeline.machine import cores, processor
from pipeline.seq2seq import Decoding, Hypothesis

_BATCH_TOKENS = {"cpu": 4096, "cuda": 16384}
# Padded source tokens, and texts, times the beams of each: more than these gain nothing on a CPU and take memory, in
# models up to so wide, whose weights stay in a core's cache, and in wider ones.
_CACHED_WIDTH = 384
_ENOUGH, _ENOUGH_WIDE = (1024, 16), (4096, 64)
_PADDED_FROM = 16  # tokens; below, the kernels of attention are others for another width


def load(settings: ModelSettings, device: Literal["cpu", "cuda"], threads: int) -> Ct2Seq2Seq:
    """Load a checkpoint from this machine, converted on first use.

    Raises:
        ModelError: it is missing, unsafe, broken, or of an architecture or language that we do not know.
        ConfigError: there is no GPU where one was asked for.
    """
    if device == "cuda" and not ctranslate2.get_cuda_device_count():
        raise ConfigError("device 'cuda' was asked for, but CTranslate2 sees no GPU; use --device cpu or auto")
    folder = locate(settings.model, settings.revision)
    workers = 1 if device == "cuda" else threads or cores()
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        pieces = tokenizer(folder, config, settings.source_language, settings.target_language, settings.prefix)
        translator = ctranslate2.Translator(
            str(converted(folder, settings.compute_type)),
            device=device,
            compute_type=settings.compute_type,
            inter_threads=workers,
            intra_threads=1,
            max_queued_batches=-1,  # the batches of a call are bounded already, and all are in flight at once
        )
        padded_from = padded_without_trace(settings.compute_type, device)
        budget = TokenBudget(settings.batch_tokens or _BATCH_TOKENS[device])
        enough = _ENOUGH if config.get("d_model", 0) <= _CACHED_WIDTH else _ENOUGH_WIDE
        return Ct2Seq2Seq(translator, pieces, _limit(folder, config), settings, budget, padded_from, enough)
    except (ValueError, KeyError, RuntimeError, OSError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelError(f"cannot load model {settings.model} from {folder}: {reason}") from error


def padded_without_trace(compute_type: str, device: Literal["cpu", "cuda"]) -> int | None:
    """Return the length from which padding changes no bit of an answer here; None where it may for any length.

    In int8 only attention is in floating point. With oneDNN's AVX-512 kernels, which CTranslate2 takes on AMD's
    processors, the zeros of the padding come last in its sums from 16 tokens on: of 500 sentences none changed in its
    score. With the AVX2 kernels one sentence in eight did; Intel's own library was not measured. On a GPU the answers
    depend on the batch in any case.
    """
    if device == "cuda":
        return 1
    facts = processor()
    chosen = "CT2_FORCE_CPU_ISA", "CT2_USE_MKL", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"
    wide = facts.get("vendor_id") == "AuthenticAMD" and "avx512bw" in facts.get("flags", "").split()
    exact = compute_type == "int8" and wide and not any(os.environ.get(name) for name in chosen)
    return _PADDED_FROM if exact else None


def _limit(folder: Path, config: dict[str, Any]) -> int:
    """Return the longest source in tokens: what the positions hold, or the tokenizer says if that is less."""
    path = folder / "tokenizer_config.json"
    said = json.loads(path.read_text(encoding="utf-8")).get("model_max_length") if path.is_file() else None
    positions = config.get("max_position_embeddings") or config.get("n_positions") or 512
    return int(min(positions, said or positions))


class Ct2Seq2Seq:
    """A loaded model, for any number of threads. A text's answer does not depend on its neighbours.

    `padded_from` is the length from which texts of different lengths may share a batch; None: no length. `enough` says
    how many tokens and texts, times the beams of each, keep a processor's core busy.
    """

    def __init__(
        self,
        translator: Any,
        pieces: Tokenizer,
        limit: int,
        settings: ModelSettings,
        budget: TokenBudget,
        padded_from: int | None,
        enough: tuple[int, int] = _ENOUGH_WIDE,
    ) -> None:
        self._translator, self._pieces, self._budget, self._padded_from = translator, pieces, budget, padded_from
        self._enough = enough
        self._tokens = Tokens(pieces.encode)
        self.max_source_tokens = min(limit, settings.max_source_tokens or limit)
        self._max_target_tokens = limit

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in source tokens, prefix and end mark included."""
        return [len(pieces) for pieces in self._tokens(texts)]

    def generate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Return the best hypothesis for each text, in order; see `Seq2Seq.generate`."""
        sources = self._tokens(texts)
        longest = max(map(len, sources), default=0)
        if longest > self.max_source_tokens:
            raise DocumentError(f"a text of {longest} tokens is over the model's limit of {self.max_source_tokens}")
        while True:
            tried = self._budget.tokens
            try:
                return self._answers(sources, decoding, tried)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                if not self._budget.halve(tried) or tried < longest:
                    raise ResourceError(f"out of memory for a batch of {len(texts)} texts") from error

    def _answers(self, sources: list[list[str]], decoding: Decoding, most: int) -> list[Hypothesis]:
        """All batches are in flight at once, the longest first.

        Where padding leaves a trace, only texts of one length make a batch: without padding the sums of a text have
        the same order whatever its neighbours, and their rounding too.
        """
        width = self.max_source_tokens if decoding.max_new_tokens else 16  # of one group all have the same bound
        begun = [
            (group, bound, self._begin([sources[index] for index in group], bound, decoding, most))
            for group in padding_groups([len(source) for source in sources], self._padded_from, width)
            for bound in [self._bound(len(sources[group[0]]), decoding)]
        ]
        answers: dict[int, Hypothesis] = {}
        for group, bound, results in begun:
            for index, result in zip(group, results, strict=True):
                answers[index] = self._hypothesis(result.result(), bound, decoding)
        return [answers[index] for index in range(len(sources))]

    def _bound(self, length: int, decoding: Decoding) -> int:
        return min(decoding.max_new_tokens or bucket_of(length) * 3 // 2 + 16, self._max_target_tokens - 1)

    def _begin(self, sources: list[list[str]], bound: int, decoding: Decoding, most: int) -> list[Any]:
        beams = max(decoding.beam_size, decoding.hypotheses)
        begun: list[Any] = self._translator.translate_batch(
            sources,
            target_prefix=[self._pieces.prefix] * len(sources) if self._pieces.prefix else None,
            max_batch_size=self._size(sources, beams, most),
            batch_type="tokens",
            asynchronous=True,
            beam_size=beams,
            num_hypotheses=decoding.hypotheses,
            length_penalty=decoding.length_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            max_input_length=0,  # the default cuts at 1024 in silence
            max_decoding_length=bound,
            min_decoding_length=max(1, decoding.min_new_tokens),
            return_scores=True,
        )
        return begun

    def _size(self, sources: list[list[str]], beams: int, most: int) -> int:
        """Return the tokens of a batch: on a CPU as many as keep it busy, on a GPU as many as there may be."""
        if self._translator.device == "cuda":
            return most
        longest = len(sources[0])
        tokens, texts = self._enough
        share = -(-len(sources) // int(self._translator.num_translators)) * longest  # no worker is to wait for another
        return min(most, max(longest, min(share, max(tokens // beams, texts // beams * longest))))

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
