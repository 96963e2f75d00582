"""Number words and numerals put together: "deux cent mille", "quatre-vingt-dix", "2,5 milliards", "half a dozen"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from pipeline.facts.atoms import Atom
from pipeline.facts.grammar import Grammar

_MOST = 10**40  # no text counts further; "mille mille mille ..." would, and take quadratic time


@dataclass(slots=True)
class Run:
    """A number as it grows: `total` is closed by scales, `current` is the group still open, `scale` the last scale.

    `kind` is that of its first atom until an ordinal or a fraction closes it; `last` is its last atom;
    `collective` the size of a "dizaine", `other` a second meaning ("un cinquième": a fifth, or one that comes fifth).
    `vague` words may answer a number and assert none ("des centaines"). `clock` is the minutes that a "half past" or
    a "quarter to" adds to the hour.
    """

    rules: Grammar
    start: int
    end: int
    kind: str
    last: Atom
    total: Fraction = Fraction(0)
    current: Fraction | None = None
    scale: Fraction | None = None
    collective: Fraction | None = None
    other: Fraction | None = None
    signed: bool = False
    vague: bool = False
    clock: int = 0

    @property
    def value(self) -> Fraction:
        return self.total + (self.current or 0) if self.total else self.current or Fraction(0)

    def accept(self, atom: Atom, gap: str) -> bool:
        """Take the next atom into the number if the grammar allows it after `gap`; say whether it did."""
        step = _STEPS.get(atom.kind)
        clock = gap in self.rules.data.get("clock", ())
        closed = self.kind in ("ordinal", "clock") or (self.kind == "fraction" and not clock)
        if closed or step is None or self.value > _MOST or not step(self, atom, gap):
            return False
        self.end, self.last = atom.end, atom
        return True

    def glued(self, gap: str) -> bool:
        return gap in self.rules.data["glue"]

    def joined(self, gap: str, after: str) -> bool:
        return self.glued(gap) or (self.rules.data["and_after"] == after and gap in self.rules.data["and"])


def runs(atoms: Iterable[Atom], text: str, rules: Grammar) -> Iterator[Run]:
    """Yield the numbers that the atoms make, in order; vague words ("des milliers") make none."""
    run: Run | None = None
    for atom in atoms:
        if run is not None and run.accept(atom, text[run.end : atom.start]):
            continue
        if run is not None:
            yield run
        run = _opened(atom, rules)
    if run is not None:
        yield run


def _opened(atom: Atom, rules: Grammar) -> Run | None:
    run = Run(rules, atom.start, atom.end, atom.kind.removesuffix("s"), atom, signed=atom.signed)
    opens = atom.word in rules.data.get("openers", ()) or (atom.kind == "hundreds" and rules.data["hundred_alone"])
    if atom.kind == "scales" and opens:
        run.total, run.scale = atom.value, atom.value
        return run
    run.current = atom.value
    run.vague = atom.kind in ("collectives", "denominators", "half")
    run.collective = atom.value if atom.kind == "collectives" else None
    if atom.kind in ("scales", "hundreds", "denominators") and not opens:
        return run if atom.word in rules.soft else None
    return run


def _cardinal(run: Run, atom: Atom, gap: str) -> bool:
    if _past(run, atom, gap) or _split(run, atom, gap):
        return True
    if not _fits(run, atom.value, gap):
        return False
    run.current = (run.current or Fraction(0)) + atom.value
    if run.rules.data["vigesimal"] and atom.value == 20 and run.current % 100 == 24:
        run.current += 56
    return True


def _past(run: Run, atom: Atom, gap: str) -> bool:
    """Half past two, a quarter to four."""
    sign = run.rules.data.get("clock", {}).get(gap, 0)
    if not sign or run.value not in (Fraction(1, 2), Fraction(1, 4)) or not 0 < atom.value <= 12:
        return False
    run.clock, run.current, run.kind, run.vague = sign * int(60 * run.value), atom.value, "clock", False
    return True


def _split(run: Run, atom: Atom, gap: str) -> bool:
    """Un mètre quarante."""
    if gap not in run.rules.data.get("split_gaps", ()) or run.current is None or not 10 <= atom.value < 100:
        return False
    run.current, run.kind = run.current + atom.value / 100, "fraction"
    return True


def _fits(run: Run, value: Fraction, gap: str) -> bool:
    """Whether a number below a hundred may follow: after a scale, a hundred, a ten."""
    if run.kind == "numeral" or run.collective is not None:
        return False
    if run.current is None:
        joint = gap in run.rules.data["and"] and (run.scale == 1000 or not run.rules.data["vigesimal"])
        return run.scale is not None and value < run.scale and (joint or run.glued(gap))
    if run.current.denominator != 1 or run.current == 0:
        return False
    rest = int(run.current) % 100
    if rest == 0:
        return run.joined(gap, "hundreds")
    vigesimal = run.rules.data["vigesimal"]
    if vigesimal and rest == 4 and value == 20:
        return run.glued(gap)
    if vigesimal and rest == 10 and value in (7, 8, 9):
        return gap != " " and run.glued(gap)
    if rest % 10 or rest < 20 or not 0 < value < (20 if vigesimal and rest in (60, 80) else 10):
        return False
    return run.glued(gap) or (run.joined(gap, "tens") and value in (1, 11))


def _hundred(run: Run, atom: Atom, gap: str) -> bool:
    alone = run.rules.data["hundred_alone"]
    if not run.glued(gap) or (run.kind == "numeral" and alone):
        return False
    if run.current is None:
        run.current = atom.value if alone else None
        return run.current is not None
    if not 0 < run.current < 100:
        return False
    run.vague = alone and run.current == 1  # "un cent" is a coin
    run.current *= atom.value
    return True


def _scale(run: Run, atom: Atom, gap: str) -> bool:
    if not (run.glued(gap) or (run.collective and gap in run.rules.data["of"])):
        return False
    if run.current is None:
        if run.scale is None or atom.value <= run.scale:
            return False
        run.total *= atom.value
    elif run.current == 1 and run.kind == "cardinal" and atom.word in run.rules.data["openers"]:
        run.vague, run.total = True, atom.value  # "un mille" is a mile
    elif run.scale is not None and atom.value >= run.scale:
        run.total = (run.total + run.current) * atom.value
    else:
        run.total += run.current * atom.value
    run.current, run.scale = None, atom.value
    run.vague = run.vague and run.kind != "half"
    return True


def _numeral(run: Run, atom: Atom, gap: str) -> bool:
    """2 millions 500 000: a numeral may close a number that ended in a scale."""
    if _past(run, atom, gap):
        return True
    open_scale = run.scale is not None and run.current is None and run.kind == "numeral"
    if not open_scale or not run.glued(gap) or atom.signed or not 1000 <= atom.value < (run.scale or 0):
        return False
    run.current = atom.value
    return True


def _collective(run: Run, atom: Atom, gap: str) -> bool:
    """Une dizaine, two dozen, une dizaine de milliers."""
    joined = run.glued(gap) or (run.collective is not None and gap in run.rules.data["of"])
    if run.current is None or run.scale is not None or not joined:
        return False
    run.collective = atom.value
    run.current *= atom.value
    run.vague = run.vague and run.kind != "half"
    return True


def _ordinal(run: Run, atom: Atom, gap: str) -> bool:
    if run.current == 1 and run.total == 0 and run.kind in ("article", "cardinal") and run.glued(gap):
        run.kind, run.current, run.other = "ordinal", atom.value, Fraction(1) / atom.value
        return True
    if not _fits(run, atom.value, gap):
        return False
    run.kind, run.current = "ordinal", (run.current or Fraction(0)) + atom.value
    return True


def _denominator(run: Run, atom: Atom, gap: str) -> bool:
    if run.current is None or run.scale is not None or not 0 < run.current < 20 or not run.glued(gap):
        return False
    if run.current == 1 or atom.word in run.rules.data.get("counted", ()):
        run.other = atom.value if run.current == 1 else run.current
    run.kind, run.current = "fraction", run.current / atom.value
    return True


def _half(run: Run, atom: Atom, gap: str) -> bool:
    """Deux millions et demi, two and a half."""
    if gap not in run.rules.data["half_gaps"] or run.collective or run.signed:
        return False
    if run.current is None:
        run.current = (run.scale or Fraction(1)) / 2
    else:
        run.current += Fraction(1, 2)
    run.vague = False
    return True


_STEPS: dict[str, Callable[[Run, Atom, str], bool]] = {
    "cardinals": _cardinal,
    "hundreds": _hundred,
    "scales": _scale,
    "numeral": _numeral,
    "collectives": _collective,
    "ordinals": _ordinal,
    "denominators": _denominator,
    "half": _half,
}
