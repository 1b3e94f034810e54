"""Likeness: whether two leads are probably one person though no e-mail or phone says so. Pure.

Names, companies, addresses and birth dates are compared field by field. How alike two values are
weighs so many bits for or against one person: the logarithm of how much oftener that is seen
between two records of one person than between two of different ones (Fellegi and Sunter, 1969).
The weights were counted on one labelled set and hold on another; `tests/sales/leads` does both.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, Final

Details = Mapping[str, Any]
#: Attributes of a lead that are compared; a change of one of them makes it worth looking again.
COMPARED: Final = ("name", "company", "street", "city", "postcode", "region", "born_on")
#: From so many bits on two leads are possibly one person: a name of one part and a town (18) are not
#: enough yet. On the set that the weights were counted on, pairs of one person have 27 and more, all
#: others less than none.
POSSIBLE: Final = 20
#: What tells by itself who somebody is.
IDENTITY: Final = ("external", "email", "phone")
EQUAL, ALIKE, SOMEWHAT, DIFFERENT = "EQUAL", "ALIKE", "SOMEWHAT", "DIFFERENT"
#: How alike two texts must be (as `difflib` reckons it) for a level below EQUAL.
_LEVELS: Final = ((0.8, ALIKE), (0.6, SOMEWHAT))
#: Bits by field and level. `name` is of each part of a name (a full Chinese one has two); `number` is that of
#: the house.
WEIGHTS: Final[Mapping[str, Mapping[str, int]]] = {
    "name": {EQUAL: 8, ALIKE: 6, SOMEWHAT: 1, DIFFERENT: -4},
    "number": {EQUAL: 6, ALIKE: -1, SOMEWHAT: -2, DIFFERENT: -3},
    "street": {EQUAL: 10, ALIKE: 9, SOMEWHAT: 0, DIFFERENT: -5},
    "city": {EQUAL: 10, ALIKE: 9, SOMEWHAT: 0, DIFFERENT: -4},
    "postcode": {EQUAL: 10, ALIKE: 5, SOMEWHAT: 2, DIFFERENT: -6},
    "region": {EQUAL: 2, ALIKE: 4, SOMEWHAT: 2, DIFFERENT: -5},
    "born_on": {EQUAL: 12, ALIKE: 2, SOMEWHAT: -4, DIFFERENT: -4},
    # Not in the labelled sets: less than a name, for colleagues share it and people change it.
    "company": {EQUAL: 6, ALIKE: 4, SOMEWHAT: 0, DIFFERENT: -2},
    # Enough by themselves: who shares them joins, or is suggested whatever else there is.
    **{key: {EQUAL: POSSIBLE} for key in IDENTITY},
}
#: How many parts of a name its blocks are made of, the longest first; so a lead has at most 7 blocks.
_PARTS: Final = 2
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much speaks for one person, in bits, and what: field, level and bits of each."""

    score: int
    reasons: list[dict[str, Any]]

    @property
    def possible(self) -> bool:
        """Whether it may be one person: enough speaks for it, and the name or birth date among it."""
        return self.score >= POSSIBLE and any(self._points(field) > 0 for field in ("name", "born_on"))

    def _points(self, field: str) -> int:
        return sum(int(reason["points"]) for reason in self.reasons if reason["field"] == field)


def blocks(details: Details) -> list[str]:
    """Return what a lead shares with those it is worth comparing with: at most 7 texts."""
    names = _words(details, "name")
    city, postcode = _joined(details, "city"), _joined(details, "postcode")
    company = _joined(details, "company")
    number, street = _house(details)
    is_full = len(names) > 1 or any(map(_is_full_name, names))
    found = {f"name|{' '.join(sorted(names))}"} if is_full else set()
    if born_on := details.get("born_on"):
        found.add(f"born|{born_on.isoformat()}")
    if number and street:
        found.add(f"street|{number}|{street[0][:4]}")
    for part in sorted(names, key=len)[-_PARTS:]:
        # A place that is told most narrowly parts a common name's bearers best.
        if place := postcode or city[:5] or company[:5]:
            found.add(f"place|{part[:3]}|{place}")
        if postcode and city:
            found.add(f"city|{part[:3]}|{city[:5]}")
    return sorted(found)


