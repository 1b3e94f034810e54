"""What operations decide about quotes, as data: letterhead, usual terms, how long a quote holds."""

from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.quotes.models import QuotePolicy


def policy() -> QuotePolicy:
    """Return the policy; version 0 until operations set one."""
    return QuotePolicy.find(QuotePolicy.THE_ONE) or QuotePolicy(version=0)


def set_policy(*, by: Principal, version: int | None, **terms: Any) -> QuotePolicy:
    """Replace the policy: number_prefix, valid_days, letterhead, terms."""
    found = QuotePolicy.find(QuotePolicy.THE_ONE)
    step = Step(by=by.id)
    if found:
        expect(found, version)
        step.change(found, **terms)
        step.commit()
        return found
    if version:
        raise errors.Stale
    made = QuotePolicy(**terms)
    step.create(made)
    step.commit()
    return made


def letterhead(rules: QuotePolicy) -> dict[str, list[str]]:
    """Return the sender's lines by language: at least the company's name."""
    return {"en": [settings().company], "zh-CN": [settings().company], **rules.letterhead}
