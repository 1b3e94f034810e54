"""What is known of the companies that customers are: their size and age, for the grades that ask for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core.measures import Image
from chalicelib.core.money import Money
from chalicelib.core.table import Record


@dataclass(frozen=True, slots=True)
class Company:
    """What an account's record says: people, revenue of a year, year of foundation; None where nothing."""

    employees: int | None = None
    annual_revenue: Money | None = None
    founded: int | None = None


#: Of whom nothing is known, or nothing is asked.
UNKNOWN: Final = Company()
_TOLD: Final = ("employees", "annual_revenue", "founded")


def companies(account_ids: Iterable[str]) -> Mapping[str, Company]:
    """Return what is known of companies, by account."""
    return {each.id: _of(each) for each in Record.many_anywhere(account_ids).values()}


def _of(account: Any) -> Company:
    return Company(**{name: getattr(account, name) for name in _TOLD})


def is_another(before: Image | None, after: Image | None) -> bool:
    """Whether what is known of a company differs between two images of its account."""
    return any((before or {}).get(name) != (after or {}).get(name) for name in _TOLD)
