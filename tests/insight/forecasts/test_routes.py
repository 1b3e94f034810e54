"""Forecasts over HTTP: first the stranger, then wrong input, then what is told, and what it costs."""

from datetime import date
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.core.step import change
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import (
    COLLEAGUE,
    FINANCE,
    MANAGER,
    NORTH,
    OPERATIONS,
    READ_ONLY,
    REP,
    SOUTH,
    STRANGER,
    Client,
)
from tests.insight.analytics.boards import calls, fill
from tests.insight.forecasts.company import TODAY, deal, get, months, sold, sold_for_eighteen_months, won
from tests.organisation.people.builders import hire_everybody
from tests.streams import Stream

FACTOR = {
    "percent": 10,
    "reason": "Fair in Shanghai 上海展会",
    "first_month": "2026-12",
    "last_month": "2026-12",
}


@pytest.mark.parametrize("path", ["outlook", "accuracy", "replay", "factors"])
def test_nobody_reads_forecasts_without_signing_in(client: Client, path: str) -> None:
    assert get(client, path).status == 401


@pytest.mark.parametrize("path", ["outlook", "replay", "accuracy"])
def test_the_forecast_of_another_team_looks_like_one_that_is_not_there(client: Client, path: str) -> None:
    hire_everybody()
    query = {"day": "2026-11-20"} if path == "replay" else {}
    nowhere = "team_00000000000000000000000ZZZ"

    for who, team_id in ((REP, NORTH), (MANAGER, SOUTH), (OPERATIONS, nowhere)):
        assert get(client, path, by=who, query={**query, "team_id": team_id}).status == 404


def test_a_rep_does_not_read_a_colleagues_forecast_and_a_manager_does(client: Client) -> None:
    hire_everybody()

    assert get(client, "outlook", by=REP, query={"owner_id": COLLEAGUE.id}).status == 404
    assert get(client, "outlook", by=MANAGER, query={"owner_id": STRANGER.id}).status == 404
    assert get(client, "outlook", by=MANAGER, query={"owner_id": COLLEAGUE.id}).status == 200


def test_every_wrong_field_is_named_at_once(client: Client) -> None:
    wrong = {"months": 4, "currency": "XXQ", "team_id": "north", "colour": "red"}

    reply = get(client, "outlook", by=OPERATIONS, query=wrong)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == set(wrong)


def test_a_team_and_an_owner_at_once_are_refused(client: Client) -> None:
    hire_everybody()

    reply = get(client, "outlook", by=OPERATIONS, query={"team_id": NORTH, "owner_id": REP.id})

    assert [error["field"] for error in reply.json["errors"]] == ["owner_id", "team_id"]


def test_the_outlook_says_how_it_was_found_and_how_far_off_that_was(client: Client) -> None:
    sold_for_eighteen_months()

    told = get(client, "outlook", by=READ_ONLY).json

    assert (told["answer"], told["as_of"], told["shortage"]) == ("forecast", "2026-11-21", None)
    assert [month["month"] for month in told["months"]] == ["2026-11", "2026-12", "2027-01"]
    assert told["method"] in {each["method"] for each in told["candidates"]}
    assert told["backtest"]["cutoffs"] == 12
    for month in told["months"]:
        figures = month["figures"]
        ends = [float(figures[name]["amount"]) for name in ("p10", "p50", "p90")]
        assert ends == sorted(ends)
        assert month["figures"] == month["before_factors"]


def test_two_months_together_are_the_sum_of_their_figures(client: Client) -> None:
    sold_for_eighteen_months()

    told = get(client, "outlook", by=READ_ONLY, query={"months": 2}).json

    p50s = [float(month["figures"]["p50"]["amount"]) for month in told["months"]]
    assert len(p50s) == 2
    assert float(told["total"]["p50"]["amount"]) == pytest.approx(sum(p50s), abs=0.02)


def test_a_young_company_gets_a_range_and_is_told_why(client: Client) -> None:
    fill([*sold("2026-08", 100), *sold("2026-09", 140), *sold("2026-10", 120)])

    told = get(client, "outlook", by=READ_ONLY).json

    assert (told["answer"], told["shortage"]) == ("not_enough_history", "too_few_cutoffs")
    assert {month["figures"]["p50"] is None for month in told["months"]} == {True}
    assert told["total"]["p50"] is None
    assert float(told["total"]["p90"]["amount"]) > 0


def test_a_company_that_has_sold_nothing_gets_no_figures(client: Client) -> None:
    told = get(client, "outlook", by=READ_ONLY).json

    assert (told["answer"], told["shortage"]) == ("not_enough_history", "no_finished_month")
    assert (told["months"], told["total"]) == ([], None)


