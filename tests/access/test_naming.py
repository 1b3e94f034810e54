"""Naming a record in a body: whoever may not reach it is told what they would be told of nothing."""

from collections.abc import Iterator, Mapping
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
_TITLED: Final = {"title": "x", "value": _MONEY}
_OF_ACCOUNT: Final = {"account_id": "account"}
_DEAL: Final = {"name": "x", "close_on": "2099-01-01"}
_LINES: Final = {"lines": [{"name": "Fee", "quantity": 1, "unit_price": _MONEY}]}
#: Of another customer than the record is of: told to everybody as of nothing.
ELSES: Final = "another customer's"
#: Route, the field that names a record, which one, what else is said, and the pattern of who may. What is
#: in the path is the asking person's own.
NAMING: Final[list[tuple[str, str, str, dict[str, Any], str]]] = [
    ("POST /activities", "about_id", "account", {"type": "CALL", "subject": "x"}, "reads"),
    ("POST /activities", "about_id", "task", {"type": "CALL", "subject": "x"}, "reads, unshared"),
    ("POST /tasks", "about_id", "opportunity", {"title": "x", "due_at": _DUE}, "reads"),
    ("POST /accounts", "parent_id", "account", {"name": "Child", "allow_duplicate": True}, "reads"),
    ("PATCH /accounts/{account_id}", "parent_id", "account", {}, "reads"),
    ("POST /contacts", "account_id", "account", {"name": "x"}, "changes"),
    ("POST /opportunities", "account_id", "account", _DEAL, "reads"),
    ("POST /opportunities", "contact_id", "contact", {**_DEAL, **_OF_ACCOUNT}, "reads"),
    ("PATCH /opportunities/{deal_id}", "account_id", "account", {}, "reads"),
    ("PATCH /opportunities/{deal_id}", "contact_id", "contact", {}, ELSES),
    ("POST /opportunities/{deal_id}/clone", "contact_id", "contact", _DEAL, ELSES),
    ("POST /orders", "account_id", "account", {"currency": "CNY"}, "reads"),
    ("POST /orders", "contact_id", "contact", {"currency": "CNY", **_OF_ACCOUNT}, "reads"),
    ("POST /orders", "opportunity_id", "opportunity", {"currency": "CNY", **_OF_ACCOUNT}, "reads"),
    ("PATCH /orders/{order_id}", "contact_id", "contact", {}, ELSES),
    ("POST /orders/from-opportunity", "opportunity_id", "opportunity", {}, "changes, finance too"),
    ("POST /orders/from-quote", "quote_id", "quote", {}, "changes, finance too"),
    ("POST /quotes", "account_id", "account", {"currency": "CNY"}, "reads"),
    ("POST /quotes", "contact_id", "contact", {"currency": "CNY", **_OF_ACCOUNT}, "reads"),
    ("POST /quotes", "opportunity_id", "opportunity", {"currency": "CNY", **_OF_ACCOUNT}, "reads"),
    ("POST /quotes/from-opportunity", "opportunity_id", "opportunity", {}, "reads"),
    ("PATCH /quotes/{quote_id}", "contact_id", "contact", {}, ELSES),
    ("POST /prices", "account_id", "account", {"currency": "CNY", **_LINES}, "reads"),
    ("POST /contracts", "account_id", "account", _TITLED, "reads"),
    ("POST /contracts", "contact_id", "contact", {**_TITLED, **_OF_ACCOUNT}, "reads"),
    ("POST /contracts", "opportunity_id", "opportunity", {**_TITLED, **_OF_ACCOUNT}, "reads"),
    ("POST /contracts", "order_ids", "order", {**_TITLED, **_OF_ACCOUNT}, "reads"),
    ("PATCH /contracts/{contract_id}", "contact_id", "contact", {}, ELSES),
    ("PATCH /contracts/{contract_id}", "opportunity_id", "opportunity", {}, ELSES),
    ("PATCH /contracts/{contract_id}", "order_ids", "order", {}, ELSES),
    ("POST /contracts/from-quote", "quote_id", "quote", {}, "changes"),
    ("POST /leads/{lead_id}/convert", "account_id", "account", {}, "reads"),
    ("POST /leads/{lead_id}/convert", "contact_id", "contact", {}, "reads"),
    ("POST /leads/{lead_id}/convert", "opportunity_id", "opportunity", {}, "changes"),
    ("POST /leads/{lead_id}/merge", "into_id", "lead", {}, "changes"),
]
#: Who sells, or keeps the books: the others write nothing anywhere.
WRITERS: Final = [column for column in PEOPLE if column not in ("RDO", "FIN")]


