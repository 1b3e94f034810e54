"""A real company's 8,800 deals come in by the import API, and the API answers the reference figures.

The figures themselves are held, one by one, in ``tests/insight/analytics/test_reference.py``; here
the whole way is walked: files, mapping, repairs, report, streams, aggregates, answers.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core import files
from chalicelib.core.settings import settings
from tests.client import ADMIN, OPERATIONS, Client
from tests.organisation.people.builders import hire_everybody
from tests.streams import Stream

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "maven_crm"
STAGES = [("Prospecting", "OPEN", 10), ("Engaging", "OPEN", 40), ("Won", "WON", 100), ("Lost", "LOST", 0)]
CATEGORIES = {"OPEN": "PIPELINE", "WON": "CLOSED", "LOST": "OMITTED"}
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
        "constants": {"pipeline": "Maven", **DOLLARS},
    },
}
FILES = {"products": "products.csv", "accounts": "accounts.csv", "opportunities": "sales_pipeline.csv"}

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data sets lie beside the checkout")


@pytest.fixture
def company(emulated: str) -> Iterator[Client]:
    """Maven's people and sales process, on an installation of its own."""
    files.forget()
    files._client().create_bucket(Bucket=settings().files)
    hire_everybody()
    with Client.open() as client:
        _hire_agents(client)
        stages = [
            {
                "id": name,
                "names": {"en": name, "zh-CN": name},
                "type": kind,
                "probability": probability,
                "forecast_category": CATEGORIES[kind],
            }
            for name, kind, probability in STAGES
        ]
        made = client.post("/pipelines", {"name": "Maven", "stages": stages}, by=OPERATIONS)
        assert made.status == 201, made.text
        yield client


def _hire_agents(client: Client) -> None:
    teams: dict[str, str] = {}
    for row in csv.DictReader((DATA / "sales_teams.csv").open(encoding="utf-8")):
        region = row["regional_office"]
        if row["manager"] not in teams:
            team = client.post("/teams", {"name": row["manager"], "region": region}, by=OPERATIONS)
            teams[row["manager"]] = team.json["id"]
        address = row["sales_agent"].lower().replace(" ", ".") + "@maven.example.com"
        body = {"name": row["sales_agent"], "email": address, "role": "REP", "region": region}
        hired = client.post("/users", {**body, "team_id": teams[row["manager"]]}, by=ADMIN)
        assert hired.status == 201, hired.text


def _import(client: Client, stream: Stream, target: str) -> dict[str, Any]:
    content = (DATA / FILES[target]).read_bytes()
    body = {"target": target, "file_name": FILES[target], "size": len(content), "mapping": MAPPINGS[target]}
    job = client.post("/imports", body, by=OPERATIONS).json["job"]
    files.write(f"imports/{job['id']}/file.csv", content, media="text/csv")
    client.post(f"/imports/{job['id']}/start", by=OPERATIONS)
    stream.drain()
    done: dict[str, Any] = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    assert done["status"] == "DONE", done
    return done


def _told(job: dict[str, Any]) -> tuple[int, ...]:
    return tuple(job[name] for name in ("rows", "imported", "repaired", "refused"))


def test_the_whole_company_comes_in_and_its_figures_are_right(company: Client) -> None:
    stream = Stream()

    assert _told(_import(company, stream, "products")) == (7, 7, 0, 0)
    assert _told(_import(company, stream, "accounts")) == (85, 85, 0, 0)
    assert _told(_import(company, stream, "opportunities")) == (8800, 8800, 1480, 0)

    query = {"since": "2017-01", "until": "2017-12"}
    [total] = company.get("/analytics/sales", by=OPERATIONS, query=query).json["totals"]
    assert (total["won"], total["lost"], total["revenue"]["amount"]) == (4238, 2473, "10005534.00")
    assert total["win_rate"]["percent"].startswith("63.15")
    customers = company.get("/analytics/sales/customers", by=OPERATIONS, query={"currency": "USD"}).json
    assert customers["customers"] == 85
    best = [(line["name"], line["revenue"]["amount"], line["won"]) for line in customers["items"][:3]]
    assert best == [
        ("Kan-code", "341455.00", 115),
        ("Konex", "269245.00", 108),
        ("Condax", "206410.00", 105),
    ]
