"""Looking back over HTTP: a past day's deals and forecast, and forecasts against what came."""

from datetime import date, timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.insight.forecasts import service
from chalicelib.sales.opportunities import service as opportunities
from tests.client import MANAGER, OPERATIONS, REP, SOUTH, STRANGER, Client
from tests.insight.forecasts.company import TODAY, deal, eighteen_months, get, night_after
from tests.organisation.people.builders import hire_everybody
from tests.streams import Stream

YESTERDAY = date(2026, 11, 21)


def test_a_past_day_is_replayed_with_the_forecast_of_that_day(client: Client, stream: Stream) -> None:
    hire_everybody()
    with clock.at(TODAY - timedelta(days=2)):
        eighteen_months()
        deal("north", amount=Money(250_00, "CNY"))
        deal("south", team_id=SOUTH, owner_id=STRANGER.id)
        stream.drain()
    with clock.at(night_after(YESTERDAY)):
        service.close_day(YESTERDAY)
        deal("opened since")
        stream.drain()

    day = get(client, "replay", by=OPERATIONS, query={"day": YESTERDAY}).json
    of_north = get(client, "replay", by=MANAGER, query={"day": YESTERDAY}).json
    of_rep = get(client, "replay", by=REP, query={"day": YESTERDAY}).json

    assert (day["count"], day["amount"]["amount"], day["agrees"]) == (2, "350.00", True)
    assert (of_north["count"], of_north["amount"]["amount"]) == (1, "250.00")
    assert (of_rep["count"], of_rep["months"]) == (1, [])
    assert day["months"] == ["2026-11", "2026-12", "2027-01"]
    stage = f"{opportunities.ensure_default_pipeline().id}|proposal"
    assert day["stages"] == [{"name": stage, "count": 2, "amount": day["amount"]}]
    assert day["categories"] == [{"name": "BEST_CASE", "count": 2, "amount": day["amount"]}]


def test_the_forecast_of_a_day_without_a_night_is_made_as_it_would_have_been(
    client: Client, stream: Stream
) -> None:
    with clock.at(TODAY):
        eighteen_months()
        stream.drain()

    then = get(client, "replay", by=OPERATIONS, query={"day": "2026-09-30"}).json

    assert (then["count"], then["agrees"]) == (0, None)
    assert then["months"] == ["2026-10", "2026-11", "2026-12"]
    assert then["shortage"] is None


def test_a_day_that_is_not_over_is_not_replayed(client: Client) -> None:
    reply = get(client, "replay", by=OPERATIONS, query={"day": "2026-11-22"})

    assert (reply.status, reply.json["errors"][0]["code"]) == (400, "day_not_over")


def test_past_forecasts_are_held_against_what_came(client: Client, stream: Stream) -> None:
    hire_everybody()
    with clock.at(TODAY):
        eighteen_months()
        stream.drain()
    for day in (date(2026, 8, 31), date(2026, 9, 30)):
        with clock.at(night_after(day)):
            service.run_forecasts(day)

    told = get(client, "accuracy", by=MANAGER).json

    september, october = told["months"]
    assert (september["month"], october["month"]) == ("2026-09", "2026-10")
    assert october["actual"] == {"amount": "1640.00", "currency": "CNY"}
    missed = 100 * (float(october["p50"]["amount"]) - 1640) / 1640
    assert float(october["error"]) == pytest.approx(missed, abs=0.01)
    assert float(october["accuracy"]) == pytest.approx(100 - abs(missed), abs=0.01)
    assert float(told["wape"]) < 10
