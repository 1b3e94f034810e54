"""The world that the matrix is asked about: Wang Fang's records, made over the API alone.

It is made the same way in this process and in the deployed stack; what differs is the `Door`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from chalicelib.core import clock, ids
from infra.demo.people import FORM_ID, PEOPLE, known_id
from tests.access.rows import Request

#: Hired by the test: the demo company has nobody who only reads.
RON: Final = {"name": "Ron Reader", "email": "ron@example.com", "role": "READ_ONLY"}
#: In team East with an empty book, that is handed over; works on a deal.
GUS: Final = {"name": "Gus Gone", "email": "gus@example.com", "role": "READ_ONLY"}
_ADDED: Final = {200, 201, 202}


class Reply(Protocol):
    """What comes back, in this process as over the wire."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def text(self) -> str:
        """The body."""

    @property
    def json(self) -> Any:
        """The parsed body."""


class Door(Protocol):
    """A way in: requests of somebody, by their key in the company or ``key <scopes>``."""

    def send(self, who: str, request: Request) -> Reply:
        """Send a request as somebody."""

    def let_in(self, who: str, user: Mapping[str, Any]) -> None:
        """Let a user sign in from now on."""

    def hand_key(self, who: str, key: str) -> None:
        """Let a program come with a key from now on."""

    def book(self, source_id: str, schedule_id: str) -> None:
        """Have what was sold, or came back, in the books."""


World = dict[str, str]


def built(door: Door, *, keys: Iterable[str]) -> World:
    """Build the world; return its records' ids by place. `keys` are named ``key <scopes>``."""
    for person in PEOPLE:
        door.let_in(person.key, {"id": person.id, "email": person.email, "name": person.name})
    door.let_in("ron", _add(door, "ada", "/users", RON))
    for key in keys:
        scopes = key.removeprefix("key ").split()
        door.hand_key(key, _add(door, "ada", "/api-keys", {"name": key, "scopes": scopes})["key"])
    world = _setting(door)
    world |= _records(door, world)
    world |= _booked(door, world)
    _share(door, world)
    return world


def _setting(door: Door) -> World:
    territory = {"code": "ACCESS", "name": "Access"}
    mapping = {"columns": {"code": "code"}}
    warehouse = {"code": "ACCESS", "name": "Access", "keeper_id": known_id("user", "wang_fang")}
    pool = {"name": "East 华东", "member_ids": [known_id("team", "east")]}
    added: dict[str, tuple[str, dict[str, Any]]] = {
        "territory": ("/territories", territory),
        "calendar": ("/calendars", {"name": "Access", "zone": "Asia/Shanghai", "week": _MONDAYS}),
        "api_key": ("/api-keys", {"name": "Access", "scopes": ["*:read"]}),
        "factor": ("/forecasts/factors", _FACTOR),
        "lead_pool": ("/lead-pools", pool),
        "lead_channel": ("/lead-channels", {"name": "Access", "mapping": {"email": "email"}}),
        "price_book": ("/price-books", {"name": "Access", "currency": "CNY"}),
        "promotion": ("/promotions", {"name": "Access", "currency": "CNY", "percent_bps": 1} | _NOWHERE),
        "clause": ("/clauses", {"name": "Law", "language": "en", "body": "The law of the place."}),
        "warehouse": ("/warehouses", warehouse),
    }
    world = {place: _add(door, "ada", path, body)["id"] for place, (path, body) in added.items()}
    supply = {"reference": "ACCESS", "warehouse": world["warehouse"], "quantity": 1, "expected_on": _LATER}
    job = {"target": "products", "file_name": "a.csv", "size": 1, "mapping": mapping}
    template = {"name": "Care", "language": "en", "clause_ids": [world["clause"]]}
    return world | {
        "contract_template": _add(door, "ada", "/contract-templates", template)["id"],
        "import": _add(door, "ada", "/imports", job)["job"]["id"],
        **_handed_over(door),
        "supply": _add(door, "ada", "/supplies", supply | {"product": _kept(door)})["id"],
        "product": _first(door, "/products"),
        "pipeline": _first(door, "/pipelines"),
        "lead_form": FORM_ID,
        "user": known_id("user", "wang_fang"),
        "team": known_id("team", "east"),
        "month": clock.month(clock.today()),
    }


def _handed_over(door: Door) -> World:
    gus = _add(door, "ada", "/users", GUS | {"team_id": known_id("team", "east")})["id"]
    wanted = {"from_id": gus, "to_ids": [known_id("user", "liu_yang")], "reason": "left"}
    return {"member": gus, "handover": _add(door, "ada", "/handovers", wanted)["id"]}


def _kept(door: Door) -> str:
    """Return the id of a product that is kept in stock, the last by its name."""
    body = {"code": "ACCESS-KEPT", "name": "验收 Access", "list_price": _PRICE, "stocked": True}
    product_id: str = _add(door, "ada", "/products", body)["id"]
    return product_id


