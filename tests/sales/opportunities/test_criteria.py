"""What a stage asks of a deal."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from chalicelib.core import errors, i18n
from chalicelib.core.money import Money
from chalicelib.sales.opportunities import criteria
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.stage_shapes import Comparable, Requirable


def _deal(**details: Any) -> Any:
    bare = {"amount": Money(0, "CNY"), "lines": [], "competitors": [], "member_roles": {}, "buyers": {}}
    bare |= {"sent_quotes": [], "next_step": None, "region": None, "stage_approval": None}
    return SimpleNamespace(**{**bare, **details})


@dataclass
class Interactions:
    """So many calls."""

    calls: int

    def count(self, most: int) -> int:
        return min(self.calls, most)

    def had(self, type: str, *, within_days: int) -> bool:
        return type == "CALL" and self.calls > 0 and within_days == 7


ALL: list[dict[str, Any]] = [
    {"rule": "field", "field": "next_step"},
    {"rule": "value", "field": "region", "one_of": ["East", "华东"]},
    {"rule": "amount"},
    {"rule": "worth", "at_least": [{"amount": "0.01", "currency": "CNY"}]},
    {"rule": "lines", "at_least": 1},
    {"rule": "interactions", "at_least": 2},
    {"rule": "activity", "type": "CALL", "within_days": 7},
    {"rule": "member", "role": "PRESALES"},
    {"rule": "buyer", "role": "CHAMPION"},
    {"rule": "competitors", "at_least": 1},
    {"rule": "quote", "standing": "SENT"},
    {"rule": "quote", "standing": "ACCEPTED"},
    {"rule": "approval"},
]


STAGE: dict[str, Any] = {"id": "offer", "names": {"en": "Offer", "zh-CN": "报价"}}


def _missing(asked: list[dict[str, Any]], deal: Any, interactions: Any, **gate: Any) -> list[Any]:
    try:
        criteria.require([criteria.Gate(STAGE, asked, **gate)], deal, interactions)
    except errors.Blocked as blocked:
        return list(blocked.missing)
    return []


def test_everything_missing_is_listed_at_once() -> None:
    lacks = _missing(ALL, _deal(), Interactions(0))

    assert [lack.field for lack in lacks] == [
        *("next_step", "region", "amount", "amount", "lines", "interactions", "interactions"),
        *("members", "buyers", "competitors", "quotes", "quotes", "stage_approval"),
    ]
    assert lacks[5].values == {"at_least": 2, "now": 0, "stage": STAGE["names"]}
    assert lacks[6].values == {"type": "CALL", "within_days": 7, "stage": STAGE["names"]}


def test_a_deal_that_has_all_of_it_lacks_nothing() -> None:
    deal = _deal(
        amount=Money(1, "CNY"),
        lines=[{}],
        member_roles={"user_1": "PRESALES"},
        buyers={"contact_1": {"role": "CHAMPION", "attitude": None}},
        competitors=[{"name": "Acme"}],
        sent_quotes=[{"status": "EXPIRED"}, {"status": "ACCEPTED"}],
        next_step="Visit 拜访",
        region="华东",
        stage_approval={"by": "user_2"},
    )

    assert _missing(ALL, deal, Interactions(2)) == []


@pytest.mark.parametrize("status", ["PRESENTED", "DRAFT", "REJECTED", "EXPIRED"])
def test_a_quote_that_was_sent_counts_as_sent_whatever_became_of_it(status: str) -> None:
    asked = [{"rule": "quote", "standing": standing} for standing in ("SENT", "ACCEPTED")]

    [lack] = _missing(asked, _deal(sent_quotes=[{"status": status}]), Interactions(0))

    assert (lack.field, lack.code) == ("quotes", "quote_accepted_needed")


def test_interactions_are_counted_only_where_a_stage_asks() -> None:
    unread: Any = None  # asking it anything fails

    assert _missing([{"rule": "amount"}], _deal(amount=Money(1, "CNY")), unread) == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_missing_is_told_in_words(language: str) -> None:
    skipped = _missing([{"rule": "approval"}], _deal(stage_approval={"by": "x"}), None, skipped=True)
    for lack in _missing(ALL, _deal(), Interactions(0)) + skipped:
        key = f"error.{lack.code}"
        assert i18n.has(key)
        told = i18n.text(key, language, **lack.values)
        assert told.startswith(STAGE["names"][language])
        assert "{" not in told


@pytest.mark.parametrize(
    ("amount", "lacks"),
    [
        (Money(5_000_000, "CNY"), False),
        (Money(4_999_999, "CNY"), True),
        (Money(700_000, "USD"), False),
        (Money(699_999, "USD"), True),
        (Money(10**9, "EUR"), True),
    ],
)
def test_a_deal_is_worth_enough_only_in_a_currency_that_is_named(amount: Money, lacks: bool) -> None:
    least = [{"amount": "50000", "currency": "CNY"}, {"amount": "7000.00", "currency": "USD"}]

    found = _missing([{"rule": "worth", "at_least": least}], _deal(amount=amount), None)

    assert [each.values["at_least"] for each in found] == ["50000.00 CNY / 7000.00 USD"] * lacks


@pytest.mark.parametrize(
    ("stages", "override", "lacks"),
    [("COMMIT", None, False), ("PIPELINE", "COMMIT", False), ("COMMIT", "PIPELINE", True)],
)
def test_a_category_is_the_one_that_a_deal_counts_in(stages: str, override: str | None, lacks: bool) -> None:
    asked = [{"rule": "value", "field": "forecast_category", "one_of": ["COMMIT"]}]

    found = _missing(asked, _deal(forecast_category=stages, category_override=override), None)

    assert [each.field for each in found] == ["category_override"] * lacks


def test_every_field_that_can_be_required_is_one_of_the_deal() -> None:
    assert {*get_args(Requirable), *get_args(Comparable)} <= set(Opportunity.get_attributes())
