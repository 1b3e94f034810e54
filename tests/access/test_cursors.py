"""Cursors on every list there is: good for that list of that caller, and for nothing else."""

import base64
from typing import Any, Final

import pytest

from chalicelib.core import clock, cursor
from chalicelib.core.shapes import OwnedQuery
from tests.access.doors import InProcess
from tests.access.rows import GUARDED, Request, Row, nowhere
from tests.access.world import World
from tests.client import Reply

#: A row of each route that lists, the one asked without a question where there is one.
LISTS: Final = list({row.route: row for row in reversed(GUARDED) if row.endpoint.listed}.values())
ANY_LIST: Final = pytest.mark.parametrize("row", [pytest.param(row, id=row.asked) for row in LISTS])


@pytest.fixture
def cursors(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The scopes that cursors were asked for."""
    scopes: list[str] = []
    decode = cursor.decode

    def noted(text: str, *, scope: str) -> dict[str, Any]:
        scopes.append(scope)
        return decode(text, scope=scope)

    monkeypatch.setattr(cursor, "decode", noted)
    return scopes


def ask(door: InProcess, world: World, row: Row, *, who: str = "ada", **query: str) -> Reply:
    """Ask for a list."""
    path = row.request(world).path
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return door.send(who, Request("GET", f"{path}{'&' if '?' in path else '?'}{more}", None, None))


def own_cursor(door: InProcess, world: World, row: Row, cursors: list[str]) -> str:
    """A cursor that this very list of this very caller takes."""
    ask(door, world, row, cursor="x")
    made = cursor.encode({"id": {"S": world["account"]}}, scope=cursors[-1])
    cursors.clear()
    ask(door, world, row, cursor=made)
    assert cursor.decode(made, scope=cursors[0])
    return made


def is_refused(reply: Reply) -> bool:
    """Whether it is the cursor that is refused."""
    return reply.status == 400 and [each["field"] for each in reply.json["errors"]] == ["cursor"]


@ANY_LIST
def test_a_tampered_cursor_is_refused(door: InProcess, world: World, row: Row, cursors: list[str]) -> None:
    made = own_cursor(door, world, row, cursors)
    body, _, signature = made.partition(".")
    text = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    other = base64.urlsafe_b64encode(text.replace(world["account"], world["contact"]).encode()).rstrip(b"=")
    tampered = [
        f"{other.decode()}.{signature}",
        f"{body}.",
        body,
        f"{body}.{signature[:-2]}AA",
        f"{signature}.{body}",
        f"{made}.{signature}",
        *(made[:at] + ("A" if made[at] != "A" else "B") + made[at + 1 :] for at in range(0, len(body), 9)),
    ]

    assert [text for text in tampered if not is_refused(ask(door, world, row, cursor=text))] == []


@ANY_LIST
def test_a_cursor_of_another_list_is_refused(
    door: InProcess, world: World, row: Row, cursors: list[str]
) -> None:
    others = [each for each in LISTS if each is not row]
    foreign = [own_cursor(door, world, other, cursors) for other in others]

    assert [text for text in foreign if not is_refused(ask(door, world, row, cursor=text))] == []


@ANY_LIST
def test_a_cursor_of_another_caller_record_or_question_is_refused(
    door: InProcess, world: World, row: Row, cursors: list[str]
) -> None:
    made = own_cursor(door, world, row, cursors)

    assert is_refused(ask(door, world, row, who="olga", cursor=made)) or row.scope.endswith(":admin")
    if row.names_a_record:
        assert is_refused(ask(door, nowhere(world), row, cursor=made))
    if issubclass(row.endpoint.query, OwnedQuery):
        assert is_refused(ask(door, world, row, voided="true", cursor=made))


@ANY_LIST
def test_a_cursor_of_yesterday_is_refused(
    door: InProcess, world: World, row: Row, cursors: list[str]
) -> None:
    with clock.at(clock.now() - cursor.LASTS):
        made = own_cursor(door, world, row, cursors)

    assert is_refused(ask(door, world, row, cursor=made))