_MONDAYS: Final = {"mon": [{"opens": "09:00", "closes": "18:00"}]}
_FACTOR: Final = {"percent": 1, "reason": "Fair", "first_month": "2020-01", "last_month": "2020-01"}
_PRICE: Final = {"amount": "1", "currency": "CNY"}
#: What is on sale elsewhere in the same installation keeps its price.
_NOWHERE: Final = {"families": ["Access"]}
_LATER: Final = "2099-12-31"
_MEMBER: Final = {"role": "MEMBER", "split_percent": 0}


def _records(door: Door, world: World) -> World:
    def add(path: str, **body: Any) -> str:
        item_id: str = _add(door, "wang_fang", path, body)["id"]
        return item_id

    account = add("/accounts", name="Access 安可")
    pooled = add("/leads", name="Pooled")
    _add(door, "wang_fang", f"/leads/{pooled}/return", {"reason": "x", "pool_id": world["lead_pool"]})
    made = {
        "account": account,
        "contact": add("/contacts", account_id=account, name="Li Lei"),
        "activity": add("/activities", about_id=account, type="CALL", subject="Offer"),
        "task": add("/tasks", title="Offer", due_at=f"{_LATER}T00:00:00Z", about_id=account),
        "opportunity": add("/opportunities", name="Press", account_id=account, close_on=_LATER),
        "lead": add("/leads", name="Han Meimei"),
        "pooled": pooled,
        "report": add("/reports/subscriptions", report="REP_DAILY"),
        "contract": add("/contracts", account_id=account, title="Care", value=_PRICE),
    }
    paper = {"file_name": "a.pdf", "media": "application/pdf", "size": 1}
    awaited = _add(door, "wang_fang", f"/contracts/{made['contract']}/versions/upload", paper)
    made["number"] = str(awaited["number"])
    deal = {"opportunity_id": made["opportunity"]}
    joins = Request("PUT", f"/opportunities/{made['opportunity']}/members/{world['member']}", _MEMBER, 1)
    _done(door.send("wang_fang", joins))
    made["order"] = add("/orders", account_id=account, currency="CNY", **deal)
    given_back = {"lines": [{"name": "Press", "quantity": 1, "unit_price": _PRICE}], "reason": "came back"}
    note = {"account_id": account, "currency": "CNY", **given_back}
    made["credit_note"] = _add(door, "zhang_wei", "/credit-notes", note)["id"]
    made |= _accepted_quote(door, account, made["opportunity"])
    paused = Request("PATCH", f"/reports/subscriptions/{made['report']}", {"status": "PAUSED"}, 1)
    _done(door.send("wang_fang", paused))
    return made


def _booked(door: Door, world: World) -> World:
    """What the credit note left in the books."""
    note = world["credit_note"]
    found = {
        "receivable": ids.derived("receivable", note, "1"),
        "revenue_schedule": ids.derived("revenue_schedule", note),
        "revenue_export": _add(door, "ada", "/revenue/exports", {"month": world["month"]})["id"],
    }
    door.book(note, found["revenue_schedule"])
    return found


def _accepted_quote(door: Door, account: str, deal: str) -> World:
    """A quote that its link shows, but nobody can accept once more."""
    fee = {"name": "Care", "quantity": 1, "unit_price": _PRICE}
    asked = {"account_id": account, "currency": "CNY", "opportunity_id": deal, "lines": [fee]}
    quote = _add(door, "wang_fang", "/quotes", asked)["id"]
    at = f"/quotes/{quote}"
    _add(door, "wang_fang", f"{at}/submit", {})
    _add(door, "wang_fang", f"{at}/send", {"by_mail": False})
    url = _done(door.send("wang_fang", Request("GET", f"{at}/link", None, None)))["url"]
    _add(door, "wang_fang", f"{at}/accept", {"name": "Li Lei"})
    return {"quote": quote, "link": url.rpartition("/")[2]}


def _share(door: Door, world: World) -> None:
    shared = {
        "accounts": "account",
        "contacts": "contact",
        "leads": "lead",
        "opportunities": "opportunity",
        "orders": "order",
        "quotes": "quote",
        "contracts": "contract",
    }
    rights = ((known_id("team", "international"), "read"), (known_id("user", "emma"), "write"))
    for path, place in shared.items():
        for with_id, right in rights:
            _add(door, "wang_fang", f"/{path}/{world[place]}/share", {"with_id": with_id, "right": right})


def _add(door: Door, who: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return _done(door.send(who, Request("POST", path, dict(body), None)))


def _first(door: Door, path: str) -> str:
    found: str = _done(door.send("ada", Request("GET", path, None, None)))["items"][0]["id"]
    return found


def _done(reply: Reply) -> dict[str, Any]:
    assert reply.status in _ADDED, reply.text
    found: dict[str, Any] = reply.json
    return found
