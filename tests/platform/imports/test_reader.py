"""A file read piece by piece is the file read at once, wherever the pieces end."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.imports import reader

CELLS = st.text(alphabet='ab,"\n\r 王丽=é;', max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=30)


def _whole(content: bytes, *, window: int, most: int, encoding: str) -> list[list[str]]:
    found: list[list[str]] = []
    start = 0
    while start < len(content):
        part = content[start : start + window]
        read = reader.piece(
            part, start=start, last=start + len(part) >= len(content), encoding=encoding, most=most
        )
        if read.end == start:
            window *= 2
            continue
        found += read.records
        start = read.end
    return found


@given(rows=ROWS, window=st.integers(16, 200), most=st.integers(1, 7))
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_pieces_of_any_size_give_every_row_once(
    rows: list[list[str]], window: int, most: int, encoding: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    content = text.getvalue().encode(encoding, "ignore")
    expected = [row for row in csv.reader(io.StringIO(content.decode(encoding), newline="")) if any(row)]

    assert _whole(content, window=window, most=most, encoding=encoding) == expected


def test_a_file_from_a_chinese_spreadsheet_is_recognised() -> None:
    assert reader.encoding_of("姓名,公司\n王丽,星河\n".encode("gb18030")) == "gb18030"
    assert reader.encoding_of("姓名,公司\n王丽,星河\n".encode()) == "utf-8-sig"
    assert reader.encoding_of("姓名".encode()[:-1]) == "utf-8-sig"


def test_a_quotation_mark_never_closed_is_told_instead_of_swallowing_the_file() -> None:
    content = b'a,"b\n' + b"x" * (reader.LONGEST_RECORD + 1)

    with pytest.raises(reader.Unreadable, match="import_record_too_long"):
        reader.piece(content, start=0, last=False, encoding="utf-8", most=10)


@pytest.mark.parametrize("window", [24, 1000])
def test_a_stray_quotation_mark_costs_no_row(window: int) -> None:
    content = b'id,size\n1,5" pipe\n2,6 inches\n3,7" pipe\n4,8 inches\n5,9" pipe\n6,10 inches\n'

    found = _whole(content, window=window, most=2, encoding="utf-8")

    assert [row[0] for row in found] == ["id", "1", "2", "3", "4", "5", "6"]


def test_a_cell_that_no_parser_takes_is_told() -> None:
    content = b'"' + b"x" * 200_000 + b'"\n'

    with pytest.raises(reader.Unreadable, match="import_record_too_long"):
        reader.piece(content, start=0, last=True, encoding="utf-8", most=10)
