"""Pack the rewriter's training pairs as token ids, one file a group, with the translator's sentencepiece model."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from scripts.train_summarizer import compression
from scripts.train_summarizer.pairs import SUMMARY, Pair, deduplicated, headline_pairs, summary_pairs
from scripts.train_summarizer.stories import Story, read
from scripts.train_translator.batches import pack
from scripts.train_translator.pieces import load_pieces

MAX_SOURCE, MAX_TARGET = 200, 80  # tokens, end mark included

# group: its weight in training, as passes over it in one epoch
WEIGHTS = {"written": 8.0, "summaries": 2.0, "headlines": 0.6, "compressions": 0.8, "fusions": 1.0, "copies": 0.8}
DEV = "dev"

_SUMMARIES = ("news-standfirst", "news-two-sentences", "science-tldr", "science-tldr-2", "opinion-summaries")
_HEADLINES = {  # file: how many of its headlines are taken at most
    "news-two-sentences": 10_000,
    "news-headlines-short": 16_000,
    "news-headlines-long": 3_000,
    "news-headlines-articles": 5_000,
}
_MADE: dict[str, tuple[compression.Maker, int]] = {  # group: how its pairs are made from running text, and how many
    "compressions": (compression.shortened, 40_000),
    "fusions": (compression.fused, 15_000),
    "copies": (compression.copied, 20_000),
}
_SKIPPED = 2000  # lines by which each of these groups begins further down than the one before
_WRITTEN_COVERAGE, _WRITTEN_REWORDING = 0.5, 0.75  # summaries known to be faithful may use other words

Maker = Callable[[Story, random.Random], Iterator[Pair]]


def prepare(folder: Path, summaries: Path, pieces: Path, *, share: float = 1.0, seed: int = 1) -> dict[str, int]:
    """Make all pairs and write `<group>.npz`, `dev.npz`, `spm.model` and `counts.json` to `folder`.

    `share` thins out every source, for a rehearsal. Returns the pairs of each group.

    Raises:
        FileNotFoundError: `summaries` holds none of the files that a group is made from, or `pieces` is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(pieces, folder / "spm.model")
    rng = random.Random(seed)
    written = _stories(summaries, "written-news.jsonl*", share, rng)
    groups: dict[str, Iterable[Pair]] = {
        "written": chain(_pairs(written, _summaries_of_written, rng), _pairs(written, headline_pairs, rng)),
        "summaries": _published(summaries, dict.fromkeys(_SUMMARIES, 10**9), summary_pairs, share, rng),
        "headlines": _published(summaries, _HEADLINES, headline_pairs, share, rng),
        **{name: _made(summaries / "text", name, share, rng) for name in _MADE},
        DEV: _pairs(_stories(summaries, "written-news.dev.jsonl*", share, rng), _summaries_of_written, rng),
    }
    counts = {name: _pack(folder / f"{name}.npz", deduplicated(pairs), pieces) for name, pairs in groups.items()}
    if not any(counts[name] for name in WEIGHTS):
        raise FileNotFoundError(f"no summaries in {summaries}: give the folder that holds the .jsonl.xz files")
    (folder / "counts.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    return counts


def _stories(folder: Path, pattern: str, share: float, rng: random.Random) -> list[Story]:
    return [story for path in sorted(folder.glob(pattern)) for story in read(path, rng, share=share)]


def _pairs(stories: Iterable[Story], maker: Maker, rng: random.Random) -> Iterator[Pair]:
    for story in stories:
        yield from maker(story, rng)


def _summaries_of_written(story: Story, rng: random.Random) -> Iterator[Pair]:
    return summary_pairs(story, rng, _WRITTEN_COVERAGE, _WRITTEN_REWORDING)


def _published(folder: Path, limits: dict[str, int], maker: Maker, share: float, rng: random.Random) -> Iterator[Pair]:
    for name, limit in limits.items():
        stories = _stories(folder, f"{name}.train.jsonl*", share, rng)
        rng.shuffle(stories)
        yield from islice(_pairs(stories, maker, rng), int(limit * share) or 1)


def _made(folder: Path, group: str, share: float, rng: random.Random) -> Iterator[Pair]:
    make, count = _MADE[group]
    skip = int(_SKIPPED * share) * list(_MADE).index(group)
    for source, target in compression.pairs(folder, int(count * share), rng, make, skip):
        yield Pair(SUMMARY + source, target)


def _pack(path: Path, pairs: Sequence[Pair], pieces: Path) -> int:
    processor = load_pieces(pieces)
    sources = processor.encode([pair.source for pair in pairs])
    targets = processor.encode([pair.target for pair in pairs])
    kept = [(s, t) for s, t in zip(sources, targets, strict=True) if len(s) < MAX_SOURCE and 0 < len(t) < MAX_TARGET]
    tokens = pack(path, kept)
    print(f"{path.stem}: {len(kept)} pairs, {tokens / 1e6:.2f} M target tokens", flush=True)
    return len(kept)
