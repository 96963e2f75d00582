"""The findings of the main job in words, for the sentences that a story shows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.digest.articles import Article
from pipeline.digest.cleaning import line
from pipeline.digest.merging import Chosen
from pipeline.document import Finding
from pipeline.view.wording import called, capital, weight

_MOST = 6  # of a story; what is left is counted
_LONGEST = 160  # characters of a message
_OF_THE_TEXT = ("source", "target")


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(files("pipeline.digest").joinpath("words.toml").read_text(encoding="utf-8"))


def doubts(group: Sequence[Article], chosen: Sequence[Chosen]) -> tuple[str, ...]:
    """Return what is doubtful in the shown sentences of a story, or in the French and English that they rest on."""
    numbered = enumerate(chosen, 1)
    found = [words for number, one in numbered for words in _of(number, one, group[one.article])]
    shown = list(dict.fromkeys([*_cut_short(group), *found, *_left_out(group)]))
    more = len(shown) - _MOST
    return tuple(shown if more < 2 else [*shown[:_MOST], f"{more} more doubts, in the record of the article"])


def _of(number: int, one: Chosen, article: Article) -> Iterator[str]:
    findings = _words()["findings"]
    for finding in article.document.findings:
        if weight(finding.kind) != "note" and _concerns(finding, one, article):
            form = findings.get(finding.kind, findings["other"])
            message = line(finding.message, _LONGEST) or line(called("kinds", finding.kind), _LONGEST)
            yield capital(form.format(place=f"sentence {number}", message=message))


def _concerns(finding: Finding, one: Chosen, article: Article) -> bool:
    """Whether a finding is about the sentence itself, or, between French and English, about what it rests on."""
    of_summary = [span.index for span in finding.spans if span.side == "summary"]
    if of_summary:
        summary = article.document.summary
        place = of_summary[0]
        sentences = summary.sentences if summary is not None else ()
        return place is not None and 0 <= place < len(sentences) and line(sentences[place].text) == one.sentence.text
    return any(span.side in _OF_THE_TEXT and span.index in one.sentence.support for span in finding.spans)


def _cut_short(group: Sequence[Article]) -> Iterator[str]:
    for article in group:
        if article.document.meta.get("teaser") is True:
            yield f"Only the teaser of {article.source.name} is here: the page of the article could not be read"


def _left_out(group: Sequence[Article]) -> Iterator[str]:
    count = sum(article.dropped for article in group)
    if count == 1:
        yield "One summary sentence was left out: it names nothing that it rests on"
    elif count:
        yield f"{count} summary sentences were left out: they name nothing that they rest on"
