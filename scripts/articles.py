"""French news-like articles in any number, for measuring: sentences of `seeds/` put together anew, with other figures.

    python -m scripts.articles 1000 articles.jsonl --words 400 --seed 0

The same number and seed give the same article, whatever the others are, so that a part of a set can be made alone.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_REFERENCES = Path(__file__).parent.parent / "seeds" / "references"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_FIGURE = re.compile(
    r"(?<![\w.,/°-])(?:(?P<year>(?:19|20)\d\d)|(?P<hour>\d{1,2})(?P<h>\s?h\s?)(?P<minute>\d\d)?"
    rf"|(?P<day>\d{{1,2}})(?=(?:er)?\s(?:{_MONTHS}))|(?P<number>[1-9]\d*)(?P<decimals>,\d+)?)(?![\w/-]|[.,]\d)"
)
_PARAGRAPH = (2, 5)  # sentences
_SHORTEST = 5  # words; a shorter line is an intertitle

_WORDS = {
    "verbs": "a indiqué|a précisé|a expliqué|a assuré|a rappelé|a souligné|estime|affirme|résume|reconnaît",
    "days": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "first names": "Aurélie|Bastien|Camille|Damien|Élodie|Fabrice|Gaëlle|Hadrien|Inès|Joachim|Karima|Ludovic|Maëlle|"
    "Nordine|Odile|Pascal|Quentin|Rachida|Sylvain|Tiphaine|Ulysse|Valentine|Wassim|Yvonne",
    "heads": "Bel|Cour|Mont|Val|Fon|Lar|Mar|Per|Ros|Sau|Tré|Ver|Cha|Du|Gar|Lan",
    "tails": "bert|court|nier|lard|mont|vel|rieux|let|zac|sier|tin|gne|val|quet|dier|rand|lin|geon",
    "roles": "maire de la commune|porte-parole du groupe|préfet du département|déléguée syndicale|élu d'opposition|"
    "directrice de l'établissement|présidente de l'association|avocate des plaignants|conseiller régional|"
    "responsable du chantier|chercheuse à l'université|vice-président de l'agglomération|voisine du site",
    "towns": "Lyon|Nantes|Lille|Rennes|Dijon|Brest|Tours|Metz|Nîmes|Pau|Angers|Reims|Caen|Limoges|Amiens|Besançon",
}
_LISTS = {name: words.split("|") for name, words in _WORDS.items()}


def articles(count: int, words: int = 400, seed: int = 0, fresh: float = 1.0) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each of `count` articles; see `article`."""
    for number in range(count):
        yield f"article-{number:06}", article(number, words, seed, fresh)


def article(number: int, words: int = 400, seed: int = 0, fresh: float = 1.0) -> str:
    """Return one article of about so many words: a headline, a standfirst and paragraphs.

    A share `fresh` of its sentences stands in no other article; the rest are sentences of `seeds/` as they are, and
    come again and again.
    """
    draw = random.Random(f"{seed}/{number}")
    titles, sentences = _stock()
    parts = [_varied(draw.choice(titles), draw)]
    length = len(parts[0].split())
    while length < words:
        size = 1 if len(parts) == 1 else draw.randint(*_PARAGRAPH)
        chosen = (draw.choice(sentences) for _ in range(size))
        paragraph = " ".join(_renewed(s, draw) if draw.random() < fresh else s for s in chosen)
        parts.append(paragraph)
        length += len(paragraph.split())
    return "\n\n".join(parts) + "\n"


@cache
def _stock() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The headlines, first lines all, and the sentences of the seed articles."""
    titles: list[str] = []
    sentences: list[str] = []
    for path in sorted(_REFERENCES.glob("*.fr")):
        lines = path.read_text(encoding="utf-8").splitlines()
        titles.append(lines[0])
        sentences += [line for line in lines[1:] if len(line.split()) >= _SHORTEST and not line.startswith(("–", "—"))]
    return tuple(titles), tuple(sentences)


def _renewed(sentence: str, draw: random.Random) -> str:
    """Change the figures, and say who says so: the two together make a sentence that there was not before."""
    varied = _varied(sentence, draw)
    verb, day, first, head, tail, role, town = (draw.choice(words) for words in _LISTS.values())
    person = f"{first} {head}{tail}, {role}, à {town}"
    if varied.endswith(".") and varied[-2:-1].isalnum():
        return f"{varied[:-1]}, {verb} {day} {person}."
    return f"{person}, {verb} {day} : {varied}"


def _varied(text: str, draw: random.Random) -> str:
    return _FIGURE.sub(lambda figure: _figure(figure, draw), text)


def _figure(found: re.Match[str], draw: random.Random) -> str:
    """Another figure of the same kind and size: a year stays a year, an hour an hour, a day of the month one."""
    if found["year"]:
        return str(draw.randint(1950, 2029))
    if found["hour"]:
        minute = f"{draw.randint(0, 59):02}" if found["minute"] else ""
        return f"{draw.randint(1, 23)}{found['h']}{minute}"
    if found["day"]:
        return str(draw.randint(2, 28))
    size = len(found["number"])
    decimals = f",{draw.randint(1, 9)}" if found["decimals"] else ""
    return f"{draw.randint(10 ** (size - 1) + (size == 1), 10**size - 1)}{decimals}"


def write(path: Path, count: int, words: int = 400, seed: int = 0, fresh: float = 1.0) -> int:
    """Write articles as JSON lines with `id` and `text`; return the number of their words."""
    total = 0
    with path.open("w", encoding="utf-8") as stream:
        for name, text in articles(count, words, seed, fresh):
            total += len(text.split())
            stream.write(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n")
    return total


def main() -> None:
    """Write the articles that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.articles", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--words", type=int, default=400, help="of each article, about (default: 400)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", type=float, default=1.0, help="share of sentences that come once (default: 1)")
    given = parser.parse_args()
    total = write(given.path, given.count, given.words, given.seed, given.fresh)
    print(f"{given.count} articles, {total} words, written to {given.path}")


if __name__ == "__main__":
    main()