def compare(one: Details, other: Details, *, shared: str | None = None) -> Likeness:
    """Return how much speaks for two leads being one person. What either leaves open speaks neither way.

    `shared` is an identity field (``phone``) that is known to be equal.
    """
    told = [*([(shared, EQUAL)] if shared else []), *levels(one, other)]
    points = [WEIGHTS[field][level] for field, level in told]
    reasons = [
        {"field": field, "how": level, "points": bits}
        for (field, level), bits in zip(told, points, strict=True)
    ]
    return Likeness(sum(points), reasons)


def levels(one: Details, other: Details) -> Iterator[tuple[str, str]]:
    """Yield how alike two leads are, field by field: EQUAL, ALIKE, SOMEWHAT or DIFFERENT."""
    names, names2 = _words(one, "name"), _words(other, "name")
    for likeness, _ in _paired(names, names2):
        yield "name", _level(likeness)
    for _ in filter(_is_full_name, set(names) & set(names2)):
        yield "name", EQUAL
    (number, street), (number2, street2) = _house(one), _house(other)
    if number and number2:
        yield "number", _level(_alike(number, number2))
    if pairs := _paired(street, street2):
        letters = sum(length for _, length in pairs)
        yield "street", _level(sum(likeness * length for likeness, length in pairs) / letters)
    for field in ("company", "city", "postcode", "region"):
        if (here := _joined(one, field)) and (there := _joined(other, field)):
            yield field, _level(_alike(here, there))
    if one.get("born_on") and other.get("born_on"):
        yield "born_on", _level(_alike(f"{one['born_on']:%Y%m%d}", f"{other['born_on']:%Y%m%d}"))


def _paired(some: Sequence[str], others: Sequence[str]) -> list[tuple[float, int]]:
    """Return for each of the fewer words how alike the likest of the others is, and its length."""
    few, left = sorted((list(some), list(others)), key=lambda words: (len(words), words))
    found = []
    for word in sorted(few, key=len, reverse=True):
        likest = max(left, key=partial(_alike, word))
        left.remove(likest)
        found.append((_alike(word, likest), len(word)))
    return found


def _level(likeness: float) -> str:
    if likeness == 1:
        return EQUAL
    return next((level for least, level in _LEVELS if likeness >= least), DIFFERENT)


def _alike(one: str, other: str) -> float:
    # The matcher is not symmetric: the order is fixed, so that two leads agree on each other.
    return _ratio(*sorted((one, other)))


@lru_cache(4096)
def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _is_full_name(word: str) -> bool:
    """Whether a word is a Chinese family name and given name: as telling as two words are elsewhere.

    Two characters are not: one given name of a single character has very many bearers.
    """
    return len(word) in (3, 4) and all(map(_is_chinese, word))


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _house(details: Details) -> tuple[str, list[str]]:
    words = [part for word in _words(details, "street") for part in _parts(word)]
    numbers = [word for word in words if word.isdigit()]
    return (numbers[0] if numbers else ""), [word for word in words if not word.isdigit()]


def _parts(word: str) -> list[str]:
    """Return a word of a street; where Chinese stands by a number, as in 中山路88号, each by itself."""
    if not any(map(_is_chinese, word)):
        return [word]
    return ["".join(run) for _, run in groupby(word, str.isdigit)]


def _words(details: Details, field: str) -> list[str]:
    text = unicodedata.normalize("NFKC", str(details.get(field) or ""))[:200]
    return _WORD.findall(text.casefold())


def _joined(details: Details, field: str) -> str:
    return "".join(_words(details, field))
