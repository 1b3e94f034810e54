"""A school's 9,240 web leads come in: none lost, and none merged that merely look alike."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.organisation.people.builders import hire_everybody
from tests.platform.imports.bringing import bring_in, make_bucket

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "x_education" / "Leads.csv"
MAPPING: dict[str, Any] = {
    "columns": {
        "Prospect ID": "external_id",
        "Lead Source": "source",
        "Country": "country",
        "City": "city",
        "Specialization": "answers.specialization",
        "What is your current occupation": "answers.occupation",
        "Lead Origin": "answers.origin",
    },
    "replace": {"source": {"google": "Google"}},
    "blanks": ["Select"],
    "constants": {"status": "NEW"},
}

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the data sets lie beside the checkout"),
    pytest.mark.timeout(7200),
]


@pytest.mark.parametrize(
    "how_many", [pytest.param(300, id="sample"), pytest.param(9240, marks=pytest.mark.long, id="all")]
)
def test_every_lead_comes_in_as_itself(emulated: str, how_many: int) -> None:
    make_bucket()
    hire_everybody()
    lines = DATA.read_text("utf-8").splitlines(keepends=True)[: how_many + 1]

    repaired = sum(row["Lead Source"] == "google" for row in csv.DictReader(lines))

    with Client.open() as client:
        job = bring_in(client, "leads", "".join(lines).encode(), MAPPING)
        again = bring_in(client, "leads", "".join(lines).encode(), MAPPING)

    assert (job["rows"], job["imported"], job["joined"], job["refused"]) == (how_many, how_many, 0, 0)
    assert job["repaired"] == repaired
    assert (again["imported"], again["known"]) == (0, how_many)
