"""What is known this minute: won so far this month, and the open pipeline, from the aggregates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.core import boards, clock
from chalicelib.core.boards import Row
from chalicelib.core.money import Money
from chalicelib.insight.forecasts.scope import Scope
from chalicelib.sales.opportunities import service as opportunities

#: What owners say of their open deals, the surest first. OMITTED deals are left out, as the word says.
CATEGORIES: Final = ("COMMIT", "MOST_LIKELY", "BEST_CASE", "PIPELINE")
#: More sales processes than a company has.
MOST_PIPELINES: Final = 50


@dataclass(frozen=True, slots=True)
class Category:
    """The open deals of a forecast category."""

    category: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Live:
    """Won so far in a month, and what is open now; `weighted` by the probability of each deal's stage."""

    month: str
    won_so_far: Money
    won_count: int
    categories: Sequence[Category]
    weighted: Money


def live(scope: Scope, currency: str) -> Live:
    """Return what is known this minute. One Query, one for the pipelines, and one for each of them."""
    month = clock.month(clock.today())
    won = _total(boards.months(f"sales|{scope.dimension}", month, month), scope, currency)
    pipelines = opportunities.pipelines(limit=MOST_PIPELINES).items
    standing = boards.total({each.id: _total(_open(each.id, scope), scope, currency) for each in pipelines})
    weighted = sum(number for name, number in standing.items() if name.endswith(".weighted"))
    return Live(
        month=month,
        won_so_far=Money(won.get("won_amount", 0), currency),
        won_count=won.get("won_count", 0),
        categories=[_category(name, standing, currency) for name in CATEGORIES],
        weighted=Money(weighted, currency),
    )


def _open(pipeline_id: str, scope: Scope) -> dict[str, Row]:
    board = f"pipeline|{pipeline_id}|{scope.dimension}"
    if scope.owner_id is None:
        return boards.read(board)
    # Owners are many, and a row begins with its owner.
    return boards.read(board, first=f"{scope.owner_id}|", last=f"{scope.owner_id}|~")


def _total(rows: Mapping[str, Row], scope: Scope, currency: str) -> dict[str, int]:
    """Return the sum of the scope's rows in a currency; keys end ``…|<member>|<currency>``."""
    members = scope.members
    found = {}
    for key, row in rows.items():
        *_, member, of_currency = key.split("|")
        if of_currency == currency and (members is None or member in members):
            found[key] = row
    return boards.total(found)


def _category(name: str, standing: Mapping[str, int], currency: str) -> Category:
    amount = Money(standing.get(f"{name}.amount", 0), currency)
    return Category(name, standing.get(f"{name}.count", 0), amount)
