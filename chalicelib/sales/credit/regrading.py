"""Grading customers anew: when something they pay for changed, when something fell due, and every night.

The share of an order or contract in the facts is taken out and put in again together with the version that
it is of, in one transaction with the grade that follows: a change that comes again, or late, changes nothing.
"""

from contextlib import suppress
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from chalicelib.core import access, clock, due, errors
from chalicelib.core.contention import tries
from chalicelib.core.measures import Image
from chalicelib.core.step import Step, change, stale
from chalicelib.sales.credit.company import UNKNOWN, Company, companies
from chalicelib.sales.credit.grading import GRADES, grading
from chalicelib.sales.credit.history import Facts, Part, facts_of, falls_due_after, moved, parts_of
from chalicelib.sales.credit.models import CreditHistory, CreditPolicy, CreditProfile, history_id, profile_id
from chalicelib.sales.credit.policy import policy
from chalicelib.sales.credit.standing import company_of, grade_by, holding, standing

#: Customers whose companies are looked up at once.
BATCH: Final = 100
#: How often a profile is read anew because something else moved it meanwhile.
TRIES: Final = 4


def take_in(source_id: str, version: int, source: Image, *, since: date) -> None:
    """Count how an order, or a schedule's bills, were paid by a version, unless it or a later one is counted.

    `since` a day it asks for money. Stale when its account never comes to rest.
    """
    for _ in tries(TRIES):
        row = CreditHistory.find(history_id(source_id)) or _begun(source_id, source)
        if row.version and row.source_version >= version:
            return
        with suppress(errors.Stale):
            _count(row, parts_of(source), source_version=version, since=since)
            return
    raise errors.Stale


def _begun(source_id: str, source: Image) -> CreditHistory:
    whose = {name: source[name] for name in ("account_id", "currency")}
    return CreditHistory(history_id(source_id), source_id=source_id, **whose)


def look_at(row: CreditHistory) -> None:
    """Count instalments anew, of which one has fallen due."""
    _count(row, [Part.of_row(each) for each in row.instalments], source_version=row.source_version)


def _count(row: CreditHistory, parts: list[Part], *, source_version: int, since: date | None = None) -> None:
    today, is_known = clock.today(), bool(row.version)
    counted, share = Facts.of(row.counted), facts_of(parts, row.currency, today)
    values = {
        "source_version": source_version,
        "instalments": [part.row() for part in parts],
        "counted": share.counts,
        "due_minute": _due_minute(parts, today),
    }
    step = Step(by=access.SYSTEM.id)
    if is_known:
        step.change(row, **values)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        step.create(row, refusal=stale)
    if not is_known or share != counted:
        profile = standing(row.account_id).profile
        facts = moved(profile.facts, out=counted, into=share)
        first = min(filter(None, (profile.customer_since, since)), default=None)
        put(step, profile, fact_counts=facts.counts, customer_since=first)
    step.commit()


def _due_minute(parts: list[Part], today: date) -> str | None:
    """Return when parts are to be looked at again: as the day after the next unpaid one begins."""
    day = falls_due_after(parts, today)
    return due.minute(clock.start_of(day + timedelta(days=1))) if day else None


def put(step: Step, profile: CreditProfile, **also: Any) -> None:
    """Add to a step what changes of a profile, and the grade that follows. Stale when it moved meanwhile."""
    rules = policy()
    changes = graded(profile, rules, company_of(profile.account_id, rules), **also)
    if profile.version:
        step.change(profile, **changes)
    else:
        step.create(profile.begun(**changes), refusal=stale)


def graded(profile: CreditProfile, rules: CreditPolicy, company: Company, **also: Any) -> dict[str, Any]:
    """Return what changes of a profile beside what `also` does: its grade, why, and the limits."""
    today = clock.today()
    now = {name: also.get(name, getattr(profile, name)) for name in _DECIDING}
    found = grading(
        rules.grades,
        rules.default_grade,
        Facts.of(now["fact_counts"]),
        company,
        since=now["customer_since"],
        today=today,
    )
    review = holding(now["review"], today)
    grade = grade_by(review, found.grade)
    limits = {**rules.terms(grade).limits, **(review["limits"] if review else {})}
    after = {**also, "earned": found.grade, "grade": grade, "reasons": found.reasons, "limits": limits}
    if grade != profile.grade:
        after["graded_on"] = today
    return {name: value for name, value in after.items() if value != getattr(profile, name)}


#: What a grade follows from.
_DECIDING: Final = ("fact_counts", "customer_since", "review")


def regrade_everybody() -> None:
    """Grade every customer by today and the policy as it is now; only what changes is written."""
    rules = policy()
    for grade in GRADES:
        found = iter(CreditProfile.by_grade.query(grade))
        while batch := list(islice(found, BATCH)):
            known = companies(each.account_id for each in batch) if rules.asks_company else {}
            for profile in batch:
                if graded(profile, rules, known.get(profile.account_id, UNKNOWN)):
                    regrade(profile.account_id)


def regrade(account_id: str) -> None:
    """Grade a customer, if it is one. One that never comes to rest is graded by what moves it (`take_in`)."""
    for _ in tries(TRIES):
        profile, rules = CreditProfile.find(profile_id(account_id)), policy()
        changes = profile and graded(profile, rules, company_of(account_id, rules))
        if not (profile and changes):
            return
        with suppress(errors.Stale):
            change(profile, by=access.SYSTEM.id, **changes)
            return
