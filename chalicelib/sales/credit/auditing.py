"""All that accounts owe, read with the version that it is of, and set right if it is still of that one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core import access, errors, ids
from chalicelib.core.attributes import plain
from chalicelib.core.step import Step, stale
from chalicelib.core.table import scan
from chalicelib.sales.credit.models import CreditProfile, profile_id
from chalicelib.sales.credit.standing import standing

#: Minor units by currency.
Amounts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What an account owes by its profile of a version; 0 while it has none."""

    version: int
    amounts: Amounts


def exposures() -> dict[str, Exposure]:
    """Return what every account owes by its profile, by account; sums of nothing left out."""
    return {
        image["account_id"]: Exposure(image["version"], without_nothing(image["exposure"]))
        for image in map(plain, scan(CreditProfile.Meta.table_name))
        if ids.kind_of(image["id"]) == CreditProfile.kind
    }


def without_nothing(amounts: Amounts) -> dict[str, int]:
    """Return amounts without those of nothing."""
    return {currency: minor for currency, minor in amounts.items() if minor}


def set_exposure(account_id: str, amounts: Amounts, *, version: int) -> None:
    """Set what an account owes. Stale when its profile is of another version: something moved it."""
    found, step = CreditProfile.find(profile_id(account_id)), Step(by=access.SYSTEM.id)
    if (found.version if found else 0) != version:
        raise errors.Stale
    values: dict[str, Any] = {"exposure": dict(amounts)}
    if found:
        step.change(found, **values)
    else:
        new = standing(account_id)
        step.create(new.profile.begun(limits=new.limits, **values), refusal=stale)
    step.commit()
