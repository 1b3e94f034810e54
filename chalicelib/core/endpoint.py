"""What a route promises, and one call of it. Read by `core.web` to serve and `core.openapi` to tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from chalicelib.core import ids
from chalicelib.core.access import Principal
from chalicelib.core.shapes import NoQuery, View
from chalicelib.core.table import Page

B = TypeVar("B")
Q = TypeVar("Q")

#: What two headers look like; a version is also ``*``: whichever there is.
IF_MATCH = r'(?:W/)?"?([0-9]{1,15})"?'
IDEMPOTENCY_KEY = r"[\x21-\x7e]{1,255}"
#: The largest JSON body of an ordinary route, in bytes.
ORDINARY_BODY = 256 * 1024


@dataclass(frozen=True)
class Call(Generic[B, Q]):
    """One call of a view: who, the parsed body and query, and the version the caller saw.

    `version` is what If-Match said (None when the route does not need it and it was not given).
    `after` is where a list goes on, `scope` what a cursor of it is bound to. `resumed` is the origin
    of the earlier call that this one goes on with, `raw` the body as it came: what a sender signed.
    """

    who: Principal
    body: B
    query: Q
    language: str
    request_id: str
    version: int | None = None
    after: Mapping[str, Any] | None = None
    scope: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    raw: bytes = b""
    resumed: str | None = None

    @cached_property
    def origin(self) -> str:
        """The id from which those of what the call makes may follow: the same request again has the same."""
        return self.resumed or ids.new("request")

    @property
    def page(self) -> dict[str, Any]:
        """Keyword arguments `limit` and `after` for a list."""
        return {"limit": getattr(self.query, "limit", 50), "after": self.after}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view answers when it is more than a record or a page.

    `value` goes through the route's answer shape, except a str, which is sent as it is. Of one that
    `is_new` the answer says where it is: below the `places` of its route, by its id.
    """

    value: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_new: bool = False


def created(record: Any) -> Answer:
    """Return the answer to a creation: 201 with the record, and where it is."""
    return Answer(record, 201, is_new=True)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route: its method and path, the shapes in and out, and what it needs.

    `also` names further statuses it answers with, and what they mean (a redirect, a refusal that
    is its own). The answer of a `secret` one is kept nowhere: a repeated request gets the record
    without it. One that `resumes` is called again when its answer was lost, and goes on where it
    stopped: it makes its records under ids that follow from `Call.origin`. What it creates is read
    below `places`: its own path, unless it says otherwise.
    """

    method: str
    path: str
    name: str
    view: Callable[..., Any]
    summary: str
    needs: str | None
    body: type[BaseModel] | None
    query: type[BaseModel]
    answers: type[View] | None
    listed: bool
    status: int
    if_match: bool
    form: bool
    most: int
    media: str
    lenient_query: bool = False
    also: Mapping[int, str] = field(default_factory=dict)
    secret: bool = False
    resumes: bool = False
    places: str = ""

    @property
    def repeatable(self) -> bool:
        """Whether `Idempotency-Key` is honoured: strangers share no identity that a key could be kept for."""
        return self.method == "POST" and not self.public

    @property
    def public(self) -> bool:
        """Whether anybody may call it, without an identity."""
        return self.needs is None


__all__ = [
    "IDEMPOTENCY_KEY",
    "IF_MATCH",
    "ORDINARY_BODY",
    "Answer",
    "Call",
    "Endpoint",
    "NoQuery",
    "Page",
    "created",
]
