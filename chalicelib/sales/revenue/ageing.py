"""How old what is owed is 账龄: not due, then by thirty days, as of a day; in a fixed number of reads.

The amounts are those that are open now. Days count where a bucket ends, so months are read only
where all of a month is in one bucket: before and after the days of the last ninety.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.core import boards, clock
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.revenue import reach
from chalicelib.sales.revenue.recognition import end_of

#: The last day late of each bucket; what is later is in the last one.
BOUNDS: Final = (0, 30, 60, 90)
_DAY: Final = timedelta(days=1)
#: Sorts before and after every month.
_EARLIEST, _LATEST = "0000-00", "9999-99"


@dataclass(frozen=True, slots=True)
class Ageing:
    """What a member (a team, an owner, an account) has open, by bucket, in one currency."""

    member: str | None
    currency: str
    minors: tuple[int, ...]

    def _bucket(self, place: int) -> Money:
        return Money(self.minors[place], self.currency)

    @property
    def not_due(self) -> Money:
        """Due on the day, or later."""
        return self._bucket(0)

    @property
    def days_1_30(self) -> Money:
        """Late by up to thirty days."""
        return self._bucket(1)

    @property
    def days_31_60(self) -> Money:
        """Late by up to sixty days."""
        return self._bucket(2)

    @property
    def days_61_90(self) -> Money:
        """Late by up to ninety days."""
        return self._bucket(3)

    @property
    def over_90(self) -> Money:
        """Late by more."""
        return self._bucket(4)

    @property
    def overdue(self) -> Money:
        """All that is late."""
        return Money(sum(self.minors[1:]), self.currency)

    @property
    def total(self) -> Money:
        """All that is open."""
        return Money(sum(self.minors), self.currency)


def bucket(due_on: date, on: date) -> int:
    """Return the place of the bucket that a due day is in, as of a day."""
    late = (on - due_on).days
    return next((place for place, most in enumerate(BOUNDS) if late <= most), len(BOUNDS))


def ageing(
    *,
    who: Principal,
    by: str | None = None,
    member: str | None = None,
    on: date | None = None,
    currency: str | None = None,
    limit: int = 10,
) -> list[Ageing]:
    """Return what is open by age: of teams, of owners, or of accounts.

    Three Query calls by team or owner, one for an account. By account without a `member`: of those
    who owe most in a `currency`, one more for each of them, for those who see all.
    """
    day, dim = on or clock.today(), by or reach.usual(who)
    if dim == "account":
        return [
            each for account_id in _accounts(who, member, currency, limit) for each in _of(account_id, day)
        ]
    return _grouped(_rows(dim, day), day, reach.admitted(who, by=dim, member=member))


def _accounts(who: Principal, member: str | None, currency: str | None, limit: int) -> list[str]:
    if member:
        return [accounts.account(member, who=who).id]
    reach.require_all(who)
    return debtors(currency or settings().currency, limit=limit)


def debtors(currency: str, *, limit: int) -> list[str]:
    """Return the accounts that owe most in a currency, whoever asks. One Query."""
    top = boards.top(f"debtors|{currency}", limit=limit)
    return [account_id for account_id, row in top if row.get("open")]


def _of(account_id: str, day: date) -> list[Ageing]:
    rows = boards.read(f"ageing_account|{account_id}")
    keyed = {f"{key.split('|')[0]}|{account_id}|{key.split('|')[1]}": row for key, row in rows.items()}
    return _grouped(keyed.items(), day, lambda _: True)


def _rows(dim: str, day: date) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Yield rows by due day, or by due month where a month is in one bucket."""
    first, last = (day - timedelta(days=BOUNDS[-1])).replace(day=1), end_of(day)
    yield from boards.months(f"ageing|{dim}", _EARLIEST, clock.month(first - _DAY)).items()
    yield from boards.months(f"ageing_days|{dim}", first.isoformat(), last.isoformat()).items()
    yield from boards.months(f"ageing|{dim}", clock.month(last + _DAY), _LATEST).items()


def _grouped(
    rows: Iterable[tuple[str, Mapping[str, int]]],
    day: date,
    admitted: Callable[[str], bool],
) -> list[Ageing]:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
    for key, row in rows:
        due, member, currency = key.split("|")
        if row.get("open") and admitted(member):
            due_on = date.fromisoformat(due if len(due) > 7 else f"{due}-01")
            sums[member, currency][bucket(due_on, day)] += row["open"]
    return [
        Ageing(None if member == "-" else member, currency, tuple(minors))
        for (member, currency), minors in sorted(sums.items())
    ]
