"""What a review says of a contract's text: kind by kind, by the company's policy. Pure; it never decides."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from chalicelib.sales.clauses.finder import Place, find
from chalicelib.sales.clauses.kinds import Kind, Stance

#: Places shown of a kind, and characters shown of a place; more would only hide the first.
MOST_PLACES: Final = 3
LONGEST_QUOTE: Final = 600

Verdict = Literal["MISSING", "RISKY", "PRESENT", "ABSENT"]
#: The order in which a reader wants them.
_ORDER: Final = {verdict: number for number, verdict in enumerate(get_args(Verdict))}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of a kind of clause; `count` places are worded so, the first of them shown."""

    kind: str
    stance: Stance
    verdict: Verdict
    note: str | None
    count: int
    places: tuple[Place, ...]

    def document(self) -> dict[str, Any]:
        """Return it as it is kept and sent."""
        shown = [
            {"start": place.start, "end": place.end, "quote": place.quote[:LONGEST_QUOTE]}
            for place in self.places
        ]
        names = ("kind", "stance", "verdict", "note", "count")
        return {**{name: getattr(self, name) for name in names}, "places": shown}


def review(text: str, stances: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Return a finding for every standard kind of clause: what is missing or risky first.

    `stances` maps a kind to its `stance` and `note`; kinds left out are neutral.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    for place in find(text):
        found[place.kind].append(place)
    findings = [_finding(kind, found[kind], stances.get(kind, {})) for kind in get_args(Kind)]
    return sorted(findings, key=lambda finding: _ORDER[finding.verdict])


def _finding(kind: str, places: list[Place], held: Mapping[str, Any]) -> Finding:
    stance: Stance = held.get("stance", "NEUTRAL")
    verdict = _verdict(stance, present=bool(places))
    return Finding(kind, stance, verdict, held.get("note"), len(places), tuple(places[:MOST_PLACES]))


def _verdict(stance: Stance, *, present: bool) -> Verdict:
    if present:
        return "RISKY" if stance == "RISKY" else "PRESENT"
    return "MISSING" if stance == "REQUIRED" else "ABSENT"
