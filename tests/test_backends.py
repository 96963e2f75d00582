"""Real architectures through the real loading code, on tiny random weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import checkpoints
from pipeline import backends
from pipeline.backends.checkpoint import convert, locate, weight_hash
from pipeline.backends.conversion import is_convertible
from pipeline.backends.families import languages
from pipeline.config import ModelSettings
from pipeline.errors import ConfigError, DocumentError, MissingModelError, ModelError, UnsupportedModelError
from pipeline.seq2seq import Decoding, Seq2Seq

TEXTS = [
    "Le maire de Lyon.",
    "Les pompiers sont intervenus à 14 h 30 ; personne n'a été blessé, selon la préfecture.",
    "Selon la Banque de France, la croissance a atteint 2,5 % au premier trimestre.",
]
SHORT = Decoding(beam_size=2, max_new_tokens=12)

Make = Callable[[str], Path]


def load(folder: Path, **settings: object) -> Seq2Seq:
    given = {"model": str(folder), "backend": "transformers", **settings}
    return backends.load(ModelSettings.model_validate(given), "cpu")


@pytest.fixture(params=list(checkpoints.MAKERS))
def architecture(request: pytest.FixtureRequest, checkpoint: Make) -> Path:
    return checkpoint(request.param)


@pytest.fixture(params=list(backends.BACKENDS))
def backend(request: pytest.FixtureRequest, architecture: Path) -> str:
    if request.param == "ctranslate2" and not is_convertible(architecture):
        pytest.skip("CTranslate2 does not take this architecture under transformers 5")
    return str(request.param)


def test_each_architecture_answers_every_text_with_a_bounded_hypothesis(architecture: Path, backend: str) -> None:
    model = load(architecture, backend=backend)
    answers = model.generate(TEXTS, SHORT)
    assert len(answers) == len(TEXTS)
    assert all(answer.score < 0 for answer in answers)
    assert all(count <= 13 for count in model.count_tokens([a.text for a in answers if a.finished]))


def test_answers_do_not_depend_on_neighbours_or_order(architecture: Path, backend: str) -> None:
    model = load(architecture, backend=backend)
    together = model.generate(TEXTS, SHORT)
    assert [model.generate([text], SHORT)[0].text for text in reversed(TEXTS)] == [a.text for a in reversed(together)]


def test_a_text_over_the_limit_is_refused_not_cut(architecture: Path, backend: str) -> None:
    model = load(architecture, backend=backend)
    with pytest.raises(DocumentError, match="limit"):
        model.generate(["mot " * 400], SHORT)


def test_both_backends_give_the_same_hypotheses_on_the_same_weights(architecture: Path) -> None:
    """The scores differ by what padding gets of a random model's probability: one library leaves it out."""
    if not is_convertible(architecture):
        pytest.skip("CTranslate2 does not take this architecture under transformers 5")
    ours = load(architecture, backend="ctranslate2", compute_type="float32").generate(TEXTS, SHORT)
    theirs = load(architecture).generate(TEXTS, SHORT)
    assert [answer.text for answer in ours] == [answer.text for answer in theirs]
    assert [answer.score for answer in ours] == pytest.approx([answer.score for answer in theirs], abs=0.01)
    assert [answer.finished for answer in ours] == [answer.finished for answer in theirs]


def test_left_alone_a_cpu_gets_ctranslate2_where_it_takes_the_architecture(checkpoint: Make) -> None:
    chosen = {
        name: backends.resolved(ModelSettings(model=str(checkpoint(name))), "cpu").backend
        for name in checkpoints.MAKERS
    }
    assert {name for name, backend in chosen.items() if backend == "transformers"} == {"m2m100", "mbart"}


def test_a_model_is_converted_once_and_found_again(checkpoint: Make, cache: Path) -> None:
    load(checkpoint("marian"), backend="ctranslate2")
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("model.bin")}
    load(checkpoint("marian"), backend="ctranslate2")
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("model.bin")} == before
    assert not list(cache.rglob(".converting-*"))


def test_asked_for_several_hypotheses_the_best_comes_with_the_others(checkpoint: Make) -> None:
    answer = load(checkpoint("marian")).generate(TEXTS[:1], Decoding(beam_size=4, max_new_tokens=8, hypotheses=3))[0]
    assert len(answer.alternatives) == 2
    assert len({answer.text, *(other.text for other in answer.alternatives)}) > 1


def test_a_hypothesis_that_did_not_end_by_itself_says_so(checkpoint: Make) -> None:
    assert not load(checkpoint("marian")).generate(TEXTS[:1], Decoding(beam_size=2, max_new_tokens=4))[0].finished


