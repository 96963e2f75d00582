"""Train the selector: how likely a sentence is to support the summary.

The features are those of `pipeline.summarization.selection`. A sentence's label is 1 when the matcher of `support`
picked it for some sentence of the reference summary (or, where there is only a headline, for the headline). Files that
are nearer to what the program is for count more.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from pipeline.summarization.selection import FEATURES, features
from pipeline.summarization.words import words
from scripts.train_summarizer.stories import Story, read
from scripts.train_summarizer.support import find

# file of training stories: weight of one story
SOURCES = {
    "written-news": 8.0,
    "news-two-sentences": 0.4,
    "news-standfirst": 0.2,
    "news-extracts": 0.5,
    "news-headlines-long": 0.3,
    "news-headlines-articles": 0.3,
    "opinion-summaries": 1.0,
    "government-decks": 0.5,
    "government-decks-2": 0.5,
    "company-decks": 0.3,
    "press-headlines": 0.2,
    "university-headlines": 0.2,
}
_MIN_SENTENCES = 3
_MAX_SENTENCES = 150
_COVERAGE = 0.35  # below it the match is chance
_EPOCHS = 20  # 60 fit the training stories better and held-out ones worse
_MIN_STEPS = 100
_BATCH = 2048


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: its features, whether it supports the summary, and what it counts."""

    row: list[float]
    label: float
    weight: float


def labels(story: Story) -> list[float]:
    """Return 1 for every sentence that supports the summary, 0 for the others; empty when nothing is supported."""
    document = [words(sentence) for sentence in story.sentences]
    wanted = story.summary or ((story.headline,) if story.headline else ())
    found = [find(words(sentence), document) for sentence in wanted]
    chosen = {i for support in found if support.coverage >= _COVERAGE for i in support.sentences}
    return [float(i in chosen) for i in range(len(document))] if chosen else []


def examples(story: Story, weight: float) -> Iterator[Example]:
    """Yield the sentences of a story. A headline that gave the labels is hidden from the features."""
    if not _MIN_SENTENCES <= len(story.sentences) <= _MAX_SENTENCES:
        return
    marks = labels(story)
    rows = features(story.sentences, story.headline if story.summary else None) if marks else []
    for row, mark in zip(rows, marks, strict=True):
        yield Example(row, mark, weight / len(marks))


def gather(folder: Path, limit: int, rng: random.Random) -> list[Example]:
    """Return the examples of all sources, stories in random order; half of those with a headline also without it."""
    found: list[list[Example]] = []
    for name, weight in SOURCES.items():
        paths = sorted(folder.glob(f"{name}.train.jsonl*")) + sorted(folder.glob(f"{name}.jsonl*"))
        for story in (story for path in paths for story in read(path, rng, limit=limit)):
            found.append(list(examples(story, weight)))
            if story.summary and story.headline and rng.random() < 0.5:
                found[-1] += examples(replace(story, headline=None), weight / 2)
    rng.shuffle(found)
    return list(chain.from_iterable(found))


def train_selector(folder: Path, out: Path, *, hidden: int = 16, limit: int = 4000, seed: int = 1) -> float:
    """Train on the stories of `folder` and write the weights as JSON to `out`; return the loss on held-out stories.

    `hidden` 0 is logistic regression.

    Raises:
        FileNotFoundError: the folder holds no story with a supported summary.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    found = gather(folder, limit, random.Random(seed))
    if not found:
        raise FileNotFoundError(f"no stories in {folder}: give the folder that holds the .jsonl.xz files")
    rows = torch.tensor([example.row for example in found])
    marks, weights = (torch.tensor([getattr(e, name) for e in found]) for name in ("label", "weight"))
    cut = int(0.95 * len(found))
    mean, scale = rows[:cut].mean(0), rows[:cut].std(0).clamp_min(1e-3)
    network = _network(rows.shape[1], hidden)
    _fit(network, (rows[:cut] - mean) / scale, marks[:cut], weights[:cut])
    with torch.no_grad():
        held = float(_loss(network, (rows[cut:] - mean) / scale, marks[cut:], weights[cut:]))
    _write(out, network, mean, scale)
    print(f"{len(found)} sentences, {marks.mean():.1%} support a summary, held-out loss {held:.4f}: {out}", flush=True)
    return held


def _network(width: int, hidden: int) -> torch.nn.Sequential:
    if not hidden:
        return torch.nn.Sequential(torch.nn.Linear(width, 1))
    return torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, 1))


def _fit(network: torch.nn.Module, rows: torch.Tensor, marks: torch.Tensor, weights: torch.Tensor) -> None:
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=0.01)
    in_epoch = 1 + len(rows) // _BATCH
    epochs = max(_EPOCHS, _MIN_STEPS // in_epoch)
    steps = epochs * in_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / (steps + 1))
    for _ in range(epochs):
        for part in torch.split(torch.randperm(len(rows)), _BATCH):
            optimizer.zero_grad()
            _loss(network, rows[part], marks[part], weights[part]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()


def _loss(network: torch.nn.Module, rows: torch.Tensor, marks: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    losses = torch.nn.functional.binary_cross_entropy_with_logits(network(rows)[:, 0], marks, reduction="none")
    return (losses * weights).sum() / weights.sum()


def _write(path: Path, network: torch.nn.Sequential, mean: Any, scale: Any) -> None:
    affine = [layer for layer in network if isinstance(layer, torch.nn.Linear)]
    layers = [{"weight": _rounded(layer.weight), "bias": _rounded(layer.bias)} for layer in affine]
    data = {"features": FEATURES, "mean": _rounded(mean), "scale": _rounded(scale), "layers": layers}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")


def _rounded(tensor: torch.Tensor) -> Any:
    values = tensor.detach().tolist()
    return [[round(x, 5) for x in row] if isinstance(row, list) else round(row, 5) for row in values]
