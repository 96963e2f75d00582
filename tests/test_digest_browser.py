"""The digest in a real browser: it says nothing on the console, asks for nothing, and fits a narrow phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from digest_nights import night
from pipeline.digest import Digest, files
from test_digest_forms import evil
from test_report_browser import CONTRAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("digest", [night(), evil()], ids=["night", "evil"])
def test_the_page_fits_is_readable_and_does_nothing(
    browser: Any, tmp_path: Path, digest: Digest, width: int, scheme: str
) -> None:
    """No scrolling sideways, contrast of 4.5 to 1, folds that open, and not one request but the page."""
    page = tmp_path / "digest.html"
    page.write_bytes(files(digest)["digest.html"])
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab, said, asked = context.new_page(), [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    assert not tab.is_visible("details .quote >> nth=0")
    for fold in tab.locator("details > summary").all():
        fold.click()
    assert tab.is_visible("details .quote >> nth=0")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.evaluate(CONTRAST) == []
    context.close()
    assert said == [] and asked == [page.as_uri()]