def test_the_score_is_the_mean_log_probability_that_the_model_gives(checkpoint: Make) -> None:
    import transformers

    folder = checkpoint("marian")
    answer = load(folder).generate(TEXTS[:1], Decoding(beam_size=1, max_new_tokens=6))[0]
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32)
    inputs = tokenizer(TEXTS[:1], return_tensors="pt")
    greedy = model.generate(**inputs, num_beams=1, do_sample=False, max_new_tokens=6, forced_eos_token_id=None)
    logits = model(**inputs, decoder_input_ids=greedy[:, :-1]).logits.log_softmax(-1)
    expected = logits[0].gather(-1, greedy[0, 1:, None]).mean().item()
    assert answer.score == pytest.approx(expected, abs=1e-3)


def test_each_language_is_told_to_nllb_by_its_own_token(checkpoint: Make) -> None:
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint("nllb"))
    english, german = (languages("m2m_100", tokenizer, "fr", target, "") for target in ("en", "de"))
    assert (english.source_code, german.source_code) == ("fra_Latn", "fra_Latn")
    assert tokenizer.convert_ids_to_tokens([english.forced_bos_token_id, german.forced_bos_token_id]) == [
        "eng_Latn",
        "deu_Latn",
    ]


@pytest.mark.parametrize("name", ["nllb", "m2m100", "mbart"])
def test_no_language_token_is_left_in_the_text(checkpoint: Make, name: str) -> None:
    assert not {"eng_Latn", "__en__", "en_XX"} & set(load(checkpoint(name)).generate(TEXTS[:1], SHORT)[0].text.split())


def test_a_language_that_the_model_does_not_know_is_named(checkpoint: Make) -> None:
    with pytest.raises(UnsupportedModelError, match="'xx'"):
        load(checkpoint("nllb"), source_language="xx")


def test_the_prefix_goes_before_every_text(checkpoint: Make) -> None:
    bare, told = load(checkpoint("t5")), load(checkpoint("t5"), prefix="translate French to English: ")
    assert told.count_tokens(TEXTS)[0] > bare.count_tokens(TEXTS)[0]


def test_an_architecture_that_is_not_a_seq2seq_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match=r"bert|tokenizer"):
        load(tmp_path)


def test_broken_weights_are_one_clear_line(checkpoint: Make, tmp_path: Path) -> None:
    for path in checkpoint("marian").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes() if path.suffix != ".safetensors" else b"not weights")
    with pytest.raises(ModelError, match="cannot load") as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_hub_model_that_is_not_here_gives_the_command_that_fetches_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MissingModelError, match="hf download no-such-owner/no-such-model"):
        locate("no-such-owner/no-such-model")


@pytest.mark.parametrize("model", ["/no/such/folder", "./no-such", "a/b/c", "embedded:translater", "bad name!"])
def test_a_model_that_cannot_be_there_is_one_clear_line(model: str) -> None:
    with pytest.raises(MissingModelError) as caught:
        locate(model)
    assert "\n" not in str(caught.value)


def test_pickled_weights_are_refused_with_the_command_that_converts_them(checkpoint: Make, tmp_path: Path) -> None:
    folder = pickled(checkpoint("marian"), tmp_path / "pickled")
    with pytest.raises(ModelError, match="depeche convert"):
        locate(str(folder))


def test_converted_weights_give_the_same_answers(checkpoint: Make, tmp_path: Path) -> None:
    folder = pickled(checkpoint("bart"), tmp_path / "pickled")
    safe = convert(str(folder), tmp_path / "safe")
    assert load(safe).generate(TEXTS, SHORT) == load(checkpoint("bart")).generate(TEXTS, SHORT)


def test_a_pickle_with_code_in_it_is_not_run(checkpoint: Make, tmp_path: Path) -> None:
    folder = pickled(checkpoint("marian"), tmp_path / "pickled")
    torch.save({"weight": Bomb(tmp_path / "ran")}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="more than tensors"):
        convert(str(folder), tmp_path / "safe")
    assert not (tmp_path / "ran").exists()


class Bomb:
    """An object whose unpickling would create a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def pickled(folder: Path, target: Path) -> Path:
    """Copy a checkpoint with its weights as the pickle that older hubs hold."""
    from safetensors.torch import load_file

    target.mkdir()
    for path in folder.iterdir():
        if path.suffix == ".safetensors":
            torch.save(load_file(path), target / "pytorch_model.bin")
        else:
            (target / path.name).write_bytes(path.read_bytes())
    return target


def test_the_hash_changes_with_the_weights_and_with_the_vocabulary_alone(checkpoint: Make, tmp_path: Path) -> None:
    first = weight_hash(checkpoint("marian"))
    for path in checkpoint("marian").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert weight_hash(tmp_path) == first
    (tmp_path / "vocab.json").write_text("{}")
    weight_hash.cache_clear()
    assert weight_hash(tmp_path) != first


def test_an_unknown_backend_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="transformers"):
        backends.resolved(ModelSettings(model="embedded:translator", backend="transformer"))


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_said(checkpoint: Make) -> None:
    with pytest.raises(ConfigError, match="no GPU"):
        backends.load(ModelSettings(model=str(checkpoint("marian"))), "cuda")
