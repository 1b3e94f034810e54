"""Leads and forms for tests."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from chalicelib.core import clock
from chalicelib.core.table import Record
from chalicelib.sales.leads import placing, service
from chalicelib.sales.leads.intake import Enquiry, Taken, take_in
from chalicelib.sales.leads.models import Lead
from tests.client import OPERATIONS, Client, Reply

R = TypeVar("R", bound=Record)

#: A Monday morning in Shanghai.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def label(en: str, zh: str) -> dict[str, str]:
    """A text in both languages."""
    return {"en": en, "zh-CN": zh}


def field(name: str, kind: str = "TEXT", *, required: bool = False, **more: Any) -> dict[str, Any]:
    """A form's field."""
    return {
        "name": name,
        "label": label(name.title(), f"{name}栏"),
        "type": kind,
        "required": required,
        **more,
    }


DEMO: dict[str, Any] = {
    "name": "Demo request",
    "title": label("Ask for a demo", "预约演示"),
    "source": "Web Site",
    "campaign": "autumn",
    "fields": [
        field("name", required=True),
        field("email", "EMAIL", required=True),
        field("phone", "PHONE"),
        field("company"),
        field("employees", "WHOLE_NUMBER"),
        field("seats", "WHOLE_NUMBER"),
        field("message", "LONG_TEXT"),
    ],
}
LI = {
    "name": "Li Lei 李雷",
    "email": "Li.Lei@Example.cn",
    "phone": "138 0013 8000",
    "company": "星河科技有限公司",
}


def a_form(client: Client, **parts: Any) -> dict[str, Any]:
    """Set up a form."""
    reply = client.post("/lead-forms", DEMO | parts, by=OPERATIONS)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def token(client: Client, form: dict[str, Any], *, age: timedelta = timedelta(seconds=5)) -> str:
    """A render token of a form, as old as said."""
    with clock.at(clock.now() - age):
        found: str = client.get(f"/forms/{form['id']}/token").json["token"]
    return found


def post(client: Client, form: dict[str, Any], values: dict[str, Any], **options: Any) -> Reply:
    """Send a form as JSON; with a token unless one is given."""
    sent = values if "token" in values else {**values, "token": token(client, form)}
    return client.post(f"/forms/{form['id']}/submissions", sent, **options)


def enquiry(origin: str, *, at: datetime = MONDAY, **details: Any) -> Enquiry:
    """An enquiry that came in by the API."""
    named = {"name": "Somebody", "channel": "API"} | details
    return Enquiry(named, at, origin=f"row_{origin:0>26}", by="system")


def a_lead(origin: str = "1", **details: Any) -> Lead:
    """A lead that came in, placed by the rules."""
    return taken(origin, **details).lead


def taken(origin: str = "1", **details: Any) -> Taken:
    """What became of an enquiry."""
    return take_in(enquiry(origin, **details))


def a_mail(sender: str, number: str) -> str:
    """A mail that somebody wrote, as a client sends it."""
    raw = f"From: <{sender}>\r\nMessage-ID: <{number}@example.cn>\r\nSubject: Offer\r\n\r\nPlease.\r\n"
    return base64.b64encode(raw.encode()).decode()


def again(lead: Lead) -> Lead:
    """The lead as it is now."""
    return Lead.fetch(lead.id)


def all_of(model: type[R]) -> list[R]:
    """Every record of a kind."""
    return list(model.scan(model.id.startswith(f"{model.kind}_0")))


def waiting(pool_id: str, number: int) -> list[Lead]:
    """So many leads in a pool."""
    place = placing.in_pool(pool_id)
    asked = [enquiry(str(at), email=f"p{at}@example.cn") for at in range(number)]
    return [take_in(replace(each, place=place)).lead for each in asked]


def seen(record: Record, *names: str) -> tuple[Any, ...]:
    """These attributes of a record, side by side."""
    return tuple(getattr(record, name) for name in names)


__all__ = [
    "DEMO",
    "LI",
    "MONDAY",
    "a_form",
    "a_lead",
    "a_mail",
    "again",
    "all_of",
    "enquiry",
    "post",
    "seen",
    "service",
    "taken",
    "token",
    "waiting",
]
