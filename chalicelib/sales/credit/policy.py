"""What operations decide about credit, as data: grades, what earns them, and what they give."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide, decided
from chalicelib.core.money import limits
from chalicelib.sales.credit.grading import GRADES, GradeTerms
from chalicelib.sales.credit.models import CreditPolicy

_DEFAULT = Path(__file__).with_name("default_policy.json")


@cache
def _default() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_DEFAULT.read_text("utf-8"))
    return found


def policy() -> CreditPolicy:
    """Return the policy; until operations set one (version 0) customers are graded, nothing is limited."""
    usual = _default()
    return decided(CreditPolicy, default_grade=usual["default_grade"], rows=usual["grades"])


def set_policy(
    *, by: Principal, version: int | None, default_grade: str, grades: Mapping[str, Mapping[str, Any]]
) -> CreditPolicy:
    """Replace the policy: by grade what it gives, and what earns it. Customers are graded anew by it in
    the coming night, limits hold at once.

    Invalid when a grade has two limits, or two least revenues, in one currency.
    """
    rows = [_row(grade, grades[grade]) for grade in GRADES]
    return decide(policy(), by=by.id, version=version, default_grade=default_grade, rows=rows)


def _row(grade: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    by_currency = {
        name: limits(asked[name], field=f"grades.{grade}.{name}")
        for name in ("limits", "least_revenue")
        if name in asked
    }
    return asdict(GradeTerms(**{**asked, "grade": grade, **by_currency}))
