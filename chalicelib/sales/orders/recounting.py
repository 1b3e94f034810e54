"""What customers owe, counted anew from their orders 对账: what differs is told and set right.

Two things can be wrong. An order does not say what its customer owes by it (one from before that was
kept): it is written anew, and what is owed moves with it. Or what an account owes is not the sum of its
orders: it is set, while orders go on. The profiles are read first and the orders after them, as they are
then; whatever moves what is owed after a profile was read makes another version of it, so that setting it
is refused, and that account is counted once more.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.core import access, errors, ids
from chalicelib.core.attributes import plain
from chalicelib.core.contention import tries
from chalicelib.core.observe import count, log
from chalicelib.core.step import Step
from chalicelib.core.table import scan
from chalicelib.sales.credit import service as credit
from chalicelib.sales.orders import crediting
from chalicelib.sales.orders.models import Order

#: How often accounts are counted once more because their orders moved meanwhile.
ROUNDS: Final = 5
#: How often an order is read anew because somebody changed it.
TRIES: Final = 5


@dataclass(slots=True)
class Report:
    """What was found and done.

    `misstated` orders did not say what is owed by them, of `accounts` so many did not owe the sum of
    their orders (`wrong`). `drift` is what was still wrong at the end.
    """

    orders: int = 0
    misstated: int = 0
    accounts: int = 0
    wrong: int = 0
    repaired: int = 0
    drift: int = 0


def recount(*, repair: bool = True) -> Report:
    """Count every order and every account anew; without `repair` only tell. Safe to stop and to repeat."""
    report = Report()
    for order in _orders():
        report.orders += 1
        if _is_misstated(order):
            report.misstated += 1
            mended = repair and _restated(order.id)
            report.repaired += mended
            report.drift += not mended
    return compare(report, repair=repair)


def compare(report: Report | None = None, *, repair: bool = True) -> Report:
    """Set what accounts owe against the sums of what their orders say; publish and return what was found."""
    report, different = report or Report(), _different()
    report.accounts, report.wrong = different.accounts, len(different.found)
    if repair:
        for _ in tries(ROUNDS if different.found else 0):
            report.repaired += _set_right(different)
            different = _different(different.found.keys())
            if not different.found:
                break
    report.drift += len(different.found)
    count("ExposureDrift", report.drift)
    log.info("exposures recounted", extra=asdict(report))
    return report


@dataclass(frozen=True, slots=True)
class _Different:
    """Of so many accounts, what those owe that their profiles, of a version, do not say."""

    accounts: int
    found: Mapping[str, tuple[dict[str, int], int]]


def _set_right(different: _Different) -> int:
    """Set what those accounts owe; return how many. One that moved meanwhile is for the next round."""
    done = 0
    for account_id, (amounts, version) in different.found.items():
        with suppress(errors.Stale):
            credit.set_exposure(account_id, amounts, version=version)
            done += 1
    return done


def _different(only: Collection[str] | None = None) -> _Different:
    # In this order: see above.
    kept = credit.exposures()
    sums = _sums()
    accounts = kept.keys() | sums.keys()
    found = {}
    for account_id in accounts if only is None else only:
        profile = kept.get(account_id, credit.Exposure(0, {}))
        amounts = credit.without_nothing(sums.get(account_id, {}))
        if amounts != profile.amounts:
            found[account_id] = (amounts, profile.version)
    return _Different(len(accounts), found)


def _sums() -> dict[str, Counter[str]]:
    """Return what accounts owe by what their orders say, by account and currency."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for raw in _rows():
        if held := plain({"held": raw.get("credit_held", {"N": "0"})})["held"]:
            image = plain({name: raw[name] for name in ("account_id", "currency")})
            sums[image["account_id"]][image["currency"]] += held
    return sums


def _rows() -> Iterator[dict[str, Any]]:
    for raw in scan(Order.Meta.table_name):
        if ids.kind_of(raw["id"]["S"]) == Order.kind:
            yield raw


def _orders() -> Iterator[Order]:
    return map(Order.from_raw_data, _rows())


def _is_misstated(order: Order) -> bool:
    return any(getattr(order, name) != fact for name, fact in crediting.facts_of(order).items())


def _restated(order_id: str) -> bool:
    """Write what follows from an order for its customer's credit; False when it never comes to rest."""
    for _ in tries(TRIES):
        order = Order.fetch(order_id)
        facts, held = crediting.facts_of(order), order.credit_held
        step = Step(by=access.SYSTEM.id)
        step.change(order, **facts)
        crediting.count(step, order, more=order.credit_held - held, standing=None)
        with suppress(errors.Stale):
            step.commit()
            return True
    return False
