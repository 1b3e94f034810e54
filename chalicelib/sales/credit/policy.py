"""What operations decide about credit, as data: grades, what earns them, and what they give."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.credit.grading import GRADES, GradeTerms
from chalicelib.sales.credit.models import CreditPolicy

_DEFAULT = Path(__file__).with_name("default_policy.json")


@cache
def _default() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_DEFAULT.read_text("utf-8"))
    return found


def policy() -> CreditPolicy:
    """Return the policy; until operations set one (version 0) customers are graded, nothing is limited."""
    if found := CreditPolicy.find(CreditPolicy.THE_ONE):
        return found
    usual = _default()
    return CreditPolicy(version=0, default_grade=usual["default_grade"], rows=usual["grades"])


def set_policy(
    *, by: Principal, version: int | None, default_grade: str, grades: Mapping[str, Mapping[str, Any]]
) -> CreditPolicy:
    """Replace the policy: by grade what it gives, and what earns it. Customers are graded anew by it in
    the coming night, limits hold at once.

    Invalid when a grade has two limits in one currency.
    """
    rows = [_row(grade, grades[grade]) for grade in GRADES]
    decided: dict[str, Any] = {"default_grade": default_grade, "rows": rows}
    found = policy()
    expect(found, version)
    step = Step(by=by.id)
    if found.version:
        step.change(found, **decided)
    else:
        found = CreditPolicy(**decided)
        step.create(found)
    step.commit()
    return found


def _row(grade: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    limits = {limit.currency: limit.minor for limit in asked["limits"]}
    if len(limits) < len(asked["limits"]):
        raise errors.Invalid.one(f"grades.{grade}.limits", "duplicate_currency")
    return asdict(GradeTerms(**{**asked, "grade": grade, "limits": limits}))
