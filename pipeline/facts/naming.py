"""Whether the names of one text stand in another: copied, in their other form, or as the language spells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from pipeline.facts.fact import Name
from pipeline.facts.lexicon import WORD, Exonym, Lexicon, fold, lexicon
from pipeline.facts.names import is_titled, names

_ROMAN = re.compile(r"[ivx]+(?:er?|eme)?\Z")
_RAW = re.compile(r"[\w.&]+")
_DOUBLE = re.compile(r"(.)\1+")
_HEAD = re.compile(r"[\w-]+")
_STEM = 4
_AHEAD = 48
_LONGEST_PEOPLE = 40  # characters of a word; with it the work stays linear


class Wording:
    """The words of a text, as a name is looked up among them: folded, in a row; as written; by sound."""

    def __init__(self, text: str, code: str) -> None:
        self._text, self._rules = text, lexicon(code)
        found = WORD.findall(fold(text))
        self.words = frozenset(found)
        self.row = f" {' '.join(found)} "

    @cached_property
    def pairs(self) -> frozenset[str]:
        found = self.row.split()
        return frozenset(map("".join, pairwise(found)))

    @cached_property
    def written(self) -> frozenset[str]:
        found = _RAW.findall(self._text)
        return frozenset(word.rstrip(".") if word.count(".") == 1 else word for word in found)

    @cached_property
    def sounds(self) -> frozenset[str]:
        capitals = (word for word in WORD.findall(self._text) if word[0].isupper())
        return frozenset(sound(fold(word), self._rules) for word in capitals)

    def has(self, word: str, rules: Lexicon) -> bool:
        """Whether a folded word of a language stands here, whatever its plural, hyphens or transliteration."""
        if word in self.words or word + "s" in self.words or (word[-1:] == "s" and word[:-1] in self.words):
            return True
        return word in self.pairs or sound(word, rules) in self.sounds

    def begins(self, word: str) -> bool:
        """Whether some word here has the same first letters: Nantes, nantais."""
        return f" {word[:_STEM]}" in self.row

    def has_form(self, form: str) -> bool:
        """Whether a word here begins as the form does; an acronym must stand as it is written."""
        if form.isupper():
            return form in self.written or f"{form}s" in self.written
        return f" {' '.join(WORD.findall(fold(form)))}" in self.row

    def has_any(self, entry: Exonym) -> bool:
        return f" {' '.join(entry.words)} " in self.row or any(map(self.has_form, entry.forms))


def sound(word: str, rules: Lexicon) -> str:
    """Return what the spellings of one foreign name in two languages have in common: Tchekhov, Chekhov."""
    for spelling, simple in rules.sounds:
        word = word.replace(spelling, simple)
    return _DOUBLE.sub(r"\1", word)


def missing(
    source: str, source_code: str, target: str, target_code: str, exact: bool = False
) -> Iterator[tuple[Name, str]]:
    """Yield the names of a source that a translation lacks, each with the words that are lost.

    Ordinary words of the source language are translated in names, so that only the others are looked for. `exact`
    asks for the very letters, also of a name that opens the sentence: more than can be held against a translation.
    """
    rules, there = lexicon(source_code), Wording(target, target_code)
    for name in names(source, source_code):
        lost = list(_lost(replace(name, initial=False) if exact else name, source, rules, there, exact))
        if lost:
            yield name, " ".join(lost)


def _lost(name: Name, text: str, rules: Lexicon, there: Wording, exact: bool) -> Iterator[str]:
    written = WORD.findall(name.text)
    size, index = len(written), _of_people(name, text, rules)
    written += WORD.findall(text[name.end : name.end + _AHEAD])
    words = [fold(word) for word in written]
    while index < size:
        entry = rules.exonym(words, index)
        if entry is not None:
            if not there.has_any(entry):
                yield " ".join(written[index : index + len(entry.words)])
            index += len(entry.words)
            continue
        joined = {"".join(words[place : place + 2]) for place in (index - 1, index) if 0 <= place < size - 1}
        stands = words[index] in there.words if exact else there.has(words[index], rules)
        found = stands or joined & there.words
        if not found and not _may_differ(written[index], words[index], rules, name):
            yield written[index]
        index += 1


def _of_people(name: Name, text: str, rules: Lexicon) -> int:
    """The number of words at the head of a name that say a people: les Ougandais, la Vendéenne Capucine Rabiller."""
    head = _HEAD.match(name.text)
    end = name.start + (head.end() if head else 0)
    people = head and head.end() <= _LONGEST_PEOPLE and rules.demonym.search(text[max(0, name.start - 12) : end])
    return len(WORD.findall(head.group())) if head and people else 0


def _may_differ(written: str, word: str, rules: Lexicon, name: Name) -> bool:
    """Whether a translation need not copy this word of a name."""
    if not written[0].isupper() or (len(word) < 3 and not written.isupper()) or len(word) < 2:
        return True
    lone = name.initial and " " not in name.text and not (written.isupper() and len(written) > 1)
    return lone or _ROMAN.match(word) is not None or any(map(str.isdigit, word)) or rules.is_ordinary(word)


def added(target: str, target_code: str, source: str, source_code: str) -> Iterator[tuple[Name, str]]:
    """Yield the names of a translation that its source does not have in any form, each with the words that are new."""
    if is_titled(target):
        return
    rules, there, other = lexicon(target_code), Wording(source, source_code), lexicon(source_code)
    for name in names(target, target_code):
        if name.initial and " " not in name.text:
            continue
        new = [word for word in WORD.findall(name.text) if _is_new(word, fold(word), rules, there, other, name)]
        if new:
            yield name, " ".join(new)


def _is_new(written: str, word: str, rules: Lexicon, there: Wording, other: Lexicon, name: Name) -> bool:
    if _may_differ(written, word, rules, name) or word in rules.capitalised or written.isupper():
        return False
    return not (there.has(word, rules) or there.begins(word) or word.startswith(other.forms))


def unsupported_names(sentence: str, code: str, support: str) -> Iterator[tuple[Name, str]]:
    """Yield the names of a sentence that its support, in the same language, does not have."""
    rules, there = lexicon(code), Wording(support, code)
    titled = is_titled(sentence)
    for name in names(sentence, code):
        written = WORD.findall(name.text)
        if _is_same(name.text, rules, there) or _initials(written) & there.words:
            continue
        lost = [word for word in written if _is_unsupported(word, rules, there, name.initial or titled)]
        if lost:
            yield name, " ".join(lost)


def _is_unsupported(written: str, rules: Lexicon, there: Wording, opens: bool) -> bool:
    word = fold(written)
    if not written[0].isupper() or len(word) < 2 or word in rules.capitalised or there.has(word, rules):
        return False
    if _is_same(written, rules, there) or (written.isupper() and _spelled_out(word, there)):
        return False
    return not (opens and rules.is_ordinary(word))


def _is_same(text: str, rules: Lexicon, there: Wording) -> bool:
    """The United States for the US."""
    return any(text in group and any(map(there.has_form, group)) for group in rules.same)


def _initials(words: list[str]) -> frozenset[str]:
    letters = "".join(word[0] for word in words if word[0].isupper()).lower()
    return frozenset({letters}) if len(letters) > 1 else frozenset()


def _spelled_out(acronym: str, there: Wording) -> bool:
    words = there.row.split()
    return any(
        "".join(word[0] for word in words[start : start + len(acronym)]) == acronym for start in range(len(words))
    )
