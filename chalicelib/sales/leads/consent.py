"""Consent: what somebody agreed to, in which words and of which version, and when. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.core import clock

Said = Mapping[str, Any]


def consented(
    *, text: str, version: str, given: bool = True, given_at: datetime | None = None
) -> dict[str, Any]:
    """Return as leads keep it what somebody said to a text: now, unless told when."""
    return {"given": given, "version": version, "text": text, "at": clock.iso(given_at or clock.now())}


def standing(before: Said | None, told: Said | None) -> Said | None:
    """Return which stands of what a lead said before and what is told now: the later one.

    A box left empty takes nothing back: who agreed has agreed, whichever of the two came first.
    """
    if before is None or told is None:
        return before or told
    if before["given"] != told["given"]:
        return before if before["given"] else told
    return told if told["at"] > before["at"] else before