#: What each person makes to have a record of their own for a place in a path.
OWN: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "account_id": ("/accounts", {"name": "Own", "allow_duplicate": True}),
    "deal_id": ("/opportunities", _DEAL | {"account_id": "own"}),
    "order_id": ("/orders", {"currency": "CNY", "account_id": "own"}),
    "quote_id": ("/quotes", {"currency": "CNY", "account_id": "own"}),
    "contract_id": ("/contracts", _TITLED | {"account_id": "own"}),
    "lead_id": ("/leads", {"name": "Own"}),
}
#: What everybody in the company may name, or what names nothing of it, by how the field is called.
ANYBODYS: Final[Mapping[str, tuple[str, ...]]] = {
    "what is sold, and how": (
        "product_id", "product_ids", "pipeline_id", "stage_id", "clause_ids", "template_id", "calendar_id",
        "sla_calendar_id", "pool_id",
    ),
    "people and teams": (
        "owner_id", "with_id", "user_id", "user_ids", "team_id", "team_ids", "manager_id", "member_ids",
        "keeper_id", "stand_in_id", "from_id", "to_ids",
    ),
    "another system's": ("external_id", "call_id"),
}  # fmt: skip
#: Fields of that sort by where they stand.
ELSEWHERE: Final[Mapping[tuple[str, str], str]] = {
    ("POST /credit-notes", "account_id"): "given out only by who reaches every account",
    ("POST /leads/{lead_id}/dismiss-duplicate", "other_id"): "only what the lead itself suggests",
    ("POST /leads/{lead_id}/reconsider-duplicate", "other_id"): "only what was suggested there once",
    (
        "POST /contracts/{contract_id}/orders",
        "order_id",
    ): "of contracts in force: test_frames.py of contracts",
    ("POST /products", "parent_id"): "a product",
    ("POST /products", "option_rules.other_id"): "a product",
    ("PATCH /products/{product_id}", "option_rules.other_id"): "a product",
    ("POST /teams", "parent_id"): "a team",
    ("PATCH /teams/{team_id}", "parent_id"): "a team",
}


def named_in_bodies() -> Iterator[tuple[str, str]]:
    """Every field of a body that names something, by route: a new one without a line here fails."""
    for endpoint in wrong.endpoints():
        if endpoint.body is not None and not endpoint.public:
            schema = endpoint.body.model_json_schema()
            for field in _naming(schema, schema.get("$defs", {})):
                yield wrong.name_of(endpoint), field


def _naming(schema: Mapping[str, Any], named: Mapping[str, Any], at: str = "") -> Iterator[str]:
    if "$ref" in schema:
        yield from _naming(named[schema["$ref"].rpartition("/")[2]], named, at)
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _naming(each, named, at)
    if isinstance(schema.get("items"), dict):
        yield from _naming(schema["items"], named, at)
    for name, part in schema.get("properties", {}).items():
        if name.endswith(("_id", "_ids")):
            yield at + name
        else:
            yield from _naming(part, named, f"{at}{name}.")


def test_every_field_that_names_something_is_tried_or_is_anybodys() -> None:
    tried = {(route, field) for route, field, *_ in NAMING}
    anybodys = {name for names in ANYBODYS.values() for name in names}
    found = set(named_in_bodies())

    assert {each for each in found if each[1].rpartition(".")[2] not in anybodys} == tried | ELSEWHERE.keys()


def own_path(door: InProcess, who: str, path: str) -> str:
    """A route's path, with a record of somebody's own in its place."""
    place = path.partition("{")[2].partition("}")[0]
    if not place:
        return path
    where, body = OWN[place]
    if body.get("account_id") == "own":
        body = {**body, "account_id": own_path(door, who, "{account_id}")}
    if place == "lead_id":  # the rules would give it to somebody else
        body = {**body, "owner_id": door.known[who].id}
    reply = door.send(who, Request("POST", where, body, None))
    assert reply.status in (200, 201), reply.text
    return path.replace(f"{{{place}}}", reply.json["id"])


@pytest.mark.parametrize("column", WRITERS)
@pytest.mark.parametrize(
    ("route", "field", "place", "others", "pattern"),
    [pytest.param(*each, id=f"{each[0]} {each[1]} of {each[2]}") for each in NAMING],
)
def test_a_record_is_named_by_those_who_reach_it(
    door: InProcess, world: World, route: str, field: str, place: str, others: Any, pattern: str, column: str
) -> None:
    method, _, path = route.partition(" ")
    at = own_path(door, PEOPLE[column], path)
    said = {name: world[value] if name == "account_id" else value for name, value in others.items()}

    def told(item_id: str) -> tuple[int, Any]:
        names = [item_id] if field.endswith("s") else item_id
        version = 1 if method == "PATCH" or "{" in path else None
        reply = door.send(PEOPLE[column], Request(method, at, {**said, field: names}, version))
        return reply.status, reply.json

    # Of nothing first: what is done with the record may end what it is done to.
    of_nothing, of_it = told(f"{ids.kind_of(world[place])}_{wrong.MISSING}"), told(world[place])

    found = GONE if of_it == of_nothing else SEEN if of_it[0] == 403 else YES
    assert found == (GONE if pattern == ELSES else WHO[pattern][column]), (of_it, of_nothing)
    assert of_nothing[0] in (400, 404)


def test_a_contact_is_given_to_a_third_person_by_those_who_may_assign(door: InProcess, world: World) -> None:
    given = {"account_id": world["account"], "name": "x", "owner_id": door.known["huang_qiang"].id}

    statuses = {
        who: door.send(who, Request("POST", "/contacts", given, None)).status
        for who in ("wang_fang", "emma", "zhang_wei", "olga")
    }

    assert statuses == {"wang_fang": 403, "emma": 403, "zhang_wei": 201, "olga": 201}
