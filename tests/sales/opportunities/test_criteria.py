"""What a stage asks of a deal."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from chalicelib.core import errors, i18n
from chalicelib.core.money import Money
from chalicelib.sales.opportunities import criteria
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.stage_shapes import Requirable


def _deal(**details: Any) -> Any:
    bare = {"amount": Money(0, "CNY"), "lines": [], "competitors": [], "member_roles": {}, "buyers": {}}
    bare |= {"sent_quotes": [], "next_step": None, "stage_approval": None}
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
    {"rule": "amount"},
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
        *("next_step", "amount", "lines", "interactions", "interactions"),
        *("members", "buyers", "competitors", "quotes", "quotes", "stage_approval"),
    ]
    assert lacks[3].values == {"at_least": 2, "now": 0, "stage": STAGE["names"]}
    assert lacks[4].values == {"type": "CALL", "within_days": 7, "stage": STAGE["names"]}


def test_a_deal_that_has_all_of_it_lacks_nothing() -> None:
    deal = _deal(
        amount=Money(1, "CNY"),
        lines=[{}],
        member_roles={"user_1": "PRESALES"},
        buyers={"contact_1": {"role": "CHAMPION", "attitude": None}},
        competitors=[{"name": "Acme"}],
        sent_quotes=[{"status": "EXPIRED"}, {"status": "ACCEPTED"}],
        next_step="Visit 拜访",
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


def test_every_field_that_can_be_required_is_one_of_the_deal() -> None:
    assert set(get_args(Requirable)) <= set(Opportunity.get_attributes())
