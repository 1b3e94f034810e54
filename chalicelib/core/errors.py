"""Everything that can go wrong, as a tree. Only `core.web` knows what HTTP calls it.

SalesError
├── Invalid            the input breaks a rule: a list of fields, each with a code
├── NotFound           not there, or not yours: the two look alike
├── Forbidden          this role may not do this at all
├── Unauthenticated    no identity
├── Conflict           the record's state forbids it
│   ├── AlreadyExists  an id or a unique value is taken
│   ├── Blocked        criteria are not met: says what is missing
│   └── OutOfTurn      not in this status: says what the status allows
├── Stale              somebody changed the record meanwhile
├── PreconditionNeeded a change without If-Match
├── TooMany            a limit is reached; says when to come back
├── TooLarge           the body is larger than allowed, or a record would be
├── Unsupported        a media type that is not read here
└── Busy               a passing fault below; the same call may succeed later
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that breaks a rule. `code` names a text ``error.<code>`` of the catalogue."""

    field: str
    code: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    message: str = ""


class SalesError(Exception):
    """Base of all errors that a caller can do something about.

    `code` names a text ``problem.<code>`` of the catalogue, filled with `values`.
    """

    code = "error"

    def __init__(self, code: str | None = None, **values: Any) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.values = values


class Invalid(SalesError):
    """The input breaks rules; every field at once."""

    code = "invalid"

    def __init__(self, *errors: FieldError, code: str | None = None) -> None:
        super().__init__(code)
        self.errors: Sequence[FieldError] = errors

    def __str__(self) -> str:
        # What quarantine and the log say of it: no value, for that may be somebody's.
        return ", ".join(f"{each.field}: {each.code}" for each in self.errors) or self.code

    @classmethod
    def one(cls, field_name: str, code: str, **values: Any) -> "Invalid":
        """Return the error of a single field."""
        return cls(FieldError(field_name, code, values))


class NotFound(SalesError):
    """Not there, or not yours."""

    code = "not_found"


class Forbidden(SalesError):
    """This role may not do this."""

    code = "forbidden"


class Unauthenticated(SalesError):
    """No identity, or one that does not hold."""

    code = "unauthenticated"


class Conflict(SalesError):
    """The record's state forbids it."""

    code = "conflict"


class AlreadyExists(Conflict):
    """An id or a unique value is taken; `holder` is the id of who has it, when known."""

    code = "already_exists"

    def __init__(self, code: str | None = None, *, holder: str | None = None, **values: Any) -> None:
        super().__init__(code, **values)
        self.holder = holder


class Blocked(Conflict):
    """Criteria are not met; `missing` lists each of them."""

    code = "blocked"

    def __init__(self, *missing: FieldError, code: str | None = None) -> None:
        super().__init__(code)
        self.missing: Sequence[FieldError] = missing


class OutOfTurn(Conflict):
    """The record's status does not allow this now; `possible` lists the verbs that it does allow."""

    code = "out_of_turn"

    def __init__(self, *, verb: str, state: str, possible: Sequence[str]) -> None:
        super().__init__(verb=verb, state=state, possible=", ".join(possible) or "–")
        self.state = state
        self.possible = possible


class Stale(SalesError):
    """Somebody changed the record since it was read."""

    code = "stale"


class PreconditionNeeded(SalesError):
    """A change needs the version it is based on."""

    code = "precondition_needed"


class TooMany(SalesError):
    """A limit is reached."""

    code = "too_many"

    def __init__(self, code: str | None = None, *, retry_after: int = 60, **values: Any) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after


class TooLarge(SalesError):
    """The body is larger than allowed; `record_full`: a record would be larger than a table takes."""

    code = "too_large"


class Unsupported(SalesError):
    """The media type is not read here."""

    code = "unsupported"


class Busy(SalesError):
    """A passing fault below (throttling, contention); trying again may succeed."""

    code = "busy"
