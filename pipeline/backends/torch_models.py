"""Hugging Face encoder-decoder checkpoints on torch, as `Seq2Seq`."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import torch
import transformers
from safetensors import SafetensorError

from pipeline.backends.budget import TokenBudget, is_out_of_memory
from pipeline.backends.checkpoint import locate
from pipeline.backends.families import Languages, languages
from pipeline.backends.quiet import quiet
from pipeline.backends.tokens import Tokens
from pipeline.batching import bucket_of, in_batches
from pipeline.config import ModelSettings
from pipeline.errors import ConfigError, DocumentError, ModelError, ResourceError
from pipeline.machine import cores
from pipeline.seq2seq import Decoding, Hypothesis

_BATCH_TOKENS = {"cpu": 4096, "cuda": 32768}  # to begin with; what does not fit on a GPU is halved
_LOGITS_AT_ONCE = 32_000_000  # numbers in memory while hypotheses are scored: 128 MB in float32


def load(settings: ModelSettings, device: Literal["cpu", "cuda"], threads: int) -> TorchSeq2Seq:
    """Load a checkpoint from this machine: safetensors only, no code of its own, no network.

    Raises:
        ModelError: it is missing, unsafe, broken, or of an architecture or language that we do not know.
        ConfigError: there is no such compute type here, or no GPU where one was asked for.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device 'cuda' was asked for, but torch sees no GPU; use --device cpu or auto")
    folder = locate(settings.model, settings.revision)
    if settings.compute_type not in ("float32", "float16", "bfloat16"):
        raise ConfigError(f"the transformers backend has no compute_type {settings.compute_type!r}; use float32")
    torch.set_num_threads(threads or cores())  # left alone, torch takes what a container may not use
    with quiet():
        try:
            config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            told = languages(
                config.model_type, tokenizer, settings.source_language, settings.target_language, settings.prefix
            )
            model = _model(folder, settings.compute_type)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise ModelError(f"cannot load model {settings.model} from {folder}: {reason}") from error
    budget = TokenBudget(settings.batch_tokens or _BATCH_TOKENS[device])
    return TorchSeq2Seq(model.to(device).eval(), tokenizer, told, settings, budget)


def _model(folder: Path, compute_type: str) -> Any:
    return transformers.AutoModelForSeq2SeqLM.from_pretrained(
        folder,
        dtype=getattr(torch, compute_type),  # without it the checkpoint's own would put half precision on a CPU
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
    )


