"""Every deal, whenever it was opened."""

from datetime import UTC, date, datetime

from chalicelib.core import clock, ownership
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.opportunities import service
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import NORTH, REP
from tests.streams import Stream


def _brought_in(name: str, opened_on: date | None, stage_id: str = "proposal") -> Opportunity:
    made = service.bring_in(
        external_id=name,
        name=name,
        stage_id=stage_id,
        owner_id=REP.id,
        team_id=NORTH,
        amount=Money(100, "CNY"),
        opened_on=opened_on,
        closed_on=None if stage_id == "proposal" else opened_on,
    )
    assert made is not None
    return made


def test_deals_of_every_month_are_found_and_the_voided_are_not(stream: Stream) -> None:
    with clock.at(datetime(2026, 3, 5, tzinfo=UTC)):
        old = _brought_in("old", date(2025, 11, 2))
        undated = _brought_in("undated", None)
        won = _brought_in("won", date(2026, 1, 15), "won")
        voided = _brought_in("voided", date(2026, 1, 15))
        step = Step(by=REP.id)
        ownership.void(step, voided)
        step.commit()
        stream.drain()

        assert {deal.id for deal in service.open_deals()} == {old.id, undated.id}
        assert {deal.id for deal in service.deals()} == {old.id, undated.id, won.id}


def test_the_record_of_deals_begins_with_the_first_pipeline(tables: None) -> None:
    assert service.recorded_since() is None

    with clock.at(datetime(2026, 3, 5, tzinfo=UTC)):
        service.ensure_default_pipeline()

    assert service.recorded_since() == datetime(2026, 3, 5, tzinfo=UTC)
