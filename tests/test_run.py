"""The main job as a whole: the laws of the record hold over all stages, for any input, on real model code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import backends, config, run
from pipeline.codec import from_dict, to_dict
from pipeline.desk import Desk
from pipeline.document import Document, uncovered
from pipeline.errors import ConfigError, InputError, MissingModelError, OutputError
from pipeline.readers import ReadOptions

STORY = """Valombrel rachète l'italien Cartessa

Le groupe lyonnais a annoncé lundi le rachat de son concurrent pour 840 millions d'euros. L'accord a été signé le 17/01/2025.

À lire aussi : Pourquoi le carton résiste
« Nous attendrons de voir », tempère Mme Kherbache. Les salariés, au nombre de quatre-vingt-dix, suivront une formation.

- Le suédois Skogvalla absorbe Pliage - 17/01/2025
"""


@pytest.fixture(scope="module")
def desk(tiny_config: Path) -> Desk:
    return Desk(config.load(tiny_config))


def articles(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:02}.txt").write_text(STORY.replace("840", str(840 + number)), encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "timing.json"}


def test_a_run_writes_every_document_with_its_noise_marked(tiny_config: Path, tmp_path: Path) -> None:
    outcome = run.run_folder(
        [str(articles(tmp_path / "in", 2))], tmp_path / "out", config.load(tiny_config), ReadOptions(), quiet=True
    )
    records = [
        from_dict(json.loads(line)) for line in (tmp_path / "out/documents.jsonl").read_text("utf-8").splitlines()
    ]
    assert [record.id for record in records] == ["00.txt", "01.txt"]
    assert outcome.counts.failed == 0
    for record in records:
        assert uncovered(record) == ()
        assert {s.reason for s in record.segments if s.role == "noise"} == {"see-also", "related-headline"}
        assert all(s.target for s in record.segments if s.role != "noise")
        assert "summary-missing" in {
            finding.kind for finding in record.findings
        }  # a random model's English cannot stand


def test_an_english_article_is_summarised_with_its_support(tiny_config: Path) -> None:
    """A real BART, if a random one: what it writes cannot stand, so the sentences that it stands for do."""
    sentences = [
        f"The mayor of town {n} announced that school number {n} will open before the winter." for n in range(30)
    ]
    document = Desk(config.load(tiny_config).overridden(detect__other="keep"))(" ".join(sentences)).document
    assert document.summary is not None
    assert 1 <= len(document.summary.sentences) <= 3
    for sentence in document.summary.sentences:
        assert sentence.origin == "extracted"
        assert [document.segments[index].target for index in sentence.support] == [sentence.text]


def test_the_same_bytes_come_out_for_any_batch_size_and_any_number_of_workers(
    tiny_config: Path, tmp_path: Path
) -> None:
    source = articles(tmp_path / "in", 9)
    seen = []
    for size, workers in ((1, 1), (7, 4), (64, 4), (3, 1)):
        out = tmp_path / f"out{size}-{workers}"
        settings_ = config.load(tiny_config).overridden(
            run__batch_size=size, run__threads=workers, run__in_flight=workers
        )
        run.run_folder([str(source)], out, settings_, ReadOptions(), quiet=True)
        seen.append(contents(out))
    assert all(one == seen[0] for one in seen)


def test_the_signature_changes_with_what_changes_the_output_and_with_nothing_else(tiny_config: Path) -> None:
    base = config.load(tiny_config)
    signature = run.manifest_data(base).signature
    assert run.manifest_data(base.overridden(run__batch_size=1)).signature == signature
    assert run.manifest_data(base.overridden(summarizer__sentences=2)).signature != signature
    assert run.manifest_data(base.overridden(detect__other="keep")).signature != signature


def test_a_document_that_cannot_be_read_is_in_the_output_with_its_reason(tiny_config: Path, tmp_path: Path) -> None:
    source = articles(tmp_path / "in", 1)
    (source / "broken.txt").write_bytes("Un texte déjà coupé".encode()[:-8] + b"\xc3")
    (source / "binary.txt").write_bytes(bytes(range(256)) * 20)
    outcome = run.run_folder([str(source)], tmp_path / "out", config.load(tiny_config), ReadOptions(), quiet=True)
    failed = [json.loads(line) for line in (tmp_path / "out/failed.jsonl").read_text("utf-8").splitlines()]
    assert outcome.counts.failed == 2
    assert {row["id"]: row["kind"] for row in failed} == {"broken.txt": "DecodingError", "binary.txt": "DecodingError"}


def test_nothing_is_done_when_a_model_is_missing(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[translator]\nmodel = "/no/such"\n[summarizer]\nmodel = "/no/such"\n')
    with pytest.raises(MissingModelError):
        run.run_folder(
            [str(articles(tmp_path / "in", 1))], tmp_path / "out", config.load(own), ReadOptions(), quiet=True
        )
    assert not (tmp_path / "out").exists()


def test_nothing_is_done_when_the_input_is_empty(tiny_config: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError):
        run.run_folder([str(tmp_path / "in")], tmp_path / "out", config.load(tiny_config), ReadOptions(), quiet=True)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_a_run_of_other_settings_is_not_overwritten_unless_asked(
    tiny_config: Path, tmp_path: Path
) -> None:
    source = [str(articles(tmp_path / "in", 1))]
    settings_ = config.load(tiny_config)
    run.run_folder(source, tmp_path / "out", settings_.overridden(summarizer__sentences=1), ReadOptions(), quiet=True)
    with pytest.raises(OutputError, match="--fresh"):
        run.run_folder(source, tmp_path / "out", settings_, ReadOptions(), quiet=True)
    run.run_folder(source, tmp_path / "out", settings_, ReadOptions(), fresh=True, quiet=True)


HOSTILE = {
    "furniture": "30.4 C / Yaoundé / LUNDI, 4 OCTOBRE 2021 / AFRIQUE CENTRALE / TÉLÉCOMS",
    "dash": "-",
    "space": " ",
    "laughter": "ha " * 500,
    "long sentence": "Le maire a dit que " + "la ville et le pays et le monde et la mer et " * 300 + "la nuit.",
    "emoji": "😀🎉🔥 " * 200,
    "one long word": "a" * 5000,
    "controls": "Le \u202emaire\u202c de \x00Lyon\x07 est \u200bvenu\ufeff hier dans la ville.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_makes_models_run_away_gives_no_runaway_text_and_no_crash(desk: Desk, name: str) -> None:
    text = HOSTILE[name]
    document = desk(text).document
    assert document.failure is None
    assert uncovered(document) == ()
    assert len(document.translation) <= 1.8 * len(text) + 24 * max(1, len(document.segments))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_lost_or_crashes_whatever_it_holds(desk: Desk, text: str) -> None:
    document = desk(text).document
    assert document.text == text
    assert uncovered(document) == ()
    assert from_dict(to_dict(document)) == document


def test_a_text_in_gives_a_result_out_and_a_list_gives_a_list_in_order(desk: Desk) -> None:
    one = desk(STORY)
    assert set(one) == {"translation_text", "summary_text"}
    assert one["translation_text"] == one.document.translation
    assert [result.document.text for result in desk(["Il pleut à Lyon.", STORY])] == ["Il pleut à Lyon.", STORY]
    assert desk([]) == []
    for wrong in (None, 5, {"text": "Il pleut."}, b"Il pleut.", ["Il pleut.", 3]):
        with pytest.raises(TypeError, match="text"):
            desk(wrong)  # type: ignore[call-overload]


def test_models_are_loaded_once_for_all_calls(tiny_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[object] = []
    load = backends.load
    monkeypatch.setattr(backends, "load", lambda *given: loads.append(given) or load(*given))
    desk = Desk(config.load(tiny_config))
    desk("Il pleut à Lyon.")
    desk("Il neige à Paris.")
    assert len(loads) == 2  # the translator and the summarizer


def test_settings_can_be_overridden_by_name(tiny_config: Path) -> None:
    import pipeline

    assert pipeline.load(tiny_config, summarizer__sentences=1).config.summarizer.sentences == 1
    with pytest.raises(ConfigError, match="did you mean 'sentences'"):
        pipeline.load(tiny_config, summarizer__sentence=1)
    with pytest.raises(ConfigError, match="did you mean 'summarizer'"):
        pipeline.load(tiny_config, sumarizer__sentences=1)
    with pytest.raises(ConfigError, match="with its section"):
        pipeline.load(tiny_config, sentences=1)
    assert pipeline.load(tiny_config, translator__decoding__beam_size=7).config.translator.decoding.beam_size == 7


def test_lines_come_out_one_for_one_whatever_they_hold(tiny_config: Path) -> None:
    lines = [
        "Il pleut.",
        "",
        "  ",
        "Abonnez-vous",
        "Un. Deux. Trois.",
        "😀",
        "This is English text, and it stays a line.",
    ]
    translated = [line.text for line in run.lines(lines, config.load(tiny_config))]
    assert len(translated) == len(lines)
    assert translated[1] == translated[2] == ""
    assert translated[3]
    assert not any("\n" in line for line in translated)


def test_documents_keep_their_own_fields(desk: Desk) -> None:
    (after,) = desk.documents([Document("x", "Il pleut à Lyon depuis lundi matin.", {"url": "https://example.org"})])
    assert after.meta == {"url": "https://example.org"}


def test_a_shut_gate_makes_the_run_exit_1_and_the_run_stays_finished(tiny_config: Path, tmp_path: Path) -> None:
    """The scores stand beside the run; it is scored again, and nothing else is done, when it is run again."""
    source = [str(articles(tmp_path / "in", 1))]
    gated = config.load(tiny_config).model_copy(update={"gates": {"numbers_kept_fr_en": 1.0}})
    outcomes = [run.run_folder(source, tmp_path / "out", gated, ReadOptions(), quiet=True) for _ in range(2)]
    assert [outcome.exit_code for outcome in outcomes] == [1, 1]
    assert all("gate: numbers_kept_fr_en" in outcome.line for outcome in outcomes)
    assert "nothing to do" in outcomes[1].line
    assert (tmp_path / "out/evaluation.json").is_file()