class TorchSeq2Seq:
    """A loaded checkpoint. Deterministic on a CPU in float32: beam search, no sampling, no dropout.

    On a GPU in half precision a text's answer may depend on the batch that it is in, through its rounding.
    """

    def __init__(
        self, model: Any, tokenizer: Any, told: Languages, settings: ModelSettings, budget: TokenBudget
    ) -> None:
        self._model, self._tokenizer, self._told, self._budget = model, tokenizer, told, budget
        self._tokens = Tokens(self._encode)
        self._turn = Lock()  # one thread at a time generates; torch has threads of its own
        if told.source_code:
            tokenizer.src_lang = told.source_code
        model.generation_config.forced_eos_token_id = None  # an end mark by force would make a runaway look finished
        own = (
            getattr(model.config, "max_position_embeddings", None) or getattr(model.config, "n_positions", None) or 512
        )
        self.max_source_tokens = min(own, tokenizer.model_max_length, settings.max_source_tokens or own)
        self._max_target_tokens = own
        self._first = 1 if told.forced_bos_token_id is None else 2  # behind the start mark and the language

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in source tokens, prefix and end mark included."""
        return [len(ids) for ids in self._tokens(texts)]

    def generate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Return the best hypothesis for each text, in order; see `Seq2Seq.generate`."""
        if not texts:
            return []
        sources = self._tokens(texts)
        lengths = [len(ids) for ids in sources]
        if max(lengths) > self.max_source_tokens:
            raise DocumentError(
                f"a text of {max(lengths)} tokens is over the model's limit of {self.max_source_tokens}"
            )
        with self._turn:
            return in_batches(
                lengths,
                self._budget.tokens,
                lambda batch: self._within_memory([sources[index] for index in batch], decoding),
            )

    def _within_memory(self, sources: list[list[int]], decoding: Decoding) -> list[Hypothesis]:
        """Answer a batch, in halves where it does not fit: what did not is remembered for all batches to come."""
        size = len(sources) * max(map(len, sources))
        if len(sources) == 1 or size <= self._budget.tokens:
            try:
                return self._batch(sources, decoding)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                if len(sources) == 1:
                    raise ResourceError(f"out of memory for one text of {size} tokens") from error
            self._budget.halve(size)  # out here, where the error no longer holds the tensors of the batch
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
        middle = len(sources) // 2
        return self._within_memory(sources[:middle], decoding) + self._within_memory(sources[middle:], decoding)

    def _encode(self, texts: list[str]) -> list[list[int]]:
        ids: list[list[int]] = self._tokenizer([self._told.prefix + text for text in texts])["input_ids"]
        return ids

    @torch.inference_mode()
    def _batch(self, sources: list[list[int]], decoding: Decoding) -> list[Hypothesis]:
        inputs = self._tokenizer.pad({"input_ids": sources}, return_tensors="pt").to(self._model.device)
        config = self._generation_config(decoding, max(map(len, sources)))
        targets = self._model.generate(**inputs, generation_config=config)
        answers = self._hypotheses(targets, self._scores(inputs, targets, decoding.hypotheses))
        groups = [answers[start : start + decoding.hypotheses] for start in range(0, len(answers), decoding.hypotheses)]
        return [Hypothesis(best.text, best.score, best.finished, tuple(rest)) for best, *rest in groups]

    def _generation_config(self, decoding: Decoding, longest: int) -> Any:
        config = copy.deepcopy(self._model.generation_config)
        bound = decoding.max_new_tokens or bucket_of(longest) * 3 // 2 + 16
        config.update(
            num_beams=max(decoding.beam_size, decoding.hypotheses),
            num_return_sequences=decoding.hypotheses,
            max_new_tokens=min(bound, self._max_target_tokens - 1),
            max_length=None,
            min_length=0,
            min_new_tokens=decoding.min_new_tokens or None,
            length_penalty=decoding.length_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            do_sample=False,
        )
        if self._told.forced_bos_token_id is not None:
            config.forced_bos_token_id = self._told.forced_bos_token_id
        return config

    def _scores(self, inputs: Any, targets: Any, copies: int) -> list[float]:
        """Return the mean log-probability of a token for each target, a few rows at a time.

        `generate` could keep the logits of every step, but that takes beam x length x vocabulary numbers.
        """
        ids, mask = (inputs[key].repeat_interleave(copies, 0) for key in ("input_ids", "attention_mask"))
        rows = max(1, _LOGITS_AT_ONCE // (targets.shape[1] * self._model.config.vocab_size))
        scores: list[float] = []
        for start in range(0, len(targets), rows):
            part = targets[start : start + rows]
            logits = self._model(
                input_ids=ids[start : start + rows],
                attention_mask=mask[start : start + rows],
                decoder_input_ids=part[:, :-1],
            ).logits
            chosen = logits.float().log_softmax(-1).gather(-1, part[:, 1:, None])[..., 0]
            real = self._real(part)[:, 1:]
            real[:, : self._first - 1] = False  # a language that was forced is no choice of the model's
            scores += ((chosen * real).sum(1) / real.sum(1).clamp(min=1)).tolist()
        return [round(score, 4) for score in scores]

    def _real(self, targets: Any) -> Any:
        """Mark what is neither padding nor behind the end mark."""
        ended = (targets[:, 1:] == self._model.config.eos_token_id).cumsum(1)
        behind = torch.cat([torch.zeros_like(targets[:, :2]), ended[:, :-1]], 1)
        return behind == 0

    def _hypotheses(self, targets: Any, scores: list[float]) -> list[Hypothesis]:
        texts = self._tokenizer.batch_decode(targets[:, self._first :], skip_special_tokens=True)
        finished = (targets[:, 1:] == self._model.config.eos_token_id).any(1).tolist()
        return [Hypothesis(text.strip(), score, end) for text, score, end in zip(texts, scores, finished, strict=True)]
