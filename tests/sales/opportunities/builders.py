"""Deals to test with, and a pipeline whose stages ask for something."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.opportunities import service
from chalicelib.sales.opportunities.models import Opportunity, Pipeline
from tests.client import OPERATIONS, REP

REASONS: Final[list[Mapping[str, Any]]] = [{"id": "price", "names": {"en": "Price", "zh-CN": "价格"}}]


def stage(code: str, kind: str = "OPEN", *, probability: int = 50, **details: Any) -> dict[str, Any]:
    """Return a stage as it is kept."""
    category = {"OPEN": "PIPELINE", "WON": "CLOSED", "LOST": "OMITTED"}[kind]
    return {
        "id": code,
        "names": {"en": code.title()},
        "type": kind,
        "probability": probability,
        "forecast_category": category,
        "expected_days": None,
        "entry": [],
        "exit": [],
        **details,
    }


def closing() -> list[dict[str, Any]]:
    """Return the stages of won and lost deals."""
    return [stage("won", "WON", probability=100), stage("lost", "LOST", probability=0)]


def a_pipeline(*stages: dict[str, Any], name: str = "Projects 项目") -> Pipeline:
    """Add a pipeline with these open stages."""
    return service.add_pipeline(name=name, stages=[*stages, *closing()], lost_reasons=REASONS, by=OPERATIONS)


def an_account(by: Principal = REP, **details: Any) -> Any:
    """Add an account."""
    given = {"name": "Kan-code 坎科", "industry": "retail", "region": "West", **details}
    return accounts.add_account(by=by, **given)


def a_deal(by: Principal = REP, **details: Any) -> Opportunity:
    """Open a deal of 1,200.00 CNY, with an account of its own unless one is given."""
    given: dict[str, Any] = {"name": "Press line", "close_on": date(2099, 12, 31), **details}
    if "lines" not in given:
        given.setdefault("amount", Money(120_000, "CNY"))
    if "account_id" not in given:
        given["account_id"] = an_account(by, name=f"{given['name']} GmbH", allow_duplicate=True).id
    return service.open_deal(**given, by=by)


def a_deal_to_win(by: Principal = REP, **details: Any) -> Opportunity:
    """Open a deal that has all that the stages of the usual pipeline ask for."""
    account_id = details.pop("account_id", None) or an_account(by, name="Konex", allow_duplicate=True).id
    contact = accounts.add_contact(account_id=account_id, name="Li Wei 李伟", by=by)
    return a_deal(by, account_id=account_id, contact_id=contact.id, **details)
