"""Which articles are one story, and which stories are one topic. Nothing is left out: every article is in one group.

Near-duplicates: runs of three words ("shingles") of the French text; candidates by MinHash and banding (Broder 1997;
Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", ch. 3; the library is datasketch), each candidate then
confirmed by the true figures. Topics: cosine of word vectors weighed by idf (Salton and Buckley 1988), names and rare
words foremost. Both are put together by a leader algorithm with average linkage (Hartigan 1975): an article joins the
group that it is most like on average, so that no chain of small likenesses ties two pieces of news together.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline.digest.articles import Article
from pipeline.facts.lexicon import fold, lexicon
from pipeline.facts.names import names

_WORD = re.compile(r"\w+")
_SHINGLE = 3  # words: two texts share few by chance, and a light edit breaks few
_PERMUTATIONS, _BANDS, _ROWS = 128, 64, 2  # a pair of likeness 0.2 is a candidate with 93 %, of 0.4 with 99.999 %
_SEED = 1
_CONTAINED = 0.8  # share of the shorter text's shingles in the longer that says as much as a full likeness
_SHORTEST = 12  # shingles; of a shorter text containment says nothing
_LOOKED_AT = 12  # members of a group that a newcomer is held against: the work stays linear

_RELATED = 0.17  # least cosine of two stories of one topic
_SHARED = 2  # least number of rare terms that they share; a name of two words, and its rare word, are two
_COMMON_WEIGHT = 0.2  # of a word of everyday language, against a rare one
_FREQUENT = 0.2  # share of the stories; a word that more of them have (but no fewer than three) brings none together
_SHORTEST_WORD = 3

Likeness = Callable[[int, int], float]


def stories(articles: Sequence[Article], threshold: float) -> list[list[Article]]:
    """Return the articles in groups of near-duplicates, in the order of each group's first.

    `threshold` is the least mean likeness to the others of a group. Articles in the order of `articles.read`.
    """
    shingles = [_shingles(article) for article in articles]
    candidates = _candidates(shingles)

    def likeness(one: int, other: int) -> float:
        return _likeness(shingles[one], shingles[other], threshold)

    return [[articles[place] for place in group] for group in _grouped(candidates, likeness, threshold)]


def topics(groups: Sequence[Sequence[Article]], language: str) -> list[list[int]]:
    """Return the indexes of the groups of articles, put together by what they speak of."""
    counts = [_counted(group, language) for group in groups]
    vectors, rare = _vectors(counts, language)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    candidates: list[set[int]] = []
    for place, words in enumerate(rare):
        shared = Counter(other for word in words for other in holders[word])
        candidates.append({other for other, count in shared.items() if count >= _SHARED})
        for word in words:
            holders[word].append(place)
    return _grouped(candidates, lambda one, other: _cosine(vectors[one], vectors[other]), _RELATED)


def _grouped(candidates: Sequence[Iterable[int]], likeness: Likeness, threshold: float) -> list[list[int]]:
    """Put each in the group that it is most like on average, the earliest on a tie; else it begins one of its own."""
    groups: list[list[int]] = []
    home: list[int] = []
    for place, others in enumerate(candidates):
        best, most = -1, 0.0
        for number in sorted({home[other] for other in others}):
            members = groups[number][:_LOOKED_AT]
            mean = sum(likeness(place, member) for member in members) / len(members)
            if mean >= threshold and mean > most:
                best, most = number, mean
        if best < 0:
            best = len(groups)
            groups.append([])
        groups[best].append(place)
        home.append(best)
    return groups


def _shingles(article: Article) -> frozenset[str]:
    words = [word for _, segment in article.content for word in _WORD.findall(fold(segment.source))]
    if len(words) < _SHINGLE:
        return frozenset([" ".join(words)] if words else [])
    return frozenset(" ".join(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1))


def _candidates(shingles: Sequence[frozenset[str]]) -> list[set[int]]:
    """For each text the earlier ones that may be near it; of equal texts only the first is looked at."""
    from datasketch import MinHash, MinHashLSH  # with scipy, and only here

    index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
    first: dict[frozenset[str], int] = {}
    found: list[set[int]] = []
    for place, one in enumerate(shingles):
        if not one or one in first:
            found.append({first[one]} if one else set())
            continue
        first[one] = place
        sketch = MinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        sketch.update_batch([shingle.encode() for shingle in sorted(one)])
        found.append(set(index.query(sketch)))
        index.insert(place, sketch)
    return found


def _likeness(one: frozenset[str], other: frozenset[str], threshold: float) -> float:
    """The Jaccard index; a text that stands whole in a longer one counts as a near-duplicate too."""
    shared, shorter = len(one & other), min(len(one), len(other))
    if not shared:
        return 0.0
    contained = shared / shorter * threshold / _CONTAINED if shorter >= _SHORTEST else 0.0
    return max(shared / len(one | other), contained)


def _counted(group: Sequence[Article], language: str) -> Counter[str]:
    """The words of a story and its names of several words: the most that one of its articles has of each."""
    counts: Counter[str] = Counter()
    for article in group[:_LOOKED_AT]:
        counts |= Counter(term for _, segment in article.content for term in _terms(segment.source, language))
    return counts


def _terms(text: str, language: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if len(word) >= _SHORTEST_WORD and word.isalpha():
            yield lemma(word, language)
    for name in names(text, language):
        words = _WORD.findall(fold(name.text))
        if len(words) > 1:
            yield " ".join(words)


@lru_cache(maxsize=1 << 15)
def lemma(word: str, language: str) -> str:
    """Return the dictionary form of a word in lower case, folded (simplemma's tables)."""
    import simplemma  # its tables are large, and only a digest with stories needs them

    try:
        return fold(simplemma.lemmatize(word, lang=language))
    except ValueError:  # a language that it has no table for
        return fold(word)


def _vectors(counts: Sequence[Mapping[str, int]], language: str) -> tuple[list[dict[str, float]], list[list[str]]]:
    """The vector of each story, of length 1, and its rare terms: names, and words outside of everyday language."""
    rules, total = lexicon(language), len(counts)
    spread = Counter(word for words in counts for word in words)
    known = {term: all(rules.is_ordinary(w) or w in rules.exonyms for w in term.split()) for term in spread}
    most = max(3.0, _FREQUENT * total)
    vectors: list[dict[str, float]] = []
    for words in counts:
        vector = {
            word: (1 + math.log(count)) * (1 + math.log(total / spread[word])) * (_COMMON_WEIGHT if known[word] else 1)
            for word, count in words.items()
        }
        length = math.sqrt(sum(vector[word] ** 2 for word in sorted(vector))) or 1.0
        vectors.append({word: vector[word] / length for word in sorted(vector)})
    rare = [sorted(word for word in words if not known[word] and spread[word] <= most) for words in counts]
    return vectors, rare


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(value * other[word] for word, value in one.items() if word in other)
