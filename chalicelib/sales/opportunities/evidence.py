"""What has happened about a deal, as criteria ask: the latest is read first, and only as far as needed."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, takewhile
from typing import Any, Final

from chalicelib.core import clock
from chalicelib.core.access import SYSTEM
from chalicelib.customers.activities import service as activities

#: What lies further back than so many is not looked at: a request answers in time.
MOST_READ: Final = 1_000
_PAGE: Final = 50


class Interactions:
    """A deal's interactions, notes aside; a deal that does not exist yet (None) has had none.

    They are read once, however many criteria ask.
    """

    def __init__(self, deal_id: str | None) -> None:
        self._read: list[Any] = []
        self._unread: Iterator[Any] = islice(_logged(deal_id), MOST_READ) if deal_id else iter(())

    def count(self, most: int) -> int:
        """Return how many there are, counted up to a number."""
        return sum(1 for _ in islice(self._latest(), most))

    def had(self, type: str, *, within_days: int) -> bool:
        """Whether there was one of a type in the last days."""
        since = clock.now() - timedelta(days=within_days)
        recent = takewhile(lambda each: each.happened_at >= since, self._latest())
        return any(each.type == type for each in recent)

    def _latest(self) -> Iterator[Any]:
        yield from self._read
        for each in self._unread:
            if each.type != "NOTE":
                self._read.append(each)
                yield each


def _logged(deal_id: str) -> Iterator[Any]:
    after = None
    while True:
        page = activities.activities(about_id=deal_id, who=SYSTEM, limit=_PAGE, after=after)
        yield from page.items
        after = page.after
        if after is None:
            return
