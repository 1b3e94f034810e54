"""The document and the answers are one thing, whatever is sent: Schemathesis against every route."""

import random
import re
from collections.abc import Iterator
from os import environ
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.client import ADMIN, REP, Client
from tests.core import wrong
from tests.input import wire
from tests.input.company import Company

ENDPOINTS: Final = {wrong.name_of(each): each for each in wrong.endpoints()}
#: Cases of each route: in every run, and in the long one.
FEW, MANY = 2, 16
#: What the long run draws from, another time something else; printed with a failure, set it to see the same
#: again. In every run the same is drawn: whether a change may land does not hang on chance.
SEED: Final = int(environ.get("SEED") or random.SystemRandom().randrange(2**32))
SAME: Final = int(environ.get("SEED") or 1)

each_route = pytest.mark.parametrize("route", sorted(ENDPOINTS))


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """A company with records of every kind; most of them are Rita's."""
    with Company.open() as opened, Client.open() as app:
        app.get("/docs")  # what a process builds once is not what an answer is timed for
        yield opened


@pytest.fixture
def client(company: Company) -> Iterator[Client]:
    """The whole app, over the company as it was founded."""
    company.again()
    with Client.open() as opened:
        yield opened


@st.composite
def cases(draw: st.DrawFn, route: str, company: Company) -> Case[Any]:
    """A call of a route, most with ids that exist: fit to the document, or meant to break it."""
    operation = wire.operations()[route]

    def real(name: str, otherwise: Any) -> Any:
        known = company.named(name)
        return draw(st.sampled_from([*known, *known, otherwise])) if known else otherwise

    mode = draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    places = [each.name for each in operation.path_parameters if company.named(each.name)]
    case: Case[Any] = draw(
        operation.as_strategy(mode, path_parameters={name: real(name, "x") for name in places})
    )
    if mode.is_positive:
        case.query = company.real(case.query, real)
        case.body = company.real(case.body, real)
        if "If-Match" in case.headers and draw(st.booleans()):
            case.headers["If-Match"] = "*"
    return case


def _holds(route: str, client: Client, company: Company, *, times: int, drawn: int) -> None:
    tried = 0

    @seed(drawn)
    @settings(
        max_examples=times,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(route, company), st.sampled_from([ADMIN, REP]))
    def ask(case: Case[Any], who: Any) -> None:
        nonlocal tried
        tried += 1
        note(f"SEED={drawn}")
        reply = wire.answered(client, case, by=who)
        if location := reply.headers.get("location", [""])[0] if reply.status_code == 201 else "":
            made = wire.at(f"GET {location}")
            read = wire.answered(client, made.Case(path_parameters=_named(made.path, location)), by=who)
            assert read.status_code == 200

    ask()
    assert tried >= min(times, 2)


@pytest.mark.parametrize("route", sorted(name for name, each in ENDPOINTS.items() if each.body is not None))
def test_null_in_any_field_is_taken_or_refused(client: Client, company: Company, route: str) -> None:
    endpoint = ENDPOINTS[route]
    assert endpoint.body is not None
    places = {name: company.named(name)[0] for name in re.findall(r"{(\w+)}", endpoint.path)}
    least = company.real(wrong.least(endpoint.body))
    for field in wrong.fields_of(endpoint.body):
        body = {**least, field: None}
        reply = wrong.send(client, endpoint, endpoint.path.format(**places), body=body, match="*")
        assert reply.status < 500, (field, reply.text)


def _named(path: str, address: str) -> dict[str, str]:
    pairs = zip(path.split("/"), address.split("/"), strict=True)
    return {place.strip("{}"): part for place, part in pairs if place.startswith("{")}


@each_route
def test_no_request_makes_an_answer_that_the_document_does_not_tell_of(
    client: Client, company: Company, route: str
) -> None:
    _holds(route, client, company, times=FEW, drawn=SAME)


def test_the_long_run_asks_at_least_two_thousand_times() -> None:
    assert len(ENDPOINTS) * MANY >= 2_000


@pytest.mark.long
@each_route
def test_many_requests_make_no_answer_that_the_document_does_not_tell_of(
    client: Client, company: Company, route: str
) -> None:
    _holds(route, client, company, times=MANY, drawn=SEED)
