"""Summary scores: ROUGE (Lin 2004) beside the lead at the same length, novelty, support, and headlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import run
from pipeline.config import Config
from pipeline.document import Document, Summary, SummarySentence
from pipeline.facts.compare import unsupported
from pipeline.readers import ReadOptions, documents, find
from pipeline.stages.summarize import Summarize
from pipeline.summarization.article import Article
from pipeline.summarization.headline import headlines
from pipeline.summarization.select_rewrite import HEADLINE
from scripts.evaluate_models.measures import KINDS, bootstrap, cut, novelty, rouge, signature
from scripts.evaluate_models.stories import Story, read

SETS = ("news-two-sentences.test", "news-headlines-articles.test", "written-news.dev")
_LENGTHS = {"news-two-sentences.test": 2}  # sentences asked for where the articles are openings of three or four
_BODY = ("standfirst", "paragraph", "list")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A story, the summary that came out, and the headline that was written without sight of the article's own."""

    story: Story
    summary: Summary
    headline: str | None

    @property
    def is_whole(self) -> bool:
        """Say whether the article was so short that it is its own summary."""
        return any(sentence.origin == "whole" for sentence in self.summary.sentences)


def tables(folder: Path, config: Config, most: int = 0, sets: Sequence[str] = SETS) -> Iterator[str]:
    """Yield the lines of a report on each test set of a folder that is there; `most` bounds the stories of each.

    Raises:
        SystemExit: the folder holds none of the sets.
    """
    paths = [path for name in sets for path in sorted(folder.glob(f"{name}.jsonl*"))]
    if not paths:
        raise SystemExit(f"{folder} holds none of {', '.join(sets)} (.jsonl or .jsonl.xz)")
    for path in paths:
        name = path.name.partition(".jsonl")[0]
        yield from report(name, outcomes(read(path, most), _asking(config, _LENGTHS.get(name))))
    yield f"[{signature()}]"


def _asking(config: Config, sentences: int | None) -> Config:
    return config.overridden(summarizer__sentences=sentences)


def outcomes(stories: Sequence[Story], config: Config) -> list[Outcome]:
    """Send stories through the summarize stage alone: their English is there already."""
    stage = run.summarize(config)
    done = list(run.documents(config, [story.document for story in stories], [stage]))
    titles = _titles(stage, done)
    return [
        Outcome(story, document.summary, title)
        for story, document, title in zip(stories, done, titles, strict=True)
        if document.summary is not None
    ]


def _titles(stage: Summarize, done: Sequence[Document]) -> list[str | None]:
    """Return the headlines that the model writes, for articles with one of their own too."""
    articles = [Article(tuple(body(document))) for document in done]
    return headlines(stage.model, articles, stage.decoding, HEADLINE if stage.selector else "", True)


