"""Figures by period and member: one board, read with one Query, as lines and their totals."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.core import boards
from chalicelib.core.access import Principal
from chalicelib.insight.analytics import members
from chalicelib.insight.analytics.periods import Group, Span, grouped

Numbers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of one member in one period, in one currency where they are money.

    `period` is None when all months are together, `member` when the records name none, or on a
    line of totals. Kinds of line add what follows from the numbers.
    """

    period: str | None
    member: str | None
    name: str | None
    currency: str
    numbers: Numbers

    def number(self, name: str) -> int:
        """Return a number, 0 when nothing was counted."""
        return self.numbers.get(name, 0)


L = TypeVar("L", bound=Line)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to show: by which dimension, of which member (None: all in reach), when, grouped how."""

    by: str
    span: Span
    member: str | None = None
    group: Group = "none"


@dataclass(frozen=True, slots=True)
class Table(Generic[L]):
    """Lines by period, the largest first, and a line of totals for each period and currency.

    Totals are sums of the lines shown: by product, a deal counts with each of its products.
    """

    by: str
    span: Span
    rows: list[L]
    totals: list[L]

    @property
    def first_month(self) -> str:
        """The first month."""
        return self.span.first

    @property
    def last_month(self) -> str:
        """The last month."""
        return self.span.last


Place = tuple[str | None, str, str]


def table(
    family: str, asked: Asked, *, who: Principal, line: Callable[..., L], largest: str, money: bool
) -> Table[L]:
    """Return the board ``<family>|<by>`` as lines that somebody may see. One Query.

    Rows of the board are ``<month>|<member>``, with ``|<currency>`` behind when `money`.
    `largest` names the number that lines of a period are ordered by. Forbidden and NotFound as
    `members.admitted` has them.
    """
    member = members.admitted(who, by=asked.by, member=asked.member)
    read = boards.months(f"{family}|{asked.by}", asked.span.first, asked.span.last)
    cells = _cells(read, group=asked.group, member=member, money=money)
    named = members.names(who, by=asked.by, members={place[1] for place in cells})
    seen = {place: numbers for place, numbers in cells.items() if place[1] in named}
    rows = [
        line(period, members.shown(of), named[of], currency, numbers)
        for (period, of, currency), numbers in seen.items()
    ]
    rows.sort(key=lambda row: (row.period or "", row.currency, -row.number(largest), row.member or "~"))
    return Table(asked.by, asked.span, rows, _totals(rows, line))


def _cells(
    rows: Mapping[str, boards.Row], *, group: Group, member: str | None, money: bool
) -> dict[Place, dict[str, int]]:
    cells: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, numbers in rows.items():
        month, _, rest = key.partition("|")
        of, _, currency = rest.rpartition("|") if money else (rest, "", "")
        if member is None or member == of:
            _add(cells[grouped(month, group), of, currency], numbers)
    return cells


def _totals(rows: Iterable[L], line: Callable[..., L]) -> list[L]:
    sums: dict[tuple[str | None, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        _add(sums[row.period, row.currency], row.numbers)
    return [line(period, None, None, currency, numbers) for (period, currency), numbers in sums.items()]


def _add(sums: dict[str, int], numbers: Numbers) -> None:
    for name, number in numbers.items():
        sums[name] += number
