"""Which sentences of a document its summary should rest on: features, a learned score, and the choice.

The features are those of learned extractive summarizers since Kupiec, Pedersen and Chen (1995): place, length, words
of the headline, centrality in the document, new and recurring topics, figures, names, quotation. A small network,
trained by `scripts/train_summarizer`, turns them into a score; maximal marginal relevance (Carbonell and Goldstein
1998) keeps the choice from repeating itself. Pure Python: a document of 100 sentences takes about ten milliseconds.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import MissingModelError, ModelError
from pipeline.summarization.words import Words, fold, word_list, words

FEATURES = (
    "first",
    "second",
    "third",
    "last",
    "reciprocal_position",
    "relative_position",
    "log_position",
    "log_sentences",
    "log_words",
    "very_short",
    "very_long",
    "has_headline",
    "headline_recall",
    "headline_precision",
    "centrality",
    "centrality_rank",
    "frequent_words",
    "introduced_topics",
    "known_words",
    "lead_similarity",
    "previous_similarity",
    "numbers",
    "names",
    "new_names",
    "anaphor",
    "connective",
    "quotation",
    "question",
    "first_person",
)
GROUP_SIZE = 3
GROUP_WORDS = 90
_RELATED, _SAME = 0.05, 0.6  # cosines: above the one, two sentences share a subject; above the other, what they say
_REDUNDANCY = 0.4  # how much likeness to what is chosen already costs, in units of the score
_LENGTH = 0.005  # and every word: at equal length of the summary, shorter sentences say more of what matters


@dataclass(frozen=True, slots=True)
class Layer:
    """One affine layer: `weight[output][input]` and `bias[output]`."""

    weight: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]

    def apply(self, values: Sequence[float]) -> list[float]:
        """Return the outputs of one row of inputs."""
        rows = zip(self.weight, self.bias, strict=True)
        return [bias + sum(map(float.__mul__, row, values)) for row, bias in rows]


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained selector: feature names, their mean and scale, and layers with tanh between them."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    layers: tuple[Layer, ...]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Weights:
        """Build from the JSON that `scripts/train_summarizer` writes.

        Raises:
            ModelError: a key is missing, a shape is wrong, or the features are not those of this program.
        """
        try:
            layers = tuple(Layer(tuple(map(_floats, at["weight"])), _floats(at["bias"])) for at in data["layers"])
            weights = cls(tuple(data["features"]), _floats(data["mean"]), _floats(data["scale"]), layers)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"selector weights are not whole ({error}): train them again") from error
        if weights.features != FEATURES or not weights.fits():
            raise ModelError("selector weights were made for other features than this program has: train them again")
        return weights

    def fits(self) -> bool:
        """Say whether every layer takes what the one before it gives, and the last gives one number."""
        width = len(self.features)
        if len(self.mean) != width or len(self.scale) != width or not self.layers:
            return False
        for layer in self.layers:
            if len(layer.bias) != len(layer.weight) or any(len(row) != width for row in layer.weight):
                return False
            width = len(layer.bias)
        return width == 1


def load_weights(path: Path) -> Weights:
    """Read the weights of a trained selector.

    Raises:
        MissingModelError: there is no such file.
        ModelError: it is not what this program takes.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MissingModelError(
            f"no selector weights at {path}; with this summarizer use strategy = 'map-reduce'"
        ) from error
    except ValueError as error:
        raise ModelError(f"{path} is not JSON ({error}): train the selector again") from error
    return Weights.from_dict(data)


def features(sentences: Sequence[str], headline: str | None = None) -> list[list[float]]:
    """Return one row of numbers a sentence, in the order of `FEATURES`."""
    return _Sketch(sentences, headline).rows()


def score(rows: Sequence[Sequence[float]], weights: Weights) -> list[float]:
    """Return for each row of features how likely the sentence is to support the summary, between 0 and 1."""
    return [_score(row, weights) for row in rows]


@dataclass(frozen=True, slots=True)
class Group:
    """One to three sentences that a summary sentence should rest on, in order, and the score of the best."""

    indexes: tuple[int, ...]
    score: float


def select(
    sentences: Sequence[str], headline: str | None, count: int, weights: Weights, *, word_budget: int | None = None
) -> list[tuple[int, ...]]:
    """Return the sentence indexes of the groups of `choose`."""
    return [group.indexes for group in choose(sentences, headline, count, weights, word_budget=word_budget)]


