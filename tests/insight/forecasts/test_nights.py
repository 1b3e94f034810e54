"""What is kept every night: the open deals, and the figures to be judged later."""

from datetime import date, timedelta

import pytest

import app as front_door
from chalicelib.core import clock
from chalicelib.insight.forecasts import runs, service, snapshots
from chalicelib.insight.forecasts.automatic import forecast_deals
from chalicelib.insight.forecasts.deals import Deal, last_day, revenue_by_month
from chalicelib.insight.forecasts.lives import life
from chalicelib.insight.forecasts.models import Run, Snapshot, id_of_day
from chalicelib.insight.forecasts.standing import Standing
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import NORTH, SOUTH, STRANGER
from tests.insight.forecasts.company import TODAY, deal, eighteen_months, night_after, won
from tests.insight.forecasts.data import maven_deals
from tests.organisation.people.builders import hire_everybody
from tests.streams import Stream

YESTERDAY = date(2026, 11, 21)


def kept(segment: str, day: date = YESTERDAY) -> Run:
    return Run.fetch(id_of_day(Run.kind, day, segment, "CNY"))


def snapshot_days() -> dict[str, bool]:
    return {str(each.day): each.replayed for each in Snapshot.by_place.query("snapshots")}


def test_a_night_keeps_the_open_deals_and_figures_for_the_company_and_each_team(stream: Stream) -> None:
    hire_everybody()
    with clock.at(TODAY - timedelta(days=2)):
        eighteen_months()
        won("south", date(2026, 10, 9), 77, team_id=SOUTH, owner_id=STRANGER.id)
        still_open = deal("open")
        stream.drain()

    with clock.at(night_after(YESTERDAY)):
        service.close_day(YESTERDAY)
        service.close_day(YESTERDAY)

    assert set(snapshots.kept(YESTERDAY) or {}) == {still_open.id}
    assert kept(runs.COMPANY).months == ["2026-11", "2026-12", "2027-01"]
    assert kept(runs.COMPANY).shortage is None
    assert kept(runs.COMPANY).backtest["cutoffs"] == 12
    assert kept(SOUTH).expected == [7700] * 3
    assert kept(SOUTH).shortage == "too_few_cutoffs"
    assert kept(NORTH).totals[0] == [kept(NORTH).p10[0], kept(NORTH).expected[0], kept(NORTH).p90[0]]


def test_the_front_doors_night_closes_the_day_that_has_ended(stream: Stream) -> None:
    hire_everybody()
    with clock.at(night_after(YESTERDAY)):
        event = {"version": "0", "account": "", "region": "", "detail": {}, "detail-type": "", "source": ""}
        front_door.nightly({**event, "time": "", "id": "", "resources": []}, _Context())

    assert kept(runs.COMPANY).shortage == "no_finished_month"
    assert snapshot_days() == {"2026-11-21": False}


def test_days_that_were_missed_are_made_up_for(stream: Stream) -> None:
    hire_everybody()
    with clock.at(night_after(YESTERDAY - timedelta(days=3))):
        service.close_day(YESTERDAY - timedelta(days=3))
    with clock.at(clock.start_of(YESTERDAY - timedelta(days=1))):
        opened = deal("opened the day before yesterday")
    stream.drain()

    with clock.at(night_after(YESTERDAY)):
        service.close_day(YESTERDAY)

    assert snapshot_days() == {
        "2026-11-18": False,
        "2026-11-19": True,
        "2026-11-20": True,
        "2026-11-21": False,
    }
    assert snapshots.kept(YESTERDAY - timedelta(days=2)) == {}
    assert set(snapshots.kept(YESTERDAY - timedelta(days=1)) or {}) == {opened.id}
    assert kept(runs.COMPANY, YESTERDAY - timedelta(days=1)).replayed


def test_a_change_that_has_not_reached_the_log_yet_is_waited_for(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire_everybody()
    with clock.at(night_after(YESTERDAY)):
        deal("opened this very second")
        monkeypatch.setattr("time.sleep", lambda _: stream.drain())
        service.snapshot_day(YESTERDAY)

    assert snapshots.kept(YESTERDAY) == {}


def test_the_nights_figures_are_those_of_the_forecast_of_deals() -> None:
    cutoff = date(2017, 11, 30)
    found = forecast_deals(maven_deals(), cutoff, horizon=3)

    run = runs.made(cutoff, runs.COMPANY, "USD", revenue_by_month(maven_deals()), maven_deals())

    assert run.method == found.method
    assert run.months == ["2017-12", "2018-01", "2018-02"]
    assert run.expected == [round(figure) for figure in found.expected]
    assert found.total is not None
    assert run.totals[2] == [round(found.total.p10), round(found.total.expected), round(found.total.p90)]


def test_a_month_without_a_sale_is_a_month_of_nothing() -> None:
    rows = {
        "2026-01|t|CNY": {"won_count": 1, "won_amount": 5},
        "2026-02|t|CNY": {"lost_count": 1},
        "2026-03|u|CNY": {"won_amount": 7},
        "2026-03|t|USD": {"won_amount": 9},
    }

    assert runs.won_by_month(rows, None, "CNY") == {"2026-01": 5, "2026-03": 7}
    assert runs.won_by_month(rows, frozenset({"t"}), "CNY") == {"2026-01": 5}


@pytest.fixture
def won_dearly(tables: None) -> Opportunity:
    return won("dear", date(2026, 3, 12), 500)


SEEN = {
    last_day(12 * 2026 + month): Standing("p|" + stage, minor, "CNY", None, "COMMIT", "o", None)
    for month, stage, minor in ((0, "proposal", 10), (1, "negotiation", 20))
}


def test_a_won_deal_was_worth_what_it_was_before_it_was_won(won_dearly: Opportunity) -> None:
    found = life(won_dearly, SEEN, with_stages=True).deal

    assert (found.amount_minor, found.won_minor, found.won) == (20, 500_00, True)
    assert found.stage_on(date(2026, 2, 28)) == "p|negotiation"
    assert found.stage_on(date(2026, 2, 27)) == "p|proposal"


def test_without_snapshots_a_deal_has_one_stage_and_one_amount(won_dearly: Opportunity) -> None:
    assert life(won_dearly, {}, with_stages=False).deal == Deal(
        date(2026, 3, 2), date(2026, 3, 12), won=True, amount_minor=500_00, won_minor=500_00
    )


class _Context:
    function_name = "nightly"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:nightly"
    aws_request_id = "invocation-1"
