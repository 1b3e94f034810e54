"""A file's way in: from its mapping to its report, in chunks that may be repeated."""

from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.core import files
from chalicelib.platform.imports import chunks
from chalicelib.platform.imports.targets import TARGETS
from tests.client import OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.platform.imports.bringing import MAPPING, PRODUCTS, begin, report
from tests.sales.opportunities.builders import a_pipeline, stage
from tests.streams import Stream


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_every_row_is_imported_repaired_or_refused_and_the_report_says_why(
    client: Client, stream: Stream, bucket: None, encoding: str
) -> None:
    hire_everybody()
    job = begin(client, PRODUCTS.encode(encoding))

    assert client.post(f"/imports/{job['id']}/start", by=OPERATIONS).json["status"] == "RUNNING"
    stream.drain()

    done = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    assert (done["status"], done["rows"], done["imported"], done["repaired"], done["refused"]) == (
        "DONE",
        3,
        2,
        1,
        1,
    )
    assert [(line["line"], line["outcome"], line["field"]) for line in report(job["id"])] == [
        ("2", "repaired", "family"),
        ("3", "refused", "price"),
    ]
    names = [item["name"] for item in client.get("/products", by=REP).json["items"]]
    assert names == ["GTX Pro 专业版", "MG Special"]
    assert client.get(f"/imports/{job['id']}/report", by=OPERATIONS).json["download"].startswith("http")


def test_the_same_file_twice_brings_nothing_in_twice(client: Client, stream: Stream, bucket: None) -> None:
    hire_everybody()
    for _ in range(2):
        job = begin(client, PRODUCTS.encode())
        client.post(f"/imports/{job['id']}/start", by=OPERATIONS)
        stream.drain()

    again = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    assert (again["imported"], again["known"], again["refused"]) == (0, 2, 1)
    assert len(client.get("/products", by=REP).json["items"]) == 2


def test_a_chunk_delivered_again_counts_its_rows_once(
    client: Client, stream: Stream, bucket: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire_everybody()
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 10)
    rows = "".join(f"Product {number},F,{number}\n" for number in range(35))
    job = begin(client, f"产品,系列,价格\n{rows}".encode())
    client.post(f"/imports/{job['id']}/start", by=OPERATIONS)

    stream.drain()
    stream.deliver(stream.delivered)

    done = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    assert (done["status"], done["rows"], done["imported"]) == ("DONE", 35, 35)


def test_rows_of_two_pipelines_find_each_its_own_stage_of_the_same_name(
    client: Client, stream: Stream, bucket: None
) -> None:
    hire_everybody()
    for name, code in (("Direct", "talk"), ("Partners", "partner_talk")):
        a_pipeline(stage(code, names={"en": "Talk", "zh-CN": "洽谈"}), name=name)
    rows = f"id,flow,owner,stage\nA,Direct,{REP.name},Talk\nB,Partners,{REP.name},Talk\n"
    columns = {"id": "external_id", "flow": "pipeline", "owner": "owner", "stage": "stage"}
    job = begin(client, rows.encode(), target="opportunities", mapping={"columns": columns})
    client.post(f"/imports/{job['id']}/start", by=OPERATIONS)

    stream.drain()

    deals = client.get("/opportunities", by=REP).json["items"]
    assert {deal["name"]: deal["stage_id"] for deal in deals} == {"A": "talk", "B": "partner_talk"}


@pytest.mark.parametrize(
    ("field", "value"), [("amount", "-5"), ("opened_on", "0001-01-01"), ("closed_on", "9999-12-31")]
)
def test_a_deal_that_could_not_be_typed_in_is_no_deal_in_a_file_either(field: str, value: str) -> None:
    row = {"external_id": "A", "owner": "Rep", "stage": "won", field: value}

    with pytest.raises(ValidationError, match=field):
        TARGETS["opportunities"].shape.model_validate(row)


def test_a_mapping_to_an_unknown_field_is_refused_before_anything_is_stored(client: Client) -> None:
    wrong = {"columns": {"产品": "nmae"}, "constants": {"owner": "me"}}
    body = {"target": "products", "file_name": "x.csv", "size": 10, "mapping": wrong}

    reply = client.post("/imports", body, by=OPERATIONS)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {
        "mapping.columns.产品",
        "mapping.constants.owner",
    }
    assert client.get("/imports", by=OPERATIONS).json["items"] == []


def test_a_file_without_a_mapped_column_fails_and_says_so(
    client: Client, stream: Stream, bucket: None
) -> None:
    hire_everybody()
    job = begin(client, b"name,price\nA,1\n")
    client.post(f"/imports/{job['id']}/start", by=OPERATIONS)

    stream.drain()

    failed = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    assert (failed["status"], failed["failure"]) == ("FAILED", "import_columns")


