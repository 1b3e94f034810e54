"""What credit contributes to the figures: customers, what they owe and may owe, by grade."""

from collections.abc import Iterator
from typing import Final

from chalicelib.core.measures import Cell, Image

#: Stands for the currency of who neither owes anything nor has a limit.
_NONE: Final = "-"


def profiles(profile: Image) -> Iterator[Cell]:
    """Yield the board ``credit|grade``, rows ``<grade>|<currency>``: profiles, exposure, limit.

    The limit is that of the last grading; where nothing is limited there is none to sum.
    """
    owed, limits = profile["exposure"], profile["limits"]
    for currency in sorted({*owed, *limits}) or [_NONE]:
        numbers = {"profiles": 1, "exposure": owed.get(currency, 0), "limit": limits.get(currency, 0)}
        yield Cell("credit|grade", f"{profile['grade']}|{currency}", numbers)


MEASURES = {"credit_profile": profiles}
