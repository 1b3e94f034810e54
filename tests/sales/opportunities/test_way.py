"""The way forward: what stages ask for holds for those that are skipped, too."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.sales.opportunities import service
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import MANAGER, OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import REASONS, a_deal, a_pipeline, closing, stage


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def _move(deal: Opportunity, stage_id: str) -> Opportunity:
    return service.advance(deal.id, stage_id=stage_id, version=None, by=REP)


def _lacks(verb: Callable[..., Any], deal: Opportunity, **details: Any) -> list[tuple[str, str]]:
    with pytest.raises(errors.Blocked) as blocked:
        verb(deal.id, version=None, by=REP, **details)
    return [(lack.code, lack.values["stage"]["en"]) for lack in blocked.value.missing]


def _gated(*, exit: list[dict[str, Any]] | None = None) -> str:
    """A pipeline whose second stage asks for an amount, and for something when it is left."""
    asked = exit or [{"rule": "field", "field": "next_step"}]
    made = a_pipeline(stage("first"), stage("second", entry=[{"rule": "amount"}], exit=asked), stage("third"))
    return str(made.id)


def test_a_stage_that_is_skipped_asks_for_what_it_would_have_asked_for_on_the_way() -> None:
    deal = a_deal(pipeline_id=_gated(), amount=None)
    wanted = [("amount_needed", "Second"), ("field_needed", "Second")]

    assert _lacks(service.advance, deal, stage_id="third") == wanted
    assert _lacks(service.win, deal) == wanted
    service.amend(deal.id, amount=Money(1, "CNY"), next_step="Sign", version=None, by=REP)
    assert _move(deal, "third").stage_id == "third"


def test_what_several_stages_ask_for_is_told_once_of_the_first_of_them() -> None:
    deal = a_deal(amount=None)

    assert _lacks(service.win, deal) == [("amount_needed", "Proposal"), ("field_needed", "Negotiation")]


def test_a_way_round_through_the_stage_before_passes_no_stage_whose_exit_was_refused() -> None:
    deal = _move(a_deal(pipeline_id=_gated(exit=[{"rule": "approval"}])), "second")
    refused = _lacks(service.advance, deal, stage_id="third")
    _move(deal, "first")

    assert refused == [("approval_needed", "Second")]
    for verb, more in ((service.advance, {"stage_id": "third"}), (service.win, {})):
        assert _lacks(verb, deal, **more) == [("stage_not_skipped", "Second")]


def test_an_approval_in_one_stage_is_none_for_a_stage_that_is_skipped() -> None:
    deal = a_deal(pipeline_id=_gated(exit=[{"rule": "approval"}]))
    service.approve_stage(deal.id, version=None, by=MANAGER)

    assert _lacks(service.advance, deal, stage_id="third") == [("stage_not_skipped", "Second")]
    service.advance(deal.id, stage_id="second", version=None, by=REP)
    service.approve_stage(deal.id, version=None, by=MANAGER)
    assert service.win(deal.id, version=None, by=REP).status == "WON"


def test_a_lost_deal_that_comes_back_further_on_needs_what_lies_between() -> None:
    deal = a_deal(pipeline_id=_gated())
    service.lose(deal.id, reason="price", version=None, by=REP)

    assert _lacks(service.reopen, deal, reason="again", stage_id="third") == [("field_needed", "Second")]
    assert service.reopen(deal.id, reason="again", version=None, by=REP).stage_id == "first"


NEVER_AT_OPENING: list[dict[str, Any]] = [
    {"rule": "approval"},
    {"rule": "interactions", "at_least": 1},
    {"rule": "member", "role": "PRESALES"},
    {"rule": "field", "field": "competitor"},
]


def test_a_pipeline_into_which_no_deal_could_come_is_refused_naming_each_criterion(client: Client) -> None:
    possible: list[dict[str, Any]] = [{"rule": "amount"}, {"rule": "field", "field": "next_step"}]
    stages = [*closing(), stage("first", entry=possible + NEVER_AT_OPENING), stage("second")]
    body = {"name": "Projects", "stages": stages, "lost_reasons": REASONS}

    refused = client.post("/pipelines", body, by=OPERATIONS)

    assert (refused.status, [(e["field"], e["code"]) for e in refused.json["errors"]]) == (
        400,
        [(f"stages.2.entry.{n}", "not_at_opening") for n in range(2, 6)],
    )


def test_a_later_stage_and_the_way_out_of_the_first_may_ask_for_all_of_it(client: Client) -> None:
    stages = [stage("first", exit=NEVER_AT_OPENING), stage("second", entry=NEVER_AT_OPENING), *closing()]
    path = f"/pipelines/{a_pipeline(stage('first')).id}"

    first = {"stages": [stage("first", entry=NEVER_AT_OPENING), *closing()]}

    assert client.patch(path, first, by=OPERATIONS, match=1).status == 400
    assert client.patch(path, {"stages": stages}, by=OPERATIONS, match=1).status == 200
    assert client.patch(path, {"name": "Renamed"}, by=OPERATIONS, match=2).status == 200


COMPARED: list[dict[str, Any]] = [
    {"rule": "value", "field": "region", "one_of": ["East"]},
    {"rule": "worth", "at_least": [{"amount": "50000.00", "currency": "CNY"}]},
]


def test_a_criterion_that_compares_says_what_it_compares_with(client: Client) -> None:
    stages = [stage("first", exit=COMPARED), *closing()]
    made = client.post(
        "/pipelines", {"name": "P", "stages": stages, "lost_reasons": REASONS}, by=OPERATIONS
    ).json
    deal = a_deal(pipeline_id=made["id"])

    refused = client.post(f"/opportunities/{deal.id}/win", {}, by=REP)
    service.amend(deal.id, region="East", amount=Money(5_000_000, "CNY"), version=None, by=REP)

    assert made["stages"] == stages
    assert [(each["field"], each["message"]) for each in refused.json["missing"]] == [
        ("region", "First: This has to be one of: East."),
        ("amount", "First: The amount has to be at least 50000.00 CNY."),
    ]
    assert client.post(f"/opportunities/{deal.id}/win", {}, by=REP).status == 200


def test_a_criterion_compares_only_what_can_be_compared(client: Client) -> None:
    wrong = [
        {"rule": "value", "field": "description", "one_of": ["x"]},
        {"rule": "value", "field": "region", "one_of": []},
        {"rule": "worth", "at_least": [{"amount": "0", "currency": "CNY"}]},
    ]
    body = {"name": "P", "stages": [stage("first", exit=wrong), *closing()], "lost_reasons": REASONS}

    refused = client.post("/pipelines", body, by=OPERATIONS)

    named = [each["field"].partition(".exit.")[2] for each in refused.json["errors"]]
    assert (refused.status, named) == (400, ["0.value.field", "1.value.one_of", "2.worth.at_least.0"])
