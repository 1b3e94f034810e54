"""Figures over HTTP: whose they are, what they say, what they cost."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.measures import Cell
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
from tests.organisation.people.builders import hire_everybody

YEAR = {"from": "2026-01", "to": "2026-12"}
PATHS = (
    "/sales",
    "/sales/customers",
    "/sales/spread",
    "/leads",
    "/sla",
    "/orders",
    "/quotes",
    "/receivables",
)


def won(month: str, *, team: str = NORTH, owner: str = REP.id, amount: int = 100_00, days: int = 30) -> Any:
    """Return the cells of a deal that was won."""
    numbers = {"won_count": 1, "won_amount": amount, "won_days": days}
    return [
        Cell("sales|team", f"{month}|{team}|CNY", numbers),
        Cell("sales|owner", f"{month}|{owner}|CNY", numbers | {"units": 2}),
        Cell("sales|region", f"{month}|华东|CNY", numbers),
    ]


def lost(month: str, *, team: str = NORTH, owner: str = REP.id, days: int = 10) -> Any:
    """Return the cells of a deal that was lost."""
    numbers = {"lost_count": 1, "lost_days": days}
    return [
        Cell("sales|team", f"{month}|{team}|CNY", numbers),
        Cell("sales|owner", f"{month}|{owner}|CNY", numbers),
        Cell("sales|region", f"{month}|华东|CNY", numbers),
    ]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_reads_figures_without_signing_in(client: Client, path: str) -> None:
    assert client.get(f"/analytics{path}").status == 401


@pytest.mark.parametrize("path", ["/sales/customers", "/sales/spread", "/receivables"])
@pytest.mark.parametrize("who", [REP, MANAGER], ids=["rep", "manager"])
def test_figures_of_the_whole_company_are_for_those_who_see_all(client: Client, path: str, who: Any) -> None:
    assert client.get(f"/analytics{path}", by=who).status == 403


@pytest.mark.parametrize("path", ["/sales", "/leads", "/sla", "/orders", "/quotes"])
def test_a_rep_reads_by_owner_only_and_oneself_only(client: Client, path: str) -> None:
    assert client.get(f"/analytics{path}", by=REP, query={"by": "team"}).status == 403
    colleague = {"by": "owner", "member": COLLEAGUE.id}
    assert client.get(f"/analytics{path}", by=REP, query=colleague).status == 404
    assert client.get(f"/analytics{path}", by=REP).json["by"] == "owner"


def test_a_rep_sees_none_of_a_colleagues_sales(client: Client) -> None:
    fill([*won("2026-03"), *won("2026-03", owner=COLLEAGUE.id, amount=900_00)])

    shown = client.get("/analytics/sales", by=REP, query=YEAR).json

    assert [row["member"] for row in shown["rows"]] == [REP.id]
    assert shown["totals"][0]["revenue"] == {"amount": "100.00", "currency": "CNY"}


def test_a_manager_sees_the_teams_managed_and_no_other(client: Client) -> None:
    fill([*won("2026-03"), *won("2026-03", team=SOUTH, owner=STRANGER.id, amount=900_00)])

    shown = client.get("/analytics/sales", by=MANAGER, query=YEAR).json

    assert [row["member"] for row in shown["rows"]] == [NORTH]
    assert shown["totals"][0]["won"] == 1
    other = {"by": "team", "member": SOUTH}
    assert client.get("/analytics/sales", by=MANAGER, query=other).status == 404
    assert client.get("/analytics/sales", by=MANAGER, query={"by": "region"}).status == 403


def test_people_and_teams_are_called_by_their_names(client: Client) -> None:
    hire_everybody()
    fill([*won("2026-03"), *won("2026-03", owner=STRANGER.id, team=SOUTH)])

    by_owner = client.get("/analytics/sales", by=OPERATIONS, query=YEAR | {"by": "owner"}).json
    by_team = client.get("/analytics/sales", by=OPERATIONS, query=YEAR).json

    assert {row["name"] for row in by_owner["rows"]} == {"Rita 王丽", "Sam"}
    assert {row["name"] for row in by_team["rows"]} == {"North 北区", "South 南区"}


def test_a_manager_reads_the_people_of_the_team_by_name(client: Client) -> None:
    hire_everybody()
    fill([*won("2026-03"), *won("2026-03", owner=STRANGER.id, team=SOUTH)])

    shown = client.get("/analytics/sales", by=MANAGER, query=YEAR | {"by": "owner"}).json
    query = {"by": "owner", "member": STRANGER.id}

    assert [row["name"] for row in shown["rows"]] == ["Rita 王丽"]
    assert client.get("/analytics/sales", by=MANAGER, query=query).status == 404


def test_sales_show_rates_with_the_numbers_they_are_made_of(client: Client) -> None:
    fill([*won("2026-03", amount=100_00), *won("2026-04", amount=201_00, days=11), *lost("2026-04")])

    shown = client.get("/analytics/sales", by=OPERATIONS, query=YEAR | {"by": "region"}).json

    assert shown["first_month"] == "2026-01"
    assert shown["rows"] == [
        {
            "period": None,
            "member": "华东",
            "name": "华东",
            "won": 2,
            "lost": 1,
            "lost_reasons": [],
            "win_rate": {"part": 2, "whole": 3, "percent": "66.6667"},
            "revenue": {"amount": "301.00", "currency": "CNY"},
            "mean_deal": {"amount": "150.500000", "currency": "CNY"},
            "won_cycle": {"total": 41, "count": 2, "value": "20.5000"},
            "lost_cycle": {"total": 10, "count": 1, "value": "10.0000"},
            "units": 0,
        }
    ]


def test_periods_come_in_order_and_the_largest_first(client: Client) -> None:
    fill([*won("2026-02"), *won("2026-05", owner=STRANGER.id, amount=1), *won("2026-05", amount=5)])

    query = YEAR | {"by": "owner", "group": "quarter"}
    shown = client.get("/analytics/sales", by=FINANCE, query=query).json

    assert [(row["period"], row["member"]) for row in shown["rows"]] == [
        ("2026-Q1", REP.id),
        ("2026-Q2", REP.id),
        ("2026-Q2", STRANGER.id),
    ]
    assert [(total["period"], total["won"]) for total in shown["totals"]] == [("2026-Q1", 1), ("2026-Q2", 2)]


def test_currencies_are_never_added(client: Client) -> None:
    fill([*won("2026-02"), Cell("sales|team", f"2026-02|{NORTH}|USD", {"won_count": 1, "won_amount": 7})])

    shown = client.get("/analytics/sales", by=OPERATIONS, query=YEAR).json

    assert [total["revenue"]["currency"] for total in shown["totals"]] == ["CNY", "USD"]


@pytest.mark.parametrize("path", PATHS)
def test_no_data_is_no_error(client: Client, path: str) -> None:
    reply = client.get(f"/analytics{path}", by=OPERATIONS)

    assert reply.status == 200
    assert reply.json.get("rows", []) == []


def test_every_wrong_parameter_is_named(client: Client) -> None:
    reply = client.get(
        "/analytics/sales", by=OPERATIONS, query={"from": "2026-13", "by": "moon", "group": "week", "x": 1}
    )

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {"from", "by", "group", "x"}


def test_leads_and_first_contacts_are_read_from_the_same_counts(client: Client) -> None:
    numbers = {"created": 4, "contacted": 3, "in_time": 2, "late": 1, "breached": 1}
    more = {"qualified": 2, "unqualified": 1, "converted": 1, "response_minutes": 90}
    fill([Cell("leads|source", "2026-03|web", numbers | more)])
    query = YEAR | {"by": "source"}

    [lead] = client.get("/analytics/leads", by=READ_ONLY, query=query).json["rows"]
    [first] = client.get("/analytics/sla", by=READ_ONLY, query=query).json["rows"]

    assert lead["conversion"] == {"part": 1, "whole": 4, "percent": "25.0000"}
    assert first["attainment"] == {"part": 2, "whole": 3, "percent": "66.6667"}
    assert first["response"]["value"] == "30.0000"


def test_what_falls_due_is_shown_a_year_ahead_without_asking(client: Client) -> None:
    fill(
        [Cell("receivables", f"{month}|CNY", {"due": 500_00}) for month in ("2026-04", "2027-06", "2027-07")]
    )

    with clock.at(datetime(2026, 6, 15, tzinfo=UTC)):
        rows = client.get("/analytics/receivables", by=FINANCE).json["rows"]

    assert [row["month"] for row in rows] == ["2026-04", "2027-06"]


def test_orders_and_what_falls_due(client: Client) -> None:
    numbers = {"count": 2, "amount": 500_00, "paid": 200_00, "shipped_units": 3, "refunded": 1_00}
    numbers |= {"margin": 100_00, "margin_of": 400_00}
    gone = {"cancelled_count": 1, "cancelled_amount": 80_00}
    fill(
        [
            Cell("orders|team", f"2026-03|{NORTH}|CNY", numbers | gone),
            Cell("receivables", "2026-04|CNY", {"due": 500_00, "paid": 200_00}),
        ]
    )

    [order] = client.get("/analytics/orders", by=FINANCE, query=YEAR).json["rows"]
    [without_costs] = client.get("/analytics/orders", by=READ_ONLY, query=YEAR).json["rows"]
    [due] = client.get("/analytics/receivables", by=FINANCE, query=YEAR).json["rows"]

    assert order["paid_share"]["percent"] == "40.0000"
    assert order["cancelled_amount"]["amount"] == "80.00"
    assert (order["refunded"]["amount"], order["margin"]["percent"]) == ("1.00", "25.0000")
    assert without_costs["margin"] is None
    assert due["open"] == {"amount": "300.00", "currency": "CNY"}


def test_the_largest_customers_come_first(client: Client) -> None:
    small, large = "account_00000000000000000000000AAA", "account_00000000000000000000000BBB"
    fill(
        [
            Cell("customers|2026|CNY", small, {"won_count": 9, "won_amount": 10_00}, rank="won_amount"),
            Cell("customers|2026|CNY", large, {"won_count": 1, "won_amount": 99_00}, rank="won_amount"),
            Cell("accounts|customers", "2026-03|华东", {"count": 2}),
            Cell("accounts|customers", "2025-03|华东", {"count": 5}),
        ]
    )

    shown = client.get("/analytics/sales/customers", by=OPERATIONS, query={"year": "2026"}).json

    assert [(row["account_id"], row["won"]) for row in shown["rows"]] == [(large, 1), (small, 9)]
    assert shown["customers_won"] == 2


def test_figures_cost_the_same_whatever_the_number_of_records(client: Client) -> None:
    for month in range(1, 13):
        fill([*won(f"2026-{month:02d}"), *lost(f"2026-{month:02d}", owner=STRANGER.id)])

    for path, query, most in (
        ("/sales", YEAR | {"by": "region"}, 1),
        ("/sales", YEAR | {"by": "owner", "group": "month"}, 1),
        ("/sales/customers", {}, 2),
        ("/leads", YEAR, 1),
        ("/sla", YEAR, 1),
        ("/orders", YEAR, 1),
        ("/receivables", YEAR, 1),
    ):
        with calls() as counted:
            assert client.get(f"/analytics{path}", by=OPERATIONS, query=query).status == 200
        assert counted["Query"] == most, path
        assert counted["BatchGetItem"] <= 1
        assert counted.keys() <= {"Query", "BatchGetItem"}


def test_quotes_are_read_with_their_win_rate_and_what_was_given_away(client: Client) -> None:
    hire_everybody()
    sent = {"sent_count": 1, "sent_amount": 90_00, "list_amount": 100_00, "discount_amount": 10_00}
    ends: tuple[dict[str, int], ...] = (
        {"accepted_count": 1, "accepted_amount": 90_00},
        {"rejected_count": 1},
        {"expired_count": 1},
        {},
    )
    fill([Cell("quotes|owner", f"2026-03|{REP.id}|CNY", {**sent, **end}) for end in ends])

    [row] = client.get("/analytics/quotes", by=REP, query=YEAR).json["rows"]

    assert (row["sent"], row["accepted"], row["rejected"], row["expired"]) == (4, 1, 1, 1)
    assert (row["amount"]["amount"], row["accepted_amount"]["amount"]) == ("360.00", "90.00")
    assert (row["win_rate"]["percent"], row["discount"]["percent"]) == ("33.3333", "10.0000")
