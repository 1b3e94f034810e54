"""Lead forms: set up so that they can work, and reading only what they ask for."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.sales.leads import forms
from tests.client import OPERATIONS, REP, Client
from tests.sales.leads.builders import DEMO, LI, a_form, field, label

NOWHERE = "0000000000000000000000N0NE"


def test_nobody_sets_up_a_form_without_the_right_to(client: Client) -> None:
    assert client.get("/lead-forms").status == 401
    assert client.post("/lead-forms", DEMO, by=REP).status == 403


def test_everything_that_cannot_be_is_named_at_once(client: Client) -> None:
    wrong = DEMO | {
        "fields": [
            field("owner_id"),
            field("email"),
            field("email", "EMAIL"),
            field("homepage"),
            field("size", "CHOICE"),
        ],
        "sla_calendar_id": f"calendar_{NOWHERE}",
        "pipeline_id": f"pipeline_{NOWHERE}",
    }

    reply = client.post("/lead-forms", wrong, by=OPERATIONS)

    assert reply.status == 400
    assert {(e["field"], e["code"]) for e in reply.json["errors"]} == {
        ("fields.0.name", "reserved_field"),
        ("fields.1.type", "field_type"),
        ("fields.2.name", "duplicate_key"),
        ("fields.3.name", "reserved_field"),
        ("fields.4.choices", "missing"),
        ("sla_calendar_id", "unknown_reference"),
        ("pipeline_id", "unknown_reference"),
    }


def test_a_form_that_asks_nobody_who_they_are_is_refused(client: Client) -> None:
    reply = client.post("/lead-forms", DEMO | {"fields": [field("company")]}, by=OPERATIONS)

    assert [e["code"] for e in reply.json["errors"]] == ["nobody_to_answer"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origins": ["https://www.example.cn/page"]},
        {"redirects": ["javascript:alert(1)"]},
        {"title": {}},
        {"honeypot": "Not A Name"},
        {"form_limit": {"posts": 0, "seconds": 60}},
    ],
)
def test_a_part_that_is_no_such_thing_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    assert client.post("/lead-forms", DEMO | wrong, by=OPERATIONS).status == 400


def test_a_change_needs_the_version_and_leaves_what_it_does_not_name(client: Client) -> None:
    form = a_form(client, redirects=["https://www.example.cn/thanks"])
    path = f"/lead-forms/{form['id']}"

    changed = client.patch(path, {"source": "Fair", "redirects": None}, by=OPERATIONS, match=1)

    assert (changed.status, changed.json["source"], changed.json["redirects"]) == (200, "Fair", [])
    assert changed.json["fields"] == form["fields"]
    assert client.patch(path, {"source": "X"}, by=OPERATIONS, match=1).status == 412
    assert client.patch(path, {"title": None}, by=OPERATIONS, match=2).status == 400
    assert [each["id"] for each in client.get("/lead-forms", by=REP).json["items"]] == [form["id"]]


def test_the_page_escapes_what_operations_wrote_and_lets_no_other_script_run(client: Client) -> None:
    form = a_form(client, title=label("<script>alert(1)</script>", "标题"))

    page = client.get(f"/forms/{form['id']}", query={"utm_source": '"><script>x</script>'})

    assert "<script>alert(1)" not in page.text
    assert "<script>x" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


def test_what_came_in_by_a_form_is_listed_for_operations(client: Client) -> None:
    form = a_form(client, token_required=False)
    receipt = client.post(f"/forms/{form['id']}/submissions", LI).json["receipt"]
    path = f"/lead-forms/{form['id']}/submissions"

    [listed] = client.get(path, by=OPERATIONS).json["items"]

    assert (listed["id"], listed["status"]) == (receipt, "RECEIVED")
    assert client.get(path, by=REP).status == 403


FORM: Any = SimpleNamespace(
    fields=[
        *(field(name, kind) | {"longest": None} for name, kind in (("name", "TEXT"), ("email", "EMAIL"))),
        *(field(name, kind) for name, kind in (("phone", "PHONE"), ("employees", "WHOLE_NUMBER"))),
        field("value", "AMOUNT"),
        field("trial", "CHECKBOX"),
        field("products", "CHOICES", choices=[{"value": "GTX", "label": {}}]),
    ],
    consent=None,
)
NAMES = [each["name"] for each in FORM.fields]
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(sent=st.dictionaries(st.sampled_from([*NAMES, "utm_source", "page", "owner_id", "score"]), ANYTHING))
def test_whatever_is_sent_is_read_as_the_form_says_or_refused_by_name(sent: dict[str, Any]) -> None:
    details, refused = read(sent)

    assert refused <= set(sent)
    assert bool(refused) or not {"owner_id", "score"} & set(sent)
    assert set(details) <= {*NAMES, "answers", "utm", "page", "referrer"}
    assert set(details.get("answers", ())) <= {"trial"}


def read(sent: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """What a form reads of it, or the fields it refuses."""
    try:
        return forms.accepted(FORM, sent), set()
    except errors.Invalid as refused:
        return {}, {error.field for error in refused.errors}
