"""Numbers with a unit: lengths, areas, weights, temperatures."""

from __future__ import annotations

import random
from collections.abc import Callable

from scripts.train_translator.figures.nouns import Noun, of
from scripts.train_translator.figures.numerals import Pair, decimals, magnitude, numeral, spelled

_MEASURES: dict[str, list[tuple[Noun, int, int]]] = {
    "length": [
        (Noun("kilomètre", "kilomètres", "kilometre", "kilometres"), 1, 9000),
        (Noun("km", "km", "km", "km"), 1, 900),
    ],
    "height": [
        (Noun("mètre", "mètres", "metre", "metres"), 2, 4800),
        (Noun("m", "m", "m", "m"), 2, 4800),
    ],
    "size": [
        (Noun("centimètre", "centimètres", "centimetre", "centimetres"), 2, 300),
        (Noun("cm", "cm", "cm", "cm"), 2, 300),
    ],
    "area": [
        (Noun("hectare", "hectares", "hectare", "hectares"), 1, 90_000),
        (Noun("mètre carré", "mètres carrés", "square metre", "square metres"), 9, 90_000),
        (Noun("m²", "m²", "square metre", "square metres"), 9, 90_000),
        (Noun("kilomètre carré", "kilomètres carrés", "square kilometre", "square kilometres"), 2, 90_000),
        (Noun("km²", "km²", "square kilometre", "square kilometres"), 2, 90_000),
    ],
    "weight": [
        (Noun("tonne", "tonnes", "tonne", "tonnes", True), 1, 900_000),
        (Noun("kilo", "kilos", "kilo", "kilos"), 1, 900),
        (Noun("kg", "kg", "kg", "kg"), 1, 900),
        (Noun("gramme", "grammes", "gram", "grams"), 2, 900),
        (Noun("quintal", "quintaux", "quintal", "quintals"), 2, 900),
    ],
    "volume": [
        (Noun("litre", "litres", "litre", "litres"), 1, 900_000),
        (Noun("hectolitre", "hectolitres", "hectolitre", "hectolitres"), 2, 90_000),
        (Noun("hl", "hl", "hl", "hl"), 2, 90_000),
        (Noun("mètre cube", "mètres cubes", "cubic metre", "cubic metres"), 2, 900_000),
    ],
    "energy": [(Noun(unit, unit, unit, unit), 1, 9000) for unit in ("kWh", "MWh", "GWh", "TWh")]
    + [(Noun("kilowattheure", "kilowattheures", "kilowatt-hour", "kilowatt-hours"), 2, 9000)],
    "power": [(Noun(unit, unit, unit, unit), 1, 900) for unit in ("kW", "MW", "GW")]
    + [(Noun("mégawatt", "mégawatts", "megawatt", "megawatts"), 2, 900)],
    "rain": [
        (Noun("mm", "mm", "mm", "mm"), 2, 400),
        (Noun("millimètre", "millimètres", "millimetre", "millimetres"), 2, 400),
    ],
    "speed": [(Noun("km/h", "km/h", "km/h", "km/h"), 10, 340)],
}


def measure(rng: random.Random, kind: str) -> Pair:
    """Return a number with a unit: 1,5 hectare and 1.5 hectares."""
    noun, low, high = rng.choice(_MEASURES[kind])
    whole = magnitude(rng, low, high)
    if noun.french != noun.french_plural and 2 <= whole < 100 and rng.random() < 0.2:
        french, english = spelled(rng, whole, noun.feminine)
    else:
        french, english = numeral(
            whole, str(rng.randint(1, 9)) if whole < 100 and kind != "speed" and rng.random() < 0.5 else ""
        )
    if english == "1":
        return f"{french} {noun.french}", f"{english} {noun.english}"
    return f"{french} {noun.french if whole < 2 else noun.french_plural}", f"{english} {noun.english_plural}"


def tonnes(rng: random.Random) -> Pair:
    """Return 2,3 millions de tonnes and 2.3 million tonnes."""
    french, english = numeral(rng.randint(2, 900), decimals(rng))
    noun = rng.choice(("tonnes", "litres"))
    return f"{french} millions {of(noun)}", f"{english} million {noun}"


def temperature(rng: random.Random) -> Pair:
    """Return -7 °C and -7°C, 32 degrés and 32 degrees."""
    number, tenth = rng.randint(-25, 45), str(rng.randint(1, 9)) if rng.random() < 0.3 else ""
    french, english = numeral(abs(number), tenth)
    minus = "-" if number < 0 else ""
    if abs(number) < 2 or rng.random() < 0.6:
        return f"{minus}{french}{rng.choices((' ', ''), (4, 1))[0]}°C", f"{minus}{english}°C"
    if not tenth and rng.random() < 0.3 and number > 0:
        french, english = spelled(rng, number)
    return f"{minus}{french} degrés", f"{minus}{english} degrees"


def _measured(kind: str) -> Callable[[random.Random], Pair]:
    return lambda rng: measure(rng, kind)


KINDS: dict[str, Callable[[random.Random], Pair]] = {
    "tonnes": tonnes,
    "temperature": temperature,
} | {kind: _measured(kind) for kind in _MEASURES}
