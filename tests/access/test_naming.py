"""Naming a record in a body: whoever may not reach it is told what they would be told of nothing."""

from typing import Any, Final

import pytest

from chalicelib.core import ids
from tests.access.doors import InProcess
from tests.access.rows import Request
from tests.access.who import GONE, PEOPLE, SEEN, WHO, YES
from tests.access.world import World
from tests.core import wrong

_MONEY: Final = {"amount": "1", "currency": "CNY"}
_DUE: Final = "2099-01-01T00:00:00Z"
#: Route, the field that names a record, which one, what else is said, and the pattern of who may.
NAMING: Final[list[tuple[str, str, str, dict[str, Any], str]]] = [
    ("/activities", "about_id", "account", {"type": "CALL", "subject": "x"}, "reads"),
    ("/activities", "about_id", "task", {"type": "CALL", "subject": "x"}, "reads, unshared"),
    ("/tasks", "about_id", "opportunity", {"title": "x", "due_at": _DUE}, "reads"),
    ("/accounts", "parent_id", "account", {"name": "Child", "allow_duplicate": True}, "reads"),
    ("/contacts", "account_id", "account", {"name": "x"}, "changes"),
    ("/opportunities", "account_id", "account", {"name": "x", "close_on": "2099-01-01"}, "reads"),
    ("/orders", "account_id", "account", {"currency": "CNY"}, "reads"),
    ("/orders", "contact_id", "contact", {"currency": "CNY", "account_id": "account"}, "reads"),
    ("/orders", "opportunity_id", "opportunity", {"currency": "CNY", "account_id": "account"}, "reads"),
    ("/orders/from-opportunity", "opportunity_id", "opportunity", {}, "changes, finance too"),
    ("/contracts", "account_id", "account", {"title": "x", "value": _MONEY}, "reads"),
    (
        "/contracts",
        "opportunity_id",
        "opportunity",
        {"title": "x", "value": _MONEY, "account_id": "account"},
        "reads",
    ),
]
#: Who sells, or keeps the books: the others write nothing anywhere.
WRITERS: Final = [column for column in PEOPLE if column not in ("RDO", "FIN")]


@pytest.mark.parametrize("column", WRITERS)
@pytest.mark.parametrize(
    ("path", "field", "place", "others", "pattern"),
    [pytest.param(*each, id=f"{each[0]} {each[1]} of {each[2]}") for each in NAMING],
)
def test_a_record_is_named_by_those_who_reach_it(
    door: InProcess, world: World, path: str, field: str, place: str, others: Any, pattern: str, column: str
) -> None:
    said = {
        name: world.get(value, value) if name.endswith("_id") else value for name, value in others.items()
    }

    def told(item_id: str) -> tuple[int, Any]:
        reply = door.send(PEOPLE[column], Request("POST", path, {**said, field: item_id}, None))
        return reply.status, reply.json

    of_it, of_nothing = told(world[place]), told(f"{ids.kind_of(world[place])}_{wrong.MISSING}")

    found = GONE if of_it == of_nothing else SEEN if of_it[0] == 403 else YES
    assert found == WHO[pattern][column], of_it
    assert of_nothing[0] in (400, 404)


def test_a_contact_is_given_to_a_third_person_by_those_who_may_assign(door: InProcess, world: World) -> None:
    given = {"account_id": world["account"], "name": "x", "owner_id": door.known["huang_qiang"].id}

    statuses = {
        who: door.send(who, Request("POST", "/contacts", given, None)).status
        for who in ("wang_fang", "emma", "zhang_wei", "olga")
    }

    assert statuses == {"wang_fang": 403, "emma": 403, "zhang_wei": 201, "olga": 201}