def test_what_is_won_and_open_moves_with_the_stream(client: Client, stream: Stream) -> None:
    hire_everybody()
    with clock.at(TODAY):
        opened = deal("open", amount=Money(1000_00, "CNY"))
        deal("of others", team_id=SOUTH, owner_id=STRANGER.id)
        stream.drain()
        before = get(client, "outlook", by=MANAGER).json["live"]
        raw = Opportunity.fetch(opened.id)
        closing = raw.placed(status="WON", stage_id="won", closed_on=date(2026, 11, 22))
        change(raw, by=REP.id, **closing)
        stream.drain()
        after = get(client, "outlook", by=MANAGER).json["live"]

    best_case = {"category": "BEST_CASE", "count": 1, "amount": {"amount": "1000.00", "currency": "CNY"}}
    assert best_case in before["categories"]
    assert (before["weighted"]["amount"], before["won_so_far"]["amount"]) == ("500.00", "0.00")
    assert (after["weighted"]["amount"], after["won_so_far"]["amount"]) == ("0.00", "1000.00")
    assert {category["count"] for category in after["categories"]} == {0}


def test_the_present_months_figures_are_never_below_what_is_won(client: Client) -> None:
    sold_for_eighteen_months()
    fill(sold("2026-11", 5000))

    told = get(client, "outlook", by=READ_ONLY).json

    november = told["months"][0]
    assert {november["figures"][name]["amount"] for name in ("p10", "p50", "p90")} == {"5000.00"}
    assert november["before_factors"]["p50"]["amount"] != "5000.00"


def test_a_rep_sees_a_part_of_the_teams_figures_and_not_the_teams(client: Client) -> None:
    hire_everybody()
    sold_for_eighteen_months()
    fill(cell for day, revenue in months() for cell in sold(clock.month(day), revenue, owner=COLLEAGUE.id))

    told = get(client, "outlook", by=REP).json
    teams = get(client, "outlook", by=MANAGER).json

    assert (told["answer"], told["owner_id"]) == ("share_of_team", REP.id)
    assert (told["months"], told["total"]) == ([], None)
    whole = [float(month["figures"]["p50"]["amount"]) for month in teams["months"]]
    assert [float(part["amount"]["amount"]) for part in told["share"]] == pytest.approx(
        [figure / 2 for figure in whole], abs=0.01
    )


def test_an_owner_without_a_team_has_the_live_part_alone(client: Client) -> None:
    hire_everybody()
    sold_for_eighteen_months()

    told = get(client, "outlook", by=OPERATIONS, query={"owner_id": OPERATIONS.id}).json

    assert (told["answer"], told["share"], told["months"]) == ("not_enough_history", [], [])
    assert told["live"]["month"] == "2026-11"


def test_a_market_factor_moves_the_figures_of_its_months_visibly(client: Client) -> None:
    sold_for_eighteen_months()
    assert client.post("/forecasts/factors", FACTOR, by=MANAGER).status == 403
    factor = client.post("/forecasts/factors", FACTOR, by=OPERATIONS).json

    november, december, january = get(client, "outlook", by=FINANCE).json["months"]

    applied = {name: factor[name] for name in ("id", "percent", "reason")}
    assert (november["factors"], december["factors"], january["factors"]) == ([], [applied], [])
    for name in ("p10", "p50", "p90"):
        before, after = (float(december[key][name]["amount"]) for key in ("before_factors", "figures"))
        assert after == pytest.approx(before * 1.1, abs=0.01)
    assert january["figures"] == january["before_factors"]


def test_a_market_factor_is_changed_and_taken_out_again(client: Client) -> None:
    wrong = client.post("/forecasts/factors", {**FACTOR, "last_month": "2026-11"}, by=OPERATIONS)
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (400, "last_month")
    factor = client.post("/forecasts/factors", FACTOR, by=OPERATIONS).json
    path = f"/forecasts/factors/{factor['id']}"

    assert client.patch(path, {"percent": -100}, by=OPERATIONS, match=1).status == 400
    assert client.patch(path, {"percent": None}, by=OPERATIONS, match=1).status == 400
    changed = client.patch(path, {"percent": -20}, by=OPERATIONS, match=1)
    assert (changed.status, changed.json["percent"]) == (200, -20)
    assert client.delete(path, by=OPERATIONS, match=1).status == 412
    assert client.delete(path, by=OPERATIONS, match=2).json["status"] == "VOIDED"
    assert client.delete(path, by=OPERATIONS, match=3).status == 409
    assert client.get("/forecasts/factors", by=REP).json["items"] == []
    assert client.get(path, by=REP).json["status"] == "VOIDED"


@pytest.mark.parametrize(("who", "most"), [(OPERATIONS, 6), (MANAGER, 7), (REP, 10)])
def test_the_outlook_costs_the_same_however_many_deals_there_are(
    client: Client, stream: Stream, who: Any, most: int
) -> None:
    hire_everybody()
    costs = []
    with clock.at(TODAY):
        for batch in range(2):
            for number in range(1 + 9 * batch):
                won(f"won {batch} {number}", date(2026, 9, 12), 10)
                deal(f"open {batch} {number}")
            stream.drain()
            client.get("/forecasts/outlook", by=who)
            with calls() as counted:
                assert client.get("/forecasts/outlook", by=who).status == 200
            costs.append(counted)

    assert costs[0] == costs[1]
    assert costs[0].total() <= most
