"""Leads from lists and from another system's history: each row once, none merged without evidence."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import boards, errors
from chalicelib.sales.leads import service
from chalicelib.sales.leads.models import Lead, Touch
from tests.client import NORTH, OPERATIONS, REP
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, all_of, seen
from tests.streams import Stream


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def test_a_row_is_brought_in_once() -> None:
    first = service.bring_in(external_id="fair:1", name="Li Lei", company="Galaxy")
    again = service.bring_in(external_id="fair:1", name="Li Lei", company="Galaxy")

    assert (first.how, again.how, again.lead.id) == ("CREATED", "KNOWN", first.lead.id)
    assert len(all_of(Lead)) == 1


def test_rows_alike_without_e_mail_and_phone_stay_apart() -> None:
    for number in range(3):
        service.bring_in(external_id=f"fair:{number}", name="Li Lei", company="Galaxy")

    assert len(all_of(Lead)) == 3


def test_a_row_of_somebody_known_joins_and_is_known_the_next_time() -> None:
    first = service.bring_in(external_id="fair:1", name="Li", email="li@example.cn")

    second = service.bring_in(external_id="fair:2", name="Li", email="li@example.cn")
    third = service.bring_in(external_id="fair:2", name="Li", email="li@example.cn")

    assert (second.how, third.how) == ("JOINED", "KNOWN")
    assert {second.lead.id, third.lead.id} == {first.lead.id}
    assert len(all_of(Touch)) == 1


def test_who_comes_under_the_number_of_another_is_refused_and_not_taken_for_known() -> None:
    known = service.bring_in(external_id="fair:1", name="Li Lei", email="li@example.cn").lead
    merged = service.bring_in(external_id="fair:2", name="Han Mei", email="han@example.cn").lead
    service.merge(merged.id, into_id=known.id, take=[], reason=None, version=merged.version, by=OPERATIONS)

    told: list[dict[str, Any]] = [
        {"external_id": "fair:1", "name": "LI  LEI", "email": "lei@example.cn"},
        {"external_id": "fair:1", "name": "Lei", "email": "li@example.cn"},
        {"external_id": "fair:1", "company": "Galaxy"},
        {"external_id": "fair:2", "name": "Han", "email": "han@example.cn"},
    ]

    same = [service.bring_in(**each).how for each in told]
    with pytest.raises(errors.Invalid) as refused:
        service.bring_in(external_id="fair:1", name="Rita", email="rita@example.cn")

    assert same == ["KNOWN"] * 4
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("external_id", "number_of_another")
    ]


def test_a_row_told_again_is_known_though_its_lead_was_corrected_and_merged_since(stream: Stream) -> None:
    row: dict[str, Any] = {"external_id": "crm:1", "name": "Wang"}
    lead = service.bring_in(**row).lead
    stream.drain()
    service.change_lead(lead.id, version=None, by=OPERATIONS, name="Wang Fang")

    corrected = service.bring_in(**row).how
    for number in (2, 3):
        into = service.bring_in(external_id=f"crm:{number}", name=f"Fang {number}").lead
        service.merge(lead.id, into_id=into.id, take=[], reason=None, version=None, by=OPERATIONS)
        lead = into
    merged = service.bring_in(**row)

    assert (corrected, merged.how, merged.lead.id) == ("KNOWN", "KNOWN", lead.id)
    with pytest.raises(errors.Invalid):
        service.bring_in(external_id="crm:1", name="Rita")


def test_a_new_row_is_promised_a_first_contact_and_history_is_not() -> None:
    new = service.bring_in(external_id="fair:1", name="Li", received_at=MONDAY).lead
    old = service.bring_in(external_id="old:1", name="Han", received_at=MONDAY, status="WORKING").lead

    assert (new.sla_status, new.sla_due_at) == ("DUE", MONDAY + timedelta(hours=24))
    assert seen(old, "sla_status", "due_minute", "status") == (None, None, "WORKING")


def test_a_rows_owner_and_month_are_its_own(stream: Stream) -> None:
    lead = service.bring_in(
        external_id="old:1",
        name="Li",
        email="li@example.cn",
        received_at=MONDAY,
        status="CONVERTED",
        owner_id=REP.id,
        team_id=NORTH,
    ).lead
    stream.drain()

    assert seen(lead, "owner_id", "team_id", "status") == (REP.id, NORTH, "CONVERTED")
    assert boards.read("leads|owner")[f"2026-11|{REP.id}"]["converted"] == 1
    assert service.bring_in(external_id="new:1", name="Li", email="li@example.cn").how == "CREATED"
