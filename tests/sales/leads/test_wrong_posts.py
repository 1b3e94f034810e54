"""A visitor's post that is wrong: refused by name, in the visitor's language, and nothing is kept."""

from typing import Any, Final

import pytest

from tests.client import REP, Client
from tests.core import wrong
from tests.sales.leads.builders import LI, a_form, field, post, token

SUBMIT: Final = next(
    each for each in wrong.endpoints() if wrong.name_of(each) == "POST /forms/{form_id}/submissions"
)
SERVERS: Final = ("owner_id", "team_id", "status", "score", "rating", "id", "version")
#: What no field of these takes.
ODD: Final[tuple[Any, ...]] = ([[]], [{}], {"a": 1}, 10**40, "\ud800", "\x00", "x" * 5_001)


@pytest.fixture
def form(client: Client) -> dict[str, Any]:
    choices = [{"value": each, "label": {"en": each}} for each in ("GTX", "MG")]
    return a_form(
        client,
        fields=[
            field("name", required=True),
            field("email", "EMAIL"),
            field("phone", "PHONE"),
            field("employees", "WHOLE_NUMBER"),
            field("value", "AMOUNT"),
            field("message", "LONG_TEXT"),
            field("industry", "CHOICE", choices=choices),
            field("products", "CHOICES", choices=choices),
        ],
        address_limit={"posts": 10_000, "seconds": 3_600},
    )


def _refused(client: Client, form: dict[str, Any], **values: Any) -> dict[str, Any]:
    sent = {"name": LI["name"], "token": token(client, form), **values}
    with wrong.Ledger.kept() as ledger:
        told = wrong.refused(client, SUBMIT, f"/forms/{form['id']}/submissions", body=sent)
        ledger.check()
    return told


def test_a_render_token_is_good_for_one_post(client: Client, form: dict[str, Any]) -> None:
    used = token(client, form)
    assert post(client, form, {"name": "Li Lei 李雷", "token": used}).status == 202

    told = _refused(client, form, name="Han Mei 韩梅", token=used)

    assert (told["status"], told["code"]) == (409, "token_used")


@pytest.mark.parametrize("text", ["", "x", "a.b", "长", "\ud800", "x" * 5_000, [[]], {"a": 1}, 7, True])
def test_what_is_no_render_token_is_refused(client: Client, form: dict[str, Any], text: Any) -> None:
    told = _refused(client, form, token=text)

    assert (told["status"], wrong.wrong_fields(told)) == (400, {"token"})


def test_a_visitor_cannot_set_what_is_the_servers(client: Client, form: dict[str, Any]) -> None:
    told = _refused(client, form, **dict.fromkeys(SERVERS, "x"))

    assert told["status"] == 400
    assert {(each["field"], each["code"]) for each in told["errors"]} == {
        (name, "extra_forbidden") for name in SERVERS
    }


@pytest.mark.parametrize(
    "name",
    [
        "name", "email", "phone", "employees", "value", "message", "industry", "products",
        "utm_source", "page", "referrer", "redirect",
    ],
)  # fmt: skip
def test_what_a_field_does_not_take_is_named(client: Client, form: dict[str, Any], name: str) -> None:
    for odd in ODD:
        told = _refused(client, form, **{name: odd})
        assert (told["status"], wrong.wrong_fields(told)) == (400, {name}), odd


@pytest.mark.parametrize("answer", [10**40, "x" * 5_001, "\x00", [], {"a": 1}, None])
def test_an_answer_that_cannot_be_kept_is_refused(client: Client, answer: Any) -> None:
    told = client.post("/leads", {"name": "Li Lei 李雷", "answers": {"seats": answer}}, by=REP)

    assert told.status == 400
    assert all(each["field"].startswith("answers.seats") for each in told.json["errors"])
