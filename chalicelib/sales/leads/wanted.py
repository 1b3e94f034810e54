"""What a lead is to become when it is converted."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to convert: existing records by id, or what the new ones are to be.

    `opportunity` None and no `opportunity_id`: none. What the new records are not given they take
    from the lead; None given is none. With `allow_duplicate`, a name, e-mail or phone that another
    has stays with it, and the new record does without the claim.
    """

    account: dict[str, Any]
    contact: dict[str, Any]
    opportunity: dict[str, Any] | None
    account_id: str | None = None
    contact_id: str | None = None
    opportunity_id: str | None = None
    allow_duplicate: bool = False