def report(name: str, found: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines on one test set; articles that are their own summary are counted and left out."""
    scored = [outcome for outcome in found if not outcome.is_whole]
    yield f"{name}: {len(scored)} articles; {len(found) - len(scored)} more no longer than the summary asked for"
    if scored:
        ours = [outcome.summary.text for outcome in scored]
        lead = [cut(" ".join(body(outcome.story.document)), text) for outcome, text in zip(scored, ours, strict=True)]
        yield from _beside("lead of the same length", ours, lead, [outcome.story.summary for outcome in scored], KINDS)
        yield "  " + _wording(scored)
        yield "  " + _support(scored)
    titled = [outcome for outcome in found if outcome.headline and outcome.story.headline]
    yield f"  headlines: written for {len(titled)} of {sum(o.story.headline is not None for o in found)}"
    if titled:
        ours = [outcome.headline or "" for outcome in titled]
        first = [cut(body(outcome.story.document)[0], text) for outcome, text in zip(titled, ours, strict=True)]
        references = [outcome.story.headline or "" for outcome in titled]
        yield from _beside("first sentence cut to that length", ours, first, references, KINDS[-1:])


def body(document: Document) -> list[str]:
    """Return the English sentences of a document without headings; all of them where there is nothing else."""
    readable = [segment for _, segment in document.pairs if segment.is_english]
    return [s.target or "" for s in readable if s.role in _BODY] or [s.target or "" for s in readable]


def _beside(
    name: str, ours: Sequence[str], theirs: Sequence[str], references: Sequence[str], kinds: Sequence[str]
) -> Iterator[str]:
    pairs = [
        (rouge(one, reference), rouge(other, reference))
        for one, other, reference in zip(ours, theirs, references, strict=True)
    ]
    for kind in kinds:
        left, right = [one[kind] for one, _ in pairs], [other[kind] for _, other in pairs]
        scores = f"{100 * sum(left) / len(left):.1f}, {name} {100 * sum(right) / len(right):.1f}"
        yield f"  ROUGE-{kind[5:].upper()}: ours {scores}, difference {bootstrap(left, right)}"


def _wording(found: Sequence[Outcome]) -> str:
    counts = [
        novelty([sentence.text for sentence in outcome.summary.sentences], outcome.story.document.text)
        for outcome in found
    ]
    new, total = (sum(column) for column in zip(*counts, strict=True))
    words = sum(len(outcome.summary.text.split()) for outcome in found) / len(found)
    return f"{words:.1f} words a summary, novel bigrams {new / max(1, total):.1%}"


def _support(found: Sequence[Outcome]) -> str:
    sentences = [(sentence, outcome) for outcome in found for sentence in outcome.summary.sentences]
    wrong = Counter(kind for sentence, outcome in sentences for kind in _unsupported(sentence, outcome.story.document))
    cited = sum(len(sentence.support) for sentence, _ in sentences) / max(1, len(sentences))
    unborne = f"after the guards {wrong['figure']} figures and {wrong['name']} names without support"
    return f"{len(sentences)} sentences, {origins([s for s, _ in sentences])}; {cited:.2f} cited a sentence; {unborne}"


def _unsupported(sentence: SummarySentence, document: Document) -> Iterator[str]:
    support = [document.segments[index].target or "" for index in sentence.support]
    for difference in unsupported(sentence.text, support):
        yield "name" if difference.kind.startswith("name-") else "figure"


def origins(sentences: Sequence[SummarySentence]) -> str:
    """Return the share of sentences that fell back to an extracted one, and how many have which origin."""
    counts = Counter(sentence.origin for sentence in sentences)
    share = counts["extracted"] / max(1, len(sentences))
    return f"{share:.1%} fell back to an extracted one ({', '.join(f'{n} {o}' for o, n in sorted(counts.items()))})"


def seeds_table(seeds: Path, config: Config) -> str:
    """Run the main job over the seeds and score each summary that has a reference."""
    found = [d for d in run.documents(config, documents(find(seeds), ReadOptions())) if d.summary]
    pairs = [(document, reference) for document in found if (reference := _reference(document, seeds))]
    texts = [document.summary.text if document.summary else "" for document, _ in pairs]
    ours = _means(texts, [reference for _, reference in pairs])
    lead = _means(
        [cut(" ".join(body(document)), text) for (document, _), text in zip(pairs, texts, strict=True)],
        [reference for _, reference in pairs],
    )
    sentences = [s for document, _ in pairs for s in (document.summary.sentences if document.summary else ())]
    scores = f"ours {ours}; lead of our translation of the same length {lead} [{signature()}]"
    return f"seeds summaries: {len(pairs)} stories, {scores}; sentences: {origins(sentences)}"


def _reference(document: Document, seeds: Path) -> str | None:
    """The first document of the wire has its reference under the name of the file."""
    stem = Path(document.id).stem if "." in document.id else "wire"
    path = seeds / "references" / f"{stem}.summary.en"
    return " ".join(path.read_text(encoding="utf-8").split("\n")) if path.is_file() else None


def _means(hypotheses: Sequence[str], references: Sequence[str]) -> str:
    totals = [rouge(hypothesis, reference) for hypothesis, reference in zip(hypotheses, references, strict=True)]
    means = {kind: sum(score[kind] for score in totals) / max(1, len(totals)) for kind in KINDS}
    return " / ".join(f"{kind[5:].upper()} {100 * means[kind]:.1f}" for kind in KINDS)
