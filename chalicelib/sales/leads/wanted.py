"""What a lead is to become when it is converted."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to convert: existing records by id, or what the new ones are to be.

    `opportunity` None and no `opportunity_id`: none.
    """

    account: dict[str, Any]
    contact: dict[str, Any]
    opportunity: dict[str, Any] | None
    account_id: str | None = None
    contact_id: str | None = None
    opportunity_id: str | None = None
