"""The funnel: what stands in each stage, what passes on, and where it stops."""

from typing import Any

from chalicelib.core.measures import Cell
from chalicelib.sales.opportunities import service as opportunities
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, STRANGER, Client
from tests.insight.analytics.boards import calls, fill
from tests.sales.opportunities import builders as deals

DAY = 86_400
YEAR = {"from": "2026-01", "to": "2026-12"}


def standing(stage: str, *, dim: str = "team", member: str = NORTH, currency: str = "CNY") -> Cell:
    """Return the cell of an open deal of 100.00 in a stage."""
    numbers = {f"{stage}.count": 1, f"{stage}.amount": 100_00, f"{stage}.weighted": 25_00}
    return Cell(f"pipeline|{pipeline()}|{dim}", f"{member}|{currency}", numbers)


def passed(stage: str, *, dim: str = "team", member: str = NORTH, month: str = "2026-03", **n: int) -> Cell:
    """Return the cell of a deal's way through a stage."""
    numbers = {f"{stage}.{name}": number for name, number in n.items()}
    return Cell(f"flow|{pipeline()}|{dim}", f"{month}|{member}", numbers)


def pipeline() -> str:
    """Return the default pipeline's id."""
    return opportunities.pipeline(None).id


def stage(shown: Any, stage_id: str) -> Any:
    """Return one stage of an answer."""
    return next(each for each in shown["stages"] if each["stage_id"] == stage_id)


def test_nobody_reads_a_funnel_without_signing_in(client: Client) -> None:
    assert client.get("/analytics/funnel").status == 401


def test_a_rep_reads_the_own_funnel_only(client: Client) -> None:
    fill(
        [
            standing("proposal", dim="owner", member=REP.id),
            standing("proposal", dim="owner", member=COLLEAGUE.id),
        ]
    )

    assert stage(client.get("/analytics/funnel", by=REP).json, "proposal")["count"] == 1
    other = {"by": "owner", "member": COLLEAGUE.id}
    assert client.get("/analytics/funnel", by=REP, query=other).status == 404
    assert client.get("/analytics/funnel", by=REP, query={"by": "region"}).status == 403


def test_a_manager_reads_the_teams_managed(client: Client) -> None:
    fill([standing("proposal"), standing("proposal", member=SOUTH)])

    shown = client.get("/analytics/funnel", by=MANAGER).json

    assert stage(shown, "proposal")["count"] == 1
    assert [each["member"] for each in shown["members"]] == [NORTH]


def test_an_unknown_pipeline_is_not_found(client: Client) -> None:
    query = {"pipeline_id": "pipeline_01ARZ3NDEKTSV4RRFFQ69G5FAV"}

    assert client.get("/analytics/funnel", by=OPERATIONS, query=query).status == 404


def test_stages_come_in_their_order_and_in_the_readers_language(client: Client) -> None:
    shown = client.get("/analytics/funnel", by=OPERATIONS, headers={"Accept-Language": "zh-CN"}).json

    names = [each["name"] for each in shown["stages"]]
    assert names == ["需求确认", "需求分析", "方案报价", "谈判"]


def test_a_stage_without_a_name_in_the_readers_language_is_called_by_the_other(client: Client) -> None:
    of = deals.a_pipeline(deals.stage("first")).id

    reply = client.get(
        "/analytics/funnel", by=OPERATIONS, query={"pipeline_id": of}, headers={"Accept-Language": "zh-CN"}
    )

    assert [each["name"] for each in reply.json["stages"]] == ["First"]


def test_an_empty_pipeline_has_zeros_and_no_bottleneck(client: Client) -> None:
    shown = client.get("/analytics/funnel", by=OPERATIONS).json

    assert shown["bottleneck"] is None
    assert stage(shown, "proposal") == {
        "stage_id": "proposal",
        "name": "Proposal",
        "count": 0,
        "standing": [],
        "entered": 0,
        "advanced": 0,
        "lost": 0,
        "conversion": {"part": 0, "whole": 0, "percent": None},
        "dwell": {"total": 0, "count": 0, "value": None},
    }


def test_what_stands_is_summed_by_currency(client: Client) -> None:
    fill([standing("proposal"), standing("proposal"), standing("proposal", currency="USD")])

    proposal = stage(client.get("/analytics/funnel", by=OPERATIONS).json, "proposal")

    assert proposal["count"] == 3
    assert [each["amount"] for each in proposal["standing"]] == [
        {"amount": "200.00", "currency": "CNY"},
        {"amount": "100.00", "currency": "USD"},
    ]
    assert proposal["standing"][0]["weighted"]["amount"] == "50.00"


def test_the_stage_that_fewest_get_beyond_is_the_bottleneck(client: Client) -> None:
    fill(
        [
            passed("qualification", entered=10, advanced=8, dwell_seconds=16 * DAY, dwell_count=8),
            passed("needs_analysis", entered=8, advanced=2, lost=3, dwell_seconds=50 * DAY, dwell_count=4),
            passed("proposal", entered=2),
        ]
    )

    shown = client.get("/analytics/funnel", by=OPERATIONS, query=YEAR).json

    assert shown["bottleneck"] == "needs_analysis"
    needs = stage(shown, "needs_analysis")
    assert needs["conversion"] == {"part": 2, "whole": 8, "percent": "25.0000"}
    assert needs["dwell"]["value"] == "12.5000"


def test_of_equal_stages_the_slower_is_the_bottleneck(client: Client) -> None:
    fill(
        [
            passed("qualification", entered=4, advanced=2, dwell_seconds=2 * DAY, dwell_count=2),
            passed("proposal", entered=4, advanced=2, dwell_seconds=9 * DAY, dwell_count=2),
        ]
    )

    assert client.get("/analytics/funnel", by=OPERATIONS, query=YEAR).json["bottleneck"] == "proposal"


def test_only_deals_opened_in_the_months_asked_for_have_passed(client: Client) -> None:
    fill(
        [
            passed("proposal", month="2025-12", entered=5),
            passed("proposal", month="2026-12", entered=3),
            passed("proposal", month="2027-01", entered=1),
        ]
    )

    shown = client.get("/analytics/funnel", by=OPERATIONS, query=YEAR).json

    assert stage(shown, "proposal")["entered"] == 3


def test_a_funnel_costs_two_queries_whatever_the_number_of_members(client: Client) -> None:
    fill([standing("proposal", dim="owner", member=f"user_{n:026d}") for n in range(90)])
    fill([standing("proposal", dim="owner", member=STRANGER.id)])

    with calls() as counted:
        shown = client.get("/analytics/funnel", by=OPERATIONS, query={"by": "owner"}).json

    assert stage(shown, "proposal")["count"] == 91
    assert counted == {"Query": 2, "GetItem": 1, "BatchGetItem": 1}
