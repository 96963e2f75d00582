"""Settings: the shipped files load, a wrong key is answered with the right one, overrides change one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import config
from pipeline.errors import ConfigError

LEAST = '[translator]\nmodel = "a/b"\n[summarizer]\nmodel = "a/b"\n'


@pytest.mark.parametrize("name", config.names())
def test_every_shipped_configuration_loads(name: str) -> None:
    assert config.load(name).translator.model


def test_the_four_configurations_of_the_readme_are_there() -> None:
    assert {"embedded", "opus", "quality", "nllb"} <= set(config.names())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LEAST + "[detect]\nothers = 'skip'\n", "did you mean 'other'"),
        (LEAST + "[translater]\n", "did you mean 'translator'"),
        (LEAST.replace("\n[s", "\ndecoding = { beam = 3 }\n[s"), "did you mean 'beam_size'"),
        (LEAST + "[run]\nbatch_size = 0\n", "run.batch_size"),
        (LEAST + "[detect]\nlanguages = []\n", "detect.languages"),
        (LEAST.replace("\n[s", "\ndecoding = { beam_size = 0 }\n[s"), "at least 1"),
        (LEAST + "[detect]\nother = 'drop'\n", "'skip', 'keep' or 'fail'"),
        (LEAST + "[intake]\nfeeds = [{ url = 'https://x.example/r', fulltext = true }]\n", "did you mean 'full_text'"),
        (LEAST + "[intake]\nfeeds = ['https://x.example/r']\n", "give a table"),
        (LEAST + "[intake]\nfeeds = [{ url = 'x.example/r' }]\n", "give an address, as in"),
        (LEAST + "[watch]\nkeywords = 'loyers'\n", "give a list"),
        (LEAST + "[mail]\nencryption = 'tls'\n", "known here: host, port, security"),
        ("[translator\n", "cannot read configuration"),
        ("[translator]\nmodel = 'a'\n", "summarizer"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'opus'"):
        config.load("opas")


def test_an_override_changes_its_setting_and_none_changes_nothing() -> None:
    before = config.load()
    after = before.overridden(summarizer__sentences=5, run__device=None)
    assert after.summarizer.sentences == 5
    assert after.overridden(summarizer__sentences=before.summarizer.sentences) == before


def test_an_override_is_checked_like_a_file() -> None:
    with pytest.raises(ConfigError, match="override"):
        config.load().overridden(detect__other="drop")


def test_a_file_says_only_what_is_other_than_in_its_base(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('base = "embedded"\n[summarizer]\nsentences = 2\n', encoding="utf-8")
    own, base = config.load(tmp_path / "own.toml"), config.load("embedded")
    assert own.summarizer.sentences == 2
    assert own.overridden(summarizer__sentences=base.summarizer.sentences) == base


def test_a_base_that_rests_on_itself_is_an_error(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f'base = "{own}"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="rests on this configuration itself"):
        config.load(own)


def test_nightly_settings_change_no_dump_and_outlive_an_override() -> None:
    nightly = config.load("nightly")
    assert set(nightly.model_dump()) == set(config.load("embedded").model_dump())
    again = nightly.overridden(run__threads=1, summarizer__sentences=2)
    assert (again.intake, again.digest, again.mail) == (nightly.intake, nightly.digest, nightly.mail)
