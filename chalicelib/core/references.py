"""References: the records that a request names, looked up together so that every wrong one is told.

named = References(by)
account = named.take("account_id", accounts.account, account_id)
named.take("contact_id", accounts.contact, contact_id, account_id=account_id)
named.check()
"""

from collections.abc import Callable
from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.ownership import VOIDED


class References:
    """Collects what is wrong with references, in the reach of `who`."""

    def __init__(self, who: Principal) -> None:
        self.who = who
        self.wrong: list[FieldError] = []

    def take(self, field: str, look_up: Callable[..., Any], item_id: str | None, **expected: Any) -> Any:
        """Return the record that `field` names, None for none.

        Not there, out of reach, voided, or not as `expected` (its account, say): all told alike.
        """
        if item_id is None:
            return None
        try:
            found = look_up(item_id, who=self.who)
        except errors.NotFound:
            found = None
        fits = found is not None and all(getattr(found, name) == value for name, value in expected.items())
        if not fits or found.status == VOIDED:
            self.wrong.append(FieldError(field, "unknown_reference"))
        return found

    def check(self) -> None:
        """Raise Invalid with every field that names what cannot be used."""
        if self.wrong:
            raise errors.Invalid(*self.wrong)