def test_an_import_starts_once_its_file_is_there_and_only_once(
    client: Client, stream: Stream, bucket: None
) -> None:
    body = {"target": "products", "file_name": "x.csv", "size": 10, "mapping": MAPPING}
    job = client.post("/imports", body, by=OPERATIONS).json["job"]
    start = f"/imports/{job['id']}/start"

    assert client.post(start, by=OPERATIONS).json["code"] == "import_no_file"
    files.write(f"imports/{job['id']}/file.csv", b"0123456789", media="text/csv")
    assert client.post(start, by=OPERATIONS).status == 200
    assert client.post(start, by=OPERATIONS).json["code"] == "import_started"


def test_only_operations_import(client: Client) -> None:
    assert client.get("/imports").status == 401
    assert client.get("/imports", by=REP).status == 403
    assert client.get("/imports/import_job_00000000000000000000000000", by=OPERATIONS).status == 404


ORDER_LINES = "no,day,customer,item,pieces,price\n"
ORDER_MAPPING = {
    "columns": {
        "no": "order",
        "day": "ordered_on",
        "customer": "account",
        "item": "name",
        "pieces": "quantity",
        "price": "unit_price",
    },
    "constants": {"currency": "CNY"},
}


def _order_lines(client: Client, stream: Stream, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    content = ORDER_LINES + "".join(",".join(map(str, row)) + "\n" for row in rows)
    job = begin(client, content.encode(), target="orders", mapping=ORDER_MAPPING)
    client.post(f"/imports/{job['id']}/start", by=OPERATIONS)
    stream.drain()
    done: dict[str, Any] = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    return done


def _customer(client: Client) -> None:
    hire_everybody()
    assert client.post("/accounts", {"name": "Kangnai 康奈"}, by=OPERATIONS).status == 201


def test_the_lines_of_an_order_come_in_together_wherever_a_chunk_ends(
    client: Client, stream: Stream, bucket: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _customer(client)
    monkeypatch.setattr(chunks, "CHUNK_ROWS_TOGETHER", 7)
    sizes = [3, 5, 1, 6, 2, 4, 1, 1]
    rows = [
        (f"A-{order}", "2026-03-02", "Kangnai 康奈", f"Part {line}", 2, "1.25")
        for order, size in enumerate(sizes)
        for line in range(size)
    ]

    done = _order_lines(client, stream, rows)

    assert (done["status"], done["rows"], done["imported"]) == ("DONE", len(rows), len(rows))
    listed = client.get("/orders", by=OPERATIONS, query={"month": "2026-03"}).json["items"]
    assert {order["number"]: len(order["lines"]) for order in listed} == {
        f"A-{order}": size for order, size in enumerate(sizes)
    }
    assert {(order["status"], order["payment_status"]) for order in listed} == {("COMPLETED", "UNPAID")}
    assert _order_lines(client, stream, rows)["known"] == len(rows)


def test_an_order_comes_in_whole_or_not_at_all(client: Client, stream: Stream, bucket: None) -> None:
    _customer(client)
    rows = [
        ("B-1", "2026-03-02", "Kangnai 康奈", "Good", 1, "5"),
        ("B-1", "2026-03-02", "Kangnai 康奈", "Bad", "two", "5"),
        ("B-2", "2026-03-02", "Kangnai 康奈", "Sold", 1, "5"),
        ("B-2", "2026-03-02", "Kangnai 康奈", "Back", -1, "5"),
        ("B-3", "2026-03-02", "Kangnai 康奈", "Back", -1, "5"),
        ("B-4", "2026-03-02", "Nobody", "Good", 1, "5"),
        ("B-5", "2026-03-02", "Kangnai 康奈", "Good", 1, "5"),
        ("B-3", "2026-03-02", "Kangnai 康奈", "Apart from its first line", -1, "5"),
    ]

    done = _order_lines(client, stream, rows)

    assert (done["rows"], done["imported"], done["refused"]) == (8, 2, 6)
    assert [(line["line"], line["field"], line["code"]) for line in report(done["id"])] == [
        ("1", "", "import_with_others"),
        ("2", "quantity", "int_parsing"),
        ("3", "quantity", "import_signs"),
        ("6", "account", "import_reference"),
        ("8", "", "told_otherwise"),
    ]


def test_more_rows_of_one_order_than_a_chunk_takes_end_the_import(
    client: Client, stream: Stream, bucket: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _customer(client)
    monkeypatch.setattr(chunks, "CHUNK_ROWS_TOGETHER", 3)

    done = _order_lines(client, stream, [("C-1", "2026-03-02", "Kangnai 康奈", "x", 1, "5")] * 5)

    assert (done["status"], done["failure"]) == ("FAILED", "import_too_many_together")
