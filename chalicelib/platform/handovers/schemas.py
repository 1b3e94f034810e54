"""What clients send and see of handovers."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import Id, Instant, Shape, View

Receivers = Annotated[list[Id], Field(min_length=1, max_length=50)]


class NewHandover(Shape):
    """Whose book goes to whom, and why: all to one, or to several in turn, customer by customer."""

    from_id: Id
    to_ids: Receivers
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Resumption(Shape):
    """To whom the rest goes; without `to_ids` to the same people as before."""

    to_ids: Receivers | None = None


class HandoverView(View):
    """A handover and how far it is: records `moved` and `passed_over` by kind, `received` by person.

    It is STOPPED by a record (`failed_id`) that could not be moved, or when nobody is left to receive.
    """

    id: str
    status: Literal["RUNNING", "DONE", "STOPPED"]
    from_id: str
    to_ids: list[str]
    reason: str
    owner_id: str
    team_id: str | None
    moved: dict[str, int]
    received: dict[str, int]
    passed_over: dict[str, int]
    failure: str | None
    failed_id: str | None
    version: int
    created_at: Instant
    updated_at: Instant
    finished_at: Instant | None
