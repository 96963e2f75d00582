"""Training the summarizer: pairs, selector and rewriter, on stories that the test writes itself."""

from __future__ import annotations

import json
import lzma
import random
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
sentencepiece = pytest.importorskip("sentencepiece")

from pipeline.summarization.selection import FEATURES, features, load_weights, select  # noqa: E402
from pipeline.summarization.words import words  # noqa: E402
from scripts.train_summarizer import rewriter  # noqa: E402
from scripts.train_summarizer.__main__ import main  # noqa: E402
from scripts.train_summarizer.compression import compress  # noqa: E402
from scripts.train_summarizer.evaluate import report  # noqa: E402
from scripts.train_summarizer.pairs import headline_pairs, summary_pairs, unlabelled  # noqa: E402
from scripts.train_summarizer.selector import examples, labels  # noqa: E402
from scripts.train_summarizer.stories import Story, read  # noqa: E402
from scripts.train_summarizer.support import find  # noqa: E402
from scripts.train_translator.batches import unpack  # noqa: E402
from scripts.train_translator.model import Marian, Shape  # noqa: E402
from scripts.train_translator.pieces import vocabulary  # noqa: E402
from scripts.train_translator.trainer import Machine  # noqa: E402

TINY = Shape(d=32, heads=2, encoder=1, decoder=1)
TOWNS = ["Lorvic", "Bramont", "Keravel", "Tissard", "Ormelle"]
FIRMS = ["Velbrun", "Castagne", "Durmex", "Solivar"]
FILLER = [
    "The square was quiet on the morning of the announcement.",
    "Nobody at the bakery wanted to comment on it.",
    "It was raining, as it often does there in autumn.",
    "A spokesman did not answer the phone at lunchtime.",
    "The road to the station has been closed for repairs since spring.",
]


def story(number: int) -> dict[str, Any]:
    """A story whose second and fifth sentences are what its summary rests on."""
    rng = random.Random(number)
    town, firm, jobs, sum_ = rng.choice(TOWNS), rng.choice(FIRMS), rng.randint(20, 900), rng.randint(2, 90)
    facts = [
        f"The toy maker {firm} will close its factory in {town} next year, with the loss of {jobs} jobs.",
        f"Moving the machines to Poland will cost the company {sum_} million euros, its director told the workers.",
    ]
    body = [FILLER[0], facts[0], *FILLER[1:3], facts[1], *FILLER[3:]]
    lines = [{"role": "headline", "en": f"{firm} closes its {town} factory, {jobs} jobs lost"}]
    lines += [{"role": "paragraph", "en": sentence} for sentence in body]
    lines.append({"role": "noise", "en": "Read also"})
    summary = [
        f"The toy maker {firm} will close its {town} factory next year with the loss of {jobs} jobs.",
        f"Moving the machines to Poland will cost {sum_} million euros.",
    ]
    return {"id": str(number), "lines": lines, "summary": summary}


def published(number: int) -> dict[str, Any]:
    made = story(number)
    body = [line["en"] for line in made["lines"] if line["role"] == "paragraph"]
    title = made["lines"][0]["en"]
    return {"document": "\n".join(body), "title": title, "summary": f"{title}. {made['summary'][0][:-1]}", "lang": "en"}


def headlined(number: int) -> dict[str, Any]:
    made = published(number)
    return {"document": made["document"], "summary": made["title"], "lang": "en"}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def summaries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("summaries")
    write(folder / "written-news.jsonl.xz", [story(i) for i in range(60)])
    write(folder / "news-two-sentences.train.jsonl.xz", [published(i) for i in range(100, 120)])
    write(folder / "news-headlines-short.train.jsonl.xz", [headlined(i) for i in range(200, 220)])
    lines = "".join(json.dumps(story(i)) + "\n" for i in range(300, 310))
    (folder / "written-news.dev.jsonl").write_text(lines, encoding="utf-8")
    (folder / "text").mkdir()
    running = "The mayor (a keen cyclist) opened the new bridge over the canal on Monday.\n" * 5
    with lzma.open(folder / "text" / "onestop.en.txt.xz", "wt", encoding="utf-8") as file:
        file.write(running)
    return folder


