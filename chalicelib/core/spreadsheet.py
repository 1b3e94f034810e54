"""CSV as spreadsheets read it: no cell that people wrote is taken for a formula, and none is lost.

A text that a spreadsheet would reckon with gets an apostrophe in front, as people type it there
themselves; `plain` takes it off again, so that what is written here is read back as it was.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

Cell = str | int | Decimal

#: Tells a spreadsheet that the file is UTF-8.
MARK: Final = b"\xef\xbb\xbf"
#: What a formula begins with, the full-width forms and what a reader may skip before it included.
_BEGINS: Final = tuple("=+-@\t\r\n＝＋－＠")


def lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as CSV in UTF-8: texts quoted and guarded, numbers as numbers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_BEGINS) else text


def plain(cell: str) -> str:
    """Return the text that `guarded` made a cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_BEGINS) else cell
