"""Exhibitions: the visitors of each come in as a list, under the badges of that fair."""

from typing import Any

import pytest

from chalicelib.sales.leads.models import Lead
from tests.client import OPERATIONS, Client
from tests.organisation.people.builders import hire_everybody
from tests.platform.imports.bringing import bring_in, make_bucket, report
from tests.sales.leads.builders import all_of, seen

VISITORS = "Badge,Visitor,Mail\n1,李雷,li@example.cn\n2,Han,han@example.cn\n"
OTHERS = "Badge,Visitor,Mail\n1,Rita,rita@example.cn\n2,Mo,\n"


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()
    make_bucket()


def come(client: Client, file: str, **constants: str) -> dict[str, Any]:
    """Bring in the visitors of a file; return the job as it ended."""
    columns = {"Badge": "external_id", "Visitor": "name", "Mail": "email"}
    mapping = {"columns": columns, "replace": {}, "blanks": [], "constants": constants}
    return bring_in(client, "leads", file.encode(), mapping)


def test_the_visitors_of_an_exhibition_come_in_as_a_list(client: Client) -> None:
    job = come(client, VISITORS, event="Canton Fair 广交会")

    assert job["imported"] == 2
    assert {seen(lead, "channel", "source", "campaign") for lead in all_of(Lead)} == {
        ("EVENT", "Event", "Canton Fair 广交会")
    }


@pytest.mark.parametrize("whose", ["event", "numbered_by"])
def test_badge_1_of_another_fair_is_somebody_else_and_the_same_list_again_is_known(
    client: Client, whose: str
) -> None:
    first, second, again = (
        come(client, file, **{whose: fair})
        for file, fair in ((VISITORS, "Canton"), (OTHERS, "Hannover"), (OTHERS, "Hannover"))
    )

    assert [(job["imported"], job["known"]) for job in (first, second, again)] == [(2, 0), (2, 0), (0, 2)]
    assert sorted(lead.name for lead in all_of(Lead)) == ["Han", "Mo", "Rita", "李雷"]


def test_a_row_under_the_number_of_another_person_is_told_and_not_lost_as_known(client: Client) -> None:
    come(client, VISITORS, event="Canton")
    job = come(client, OTHERS, event="Canton")

    assert (job["known"], job["refused"]) == (0, 2)
    told = [(line["line"], line["field"], line["code"]) for line in report(job["id"])]
    assert told == [(str(at), "external_id", "number_of_another") for at in (1, 2)]


def test_without_a_fair_the_number_is_the_one_that_the_api_knows(client: Client) -> None:
    asked = {"external_id": "1", "name": "李雷", "email": "li@example.cn"}
    made = client.post("/leads", asked, by=OPERATIONS).json

    job = come(client, "Badge,Visitor,Mail\n1,李雷,li@example.cn\n")

    assert (job["known"], [lead.id for lead in all_of(Lead)]) == (1, [made["id"]])
