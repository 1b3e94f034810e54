"""How deals come in: within a larger step, and out of another system's history."""

from datetime import date
from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.opportunities import service
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import NORTH, REP

ACCOUNT = "account_00000000000000000000000KNC"
WHOSE: dict[str, Any] = {"owner_id": REP.id, "team_id": NORTH}


def _put(**details: Any) -> Opportunity:
    step = Step(by=REP.id)
    given: dict[str, Any] = {
        "name": "Press line",
        "account_id": ACCOUNT,
        "close_on": date(2026, 12, 31),
        **WHOSE,
        **details,
    }
    deal = service.put_opportunity(step, **given)
    step.commit()
    return deal


def test_a_new_deal_stands_in_the_first_stage_of_the_default_pipeline(tables: None) -> None:
    deal = _put(amount=Money(120_000, "CNY"))

    kept = service.opportunity(deal.id, who=REP)
    assert (kept.status, kept.stage_id, kept.probability) == ("OPEN", "qualification", 10)
    assert kept.forecast_category == "PIPELINE"
    assert kept.journey == {
        "qualification": {"entered": 1, "left": 0, "advanced": 0, "lost": 0, "seconds": 0}
    }
    assert kept.due_minute is not None


def test_lines_make_the_amount(tables: None) -> None:
    press = catalog.add_product(code="P1", name="Press 压力机", list_price=Money(50_000, "CNY"), by=SYSTEM)

    deal = _put(lines=[{"product_id": press.id, "quantity": 3}])

    assert deal.amount == Money(150_000, "CNY")
    assert deal.lines == [
        {"product_id": press.id, "quantity": 3, "unit_price_minor": 50_000, "amount_minor": 150_000}
    ]


def test_a_deal_is_brought_in_once_as_its_history_tells(tables: None) -> None:
    service.ensure_default_pipeline()
    told: dict[str, Any] = {
        "external_id": "maven:1C1I7A6R",
        "name": "Cancity GTX Plus Basic",
        "stage_id": "won",
        "through": [("qualification", date(2016, 10, 20)), ("negotiation", date(2017, 1, 9))],
        "amount": Money(105_400, "USD"),
        "opened_on": date(2016, 10, 20),
        "closed_on": date(2017, 3, 1),
    }

    first = service.bring_in(**told, **WHOSE)
    again = service.bring_in(**told, **WHOSE)

    assert again is None
    assert first is not None
    kept = service.opportunity(first.id, who=REP)
    assert (kept.version, kept.status, kept.closed_on, kept.created_month) == (
        1,
        "WON",
        date(2017, 3, 1),
        "2016-10",
    )
    stays = {code: (stay["advanced"], stay["left"], stay["seconds"]) for code, stay in kept.journey.items()}
    assert stays["qualification"] == (1, 1, 81 * 86_400)
    assert stays["negotiation"] == (1, 1, 51 * 86_400)
    assert kept.closed_from == "negotiation"
    assert kept.due_minute is None


def test_an_open_deal_from_long_ago_comes_in_stalled(tables: None) -> None:
    deal = service.bring_in(
        external_id="x:1", name="Old", stage_id="proposal", opened_on=date(2020, 1, 1), **WHOSE
    )

    assert deal is not None
    assert deal.stalled_since is not None
    assert deal.due_minute is None


def test_dates_that_cannot_be_are_refused_by_name(tables: None) -> None:
    with pytest.raises(errors.Invalid) as open_but_closed:
        service.bring_in(
            external_id="x:1", name="A", stage_id="proposal", closed_on=date(2020, 1, 1), **WHOSE
        )
    with pytest.raises(errors.Invalid) as undated:
        service.bring_in(external_id="x:2", name="B", stage_id="lost", **WHOSE)

    assert [wrong.field for wrong in open_but_closed.value.errors] == ["closed_on"]
    assert [wrong.field for wrong in undated.value.errors] == ["opened_on", "closed_on"]


def test_a_deals_amount_and_its_lines_are_in_one_currency(tables: None) -> None:
    line = {"product_id": "product_1", "quantity": 1, "unit_price": Money(100, "USD")}

    with pytest.raises(errors.Invalid) as mixed:
        service.bring_in(
            external_id="x:1",
            name="A",
            stage_id="proposal",
            amount=Money(100, "CNY"),
            lines=[line],
            **WHOSE,
        )

    assert [wrong.code for wrong in mixed.value.errors] == ["one_currency"]
