"""Gates fail closed, and a gate that cannot mean anything is an error of the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import config
from pipeline.errors import ConfigError
from pipeline.gates import Gate, judge, parse
from pipeline.scores import catalogue


def test_a_bare_number_is_a_floor_or_a_ceiling_as_the_score_has_it() -> None:
    found = parse(
        {"numbers_kept_fr_en": 0.995, "untranslated_fr_en": 0.01, "length_ratio_fr_en": {"min": 0.8, "max": 1.2}}
    )
    assert found == (
        Gate("numbers_kept_fr_en", 0.995, None),
        Gate("untranslated_fr_en", None, 0.01),
        Gate("length_ratio_fr_en", 0.8, 1.2),
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"number_kept_fr_en": 0.9}, "did you mean 'numbers_kept_fr_en'"),
        ({"coverage_en_summary": 0.9}, "min = ..., max = ..."),
        ({"numbers_kept_fr_en": 99.5}, "lies between 0 and 1"),
        ({"numbers_kept_fr_en": True}, "is a number"),
        ({"numbers_kept_fr_en": float("nan")}, "is a number"),
        ({"numbers_kept_fr_en": "high"}, "is a number"),
        ({"numbers_kept_fr_en": {}}, "min, max or both"),
        ({"numbers_kept_fr_en": {"least": 1}}, "min, max or both"),
    ],
)
def test_a_gate_that_cannot_be_meant_is_one_clear_error(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match="gates: ") as caught:
        parse(settings)
    assert words in str(caught.value)


def test_a_gate_says_by_how_much_it_was_missed() -> None:
    floor, ceiling = Gate("bleu", 30.0), Gate("ter", None, 60.0)
    assert judge(floor, 30.0).failure is None
    assert judge(floor, 28.5).failure == "bleu is 28.5, below its floor 30 by 1.5"
    assert judge(ceiling, 61.25).failure == "ter is 61.25, above its ceiling 60 by 1.25"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_a_score_that_could_not_be_computed_shuts_its_gate(value: float | None) -> None:
    assert judge(Gate("bleu", 0.0), value, "no references").failure == "bleu could not be computed: no references"


def test_names_follow_the_languages_and_are_unique() -> None:
    assert "numbers_kept_es_en" in catalogue("es", "en")
    assert "numbers_kept_fr_en" not in catalogue("es", "en")


def _config(tmp_path: Path, gates: str) -> Path:
    path = tmp_path / "own.toml"
    models = '[translator]\nmodel = "embedded:translator"\n[summarizer]\nmodel = "embedded:summarizer"\n'
    path.write_text(f"{models}[gates]\n{gates}\n", encoding="utf-8")
    return path


def test_the_gates_of_a_configuration_survive_overrides_and_stay_out_of_what_names_a_run(tmp_path: Path) -> None:
    settings = config.load(_config(tmp_path, "numbers_kept_fr_en = 0.995")).overridden(summarizer__sentences=2)
    assert dict(settings.gates) == {"numbers_kept_fr_en": 0.995}
    assert "gates" not in settings.model_dump(mode="json")
    assert config.load(_config(tmp_path, "")).gates == {}


def test_an_unknown_gate_is_an_error_of_the_configuration_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"own\.toml: gates: no score is called 'bleau'"):
        config.load(_config(tmp_path, "bleau = 30"))


@pytest.mark.parametrize(("shown", "name"), [("BLEU", "bleu"), ("chrF2++", "chrf2pp"), ("rouge-1", "rouge1")])
def test_a_gate_goes_by_the_name_that_tables_show_too(shown: str, name: str) -> None:
    assert parse({shown: 20.0}, "fr", "en") == (Gate(name, 20.0, None),)
