"""Reading a CSV file piece by piece: whole records only, wherever the piece happens to end."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from chalicelib.core import spreadsheet

#: How the text may be written; the first that fits the file's beginning is taken for all of it.
ENCODINGS: Final = ("utf-8-sig", "gb18030")
#: No record is longer than this many bytes.
LONGEST_RECORD: Final = 256 * 1024


class Unreadable(Exception):
    """The file is not a CSV file that can be read; the argument is the code of why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole records of a file: each with its fields, and the byte after it.

    `end` is the byte up to which the file was read: beyond the last record where blank lines follow.
    """

    records: list[list[str]]
    ends: list[int]
    end: int

    def up_to(self, count: int) -> "Piece":
        """Return its first records (at least one) alone."""
        return Piece(self.records[:count], self.ends[:count], self.ends[count - 1])


def encoding_of(beginning: bytes) -> str:
    """Return how a file is written. Unreadable when it is neither UTF-8 nor GB 18030."""
    for encoding in ENCODINGS:
        try:
            beginning.decode(encoding)
        except UnicodeDecodeError as failure:
            if failure.end >= len(beginning) - 4:  # a character cut off at the end of the piece
                return encoding
        else:
            return encoding
    raise Unreadable("import_encoding")


def piece(content: bytes, *, start: int, last: bool, encoding: str, most: int) -> Piece:
    """Return some `most` whole records of a piece that begins at byte `start` of its file.

    More than `most` where stray quotation marks hold several together. `last` says that the file
    ends with the piece. Unreadable when a record is longer than 256 KB or is not text in the
    encoding.
    """
    records: list[list[str]] = []
    ends: list[int] = []
    end = start
    for raw in _raw_records(content, last=last):
        if len(records) >= most:
            break
        for fields, length in _parsed(raw, encoding):
            if any(fields):
                records.append(fields)
                ends.append(end + length)
        end += len(raw)
    if end == start and not last and len(content) > LONGEST_RECORD:
        raise Unreadable("import_record_too_long")
    return Piece(records, ends, end)


def _raw_records(content: bytes, *, last: bool) -> Iterator[bytes]:
    """Yield whole records with their line ends: a line break inside quotes belongs to its record.

    A quotation mark in the middle of a plain cell (``5" pipe``) looks like the beginning of such a
    cell here: then several records come together, and `_parsed` parts them.
    """
    held: list[bytes] = []
    quotes = 0
    for line in content.splitlines(keepends=True):
        held.append(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0 and (line.endswith((b"\n", b"\r")) or last):
            yield b"".join(held)
            held, quotes = [], 0
    if held and last:
        yield b"".join(held)


def _parsed(raw: bytes, encoding: str) -> Iterator[tuple[list[str], int]]:
    """Yield each record's fields, and how many bytes of these it and those before it take."""
    if len(raw) > LONGEST_RECORD:
        raise Unreadable("import_record_too_long")
    lengths = list(accumulate(map(len, raw.splitlines(keepends=True))))
    try:
        records = csv.reader(io.StringIO(raw.decode(encoding), newline=""))
        for record in records:
            yield [spreadsheet.plain(cell) for cell in record], lengths[records.line_num - 1]
    except UnicodeDecodeError as failure:
        raise Unreadable("import_encoding") from failure
    except csv.Error as failure:  # a cell beyond the parser's own limit of 128 KB
        raise Unreadable("import_record_too_long") from failure
