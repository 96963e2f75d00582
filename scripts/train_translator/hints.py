"""Which words get a hint: rare ones, from the dictionary; and sentence pairs with hints in them, to learn from."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.backends.hints import lemma, with_hints
from pipeline.facts.hinting import answered, figure_hints, name_hints
from pipeline.hints import MARK, Hint, marked
from scripts.train_translator.data import Pair

RARE = 40  # a lemma seen less often in training is worth a hint
_LEARNING = {True: 0.6, False: 0.02}  # share of the words with a hint while training: rare ones, others
_ORACLE = 0.5  # how often the translation that fits the sentence is the one given, where the dictionary has several
_FIGURES, _NAMES = 0.5, 0.15  # shares of the pairs whose figures get theirs, and whose names
_LONGEST = 3  # words of a translation

Dictionary = Mapping[str, Sequence[str]]


def dictionary(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Return the translations of every single lower-case French word, in the order of the dictionary."""
    found: dict[str, list[str]] = defaultdict(list)
    for french, english in pairs:
        translation = re.sub(r"^to |\s*\([^)]*\)", "", english).strip()
        is_word = re.fullmatch(r"[a-zà-öø-ÿœ]{4,}(?:-[a-zà-öø-ÿœ]+)*", french) is not None
        if is_word and MARK not in translation and 0 < len(translation.split()) <= _LONGEST:
            found[french].append(translation)
    return dict(found)


def lemma_counts(texts: Iterable[str]) -> Counter[str]:
    """Count the lemmas of all lower-case words."""
    forms = Counter(word for text in texts for word in re.findall(r"[a-zà-öø-ÿœ]{4,}(?:-[a-zà-öø-ÿœ]+)*", text))
    counts: Counter[str] = Counter()
    for form, count in forms.items():
        counts[lemma(form)] += count
    return counts


def table(words: Dictionary, counts: Mapping[str, int]) -> dict[str, str]:
    """Return what is shipped: the first translation of every lemma that training hardly saw."""
    return {word: words[word][0] for word in sorted(words) if counts.get(word, 0) < RARE}


def write_table(rows: Mapping[str, str], path: Path) -> None:
    """Write the table in the form that `pipeline.backends.hints.read_hints` takes."""
    path.write_text("".join(f"{word}\t{translation}\n" for word, translation in rows.items()), encoding="utf-8")


class Hinter:
    """Puts hints into training pairs: most rare words, a few others, so that the model sees marks often enough.

    The hint is what the shipped table would say, right or wrong, or now and then the one that the target has: the
    model learns how far to trust it.
    """

    def __init__(self, words: Dictionary, counts: Mapping[str, int], rng: random.Random) -> None:
        self._words, self._counts, self._rng = words, counts, rng

    def hinted(self, pair: Pair) -> Pair:
        """Return the pair with hints in its source; one that has marks of its own as it is."""
        target = f" {pair[1].lower()} "

        def hint(word: str) -> str | None:
            is_rare = self._counts.get(word, 0) < RARE
            if word not in self._words or self._rng.random() >= _LEARNING[is_rare]:
                return None
            fitting = next((choice for choice in self._words[word] if _fits(choice, target)), None)
            if fitting is not None and (not is_rare or self._rng.random() < _ORACLE):
                return fitting
            return self._words[word][0] if is_rare else None

        return pair if MARK in pair[0] else (with_hints(self._with_facts(pair), hint), pair[1])

    def _with_facts(self, pair: Pair) -> str:
        hints: list[Hint] = []
        if self._rng.random() < _FIGURES and any(map(str.isdigit, pair[1])):
            hints += figure_hints(pair[0], "fr")
        if self._rng.random() < _NAMES:
            hints += name_hints(pair[0])
        return marked(pair[0], answered(hints, pair[1]))


def _fits(translation: str, target: str) -> bool:
    """Say whether the target has every word of the translation, whatever its ending."""
    return all(f" {_stem(word)}" in target for word in translation.lower().split())


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 2)]
