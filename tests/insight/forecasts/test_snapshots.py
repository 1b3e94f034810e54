"""The open deals of a day: taken at night, and replayed from the change log, are the same."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock, ownership
from chalicelib.core.attributes import to_wire
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.insight.forecasts import snapshots
from chalicelib.insight.forecasts.models import Snapshot
from chalicelib.insight.forecasts.standing import MOST_BYTES, Standing, in_parts, packed, unpacked
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import COLLEAGUE, NORTH, REP, SOUTH, STRANGER
from tests.streams import Stream

FIRST = date(2026, 1, 28)
STAGES = ("qualification", "needs_analysis", "proposal", "negotiation")
WHOSE = ((REP.id, NORTH), (COLLEAGUE.id, NORTH), (STRANGER.id, SOUTH), (STRANGER.id, None))


class Business:
    """Somebody's deals, to which anything may happen at any time."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.deals: list[str] = []

    def one_day(self, day: date) -> None:
        """Let things happen from the first to the last instant of a business day."""
        begin, length = clock.start_of(day), int(timedelta(days=1) / timedelta(milliseconds=1))
        moments = sorted(self.random.sample(range(length), 5))
        for moment in (0, *moments, length - 1):
            with clock.at(begin + timedelta(milliseconds=moment)):
                self.something_happens()

    def something_happens(self) -> None:
        """Open a deal, or do something to one."""
        if not self.deals or self.random.random() < 0.4:
            self.deals.append(self._open())
            return
        deal = Opportunity.fetch(self.random.choice(self.deals))
        if deal.status == "VOIDED":
            self._write(deal, ownership.restore)
        elif self.random.random() < 0.15:
            self._write(deal, ownership.void)
        else:
            self._write(deal, lambda step, deal: step.change(deal, **deal.placed(**self._turn(deal))))

    def _turn(self, deal: Opportunity) -> dict[str, Any]:
        owner_id, team_id = self.random.choice(WHOSE)
        turns: list[dict[str, Any]] = [
            {"stage_id": self.random.choice(STAGES)},
            {"amount": Money(self.random.randrange(10**9), "CNY")},
            {"close_on": self.random.choice((None, FIRST + timedelta(days=40)))},
            {"owner_id": owner_id, "team_id": team_id},
            {"category_override": self.random.choice((None, "COMMIT"))},
            {"status": "OPEN", "closed_on": None},
            {"status": "WON", "closed_on": clock.today(), "opened_on": FIRST},
            {"status": "LOST", "closed_on": clock.today(), "opened_on": FIRST},
            {"next_step": "call"},
        ]
        return self.random.choice(turns)

    def _open(self) -> str:
        owner_id, team_id = self.random.choice(WHOSE)
        made = opportunities.bring_in(
            external_id=str(len(self.deals)),
            name="Press line",
            stage_id="qualification",
            owner_id=owner_id,
            team_id=team_id,
            amount=Money(1000, "CNY"),
            opened_on=self.random.choice((None, date(2025, 11, 3))),
        )
        assert made
        return made.id

    @staticmethod
    def _write(deal: Opportunity, how: Any) -> None:
        step = Step(by=REP.id)
        how(step, deal)
        step.commit()


def at_night(day: date) -> datetime:
    """Return when the night's work begins: business has gone on for an hour and a half."""
    return snapshots.end_of(day) + timedelta(minutes=90)


@pytest.mark.parametrize("seed", range(2))
def test_a_replayed_day_is_the_snapshot_of_that_day(stream: Stream, seed: int) -> None:
    business, days = Business(seed), [FIRST + timedelta(days=n) for n in range(4)]
    with clock.at(clock.start_of(FIRST)):
        opportunities.ensure_default_pipeline()

    for day in days:
        business.one_day(day)
        with clock.at(snapshots.end_of(day)):
            business.something_happens()
        stream.drain()
        with clock.at(at_night(day)):
            snapshots.keep(day, snapshots.taken(day))

    stream.drain()
    with clock.at(at_night(days[-1])):
        for day in days:
            assert snapshots.kept(day)
            assert snapshots.replayed(day) == snapshots.kept(day)
            assert snapshots.replayed(day, from_snapshot=False) == snapshots.kept(day)


def test_a_day_stored_twice_is_stored_once(stream: Stream) -> None:
    with clock.at(datetime(2026, 1, 29, tzinfo=UTC)):
        opportunities.ensure_default_pipeline()
        for _ in range(2):
            snapshots.keep(FIRST, {})

        assert snapshots.kept(FIRST) == {}
        assert snapshots.kept(FIRST + snapshots.DAY) is None
        assert len(list(Snapshot.by_place.query("snapshots"))) == 1


def test_a_day_stored_in_part_is_not_there(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.insight.forecasts.standing.MOST_BYTES", 300)
    deals = {f"opportunity_{n:026d}": standing(n) for n in range(20)}
    snapshots.keep(FIRST, {})
    snapshots.keep(FIRST + snapshots.DAY, deals)
    one = next(iter(Snapshot.by_place.query("snapshots", Snapshot.place.startswith("2026-01-29|"))))

    assert one.parts > 1
    assert snapshots.latest_before(FIRST + 2 * snapshots.DAY) == (FIRST + snapshots.DAY, deals)
    one.delete()
    assert snapshots.kept(FIRST + snapshots.DAY) is None
    assert snapshots.latest_before(FIRST + 2 * snapshots.DAY) == (FIRST, {})


def standing(number: int) -> Standing:
    """Return some deal's standing."""
    return Standing("pipeline|proposal", number, "CNY", None, "BEST_CASE", f"user_{number % 7}", None)


TEXTS = st.text("ab线", min_size=1, max_size=8)
STANDINGS = st.builds(
    Standing, TEXTS, st.integers(0, 10**15), TEXTS, st.none() | TEXTS, TEXTS, TEXTS, st.none() | TEXTS
)


@given(st.dictionaries(st.text("xyz", min_size=1, max_size=9), STANDINGS, max_size=20))
def test_what_is_packed_is_unpacked_the_same(deals: dict[str, Standing]) -> None:
    assert unpacked(*packed(deals)) == deals


def test_thousands_of_deals_go_into_parts_that_an_item_holds() -> None:
    deals = {f"opportunity_{n:026d}": standing(n * 10**9) for n in range(20_000)}

    parts = list(in_parts(deals))

    assert {deal_id: deal for part in parts for deal_id, deal in part.items()} == deals
    assert len(parts) < 10
    for part in parts:
        names, rows = packed(part)
        assert size_of(to_wire({"names": names, "deals": rows})) <= MOST_BYTES + 1000


def size_of(wire: dict[str, Any]) -> int:
    """Return DynamoDB's count of a value's bytes, as its guide has it."""
    [(kind, value)] = wire.items()
    match kind:
        case "M":
            return 3 + sum(1 + len(name.encode()) + size_of(member) for name, member in value.items())
        case "L":
            return 3 + sum(1 + size_of(member) for member in value)
        case "S":
            return len(value.encode())
        case "N":
            return len(value) // 2 + 2
    return 1
