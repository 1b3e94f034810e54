"""An import that a fault stops: told by name, not RUNNING for ever, and gone on with once that is mended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from chalicelib.core import clock, errors
from chalicelib.platform.imports import chunks, mapping
from chalicelib.platform.imports.models import STALLED
from chalicelib.platform.imports.targets import TARGETS
from tests.client import OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.platform.imports.bringing import PRODUCTS, begin, report
from tests.streams import Stream, sweep

#: What DynamoDB will refuse however often it is asked.
HOPELESS: Final = ClientError({"Error": {"Code": "ValidationException", "Message": "no"}}, "PutItem")
THROTTLED: Final = ClientError({"Error": {"Code": "ThrottlingException", "Message": "later"}}, "PutItem")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The metrics that imports counted."""
    found: list[str] = []
    monkeypatch.setattr(chunks, "count", found.append)
    return found


@pytest.fixture
def at(client: Client, bucket: None) -> str:
    """The address of an import that has started."""
    hire_everybody()
    found = f"/imports/{begin(client, PRODUCTS.encode())['id']}"
    client.post(f"{found}/start", by=OPERATIONS)
    return found


def fault_in(monkeypatch: pytest.MonkeyPatch, fault: Exception, *, times: int = 99) -> Callable[[], None]:
    """Have a row meet a fault so often; return how to mend it."""
    products, met = TARGETS["products"], [fault] * times

    def faulty(rows: Any, arrival: Any) -> Any:
        if rows[0].name == "MG Special" and met:
            raise met.pop()
        return products.bring_in(rows, arrival)

    monkeypatch.setitem(TARGETS, "products", replace(products, bring_in=faulty))
    return met.clear


def seen(client: Client, at: str) -> tuple[Any, ...]:
    """How an import stands, why, at which row, and what became of its rows."""
    job = client.get(at, by=OPERATIONS).json
    return tuple(job[name] for name in ("status", "failure", "failed_row", "imported", "known", "refused"))


@pytest.mark.parametrize("fault", [ZeroDivisionError(), HOPELESS])
def test_a_row_with_an_unforeseen_fault_ends_the_import_by_name_and_it_goes_on_once_mended(
    client: Client,
    stream: Stream,
    at: str,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    mend = fault_in(monkeypatch, fault)
    stream.drain()

    assert seen(client, at) == ("FAILED", "import_row", 2, 0, 0, 0)
    assert [(line["line"], line["outcome"]) for line in report(at[9:], "failed")] == [("2", "failed")]
    assert told == ["ImportsStopped"]
    assert client.post(f"{at}/resume", by=REP).status == 403

    mend()
    assert client.post(f"{at}/resume", by=OPERATIONS).json["status"] == "RUNNING"
    stream.drain()

    assert seen(client, at) == ("DONE", None, None, 2, 0, 1)
    assert [line["line"] for line in report(at[9:])] == ["2", "3"]
    assert client.post(f"{at}/resume", by=OPERATIONS).json["code"] == "import_not_stopped"


def test_a_fault_outside_any_row_ends_the_import_where_its_chunk_begins(
    client: Client, stream: Stream, at: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> Any:
        raise KeyError("columns")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(mapping, "apply", faulty)
        stream.drain()
    assert seen(client, at) == ("FAILED", "import_row", 1, 0, 0, 0)
    assert told == ["ImportsStopped"]

    client.post(f"{at}/resume", by=OPERATIONS)
    stream.drain()
    assert seen(client, at) == ("DONE", None, None, 2, 0, 1)


def test_a_fault_that_passes_stops_nothing(
    client: Client, stream: Stream, at: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault_in(monkeypatch, THROTTLED, times=3)

    stream.drain()

    assert seen(client, at) == ("DONE", None, None, 2, 0, 1)
    assert told == []


def test_a_row_too_large_for_a_record_is_refused_and_the_others_come_in(
    client: Client, stream: Stream, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault_in(monkeypatch, errors.TooLarge("record_full"))

    stream.drain()

    assert seen(client, at) == ("DONE", None, None, 1, 0, 2)
    assert [(line["line"], line["code"]) for line in report(at[9:])] == [
        ("2", "record_full"),
        ("3", "string_pattern_mismatch"),
    ]


def test_an_import_whose_worker_never_comes_back_is_ended_after_an_hour_and_can_be_resumed(
    client: Client, stream: Stream, at: str, told: list[str]
) -> None:
    stream.new_records()  # what would have gone on with it is lost
    begun: datetime = clock.now()

    sweep(begun + STALLED - timedelta(minutes=2))
    assert seen(client, at)[0] == "RUNNING"
    sweep(begun + STALLED + timedelta(minutes=2))
    assert seen(client, at) == ("FAILED", "import_stalled", 1, 0, 0, 0)
    assert told == ["ImportsStopped"]
    assert [line["code"] for line in report(at[9:], "failed")] == ["import_stalled"]

    client.post(f"{at}/resume", by=OPERATIONS)
    stream.drain()
    assert seen(client, at) == ("DONE", None, None, 2, 0, 1)
    sweep(begun + 3 * STALLED)
    assert seen(client, at)[0] == "DONE"


def test_an_import_that_was_cancelled_has_a_report_too(client: Client, at: str) -> None:
    assert client.post(f"{at}/cancel", by=OPERATIONS).json["status"] == "CANCELLED"

    assert client.get(f"{at}/report", by=OPERATIONS).status == 200
    assert report(at[9:], "cancelled") == []


def test_the_same_history_imported_again_is_known(client: Client, stream: Stream, bucket: None) -> None:
    hire_everybody()
    rows = b"no,at\n7,2026-03-01T00:00:00Z\n"
    mapping = {"columns": {"no": "external_id", "at": "received_at"}}
    outcomes = []
    for _ in range(2):
        job = begin(client, rows, target="leads", mapping=mapping)
        client.post(f"/imports/{job['id']}/start", by=OPERATIONS)
        stream.drain()
        outcomes.append(seen(client, f"/imports/{job['id']}")[3:])

    assert outcomes == [(1, 0, 0), (0, 1, 0)]
