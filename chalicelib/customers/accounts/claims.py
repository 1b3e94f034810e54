"""One company, one account; one address or number, one contact: the guard keys that hold it so."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.core import errors, guards, identity, ownership
from chalicelib.core.step import RawItem, Refusal, Step
from chalicelib.customers.accounts.models import Account, Contact

#: Which value of a kind is claimed as what.
_CLAIMED: Final = {"account": {"name": "company"}, "contact": {"email": "email", "phone": "phone"}}
#: The problem that a taken key of each meaning is.
_TAKEN: Final = {
    "account|company": "account_exists",
    "contact|email": "contact_email_taken",
    "contact|phone": "contact_phone_taken",
}


def identity_keys(
    *, email: str | None = None, phone: str | None = None, company: str | None = None
) -> dict[str, str]:
    """Return the guard keys of what is known of somebody, by meaning.

    Meanings: "contact_email", "contact_phone", "account_company"; without those that have no
    normal form. One `guards.holders` call tells who holds any of them.
    """
    normal = {
        "contact_email": identity.email(email) if email else None,
        "contact_phone": identity.phone(phone) if phone else None,
        "account_company": identity.company(company) if company else None,
    }
    keys = {}
    for meaning, value in normal.items():
        scope, _, what = meaning.partition("_")
        if value:
            keys[meaning] = identity.key(scope, what, value)
    return keys


def create(step: Step, record: Account | Contact, *, allow_duplicate: bool) -> None:
    """Create a record within a step, with its claims.

    With `allow_duplicate`, what another record holds is left to it.
    """
    values = {field: getattr(record, field) for field in _CLAIMED[record.kind]}
    record.claims = _claimable(record, _keys(record, values), allow_duplicate=allow_duplicate)
    step.create(record)
    _claim(step, record, record.claims)


def change(
    step: Step, record: Account | Contact, changes: Mapping[str, Any], *, allow_duplicate: bool
) -> None:
    """Set values within a step; the claims on those that change follow. Conflict when voided."""
    ownership.require_standing(record)
    held = list(record.claims)
    old = _keys(record, {field: getattr(record, field) for field in changes})
    wanted = _claimable(record, _keys(record, changes), allow_duplicate=allow_duplicate)
    gone = [key for key in held if key in old and key not in wanted]
    new = [key for key in wanted if key not in held]
    step.change(record, **changes, claims=[key for key in held if key not in gone] + new)
    _claim(step, record, new)
    _release(step, record, gone)


def void(step: Step, record: Account | Contact, **also: Any) -> None:
    """Void a record within a step; what it claimed becomes free."""
    ownership.void(step, record, **also)
    _release(step, record, record.claims)


def restore(step: Step, record: Account | Contact, **also: Any) -> None:
    """Restore a record within a step; it claims again what it had claimed."""
    ownership.restore(step, record, **also)
    _claim(step, record, record.claims)


def _keys(record: Account | Contact, values: Mapping[str, Any]) -> list[str]:
    known = {what: values[field] for field, what in _CLAIMED[record.kind].items() if field in values}
    return list(identity_keys(**known).values())


def _claimable(record: Account | Contact, keys: list[str], *, allow_duplicate: bool) -> list[str]:
    held = guards.holders(keys) if allow_duplicate else {}
    return [key for key in keys if held.get(key, record.id) == record.id]


def _claim(step: Step, record: Account | Contact, keys: Iterable[str]) -> None:
    for key in keys:
        step.claim(key, record.id, refusal=_refusal(_TAKEN[key.rpartition("|")[0]]))


def _release(step: Step, record: Account | Contact, keys: Iterable[str]) -> None:
    for key in keys:
        step.release(key, record.id)


def _refusal(code: str) -> Refusal:
    def taken(stood: RawItem | None) -> errors.SalesError:
        return errors.AlreadyExists(code, holder=(stood or {}).get("holder", {}).get("S"))

    return taken
