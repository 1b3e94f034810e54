"""9,240 real leads, of which 1,281 differ in nothing but their ids."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from chalicelib import house
from chalicelib.core import boards, reconcile
from chalicelib.core.settings import table_name
from chalicelib.sales.leads import service
from chalicelib.sales.leads.models import Lead
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, all_of

ROWS = Path(__file__).parents[4] / "shared/data/x_education/Leads.csv"


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_real_lead_comes_in_once_and_none_is_merged(emulated: str) -> None:
    hire_everybody()
    with ROWS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    for row in [*rows, *rows[:100]]:
        service.bring_in(
            external_id=f"xedu:{row['Prospect ID']}",
            name=row["Lead Number"],
            status="CONVERTED" if row["Converted"] == "1" else "UNQUALIFIED",
            source=row["Lead Source"] or None,
            received_at=MONDAY,
        )

    leads = all_of(Lead)
    assert (len(rows), len(leads)) == (9_240, 9_240)
    assert Counter(lead.status for lead in leads) == {"CONVERTED": 3_561, "UNQUALIFIED": 5_679}
    reconcile.run([table_name("leads")], house.measures())
    assert boards.total(boards.read("leads|team"))["converted"] == 3_561
    sources = boards.by_part(boards.read("leads|source"), 1)
    assert (sources["Google"]["created"], sources["google"]["created"]) == (2_868, 5)
