"""What accounts owe, counted anew from what they pay for 对账: what differs is told and set right.

The profiles are read first, and what says how much is owed after them, as it is then; whatever moves what is
owed after a profile was read makes another version of it, so that setting it is refused, and that account is
counted once more.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.core import access, errors, ids
from chalicelib.core.attributes import plain
from chalicelib.core.contention import tries
from chalicelib.core.observe import count, log
from chalicelib.core.step import Step, stale
from chalicelib.core.table import Record, scan
from chalicelib.sales.credit.models import CreditProfile, profile_id
from chalicelib.sales.credit.standing import standing

#: How often accounts are counted once more because something moved meanwhile.
ROUNDS: Final = 5

#: An account, a currency, and so many minor units of it that the account owes by something.
Held = tuple[str, str, int]
#: Minor units by currency.
_Amounts = Mapping[str, int]


@dataclass(slots=True)
class Report:
    """What was found and done.

    Of `documents` so many did not say what is owed by them (`misstated`), of `accounts` so many did not
    owe the sum of their documents (`wrong`). `drift` is what was still wrong at the end.
    """

    documents: int = 0
    misstated: int = 0
    accounts: int = 0
    wrong: int = 0
    repaired: int = 0
    drift: int = 0

    def note(self, *, is_wrong: bool, mend: Callable[[], bool] | None) -> None:
        """Count a document; if it `is_wrong`, `mend` it, without which it is only told."""
        self.documents += 1
        if is_wrong:
            mended = mend is not None and mend()
            self.misstated += 1
            self.repaired += mended
            self.drift += not mended


def held_by(record: type[Record]) -> Iterator[Held]:
    """Yield what each record of a kind that keeps `credit_held` says its account owes by it."""
    for raw in scan(record.Meta.table_name):
        if ids.kind_of(raw["id"]["S"]) == record.kind and "credit_held" in raw:
            image = plain({name: raw[name] for name in ("account_id", "currency", "credit_held")})
            yield image["account_id"], image["currency"], image["credit_held"]


def compare(held: Callable[[], Iterable[Held]], report: Report, *, repair: bool = True) -> None:
    """Set what accounts owe against the sums of what is `held`, read anew each time; publish the report."""
    different = _different(held)
    report.accounts, report.wrong = different.accounts, len(different.found)
    if repair:
        for _ in tries(ROUNDS if different.found else 0):
            report.repaired += _set_right(different)
            different = _different(held, different.found.keys())
            if not different.found:
                break
    report.drift += len(different.found)
    count("ExposureDrift", report.drift)
    log.info("exposures recounted", extra=asdict(report))


@dataclass(frozen=True, slots=True)
class _Different:
    """Of so many accounts, what those owe that their profiles, of a version, do not say."""

    accounts: int
    found: Mapping[str, tuple[_Amounts, int]]


def _different(held: Callable[[], Iterable[Held]], only: Collection[str] | None = None) -> _Different:
    # In this order: see above.
    kept = _kept()
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for account_id, currency, minor in held():
        sums[account_id][currency] += minor
    accounts = kept.keys() | sums.keys()
    found: dict[str, tuple[_Amounts, int]] = {}
    for account_id in accounts if only is None else only:
        amounts, version = kept.get(account_id, ({}, 0))
        wanted = _without_nothing(sums.get(account_id, {}))
        if wanted != amounts:
            found[account_id] = (wanted, version)
    return _Different(len(accounts), found)


def _kept() -> dict[str, tuple[_Amounts, int]]:
    """Return what every account owes by its profile, and the profile's version."""
    return {
        image["account_id"]: (_without_nothing(image["exposure"]), image["version"])
        for image in map(plain, scan(CreditProfile.Meta.table_name))
        if ids.kind_of(image["id"]) == CreditProfile.kind
    }


def _without_nothing(amounts: _Amounts) -> _Amounts:
    return {currency: minor for currency, minor in amounts.items() if minor}


def _set_right(different: _Different) -> int:
    """Set what those accounts owe; return how many. One that moved meanwhile is for the next round."""
    done = 0
    for account_id, (amounts, version) in different.found.items():
        with suppress(errors.Stale):
            _set(account_id, amounts, version=version)
            done += 1
    return done


def _set(account_id: str, amounts: _Amounts, *, version: int) -> None:
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
