"""Whatever happens to deals, the boards say what a recount of the deals says."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core import boards, changelog, clock, errors
from chalicelib.core.money import Money
from chalicelib.sales.opportunities import pipelines, service
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import COLLEAGUE, MANAGER, REP
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal_to_win, an_account
from tests.streams import Stream

DIMENSIONS = {"team": "team_id", "owner": "owner_id", "region": "region", "source": "source"}
STAGES = ("qualification", "needs_analysis", "proposal", "won")
Verb = tuple[str, int]

VERBS = st.lists(
    st.tuples(
        st.sampled_from(("advance", "win", "lose", "reopen", "amend", "reassign", "void", "restore")),
        st.integers(0, 3),
    ),
    max_size=10,
)


def _do(verb: str, number: int, deal_id: str) -> None:
    """Do it if the deal's state allows it: what is refused changes nothing."""
    common: dict[str, Any] = {"version": None, "by": MANAGER}
    does: dict[str, Any] = {
        "advance": lambda: service.advance(deal_id, stage_id=STAGES[number], **common),
        "win": lambda: service.win(deal_id, **common),
        "lose": lambda: service.lose(deal_id, reason="price", **common),
        "reopen": lambda: service.reopen(deal_id, reason="again", **common),
        "amend": lambda: service.amend(
            deal_id, amount=Money(number * 12_345, ("CNY", "USD")[number % 2]), source=f"s{number}", **common
        ),
        "reassign": lambda: service.reassign(
            deal_id, owner_id=(REP, COLLEAGUE, MANAGER, REP)[number].id, **common
        ),
        "void": lambda: service.void(deal_id, **common),
        "restore": lambda: service.restore(deal_id, **common),
    }
    try:
        does[verb]()
    except (errors.Conflict, errors.Invalid):
        return


@settings(max_examples=5)
@given(plan=st.lists(VERBS, min_size=1, max_size=4))
def test_boards_equal_a_recount_whatever_happens(stream: Stream, plan: list[list[Verb]]) -> None:
    if Opportunity.count() == 0:
        hire_everybody()
        an_account()
    for verbs in plan:
        deal = a_deal_to_win(source="web")
        for verb, number in verbs:
            _do(verb, number, deal.id)
    stream.drain()

    deals = list(service.deals())
    for dimension, attribute in DIMENSIONS.items():
        assert _standing(dimension) == _recounted_standing(deals, attribute)
        assert _sold(dimension) == _recounted_sold(deals, attribute)
        assert _entered(dimension) == _recounted_entered(deals, attribute)


def _flat(board: str, wanted: tuple[str, ...]) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for row, numbers in boards.read(board).items():
        for name, number in numbers.items():
            if name.endswith(wanted):
                found[row, name] += number
    return +found


def _standing(dimension: str) -> Counter[tuple[str, ...]]:
    return _flat(f"pipeline|{pipelines.DEFAULT_ID}|{dimension}", (".count", ".amount", ".weighted"))


def _recounted_standing(deals: list[Opportunity], attribute: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for deal in deals:
        if deal.status != "OPEN":
            continue
        row, minor = f"{getattr(deal, attribute) or '-'}|{deal.amount.currency}", deal.amount.minor
        weighted = (Decimal(minor) * deal.probability / 100).quantize(Decimal(1), ROUND_HALF_UP)
        for name in (deal.stage_id, deal.forecast_category):
            found[row, f"{name}.count"] += 1
            found[row, f"{name}.amount"] += minor
        found[row, f"{deal.stage_id}.weighted"] += int(weighted)
    return +found


def _sold(dimension: str) -> Counter[tuple[str, ...]]:
    return _flat(f"sales|{dimension}", ("won_count", "won_amount", "lost_count"))


def _recounted_sold(deals: list[Opportunity], attribute: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for deal in deals:
        member, currency = getattr(deal, attribute) or "-", deal.amount.currency
        if deal.status == "WON":
            row = f"{deal.closed_on:%Y-%m}|{member}|{currency}"
            found += Counter({(row, "won_count"): 1, (row, "won_amount"): deal.amount.minor})
        elif deal.status == "LOST":
            found[f"{deal.closed_on:%Y-%m}|{member}|{currency}", "lost_count"] += 1
    return +found


def _entered(dimension: str) -> Counter[tuple[str, ...]]:
    entered = _flat(f"flow|{pipelines.DEFAULT_ID}|{dimension}", (".entered",))
    return Counter({key: number for key, number in entered.items() if not key[1].startswith(("won", "lost"))})


def _recounted_entered(deals: list[Opportunity], attribute: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for deal in deals:
        row = f"{deal.opened_on:%Y-%m}|{getattr(deal, attribute) or '-'}"
        for line in changelog.history(deal.id, limit=200).items:
            if "stage_id" in line.fields and line.after["stage_id"] not in ("won", "lost"):
                found[row, f"{line.after['stage_id']}.entered"] += 1
    return found


def test_a_win_makes_its_account_a_customer_and_the_account_a_row_of_the_largest(stream: Stream) -> None:
    hire_everybody()
    small, large = an_account(name="Small"), an_account(name="Large")
    for account, minor in ((small, 100), (large, 900), (large, 50)):
        deal = a_deal_to_win(account_id=account.id, amount=Money(minor, "CNY"))
        service.win(deal.id, version=None, by=REP)
    stream.drain()

    year = f"{clock.today():%Y}"
    for period in ("all", year):
        assert boards.top(f"customers|{period}|CNY", limit=1) == [
            (large.id, {"won_count": 2, "won_amount": 950})
        ]
    assert service.opportunities_of(large.id, who=REP, limit=10).items[0].status == "WON"


def test_history_brought_in_counts_on_its_own_days(stream: Stream) -> None:
    opened = date(2017, 3, 1)
    for number, days in enumerate((10, 20, 60)):
        service.bring_in(
            external_id=f"old:{number}",
            name="Old",
            stage_id="won",
            through=[("negotiation", opened)],
            owner_id=REP.id,
            team_id=None,
            amount=Money(1_000, "USD"),
            opened_on=opened,
            closed_on=opened + timedelta(days=days),
        )
    stream.drain()

    rows: Mapping[str, Any] = boards.read("sales|owner")
    assert {row: numbers["won_days"] for row, numbers in rows.items()} == {
        f"2017-03|{REP.id}|USD": 30,
        f"2017-04|{REP.id}|USD": 60,
    }
    [flow] = boards.read(f"flow|{pipelines.DEFAULT_ID}|team", first="2017-03", last="2017-04").values()
    assert (flow["negotiation.advanced"], flow["negotiation.dwell_seconds"]) == (3, 90 * 86_400)