def choose(
    sentences: Sequence[str], headline: str | None, count: int, weights: Weights, *, word_budget: int | None = None
) -> list[Group]:
    """Choose what a summary of `count` sentences should rest on.

    Returns at most `count` groups of one to three sentence indexes, each group and the groups among themselves in the
    order of the document, no sentence twice. A sentence that leans on the one before it ("But he ...") brings that one
    along; the rest of a group is what was said nearby about the same things. `word_budget` bounds the words of all
    groups together, by default 90 a group; the best sentence is chosen even when it is longer.
    """
    sketch = _Sketch(sentences, headline)
    scores = score(sketch.rows(), weights)
    groups = _Choice(sketch, scores, count, word_budget or GROUP_WORDS * count).groups()
    return [Group(group, max(scores[index] for index in group)) for group in groups]


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _score(row: Sequence[float], weights: Weights) -> float:
    values = [(x - mean) / scale for x, mean, scale in zip(row, weights.mean, weights.scale, strict=True)]
    for layer in weights.layers[:-1]:
        values = [math.tanh(value) for value in layer.apply(values)]
    (logit,) = weights.layers[-1].apply(values)
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


class _Sketch:
    """A document as its sentences' words, with weights that grow with rarity in the document."""

    def __init__(self, sentences: Sequence[str], headline: str | None) -> None:
        self.texts = sentences
        self.headline = frozenset(words(headline).stems) if headline else frozenset[str]()
        self.parts: list[Words] = [words(sentence) for sentence in sentences]
        self.spread = Counter(stem for part in self.parts for stem in set(part.stems))
        self.vectors = [self._vector(part.stems) for part in self.parts]
        known = frozenset(name for part in self.parts for name in part.names)
        self.all_names = [part.names | (known & {fold(token) for token in part.tokens[:1]}) for part in self.parts]

    def _vector(self, stems: Sequence[str]) -> dict[str, float]:
        """Return the unit vector of a sentence's words by tf-idf inside the document."""
        total = len(self.parts)
        raw = {stem: count * math.log(1 + total / self.spread[stem]) for stem, count in Counter(stems).items()}
        norm = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {stem: value / norm for stem, value in raw.items()}

    def rows(self) -> list[list[float]]:
        """Return the features of all sentences."""
        central = self._centrality()
        ranks = _ranks(central)
        seen: set[str] = set()
        named: set[str] = set()
        rows = []
        for i, part in enumerate(self.parts):
            row = [*self._place(i), *self._match(part), central[i], ranks[i]]
            rows.append([*row, *self._topics(i, seen), *self._content(i, named), *self._style(i)])
            seen.update(part.stems)
            named.update(self.all_names[i])
        return rows

    def _place(self, i: int) -> list[float]:
        total, length = len(self.parts), len(self.parts[i].tokens)
        size = [math.log(1 + total), math.log(1 + length), float(length < 8), float(length > 40)]
        flags = [float(i == 0), float(i == 1), float(i == 2), float(i == total - 1)]
        return [*flags, 1 / (1 + i), i / max(1, total - 1), math.log(1 + i), *size]

    def _match(self, part: Words) -> list[float]:
        own = set(part.stems)
        shared = len(own & self.headline)
        return [float(bool(self.headline)), shared / max(1, len(self.headline)), shared / max(1, len(own))]

    def _centrality(self) -> list[float]:
        """Return each sentence's mean cosine to all others."""
        total: Counter[str] = Counter()
        for vector in self.vectors:
            total.update(vector)
        others = max(1, len(self.vectors) - 1)
        return [(_dot(vector, total) - (1.0 if vector else 0.0)) / others for vector in self.vectors]

    def _topics(self, i: int, seen: set[str]) -> list[float]:
        own = set(self.parts[i].stems)
        size, total = max(1, len(own)), len(self.parts)
        frequent = sum(self.spread[stem] for stem in own) / size / max(1, total)
        introduced = sum(1 for stem in own - seen if self.spread[stem] > 1) / size
        lead = max((self.likeness(i, j) for j in range(min(3, total)) if j != i), default=0.0)
        return [frequent, introduced, len(own & seen) / size, lead, self.likeness(i, i - 1) if i else 0.0]

    def _content(self, i: int, named: set[str]) -> list[float]:
        names = self.all_names[i]
        counts = (len(self.parts[i].numbers), len(names), len(names - named))
        return [math.log(1 + count) for count in counts]

    def _style(self, i: int) -> list[float]:
        text, tokens = self.texts[i], [token.lower() for token in self.parts[i].tokens]
        personal = sum(1 for token in tokens if token in word_list("en", "first_person")) / max(1, len(tokens))
        opening = [float(self._opens(i, "anaphors")), float(self._opens(i, "connectives"))]
        return [*opening, _quoted(text), float(text.rstrip("\"'”’» ").endswith("?")), personal]

    def _opens(self, i: int, kind: str) -> bool:
        tokens = self.parts[i].tokens
        return bool(tokens) and fold(tokens[0]) in word_list("en", kind)

    def leans(self, i: int) -> bool:
        """Say whether sentence `i` cannot be understood without the one before it."""
        return i > 0 and (self._opens(i, "anaphors") or self._opens(i, "connectives"))

    def likeness(self, i: int, j: int) -> float:
        """Return the cosine of two sentences."""
        return _dot(self.vectors[i], self.vectors[j])


