"""CSV out and in again: no cell begins a formula, and every text comes back as it was."""

import ast
import csv
import io
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import chalicelib
from chalicelib.core import files, spreadsheet
from chalicelib.core.settings import settings
from chalicelib.platform.imports import reader
from tests.client import OPERATIONS, Client
from tests.input.corpus import CELLS
from tests.streams import Stream

FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def _as_a_spreadsheet_reads(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _as_an_import_reads(content: bytes) -> list[list[str]]:
    return reader.piece(content, start=0, last=True, encoding="utf-8", most=10**6).records


def test_no_cell_of_the_corpus_begins_a_formula_and_all_come_back() -> None:
    rows: list[tuple[int, str, str]] = [(at, cell, "beside") for at, cell in enumerate(CELLS)]

    written = spreadsheet.lines(rows)

    seen = _as_a_spreadsheet_reads(written)
    assert not [cell for row in seen for cell in row if cell.startswith(FORMULA)]
    assert _as_an_import_reads(written) == [[str(at), cell, beside] for at, cell, beside in rows]


@given(st.lists(st.text(alphabet=st.sampled_from("=+-@\t\r\n＝'\",;x1长 ")), min_size=1, max_size=5))
def test_any_row_comes_back_as_it_was(cells: list[str]) -> None:
    written = spreadsheet.lines([["row", *cells]])

    assert not [
        cell for [row] in [_as_a_spreadsheet_reads(written)] for cell in row if cell.startswith(FORMULA)
    ]
    assert _as_an_import_reads(written) == [["row", *cells]]


def test_numbers_stay_numbers() -> None:
    assert spreadsheet.lines([[-5, "-5"]]) == b'-5,"\'-5"\r\n'


def test_csv_is_written_in_one_place() -> None:
    house = Path(chalicelib.__file__).parent
    writers = {
        path.name
        for path in house.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("csv.writer", "csv.DictWriter")
    }
    assert writers == {"spreadsheet.py"}


def test_a_report_of_hostile_rows_has_no_formula(client: Client, stream: Stream, tables: None) -> None:
    files.forget()
    files._client().create_bucket(Bucket=settings().files)
    hostile = [cell for cell in CELLS if 0 < len(cell.strip()) < 200]
    content = _file([["产品", "系列", "价格"], *([f"P{at}", cell, cell] for at, cell in enumerate(hostile))])
    mapping: dict[str, Any] = {
        "columns": {"产品": "name", "系列": "family", "价格": "price"},
        "replace": {"family": {cell.strip(): "@Magnum" for cell in hostile}},
    }
    body = {"target": "products", "file_name": "a.csv", "size": len(content), "mapping": mapping}
    begun = client.post("/imports", body, by=OPERATIONS)
    assert begun.status == 201, begun.text
    job = begun.json["job"]
    files.write(f"imports/{job['id']}/file.csv", content, media="text/csv")

    assert client.post(f"/imports/{job['id']}/start", by=OPERATIONS).status == 200
    stream.drain()

    report = _as_a_spreadsheet_reads(files.read(f"imports/{job['id']}/report-done.csv"))
    assert client.get(f"/imports/{job['id']}", by=OPERATIONS).json["refused"] == len(hostile)
    assert len(report) > len(hostile)
    assert not [cell for row in report for cell in row if cell.startswith(FORMULA)]


def _file(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()
