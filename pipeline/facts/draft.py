"""A quantity in the making: a number that has been read, before its unit and its place among others are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from pipeline.facts.fact import Reading
from pipeline.facts.words import Run


@dataclass(slots=True)
class Draft:
    """A quantity in the making; `scale` is the factor that its own words gave it, `hint` the one that an
    ambiguous letter may give it ("3m")."""

    run: Run
    start: int
    end: int
    value: Fraction
    unit: str = "plain"
    codes: tuple[str, ...] = ("plain",)
    scale: Fraction | None = None
    firm: bool = True
    others: set[Reading] = field(default_factory=set)
    parts: tuple[Fraction, ...] = ()
    hint: Fraction | None = None

    @property
    def digits(self) -> bool:
        return self.run.kind == "numeral"

    def readings(self) -> frozenset[Reading]:
        return frozenset({(code, self.value) for code in self.codes} | self.others)