@pytest.fixture(scope="module")
def work(summaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared folder, and beside it `start.pt`, a fresh model in the place of a translator."""
    folder = tmp_path_factory.mktemp("work")
    text = folder / "text.txt"
    rows = [row for path in sorted(summaries.glob("written-news.jsonl.xz")) for row in read(path)]
    text.write_text("\n".join(sentence for row in rows for sentence in row.sentences), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(folder / "spm"), vocab_size=330, byte_fallback=True, hard_vocab_limit=False,
        split_digits=True, bos_id=-1, eos_id=0, unk_id=1, pad_id=-1, minloglevel=2,
    )  # fmt: skip
    main(["prepare", str(folder / "r"), "--summaries", str(summaries), "--pieces", str(folder / "spm.model")])
    torch.manual_seed(1)
    torch.save({"model": Marian(vocabulary(folder / "r" / "spm.model"), TINY).state_dict()}, folder / "start.pt")
    return folder


def plan(minutes: float) -> rewriter.Plan:
    return rewriter.Plan(minutes, tokens=512, shape=TINY, machine=Machine(threads=1, compile_kernel=False))


def test_rehearsal_trains_resumes_and_releases_a_rewriter_that_transformers_generates_with(
    work: Path, tmp_path: Path
) -> None:
    first = rewriter.train(work / "r", work / "start.pt", plan(0.05))
    assert first.step > 0 and first.elapsed >= 3
    second = rewriter.train(work / "r", work / "start.pt", plan(0.1))
    assert second.step > first.step and second.elapsed >= 6
    before = second.step
    assert rewriter.train(work / "r", work / "start.pt", plan(0.1)).step == before, "its minutes are over"
    rewriter.release(work / "r", tmp_path / "model", TINY)

    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "model")
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "model", dtype=torch.float32)
    batch = tokenizer(["summary: The toy maker will close its factory."], return_tensors="pt")
    assert model.generate(**batch, max_new_tokens=8).shape[1] > 1


def test_development_loss_counts_every_pair_once(work: Path, tmp_path: Path) -> None:
    trainer = rewriter.Trainer(
        tmp_path, Marian(vocabulary(work / "r" / "spm.model"), TINY), plan(1).rates, plan(1).machine
    )
    pairs = sum(len(source) for source, _, _ in rewriter._development_batches(work / "r", trainer.model.pad))
    assert pairs == len(unpack(work / "r" / "dev.npz")[0].lengths) > 10
    assert 3 < rewriter.development(trainer, work / "r")["dev_nll"] < 9


def test_prepare_makes_every_group_and_counts_it(work: Path) -> None:
    counts = json.loads((work / "r" / "counts.json").read_text())
    assert counts["written"] > 90 and counts["summaries"] >= 10 and counts["headlines"] >= 20
    assert counts["compressions"] == 1 and counts["dev"] >= 15


def test_prepare_without_summaries_says_what_to_give(work: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no summaries in"):
        main(["prepare", str(tmp_path / "r"), "--summaries", str(tmp_path), "--pieces", str(work / "spm.model")])


def test_written_story_keeps_its_paragraphs_and_no_noise(summaries: Path) -> None:
    first = next(read(summaries / "written-news.jsonl.xz"))
    assert first.headline is not None and "closes" in first.headline
    assert len(first.sentences) == 7 and "Read also" not in first.sentences
    assert len(first.summary) == 2


def test_title_in_front_of_a_published_summary_is_no_summary_sentence(summaries: Path) -> None:
    first = next(read(summaries / "news-two-sentences.train.jsonl.xz"))
    assert first.headline is not None and len(first.summary) == 1
    assert first.summary[0].startswith("The toy maker")


def test_support_is_the_sentences_that_hold_the_words_and_the_facts() -> None:
    document = [words(text) for text in ("Rain fell.", "Velbrun will cut 40 jobs.", "The cuts hit Lorvic in May.")]
    found = find(words("Velbrun will cut 40 jobs in Lorvic."), document)
    assert found.sentences == (1, 2) and found.facts and found.coverage == 1.0


@pytest.mark.parametrize("summary", ["Velbrun will cut 41 jobs.", "The firm Velbrun will cut 40 jobs in Bramont."])
def test_summary_with_a_number_or_a_name_that_its_support_lacks_makes_no_pair(summary: str) -> None:
    made = Story("x", None, ("The firm Velbrun will cut 40 jobs.", "It did not say when."), (summary,))
    assert not find(words(summary), [words(s) for s in made.sentences]).facts
    assert list(summary_pairs(made, random.Random(1), coverage=0.0)) == []


def test_pairs_begin_with_the_control_of_their_kind_and_end_like_sentences() -> None:
    made = Story(
        "x",
        "Analysis: firm Velbrun cuts forty jobs at home",
        ("The firm Velbrun cuts forty jobs at home, it said.", "It gave no reason for the cuts."),
        ("Exclusive: the firm Velbrun cuts forty jobs at home",),
    )
    (summary,), (headline,) = (list(maker(made, random.Random(1))) for maker in (summary_pairs, headline_pairs))
    assert summary.source.startswith("summary: The firm Velbrun") and summary.target[-1] == "."
    assert summary.target.startswith("The firm")
    assert headline.source.startswith("headline: The firm Velbrun") and headline.target[-1] != "."


def test_label_is_taken_off_a_headline_but_a_colon_inside_stays() -> None:
    assert unlabelled("Opinion: why the trams of Lorvic are late") == "Why the trams of Lorvic are late"
    assert unlabelled("The mayor of Lorvic to voters: trust me") == "The mayor of Lorvic to voters: trust me"


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("The mayor (a keen cyclist) opened the bridge on Monday.", "The mayor opened the bridge on Monday."),
        ("But the town has kept its four bakeries.", "The town has kept its four bakeries."),
        ("Ms Roe, 41, said that she would appeal against it.", "Ms Roe said that she would appeal against it."),
        ("The firm, which makes toys, has sold its site in town.", "The firm has sold its site in town."),
        ("A short (bracketed) line.", "A short (bracketed) line."),
        ("The whole plan stays exactly as it is today.", "The whole plan stays exactly as it is today."),
    ],
)
def test_compression_takes_out_what_grammar_marks_as_optional(sentence: str, short: str) -> None:
    assert compress(sentence) == short


def test_labels_mark_the_supporting_sentences_and_examples_share_the_story_weight(summaries: Path) -> None:
    first = next(read(summaries / "written-news.jsonl.xz"))
    assert labels(first) == [0, 1, 0, 0, 1, 0, 0]
    made = list(examples(first, 4.0))
    assert sum(example.weight for example in made) == pytest.approx(4.0)
    assert all(len(example.row) == len(FEATURES) for example in made)


def test_headline_that_gave_the_labels_is_hidden_from_the_features(summaries: Path) -> None:
    first = next(read(summaries / "news-headlines-short.train.jsonl.xz"))
    column = FEATURES.index("has_headline")
    assert first.headline and not first.summary
    assert {example.row[column] for example in examples(first, 1.0)} == {0.0}


@pytest.mark.parametrize("hidden", ["0", "4"])
def test_trained_selector_finds_the_supporting_sentences_where_lead_does_not(
    summaries: Path, tmp_path: Path, hidden: str
) -> None:
    pytest.importorskip("rouge_score")
    main(["selector", str(tmp_path / "s.json"), "--summaries", str(summaries), "--hidden", hidden])
    weights = load_weights(tmp_path / "s.json")
    unseen = next(read(summaries / "written-news.dev.jsonl"))
    chosen = {i for group in select(unseen.sentences, unseen.headline, 2, weights) for i in group}
    assert {1, 4} <= chosen
    results = report(tmp_path / "s.json", [summaries / "written-news.dev.jsonl"], count=2, limit=5)
    scores = {name.split("/")[1]: line["R2-recall"] for name, line in results.items()}
    assert scores["top-k by score"] > scores["lead-k"] + 0.2


def test_selector_written_by_training_gives_the_network_s_own_scores(summaries: Path, tmp_path: Path) -> None:
    from pipeline.summarization.selection import score

    main(["selector", str(tmp_path / "s.json"), "--summaries", str(summaries), "--hidden", "4"])
    data = json.loads((tmp_path / "s.json").read_text())
    unseen = next(read(summaries / "written-news.dev.jsonl"))
    rows = torch.tensor(features(unseen.sentences, unseen.headline))
    values = (rows - torch.tensor(data["mean"])) / torch.tensor(data["scale"])
    first, second = ((torch.tensor(layer["weight"]), torch.tensor(layer["bias"])) for layer in data["layers"])
    logits = torch.tanh(values @ first[0].T + first[1]) @ second[0].T + second[1]
    own = score(features(unseen.sentences, unseen.headline), load_weights(tmp_path / "s.json"))
    torch.testing.assert_close(torch.tensor(own), torch.sigmoid(logits)[:, 0], rtol=1e-4, atol=1e-5)
