"""How much of the reference the selected sentences hold, beside the first sentences of the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

from pipeline.summarization.selection import Weights, features, load_weights, score, select
from scripts.train_summarizer.stories import Story, read

_VARIANT = "rouge-score 0.1.2, Porter stems, recall and F1"
_MIN_SENTENCES = 6

Choice = Callable[[Story, int, Weights], Sequence[int]]


def lead(story: Story, count: int, _: Weights) -> list[int]:
    """Choose the first sentences."""
    return list(range(min(count, len(story.sentences))))


def highest(story: Story, count: int, weights: Weights) -> list[int]:
    """Choose the sentences with the highest scores."""
    scores = score(features(story.sentences, _headline(story)), weights)
    return sorted(sorted(range(len(scores)), key=lambda i: -scores[i])[:count])


def groups(story: Story, count: int, weights: Weights) -> list[int]:
    """Choose as the program does: groups of sentences for `count` summary sentences, in document order."""
    return [i for group in select(story.sentences, _headline(story), count, weights) for i in group]


def lead_like_groups(story: Story, count: int, weights: Weights) -> list[int]:
    """Choose the first sentences, as many words as `groups` takes or just more: the fair baseline for it."""
    budget = sum(len(story.sentences[i].split()) for i in groups(story, count, weights))
    taken: list[int] = []
    for i, sentence in enumerate(story.sentences):
        if budget <= 0:
            break
        taken.append(i)
        budget -= len(sentence.split())
    return taken


CHOICES: dict[str, Choice] = {
    "lead-k": lead,
    "top-k by score": highest,
    "groups": groups,
    "lead of the groups' length": lead_like_groups,
}


def report(selector: Path, files: Sequence[Path], *, count: int = 3, limit: int = 300) -> dict[str, dict[str, float]]:
    """Print and return mean ROUGE-1 and ROUGE-2 of each way of choosing, for each file."""
    weights = load_weights(selector)
    results = {}
    for path in files:
        stories = [story for story in read(path, Random(1), limit=limit) if len(story.sentences) >= _MIN_SENTENCES]
        print(f"{path.name}: {len(stories)} stories, k={count} ({_VARIANT})", flush=True)
        for name, choose in CHOICES.items():
            results[f"{path.name}/{name}"] = line = _scores(stories, choose, count, weights)
            print(f"  {name:28}" + "  ".join(f"{key} {value:.3f}" for key, value in line.items()), flush=True)
    return results


def _scores(stories: Sequence[Story], choose: Choice, count: int, weights: Weights) -> dict[str, float]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1", "rouge2"], use_stemmer=True)
    found: list[dict[str, Any]] = []
    lengths = []
    for story in stories:
        text = " ".join(story.sentences[i] for i in choose(story, count, weights))
        found.append(scorer.score(" ".join(story.summary) or story.headline or "", text))
        lengths.append(len(text.split()))
    mean = {
        f"R{kind[-1]}-{part}": fmean(getattr(result[kind], part) for result in found)
        for kind in ("rouge1", "rouge2")
        for part in ("recall", "fmeasure")
    }
    return {**mean, "words": fmean(lengths)}


def _headline(story: Story) -> str | None:
    """A headline that is the reference may not be seen."""
    return story.headline if story.summary else None
