"""What operations decide about quotes, as data: letterhead, usual terms, how long a quote holds."""

from typing import Any

from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide, decided
from chalicelib.core.settings import settings
from chalicelib.sales.quotes.models import QuotePolicy


def policy() -> QuotePolicy:
    """Return the policy; version 0 until operations set one."""
    return decided(QuotePolicy)


def set_policy(*, by: Principal, version: int | None, **terms: Any) -> QuotePolicy:
    """Replace the policy: number_prefix, valid_days, letterhead, terms."""
    return decide(policy(), by=by.id, version=version, **terms)


def letterhead(rules: QuotePolicy) -> dict[str, list[str]]:
    """Return the sender's lines by language: at least the company's name."""
    return {"en": [settings().company], "zh-CN": [settings().company], **rules.letterhead}
