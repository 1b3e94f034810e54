"""A real company's 8,800 deals come in by the import API, and the API answers the reference figures.

The figures themselves are held, one by one, in ``tests/insight/analytics/test_reference.py``; here
the whole way is walked: files, mapping, repairs, report, streams, aggregates, answers.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import ADMIN, OPERATIONS, Client
from tests.organisation.people.builders import hire_everybody
from tests.platform.imports.bringing import bring_in, make_bucket

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "maven_crm"
STAGES = [("Prospecting", "OPEN", 10), ("Engaging", "OPEN", 40), ("Won", "WON", 100), ("Lost", "LOST", 0)]
CATEGORIES = {"OPEN": "PIPELINE", "WON": "CLOSED", "LOST": "OMITTED"}
LOST = {"id": "unknown", "names": {"en": "Unknown", "zh-CN": "未知"}}
DOLLARS = {"currency": "USD"}
MAPPINGS: dict[str, dict[str, Any]] = {
    "products": {
        "columns": {"product": "name", "series": "family", "sales_price": "price"},
        "constants": DOLLARS,
    },
    "accounts": {
        "columns": {"account": "name", "sector": "industry", "office_location": "country"}
        | {"employees": "employees"},
    },
    "opportunities": {
        "columns": {
            "opportunity_id": "external_id",
            "sales_agent": "owner",
            "product": "product",
            "account": "account",
            "deal_stage": "stage",
            "engage_date": "opened_on",
            "close_date": "closed_on",
            "close_value": "amount",
        },
        "replace": {"product": {"GTXPro": "GTX Pro"}},
        # A lost deal is written down with nothing; it stood open at its list price.
        "blanks": ["0"],
        "constants": {"pipeline": "Maven", "closed_from": "Engaging", **DOLLARS},
    },
}
FILES = {"products": "products.csv", "accounts": "accounts.csv", "opportunities": "sales_pipeline.csv"}

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the data sets lie beside the checkout"),
    pytest.mark.timeout(7200),
]


@pytest.fixture
def company(emulated: str) -> Iterator[Client]:
    """Maven's people and sales process, on an installation of its own."""
    make_bucket()
    hire_everybody()
    with Client.open() as client:
        _hire_agents(client)
        stages = [
            {
                "id": name.lower(),
                "names": {"en": name, "zh-CN": name},
                "type": kind,
                "probability": probability,
                "forecast_category": CATEGORIES[kind],
            }
            for name, kind, probability in STAGES
        ]
        made = client.post(
            "/pipelines", {"name": "Maven", "stages": stages, "lost_reasons": [LOST]}, by=OPERATIONS
        )
        assert made.status == 201, made.text
        yield client


def _hire_agents(client: Client) -> None:
    teams: dict[str, str] = {}
    for row in csv.DictReader((DATA / "sales_teams.csv").read_text("utf-8").splitlines()):
        region = row["regional_office"]
        if row["manager"] not in teams:
            team = client.post("/teams", {"name": row["manager"], "region": region}, by=OPERATIONS)
            teams[row["manager"]] = team.json["id"]
        address = row["sales_agent"].lower().replace(" ", ".") + "@maven.example.com"
        body = {"name": row["sales_agent"], "email": address, "role": "REP", "region": region}
        hired = client.post("/users", {**body, "team_id": teams[row["manager"]]}, by=ADMIN)
        assert hired.status == 201, hired.text


def _deals(how_many: int) -> list[str]:
    lines = (DATA / FILES["opportunities"]).read_text("utf-8").splitlines(keepends=True)
    return lines[: how_many + 1]


@pytest.mark.parametrize(
    "how_many", [pytest.param(400, id="sample"), pytest.param(8800, marks=pytest.mark.long, id="all")]
)
def test_a_company_comes_in_and_its_figures_are_right(company: Client, how_many: int) -> None:
    lines = _deals(how_many)
    rows = list(csv.DictReader(lines))
    won = [row for row in rows if row["deal_stage"] == "Won"]
    repaired = sum(row["product"] == "GTXPro" for row in rows)

    for target, count in (("products", 7), ("accounts", 85)):
        job = bring_in(company, target, (DATA / FILES[target]).read_bytes(), MAPPINGS[target])
        assert (job["rows"], job["imported"], job["refused"]) == (count, count, 0)
    job = bring_in(company, "opportunities", "".join(lines).encode(), MAPPINGS["opportunities"])
    assert (job["rows"], job["imported"], job["refused"]) == (how_many, how_many, 0)
    assert job["repaired"] == repaired

    query = {"from": "2016-01", "to": "2017-12"}
    [total] = company.get("/analytics/sales", by=OPERATIONS, query=query).json["totals"]
    assert total["won"] == len(won)
    assert total["lost"] == sum(row["deal_stage"] == "Lost" for row in rows)
    assert total["revenue"]["amount"] == f"{sum(int(row['close_value']) for row in won)}.00"
    customers = company.get("/analytics/sales/customers", by=OPERATIONS, query={"currency": "USD"}).json
    assert customers["customers_won"] == len({row["account"] for row in won})
    if how_many == 8800:
        assert (total["won"], total["revenue"]["amount"]) == (4238, "10005534.00")
        assert [line["name"] for line in customers["rows"][:3]] == ["Kan-code", "Konex", "Condax"]
