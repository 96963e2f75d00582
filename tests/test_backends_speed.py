"""What makes the backends fast changes no byte: batches, threads, tokens kept, less memory than was hoped for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import checkpoints
from pipeline import backends, config
from pipeline.backends import ct2_models
from pipeline.backends.budget import TokenBudget, is_out_of_memory
from pipeline.backends.tokens import Tokens
from pipeline.backends.torch_models import TorchSeq2Seq
from pipeline.batching import padding_groups
from pipeline.config import ModelSettings
from pipeline.errors import ConfigError, ResourceError
from pipeline.seq2seq import Decoding, Hypothesis

Make = Callable[[str], Path]

SEEDS = Path(__file__).parent.parent / "seeds" / "references"
SHORT = Decoding(beam_size=2, max_new_tokens=12)


def sentences(most: int) -> list[str]:
    lines = [line for path in sorted(SEEDS.glob("*.fr")) for line in path.read_text("utf-8").splitlines()]
    return lines[::5][:most]


def phrases(most: int) -> list[str]:
    """The first words of sentences: the tiny models read little."""
    return [" ".join(line.split()[: 2 + place % 4]) for place, line in enumerate(sentences(most))]


@pytest.fixture(scope="module")
def embedded() -> Callable[[int], Any]:
    loaded: dict[int, Any] = {}

    def load(threads: int) -> Any:
        return loaded.setdefault(threads, backends.load(config.load().translator, "cpu", threads))

    return load


@pytest.mark.parametrize("threads", [1, 4])
def test_the_same_answers_to_the_last_digit_for_any_batch_size_and_number_of_threads(
    embedded: Callable[[int], Any], threads: int
) -> None:
    """On real weights, of all lengths: what rounding does with padding shows in the scores first."""
    texts, how = sentences(40), Decoding(beam_size=4)
    alone = [embedded(1).generate([text], how)[0] for text in texts]
    for size in (7, 64):
        got = [h for at in range(0, len(texts), size) for h in embedded(threads).generate(texts[at : at + size], how)]
        assert got == alone
    assert embedded(threads).generate(texts[::-1], how)[::-1] == alone


def test_threads_that_share_a_model_get_the_answers_that_each_gets_alone(checkpoint: Make) -> None:
    texts = phrases(24)
    for backend in backends.BACKENDS:
        model = backends.load(ModelSettings(model=str(checkpoint("bart")), backend=backend), "cpu", 2)
        expected = model.generate(texts, SHORT)
        with ThreadPoolExecutor(4) as pool:
            parts = list(pool.map(model.generate, [texts[start : start + 6] for start in range(0, 24, 6)], [SHORT] * 4))
        assert [h.text for part in parts for h in part] == [h.text for h in expected]


def test_where_padding_leaves_a_trace_only_equal_lengths_share_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert padding_groups([5, 20, 5, 30, 20, 17], None) == [[3], [1, 4], [5], [0, 2]]
    assert padding_groups([5, 20, 5, 30, 20, 17, 33], 16) == [[6], [3, 1, 4, 5], [0, 2]]
    for facts, expected in (
        ({"vendor_id": "AuthenticAMD", "flags": "fpu avx512bw"}, 16),
        ({"vendor_id": "AuthenticAMD", "flags": "fpu avx2"}, None),
        ({"vendor_id": "GenuineIntel", "flags": "fpu avx512bw"}, None),
        ({}, None),
    ):
        monkeypatch.setattr(ct2_models, "processor", lambda facts=facts: facts)
        assert ct2_models.padded_without_trace("int8", "cpu") == expected
        assert ct2_models.padded_without_trace("float32", "cpu") is None
    monkeypatch.setattr(ct2_models, "processor", lambda: {"vendor_id": "AuthenticAMD", "flags": "avx512bw"})
    monkeypatch.setenv("CT2_FORCE_CPU_ISA", "AVX2")
    assert ct2_models.padded_without_trace("int8", "cpu") is None


@given(st.lists(st.integers(1, 100), max_size=40), st.sampled_from([None, 1, 16]))
def test_every_text_is_in_one_group_whose_bound_on_the_output_is_its_own(lengths: list[int], start: int | None) -> None:
    groups = padding_groups(lengths, start)
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    for group in groups:
        assert len({-(-lengths[index] // 16) for index in group}) == 1
        assert len({lengths[index] for index in group if start is None or lengths[index] < start}) <= 1


def test_a_text_is_tokenized_once_while_it_is_remembered() -> None:
    asked: list[str] = []

    def encode(texts: list[str]) -> list[list[str]]:
        asked.extend(texts)
        return [text.split() for text in texts]

    tokens = Tokens(encode, most=3)
    assert tokens(["a b", "c", "a b"]) == [["a", "b"], ["c"], ["a", "b"]]
    assert tokens(["c", "d", "e", "f", "c"]) == [["c"], ["d"], ["e"], ["f"], ["c"]]
    assert asked == ["a b", "c", "d", "e", "f"]
    tokens(["a b"])
    assert asked[-1] == "a b"
    assert tokens([]) == []


def test_counting_and_generating_tokenize_each_text_once(checkpoint: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for backend, inner in (("ctranslate2", "_pieces"), ("transformers", "_tokenizer")):
        model = backends.load(ModelSettings(model=str(checkpoint("bart")), backend=backend), "cpu", 1)
        asked: list[str] = []
        encode = model._tokens._encode  # type: ignore[attr-defined]
        model._tokens._encode = lambda texts, encode=encode, asked=asked: asked.extend(texts) or encode(texts)  # type: ignore
        texts = phrases(3)
        model.count_tokens(texts)
        model.generate(texts, SHORT)
        assert asked == texts, inner


class Memory:
    """Stands for a GPU that holds so many padded tokens: `_batch` of the real model, refused above that."""

    def __init__(self, model: TorchSeq2Seq, room: int) -> None:
        self.sizes: list[int] = []
        self._room, self._answer = room, model._batch
        model._batch = self.batch  # type: ignore[method-assign]

    def batch(self, sources: list[list[int]], decoding: Decoding) -> list[Hypothesis]:
        self.sizes.append(len(sources) * max(map(len, sources)))
        if self.sizes[-1] > self._room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return self._answer(sources, decoding)


def torch_model(folder: Path, **settings: object) -> TorchSeq2Seq:
    given = {"model": str(folder), "backend": "transformers", **settings}
    model = backends.load(ModelSettings.model_validate(given), "cpu", 1)
    assert isinstance(model, TorchSeq2Seq)
    return model


def test_out_of_memory_halves_the_batch_and_the_size_is_remembered(checkpoint: Make) -> None:
    texts = phrases(24)
    expected = [h.text for h in torch_model(checkpoint("bart")).generate(texts, SHORT)]
    model = torch_model(checkpoint("bart"), batch_tokens=100_000)
    memory = Memory(model, room=100)
    assert [h.text for h in model.generate(texts, SHORT)] == expected
    assert max(memory.sizes) > 100
    memory.sizes.clear()
    assert [h.text for h in model.generate(texts, SHORT)] == expected
    assert max(memory.sizes) <= 100


def test_one_text_that_does_not_fit_is_for_the_stage_to_deal_with(checkpoint: Make) -> None:
    model = torch_model(checkpoint("bart"))
    Memory(model, room=2)
    with pytest.raises(ResourceError, match="one text"):
        model.generate(phrases(3), SHORT)


def test_another_error_than_memory_is_not_tried_again(checkpoint: Make) -> None:
    model = torch_model(checkpoint("bart"))

    def broken(sources: Sequence[list[int]], decoding: Decoding) -> list[Hypothesis]:
        raise RuntimeError("shapes do not match")

    model._batch = broken  # type: ignore[method-assign, assignment]
    with pytest.raises(RuntimeError, match="shapes"):
        model.generate(phrases(3), SHORT)


def test_ctranslate2_out_of_memory_is_tried_again_with_smaller_batches(checkpoint: Make) -> None:
    settings = ModelSettings(model=str(checkpoint("bart")), backend="ctranslate2")
    model = backends.load(settings, "cpu", 1)
    texts = phrases(8)
    expected = model.generate(texts, SHORT)
    begin, tried = model._begin, []  # type: ignore[attr-defined]

    def small(sources: Any, bound: int, decoding: Decoding, most: int) -> Any:
        tried.append(most)
        if most > 1024:
            raise RuntimeError("CUDA failed with error out of memory")
        return begin(sources, bound, decoding, most)

    model._begin = small  # type: ignore[attr-defined]
    assert model.generate(texts, SHORT) == expected
    assert list(dict.fromkeys(tried)) == [4096, 2048, 1024]


def test_the_budget_only_shrinks_and_ends() -> None:
    budget = TokenBudget(4096)
    assert (budget.halve(1000), budget.tokens) == (True, 500)
    assert (budget.halve(4000), budget.tokens) == (True, 500)
    while budget.halve(budget.tokens):
        pass
    assert budget.tokens == 64


def test_memory_is_told_from_other_errors() -> None:
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert is_out_of_memory(RuntimeError("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"))
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("a dead worker"))


@pytest.mark.parametrize("name", list(checkpoints.MAKERS))
def test_attention_is_sdpa_and_half_precision_loads_in_each_architecture(checkpoint: Make, name: str) -> None:
    """What a GPU runs, on this processor: bfloat16 answers as float32 does, but for its rounding."""
    half, full = (torch_model(checkpoint(name), compute_type=kind) for kind in ("bfloat16", "float32"))
    assert half._model.config._attn_implementation == "sdpa"
    assert half._model.dtype == torch.bfloat16
    ours, theirs = half.generate(phrases(2), SHORT), full.generate(phrases(2), SHORT)
    assert [answer.score for answer in ours] == pytest.approx([answer.score for answer in theirs], abs=0.1)


def test_a_gpu_gets_half_precision_that_the_architecture_bears(
    checkpoint: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "_has_gpu", lambda: True)
    decided = {name: backends.resolved(ModelSettings(model=str(checkpoint(name)))) for name in ("marian", "t5")}
    assert {(one.backend, one.compute_type) for one in decided.values()} == {
        ("transformers", "float16"),
        ("transformers", "bfloat16"),
    }
    asked = ModelSettings(model=str(checkpoint("marian")), backend="ctranslate2")
    assert backends.resolved(asked).compute_type == "float16"
    assert backends.resolved(asked, "cpu").compute_type == "int8"


@pytest.mark.parametrize("backend", list(backends.BACKENDS))
def test_a_gpu_that_is_not_there_is_one_clear_line(checkpoint: Make, backend: str) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(ConfigError, match="sees no GPU"):
        backends.load(ModelSettings(model=str(checkpoint("marian")), backend=backend), "cuda")


def test_torch_takes_no_more_threads_than_it_is_given(checkpoint: Make) -> None:
    before = torch.get_num_threads()
    try:
        backends.load(ModelSettings(model=str(checkpoint("marian")), backend="transformers"), "cpu", 1)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
