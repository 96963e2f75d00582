"""Fixtures that several rooms share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import checkpoints

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# A busy machine is no failure; in CI the same examples are tried every time.
settings.register_profile("here", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("here")


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Converted models of the tests go to a cache of their own, and nothing asks a hub."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPECHE_CACHE", str(folder))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield folder


@pytest.fixture(autouse=True)
def broken_pipes() -> Iterator[None]:
    """A command ends quietly when its reader does; the tests that come after it in this process must not."""
    before = signal.getsignal(signal.SIGPIPE)
    yield
    signal.signal(signal.SIGPIPE, before)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium: that of the machine, else that of playwright."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with playwright.sync_playwright() as started:
        try:
            chromium = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"no browser can be started: {str(error).strip().splitlines()[0]}")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """Return a function from an architecture's name to the folder of a tiny checkpoint of it, made once."""
    root: Path = tmp_path_factory.mktemp("checkpoints")
    made: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name not in made:
            made[name] = checkpoints.MAKERS[name](root / name)
        return made[name]

    return make


@pytest.fixture(scope="session")
def tiny_config(checkpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:  # type: ignore[no-untyped-def]
    """Return a configuration of tiny random models: its English is noise, so that the guards have all to do."""
    path: Path = tmp_path_factory.mktemp("config") / "tiny.toml"
    path.write_text(
        f'[translator]\nmodel = "{checkpoint("marian")}"\ndecoding = {{ beam_size = 2, max_new_tokens = 12 }}\n'
        f'[summarizer]\nmodel = "{checkpoint("bart")}"\ndecoding = {{ beam_size = 2, max_new_tokens = 12 }}\n',
        encoding="utf-8",
    )
    return path
