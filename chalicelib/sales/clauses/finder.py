"""Finding standard clauses in the text of a contract by how they are worded. Pure; it never decides.

The wording is data, one file a language: ``english.toml`` and ``chinese.toml``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from chalicelib.sales.clauses.sentences import sentences

_WORDINGS: Final = ("english.toml", "chinese.toml")
#: Typography that means the same as plain characters.
_PLAIN: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "\u2010": "-", "\u2011": "-", "–": "-"}
)
#: A word that was broken at the end of a line.
_BROKEN: Final = re.compile(r"(?<=\w)- (?=\w)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause of a kind stands: the sentence from `start` to `end`, as it is written."""

    kind: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Cue:
    """One way to word a clause: all of `every` are found in a sentence, and none of `none`."""

    every: Sequence[re.Pattern[str]]
    none: Sequence[re.Pattern[str]]

    def holds(self, sentence: str) -> bool:
        """Whether a folded sentence is worded so."""
        return all(p.search(sentence) for p in self.every) and not any(p.search(sentence) for p in self.none)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a kind of clause is worded in a language. Only sentences with one of `words` are looked at."""

    words: Sequence[str]
    cues: Sequence[Cue]

    def fits(self, sentence: str) -> bool:
        """Whether a folded sentence is such a clause."""
        return any(word in sentence for word in self.words) and any(cue.holds(sentence) for cue in self.cues)


@cache
def wordings() -> Mapping[str, Sequence[Wording]]:
    """Return how each kind of clause is worded, in every language."""
    found: dict[str, list[Wording]] = {}
    for name in _WORDINGS:
        for kind, wording in tomllib.loads((Path(__file__).parent / name).read_text("utf-8")).items():
            cues = [_cue(each) for each in wording["cues"]]
            found.setdefault(kind, []).append(Wording(wording["words"], cues))
    return found


def find(text: str) -> Iterator[Place]:
    """Yield where standard clauses stand in a text, in its order; a sentence may be of several kinds."""
    for start, end in sentences(text):
        sentence = fold(text[start:end])
        for kind, languages in wordings().items():
            if any(wording.fits(sentence) for wording in languages):
                quote = text[start:end]
                lead = len(quote) - len(quote.lstrip())
                yield Place(kind, start + lead, start + len(quote.rstrip()), quote.strip())


def fold(sentence: str) -> str:
    """Return a sentence as cues read it: lower case, plain quotes, single spaces, broken words joined."""
    return _BROKEN.sub("-", " ".join(sentence.translate(_PLAIN).lower().split()))


def _cue(described: Mapping[str, Any]) -> Cue:
    return Cue(
        [re.compile(pattern) for pattern in described["all"]],
        [re.compile(pattern) for pattern in described.get("none", ())],
    )