class _Choice:
    """Groups of sentences, filled up greedily within a budget of words."""

    def __init__(self, sketch: _Sketch, scores: Sequence[float], count: int, budget: int) -> None:
        self.sketch, self.scores, self.count, self.budget = sketch, scores, count, budget
        self.lengths = [len(part.tokens) for part in sketch.parts]
        self.chosen: list[list[int]] = []
        everything = set(range(len(sketch.parts)))
        worded = {i for i in everything if sketch.parts[i].stems}
        self.free = {i for i in worded if is_sentence(sketch.texts[i])} or worded or everything

    def groups(self) -> list[tuple[int, ...]]:
        """Return the finished groups."""
        while len(self.chosen) < self.count and (best := self._next()) is not None:
            self._open(best)
        for group in self.chosen:
            self._complete(group)
        return sorted(tuple(sorted(group)) for group in self.chosen)

    def _next(self) -> int | None:
        taken = [i for group in self.chosen for i in group]
        fitting = [i for i in sorted(self.free) if not taken or self._fits(i)]
        return max(fitting, key=lambda i: self._value(i, taken), default=None)

    def _value(self, i: int, taken: Sequence[int]) -> float:
        likeness = max((self.sketch.likeness(i, j) for j in taken), default=0.0)
        return self.scores[i] - _REDUNDANCY * likeness - _LENGTH * self.lengths[i]

    def _fits(self, i: int) -> bool:
        return sum(self.lengths[j] for group in self.chosen for j in group) + self.lengths[i] <= self.budget

    def _open(self, i: int) -> None:
        self.free.discard(i)
        before = i - 1
        if self.sketch.leans(i):
            for group in self.chosen:
                if before in group and self._has_room(group, i):
                    group.append(i)
                    return
        self.chosen.append([i])
        if self.sketch.leans(i) and before in self.free and self._has_room([i], before) and self._fits(before):
            self.chosen[-1].append(before)
            self.free.discard(before)

    def _has_room(self, group: Sequence[int], i: int) -> bool:
        return len(group) < GROUP_SIZE and sum(self.lengths[j] for j in (*group, i)) <= GROUP_WORDS

    def _complete(self, group: list[int]) -> None:
        """Add the best sentence near a group that speaks of the same things, while there is room."""
        while True:
            near = [i for i in sorted(self.free) if self._has_room(group, i) and self._fits(i)]
            best = max(near, key=lambda i: self._relation(i, group), default=None)
            if best is None or self._relation(best, group) <= 0:
                return
            group.append(best)
            self.free.discard(best)

    def _relation(self, i: int, group: Sequence[int]) -> float:
        likeness = max(self.sketch.likeness(i, j) for j in group)
        distance = min(abs(i - j) for j in group)
        if likeness > _SAME or (likeness < _RELATED and distance > 1):
            return 0.0
        return self.scores[i] + likeness - 0.1 * distance - 0.25


def is_sentence(text: str) -> bool:
    """Say whether a piece of text has the length, the head and the end of a sentence: no caption, no torn piece."""
    bare = text.rstrip("\"')»” ")
    return len(text.split()) > 3 and bare.endswith((".", "!", "?", "…")) and not text[:1].islower()


def _dot(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    return sum(value * right[stem] for stem, value in left.items() if stem in right)


def _ranks(values: Sequence[float]) -> list[float]:
    """Return the share of the other values that each value exceeds."""
    order = sorted(values)
    below = {value: place for place, value in reversed(list(enumerate(order)))}
    return [below[value] / max(1, len(values) - 1) for value in values]


def _quoted(text: str) -> float:
    """Return the share of the characters that stand between double quotation marks."""
    pieces = text.replace("“", '"').replace("”", '"').replace("«", '"').replace("»", '"').split('"')
    return sum(map(len, pieces[1::2])) / max(1, len(text))
