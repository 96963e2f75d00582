"""Training the translator: the steps by themselves, and one rehearsal of all of them at a tiny scale."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sentencepiece")
pytest.importorskip("scipy")

from scripts.train_translator import checkpoint  # noqa: E402
from scripts.train_translator.__main__ import main  # noqa: E402
from scripts.train_translator.averaging import Average  # noqa: E402
from scripts.train_translator.batches import Corpus, pack, unpack  # noqa: E402
from scripts.train_translator.data import clean, most_news_like, read, rough  # noqa: E402
from scripts.train_translator.development import Development  # noqa: E402
from scripts.train_translator.loss import SoftmaxLoss, kernel, softmax_gradient  # noqa: E402
from scripts.train_translator.model import EOS, Marian, Shape, load_weights  # noqa: E402
from scripts.train_translator.optimizer import Rates, orthogonalise  # noqa: E402
from scripts.train_translator.prepare import vocabulary  # noqa: E402
from scripts.train_translator.tensors import load_tensors  # noqa: E402
from scripts.train_translator.train import inverse_square_root, longest  # noqa: E402
from scripts.train_translator.trainer import Machine, Progress, Trainer  # noqa: E402

PIECES = 320  # at least as many as the rehearsal's sentencepiece model has
TINY = Shape(d=32, heads=2, encoder=1, decoder=1)
EAGER = Machine(threads=1, compile_kernel=False)
SHAPE_OPTIONS = ["--width", "32", "--heads", "2", "--encoder", "1", "--decoder", "1"]
TRAIN_OPTIONS = [*SHAPE_OPTIONS, "--tokens", "256", "--threads", "1", "--eager"]

SUBJECTS = [("Le maire", "The mayor"), ("La ville", "The town"), ("Une usine", "A factory"), ("Le juge", "The judge")]
VERBS = [("annonce", "announces"), ("refuse", "refuses"), ("ouvre", "opens"), ("vend", "sells"), ("garde", "keeps")]
OBJECTS = [("un pont", "a bridge"), ("deux écoles", "two schools"), ("le port", "the port"), ("son plan", "its plan")]


def sentence(rng: random.Random) -> tuple[str, str]:
    parts = [rng.choice(words) for words in (SUBJECTS, VERBS, OBJECTS)]
    year = rng.randint(1950, 2030)
    return " ".join(p[0] for p in parts) + f" en {year}.", " ".join(p[1] for p in parts) + f" in {year}."


def write_tsv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def bitext(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bitext")
    rng = random.Random(5)
    for name in ("europarl-00", "canadian-law-00", "written-news", "written-words"):
        write_tsv(folder / f"{name}.tsv.xz", [sentence(rng) for _ in range(60)])
    for name in ("mixed-00", "prose-00"):
        write_tsv(folder / f"{name}.tsv.xz", [("tatoeba", *sentence(rng)) for _ in range(60)])
    write_tsv(folder / "dictionary-00.tsv.xz", [("wikt", "port", "port"), ("pays", "Belgique", "Belgium")] * 20)
    return folder


@pytest.fixture(scope="module")
def work(bitext: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    main(["prepare", str(folder), "--bitext", str(bitext), "--pieces", "320", "--width", "32"])
    return folder


def step_of(folder: Path) -> int:
    return int(checkpoint.read(folder / "state.json").values["step"])


def test_rehearsal_trains_resumes_and_releases_a_model_that_transformers_generates_with(
    work: Path, tmp_path: Path
) -> None:
    main(["train", str(work), "--minutes", "0.05", *TRAIN_OPTIONS])
    first = step_of(work)
    main(["train", str(work), "--minutes", "0.05", *TRAIN_OPTIONS])
    second = step_of(work)
    assert 0 < first < second
    main(["release", str(work), str(tmp_path / "model"), "--minutes", "0.05", *TRAIN_OPTIONS])
    assert step_of(work) == second, "a release leaves the checkpoint that training goes on from"

    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "model")
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "model", dtype=torch.float32)
    batch = tokenizer(["Le maire ouvre un pont en 1999."], return_tensors="pt")
    answer = model.generate(**batch, max_new_tokens=12, num_beams=2)
    assert answer.shape[1] > 1
    assert tokenizer.pad_token_id == model.config.pad_token_id == model.config.decoder_start_token_id


def test_log_has_one_line_of_json_every_fifty_steps(work: Path, tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    trainer.train(islice(corpus_of(work, 256).batches(trainer.model.pad), 110), lambda at: 1.0, minutes=5)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [50, 100]
    assert all(0 < line["nll"] < 8 and line["phase"] == 0 for line in lines)


def corpus_of(work: Path, tokens: int, limit: int = 110) -> Corpus:
    return Corpus(work, {"news": 1.0, "europarl": 0.5}, tokens=tokens, seed=3, max_length=limit)


def tiny_trainer(folder: Path) -> Trainer:
    torch.manual_seed(1)
    return Trainer(folder, Marian(PIECES, TINY), Rates(), EAGER)


def test_a_release_is_the_mean_of_its_last_fifth(work: Path) -> None:
    model = Marian(PIECES, TINY)
    average = Average(model)
    for share, value in ((0.5, 9.0), (0.8, 1.0), (0.9, 2.0), (1.0, 6.0)):
        with torch.no_grad():
            model.shared.weight[:-1] = value
        average(Progress(0, 0, share))
    average.apply()
    assert torch.allclose(model.shared.weight[:-1], torch.tensor(3.0))


def test_the_development_score_is_that_of_the_model_as_it_stands(work: Path, tmp_path: Path) -> None:
    (tmp_path / "dev.fr").write_text("Le maire garde le port en 1999.\n", encoding="utf-8")
    (tmp_path / "dev.en").write_text("The mayor keeps the port in 1999.\n", encoding="utf-8")
    model = Marian(vocabulary(work / "spm.model"), TINY)
    scores = Development(model, work / "spm.model", tmp_path / "dev")()
    assert scores.keys() == {"bleu"} and 0 <= scores["bleu"] < 50


def test_training_lowers_the_loss(work: Path, tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    batches = corpus_of(work, 512).batches(trainer.model.pad)
    losses = []
    for _ in range(60):
        nll, count = trainer.update(next(batches), 1.0)
        losses.append(nll / count)
    assert sum(losses[-5:]) < 0.6 * sum(losses[:5])


def test_resumed_training_takes_the_same_steps_as_training_that_was_never_cut_off(work: Path, tmp_path: Path) -> None:
    batches = corpus_of(work, 256).batches(PIECES)
    first, second, third = (next(batches) for _ in range(3))
    whole = tiny_trainer(tmp_path)
    for batch in (first, second):
        whole.update(batch, 1.0)
    whole.save()
    whole.update(third, 0.5)
    resumed = tiny_trainer(tmp_path)
    resumed.restore(resumed.state)
    resumed.update(third, 0.5)
    assert (resumed.step, resumed.seen) == (whole.step, whole.seen)
    for left, right in zip(whole.model.parameters(), resumed.model.parameters(), strict=True):
        assert torch.equal(left, right)


def test_stop_signal_saves_and_ends_the_run(work: Path, tmp_path: Path) -> None:
    import os
    import signal

    trainer = tiny_trainer(tmp_path)

    def schedule(at: Progress) -> float:
        if at.since == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return 1.0

    trainer.train(corpus_of(work, 256).batches(PIECES), schedule, minutes=5)
    assert step_of(tmp_path) == trainer.step == 4


def test_release_rate_and_curriculum_follow_the_recipe() -> None:
    assert inverse_square_root(0) == inverse_square_root(400) == 1.0
    assert inverse_square_root(1600) == 0.5
    assert [longest(step) for step in (0, 599, 600, 1499, 1500)] == [18, 18, 40, 40, 110]


def test_one_epoch_holds_each_group_as_often_as_its_weight_says(work: Path) -> None:
    corpus = corpus_of(work, 256)
    news = len(unpack(work / "news.npz")[0].lengths)
    rows = corpus.epoch()
    assert (rows < news).sum() == news
    assert (rows >= news).sum() == (len(corpus.source.lengths) - news) // 2


def test_batches_give_back_what_was_packed_and_stay_within_the_token_budget(tmp_path: Path) -> None:
    pairs = [([2 + i] * (1 + i % 7), [9, 2 + i]) for i in range(40)]
    pack(tmp_path / "news.npz", pairs)
    corpus = Corpus(tmp_path, {"news": 1.0}, tokens=32, seed=1, max_length=110)
    seen = []
    for source, target, shifted in corpus.batches(99):
        assert max(source.shape[1], target.shape[1]) * len(source) <= 32
        assert torch.equal(shifted[:, 1:], target[:, :-1]) and (shifted[:, 0] == 99).all()
        seen += [(bare(s), bare(t)) for s, t in zip(source.tolist(), target.tolist(), strict=True)]
        if len(seen) >= len(pairs):
            break
    assert sorted(seen) == sorted(([*s, EOS], [*t, EOS]) for s, t in pairs)


def bare(ids: list[int]) -> list[int]:
    return [piece for piece in ids if piece != 99]


def test_corpus_without_a_usable_pair_says_so(tmp_path: Path) -> None:
    pack(tmp_path / "news.npz", [([2] * 30, [3] * 30)])
    corpus = Corpus(tmp_path, {"news": 1.0}, tokens=64, seed=1, max_length=10)
    with pytest.raises(ValueError, match="no training pair"):
        next(corpus.batches(9))


def test_chunked_loss_has_the_value_and_gradients_of_torch_cross_entropy() -> None:
    torch.manual_seed(2)
    hidden, weight = torch.randn(20, 8, requires_grad=True), torch.randn(15, 8, requires_grad=True)
    labels = torch.randint(0, 15, (20,))
    loss, nll = SoftmaxLoss.apply(hidden, weight, labels, 0.1, softmax_gradient, 6)
    loss.backward()
    gradients = hidden.grad.clone(), weight.grad.clone()
    hidden.grad = weight.grad = None
    expected = torch.nn.functional.cross_entropy(hidden @ weight.t(), labels, label_smoothing=0.1)
    expected.backward()
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(nll, torch.nn.functional.cross_entropy(hidden @ weight.t(), labels, reduction="sum"))
    torch.testing.assert_close(gradients, (hidden.grad, weight.grad))


def test_kernel_that_cannot_be_compiled_is_replaced_by_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        def fail(*_: object) -> None:
            raise RuntimeError("no compiler")

        return fail

    monkeypatch.setattr(torch, "compile", broken)
    assert kernel(compiled=True) is softmax_gradient


def test_orthogonalised_update_has_singular_values_near_one() -> None:
    torch.manual_seed(3)
    for shape in ((2, 24, 12), (2, 12, 24)):
        values = torch.linalg.svdvals(orthogonalise(torch.randn(shape)))
        assert values.min() > 0.5 and values.max() < 1.4


def test_padding_embedding_stays_zero_and_padded_positions_change_nothing(tmp_path: Path) -> None:
    torch.manual_seed(1)
    trainer = Trainer(tmp_path, Marian(50, TINY), Rates(), EAGER)
    target, shifted = torch.tensor([[8, 9, 0]]), torch.tensor([[50, 8, 9]])
    padded = torch.tensor([[5, 6, 7, 0, 50, 50]]), torch.tensor([[8, 9, 0, 50]]), torch.tensor([[50, 8, 9, 0]])
    bare = trainer.loss((torch.tensor([[5, 6, 7, 0]]), target, shifted))
    torch.testing.assert_close(bare, trainer.loss(padded), rtol=1e-2, atol=1e-2)
    trainer.update(padded, 1.0)
    assert not trainer.model.shared.weight[50].any()


def test_exported_weights_load_back_into_the_same_model(work: Path, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    from scripts.train_translator.export import export

    torch.manual_seed(4)
    size = vocabulary(work / "spm.model")
    model, twin = Marian(size, TINY), Marian(size, TINY)
    export(model, work / "spm.model", tmp_path)
    load_weights(twin, tmp_path)
    for name, tensor in model.state_dict().items():
        torch.testing.assert_close(tensor, twin.state_dict()[name], rtol=1e-3, atol=1e-3)


def test_forward_pass_is_that_of_transformers_marian(work: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    from scripts.train_translator import model as own
    from scripts.train_translator.export import export

    torch.manual_seed(4)
    size = vocabulary(work / "spm.model")
    model = Marian(size, TINY)
    export(model, work / "spm.model", tmp_path)
    load_weights(model, tmp_path)
    peer = transformers.AutoModelForSeq2SeqLM.from_pretrained(tmp_path, dtype=torch.float32)
    source, shifted = torch.tensor([[5, 6, 7, 8, 0]]), torch.tensor([[size, 9, 10, 11]])
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=own.DTYPE is torch.bfloat16):
        hidden = model(source, shifted).float()
    with torch.no_grad():
        expected = peer(input_ids=source, decoder_input_ids=shifted).logits[..., :size]
    logits = hidden @ model.shared.weight[:-1].t()
    assert torch.nn.functional.cosine_similarity(logits.flatten(), expected.flatten(), dim=0) > 0.999


def test_news_like_selection_prefers_the_vocabulary_of_news() -> None:
    news = [("la grève des cheminots paralyse la gare", "x")] * 5
    other = [("la grève paralyse la gare de Lille", "1"), ("article premier du règlement intérieur", "2")] * 4
    kept = most_news_like(other, news, 0.5, random.Random(1))
    assert {target for _, target in kept} == {"1"} and len(kept) == 4
    assert most_news_like(other, news, 1.0, random.Random(1)) == other


def test_rough_forms_keep_both_sides_in_step() -> None:
    rng = random.Random(1)
    plain = ("L'œuvre a été sauvée.", "The work was saved.")
    forms = [rough(plain, rng) for _ in range(3000)]
    changed = {form for form in forms if form != plain}
    assert ("L'ŒUVRE A ÉTÉ SAUVÉE.", "THE WORK WAS SAVED.") in changed
    assert ("L'OEUVRE A ETE SAUVEE.", "THE WORK WAS SAVED.") in changed
    assert ("L'œuvre a été sauvée", "The work was saved") in changed
    assert ("L’œuvre a été sauvée.", "The work was saved.") in changed
    assert len([form for form in forms if form in changed]) < 300


def test_reader_takes_two_and_three_columns_and_cleans_spaces(tmp_path: Path) -> None:
    write_tsv(tmp_path / "mixed-00.tsv.xz", [("a\u00a0b", "c"), ("source", "d’e", "f"), ("alone",), ("", "g")])
    assert list(read(tmp_path, "mixed-*", random.Random(1))) == [("a b", "c"), ("d'e", "f")]
    assert clean(" 30\u202f000  euros ") == "30 000 euros"


def test_prepare_without_bitext_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no bitext in"):
        main(["prepare", str(tmp_path / "work"), "--bitext", str(tmp_path)])


def test_starting_embeddings_put_translations_side_by_side(work: Path) -> None:
    import sentencepiece

    vectors = load_tensors(work / "embeddings.safetensors")["embeddings"]
    assert vectors.shape == (vocabulary(work / "spm.model"), 32) and np.isfinite(vectors.numpy()).all()
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(work / "spm.model"))
    french, english, other = (vectors[pieces.encode(word)].mean(0) for word in ("maire", "mayor", "schools"))
    near, far = (torch.nn.functional.cosine_similarity(french, vector, dim=0) for vector in (english, other))
    assert near > far
