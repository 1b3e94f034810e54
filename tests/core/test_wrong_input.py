"""Whatever is wrong with a request, on whatever route: the right problem, and nothing is stored."""

from collections.abc import Callable, Iterator
from time import process_time
from typing import Any, Final

import pytest
from moto import mock_aws

from chalicelib.core import cursor
from chalicelib.core.endpoint import Endpoint
from chalicelib.organisation.people import directory
from tests.client import Client
from tests.core import wrong
from tests.core.wrong import refused, wrong_fields
from tests.memory import fresh_tables

ENDPOINTS: Final = wrong.endpoints()
#: Bodies that are no JSON object, and the code that says why.
NOT_AN_OBJECT: Final[dict[bytes, str]] = {
    b'{"name": ': "json",
    b'{"name": "\xff"}': "json",
    b"{'name': 1}": "json",
    '{"name": 1}'.encode("utf-16"): "json",
    b'{"name": ' + b"1" * 5_000 + b"}": "json",
    b"[]": "object",
    b'"name"': "object",
    b"null": "object",
    b"7": "object",
    b"": "missing_body",
    b" \n": "missing_body",
    b'{"name": 1, "name": 2}': "duplicate_key",
    b'{"name": {"en": 1, "en": 2}}': "duplicate_key",
    b'{"name": NaN}': "not_finite",
    b'{"name": -Infinity}': "not_finite",
    b'{"name": 1e999}': "not_finite",
    b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}": "too_deep",
}
#: Nested so deeply that a parser would run out of stack.
DEEP: Final = (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b'{"a":' * 40_000 + b"1" + b"}" * 40_000)
#: As much as the gateway lets through; and in what a route takes, the worst there is.
HUGE: Final = b'{"name": "' + b"x" * 10_000_000 + b'"}'
WORST: Final[dict[str, Callable[[int], bytes]]] = {
    "ten megabytes": lambda most: HUGE,
    "a hundred thousand levels": lambda most: DEEP[0],
    "as many levels as fit": lambda most: b'{"a":' * (most // 6) + b"1" + b"}" * (most // 6),
    "as many keys as fit": lambda most: b"{" + b",".join([b'"a":1'] * (most // 6 - 1)) + b"}",
    "as many half surrogates as fit": lambda most: b'{"a":"' + b"\\ud800" * (most // 6 - 2) + b'"}',
}
#: Seconds of the processor that an answer may take.
MOST_SECONDS: Final = 2
#: What only the server sets.
OURS: Final = ("id", "version", "owner_id", "team_id", "status", "score", "created_at", "updated_by")
#: What is in the place of a value: none of it may do more harm than being refused.
ODD: Final[tuple[Any, ...]] = (
    10**40, 0.5, -(10**20), True, "\ud800", "\x00", "", "word", "长" * 5_000, None, [], [[]], [{}], [None],
    ["\ud800"], {"\ud800": 1}, {}, {"\ud800": "\ud800", "": 10**40}, {"en": "\ud800"},
    {"amount": "1e9", "currency": "XXX"}, {"amount": "NaN", "currency": "CNY"}, {"amount": "0.001"},
    "2026-02-30", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "1700000000", "https://[::1", "a@b@c",
)  # fmt: skip
#: What is in the place of an id.
NO_IDS: Final = (
    "7", "..", "lead_", "lead_1", f"lead_{wrong.MISSING}%0A", "%00", "%ff%fe", "%ED%A0%80", "%2F%2E%2E",
    "%E6%9D%8E", "lead_%F0%9F%92%A9", "lead_" + "0" * 3_000, "%25", "%", "' OR 1=1 --", "{id}",
)  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[wrong.Ledger]:
    """The house as it stands empty: nothing here is ever to be added to it."""
    with mock_aws():
        fresh_tables()
        directory.forget()
        with wrong.Ledger.kept() as ledger:
            yield ledger


@pytest.fixture
def client(house: wrong.Ledger) -> Iterator[Client]:
    """The whole app. Afterwards the tables must hold what they held."""
    with Client.open() as opened:
        yield opened
    house.check()


def _those(fits: Callable[[Endpoint], bool]) -> pytest.MarkDecorator:
    found = [pytest.param(each, id=wrong.name_of(each)) for each in ENDPOINTS if fits(each)]
    return pytest.mark.parametrize("endpoint", found)


with_body = _those(lambda endpoint: endpoint.body is not None)
with_path_ids = _those(lambda endpoint: "{" in endpoint.path)
guarded = _those(lambda endpoint: not endpoint.public)
versioned = _those(lambda endpoint: endpoint.if_match)
listed = _those(lambda endpoint: endpoint.listed)
posted = _those(lambda endpoint: endpoint.repeatable)
asked = _those(lambda endpoint: not endpoint.lenient_query)


def _codes(told: dict[str, Any]) -> dict[str, str]:
    return {each["field"]: each["code"] for each in told["errors"]}


@with_body
def test_a_body_that_is_no_object_is_refused(client: Client, endpoint: Endpoint) -> None:
    for raw, code in NOT_AN_OBJECT.items():
        told = refused(client, endpoint, raw=raw)
        assert (told["status"], told["code"], _codes(told)) == (400, "invalid", {"": code}), raw[:50]


@with_body
def test_a_body_that_is_too_large_or_too_deep_is_refused(client: Client, endpoint: Endpoint) -> None:
    told = refused(client, endpoint, raw=b'{"name": "' + b"x" * max(1_000_000, endpoint.most) + b'"}')
    assert (told["status"], told["code"]) == (413, "too_large")
    for raw in DEEP:
        told = refused(client, endpoint, raw=raw)
        expected = (400, "invalid") if len(raw) <= endpoint.most else (413, "too_large")
        assert (told["status"], told["code"]) == expected


@with_body
def test_the_worst_body_is_refused_in_little_time(client: Client, endpoint: Endpoint) -> None:
    for what, make in WORST.items():
        raw, started = make(endpoint.most), process_time()
        reply = wrong.send(client, endpoint, wrong.path_of(endpoint), raw=raw)
        took = process_time() - started

        assert reply.status == (413 if len(raw) > endpoint.most else 400), what
        assert took < MOST_SECONDS, what


@with_body
def test_a_body_of_another_media_type_is_refused(client: Client, endpoint: Endpoint) -> None:
    medias = ["text/plain", "application/xml", "multipart/form-data; boundary=a", "", "application/jsonp"]
    if not endpoint.form:
        medias.append("application/x-www-form-urlencoded")
    for media in medias:
        told = refused(client, endpoint, headers={"Content-Type": media})
        assert (told["status"], told["code"]) == (415, "unsupported"), media


@with_body
def test_a_field_that_is_not_the_callers_to_set_is_named(client: Client, endpoint: Endpoint) -> None:
    if endpoint.body is None or endpoint.body.model_config.get("extra") == "allow":
        pytest.skip("its fields are made by operations; see the tests of lead forms")
    unknown = {*OURS, "__proto__", "备注"} - set(wrong.fields_of(endpoint.body))

    told = refused(client, endpoint, body=dict.fromkeys(unknown, "x"))

    codes = _codes(told)
    assert told["status"] == 400
    assert {codes[name] for name in unknown} == {"extra_forbidden"}


@with_body
def test_every_field_of_a_wrong_type_is_named_at_once(client: Client, endpoint: Endpoint) -> None:
    if endpoint.body is None or endpoint.body.model_config.get("extra") == "allow":
        pytest.skip("its fields are made by operations; see the tests of lead forms")
    fields = set(wrong.fields_of(endpoint.body))

    told = refused(client, endpoint, body={name: [[[]]] for name in fields})

    assert told["status"] == 400
    assert {name.partition(".")[0] for name in wrong_fields(told)} == fields


@with_body
def test_in_json_a_number_is_no_text_and_true_is_not_1(client: Client, endpoint: Endpoint) -> None:
    assert endpoint.body is not None
    for path, body in wrong.mistyped(endpoint.body):
        told = refused(client, endpoint, body={**body, "no_such": 1})
        assert _codes(told)[path.rstrip(".")] in {"int_type", "bool_type"}, (path, body)


@with_body
def test_no_value_does_more_harm_than_being_refused(client: Client, endpoint: Endpoint) -> None:
    assert endpoint.body is not None
    for odd in ODD:
        # One field that no route has keeps the request from being taken.
        body = {**dict.fromkeys(wrong.fields_of(endpoint.body), odd), "no_such": 1}
        refused(client, endpoint, body=body)


@with_path_ids
def test_an_id_that_names_nothing_is_not_found(client: Client, endpoint: Endpoint) -> None:
    told = [
        refused(client, endpoint, wrong.path_of(endpoint, f"{kind}_{wrong.MISSING}")) for kind in wrong.KINDS
    ]

    assert {(each["status"], each["code"]) for each in told} == {(404, "not_found")}


@with_path_ids
def test_what_is_no_id_is_not_found(client: Client, endpoint: Endpoint) -> None:
    for text in NO_IDS:
        told = refused(client, endpoint, wrong.path_of(endpoint, text))
        assert (told["status"], told["code"]) == (404, "not_found"), text


@guarded
def test_a_call_without_an_identity_is_refused(house: wrong.Ledger, endpoint: Endpoint) -> None:
    with wrong.Ungated.open() as past_the_gateway:
        told = refused(past_the_gateway, endpoint)

    assert (told["status"], told["code"]) == (401, "unauthenticated")
    house.check()


@guarded
def test_a_call_without_the_right_is_refused_before_anything_is_read(
    client: Client, endpoint: Endpoint
) -> None:
    told = refused(client, endpoint, by=wrong.NOBODY, raw=b'{"name": ', query={"limit": "0"})

    assert (told["status"], told["code"]) == (403, "forbidden")


@versioned
def test_a_change_says_what_it_is_based_on(client: Client, endpoint: Endpoint) -> None:
    told = refused(client, endpoint, match=None)
    assert (told["status"], told["code"]) == (428, "precondition_needed")
    for garbage in ("", "x", '"x"', "-1", "1.5", '"1", "2"', "9" * 40, "\u0661", '"1"\n2', "W/"):
        told = refused(client, endpoint, match=garbage)
        assert (told["status"], _codes(told)) == (400, {"If-Match": "if_match"}), garbage


@listed
def test_a_list_is_asked_for_within_bounds(client: Client, endpoint: Endpoint) -> None:
    for limit in ("0", "201", "-1", "ten", "", "1.5", "1" * 5_000):
        told = refused(client, endpoint, query={**wrong.least(endpoint.query), "limit": limit})
        assert (told["status"], wrong_fields(told)) == (400, {"limit"}), limit


@listed
def test_a_cursor_of_another_list_is_refused(client: Client, endpoint: Endpoint) -> None:
    another = cursor.encode({"id": {"S": "lead_1"}}, scope="another list")
    for text in (
        "x",
        "长",
        "a.b",
        "=.=",
        another,
        another[:-1],
        "." + another,
        "e30." + another,
        "x" * 2_001,
    ):
        told = refused(client, endpoint, query={**wrong.least(endpoint.query), "cursor": text})
        assert (told["status"], wrong_fields(told)) == (400, {"cursor"}), text


@asked
def test_what_is_asked_for_is_known(client: Client, endpoint: Endpoint) -> None:
    least = wrong.least(endpoint.query)
    told = refused(client, endpoint, query={**least, "no_such": "1"})
    assert _codes(told) == {"no_such": "extra_forbidden"}
    for fields in ("no_such", "id,no_such", ",", "id;DROP", "\x00", "长"):
        told = refused(client, endpoint, query={**least, "fields": fields})
        assert wrong_fields(told) == {"fields"}, fields


@asked
def test_no_question_does_more_harm_than_being_refused(client: Client, endpoint: Endpoint) -> None:
    for odd in ("9" * 40, "-1", "\x00", "长" * 300, "2026-13", "9999-12", "0000-01", "2026-02-30", "null"):
        query = dict.fromkeys(wrong.fields_of(endpoint.query), odd)
        refused(client, endpoint, query={**query, "no_such": "1"})


@posted
def test_a_malformed_idempotency_key_is_refused(client: Client, endpoint: Endpoint) -> None:
    for key in ("", "x" * 256, "a b", "键", "a\n", "\x7f"):
        told = refused(client, endpoint, headers={"Idempotency-Key": key})
        assert (told["status"], _codes(told)) == (400, {"Idempotency-Key": "idempotency_key"}), key
