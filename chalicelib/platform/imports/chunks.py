"""What a running import does: one chunk of its file after the other, each row told what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from chalicelib.core import clock, errors, files, i18n, parsing
from chalicelib.core.access import Principal, Role
from chalicelib.core.observe import count, log
from chalicelib.core.step import change
from chalicelib.core.table import may_pass
from chalicelib.platform.imports import mapping as mappings
from chalicelib.platform.imports import reader, reports
from chalicelib.platform.imports.mapping import Mapped
from chalicelib.platform.imports.models import ImportJob, stalled_after
from chalicelib.platform.imports.references import References
from chalicelib.platform.imports.targets import TARGETS, Arrival, Target

#: Rows and bytes of a chunk: some seconds of work, far from the function's end.
CHUNK_ROWS: Final = 200
CHUNK_BYTES: Final = 1024 * 1024
#: Rows of a chunk where several make one record, so the most rows that one may have.
CHUNK_ROWS_TOGETHER: Final = 1000

Row = tuple[int, Mapped]


@dataclass(slots=True)
class Tally:
    """What became of a chunk's rows, and the lines of its report."""

    imported: int = 0
    known: int = 0
    joined: int = 0
    repaired: int = 0
    refused: int = 0
    lines: list[tuple[Any, ...]] = field(default_factory=list)


class RowFailed(Exception):
    """A row met a fault that nobody foresaw, and that another try will meet again."""

    def __init__(self, number: int) -> None:
        super().__init__(f"row {number}")
        self.number = number


class RowsRefused(Exception):
    """Rows that make one record cannot come in; `rows` says of each by its number what is wrong."""

    def __init__(self, rows: Mapping[int, Sequence[errors.FieldError]]) -> None:
        super().__init__(f"rows {min(rows)} to {max(rows)}")
        self.rows = rows


def go_on(job_id: str, *, version: int) -> None:
    """Bring in the next chunk of a running job, if it is still at this version.

    Safe to repeat, and at once: a line knows whether it came in (`targets`), and the job moves on
    under its version. A fault that will not pass ends the job; one that may is the caller's to
    repeat.
    """
    found = ImportJob.fetch(job_id)
    if found.status != "RUNNING" or found.version != version:
        return
    try:
        _next_chunk(found)
    except reader.Unreadable as unreadable:
        _refuse(found, unreadable.args[0])
    except errors.Invalid:
        _refuse(found, "import_columns")
    except Exception as fault:
        if may_pass(fault):
            raise
        row = fault.number if isinstance(fault, RowFailed) else found.rows + 1
        _stop(found, "import_row", row=row, why=fault)


def give_up(found: ImportJob) -> None:
    """End a job that has stood still for too long: whoever was to go on with it never came back."""
    _stop(found, "import_stalled", row=found.rows + 1)


def _refuse(found: ImportJob, reason: str) -> None:
    """End a job whose file cannot be brought in as it is."""
    log.warning("import refused", extra={"job": found.id, "reason": reason})
    _end(found, status="FAILED", failure=reason)


def _stop(found: ImportJob, reason: str, *, row: int, why: Exception | None = None) -> None:
    """End a job at a row, to be resumed once somebody has mended the reason; the alarm sounds."""
    log.error("import stopped", exc_info=why, extra={"job": found.id, "row": row, "reason": reason})
    count("ImportsStopped")
    _end(found, status="FAILED", failure=reason, failed_row=row)


def _next_chunk(found: ImportJob) -> None:
    target = TARGETS[found.target]
    piece, encoding = _read(found, target)
    records = piece.records
    columns: list[str] = found.columns or []
    if not columns:
        if not records:
            raise reader.Unreadable("import_empty")
        columns, records = [name.strip() for name in records[0]], records[1:]
        mappings.check_columns(found.mapping, columns)
    mapped = [mappings.apply(found.mapping, dict(zip(columns, row, strict=False))) for row in records]
    if piece.end < found.size and target.together:
        # The last record's rows may go on in the next piece: they wait for it.
        mapped = mapped[: _whole(mapped, target.together)]
        piece = piece.up_to(len(mapped) + (0 if found.columns else 1))
    tally = _bring_in(found, list(enumerate(mapped, start=found.rows + 1)))
    progress = {
        "offset": piece.end,
        "rows": found.rows + len(mapped),
        "columns": columns,
        "mapping": {**found.mapping, "encoding": encoding},
        "imported": found.imported + tally.imported,
        "known": found.known + tally.known,
        "joined": found.joined + tally.joined,
        "repaired": found.repaired + tally.repaired,
        "refused": found.refused + tally.refused,
        "parts": reports.add(found, tally.lines),
    }
    if piece.end >= found.size:
        _end(found, status="DONE", **progress)
    else:
        change(found, by=found.asked_by["id"], due_minute=stalled_after(), **progress)


def _read(found: ImportJob, target: Target) -> tuple[reader.Piece, str]:
    content = files.read(
        found.file_key, start=found.offset, length=min(CHUNK_BYTES, found.size - found.offset)
    )
    encoding: str = found.mapping.get("encoding") or reader.encoding_of(content)
    most = (CHUNK_ROWS_TOGETHER if target.together else CHUNK_ROWS) + (0 if found.columns else 1)
    last = found.offset + len(content) >= found.size
    return reader.piece(content, start=found.offset, last=last, encoding=encoding, most=most), encoding


def _whole(rows: Sequence[Mapped], together: str) -> int:
    """Return how many rows come before the last record's. Unreadable when all of them are its."""
    last = rows[-1].values.get(together)
    count_of_others = len(rows)
    while count_of_others and rows[count_of_others - 1].values.get(together) == last:
        count_of_others -= 1
    if not count_of_others:
        raise reader.Unreadable("import_too_many_together")
    return count_of_others


def _end(found: ImportJob, *, status: str, **values: Any) -> None:
    told = {name: values.get(name) for name in ("failure", "failed_row")}
    reports.conclude(found, status, parts=values.get("parts", found.parts), **told)
    ended = {"status": status, "finished_at": clock.now(), "due_minute": None}
    change(found, by=found.asked_by["id"], **ended, **values)


def _bring_in(found: ImportJob, rows: Sequence[Row]) -> Tally:
    target, tally, refs = TARGETS[found.target], Tally(), References()
    who = Principal(id=found.asked_by["id"], role=Role(found.asked_by["role"]))
    language = reports.language_of(found)
    refs.expect_products(each.values["product"] for _, each in rows if each.values.get("product"))
    for group in _records(rows, target.together):
        first = group[0][0]
        try:
            shaped = _shaped(target, group)
            arrival = Arrival(who, f"{found.id}:{first}", found.created_at, refs)
            outcome = target.bring_in(shaped, arrival)
        except RowsRefused as refused:
            tally.refused += len(group)
            for number, wrong in refused.rows.items():
                tally.lines += [(number, "refused", *_told(error, language)) for error in wrong]
            continue
        except errors.Invalid as invalid:
            tally.refused += len(group)
            tally.lines += [(first, "refused", *_told(error, language)) for error in invalid.errors]
            continue
        except errors.SalesError as refusal:
            if may_pass(refusal):
                raise
            tally.refused += len(group)
            title = i18n.text(f"problem.{refusal.code}.title", language)
            tally.lines.append((first, "refused", "", refusal.code, title))
            continue
        except Exception as fault:
            if may_pass(fault):
                raise
            raise RowFailed(first) from fault
        setattr(tally, outcome, getattr(tally, outcome) + len(group))
        _tell_repairs(tally, group)
    return tally


def _records(rows: Sequence[Row], together: str | None) -> Iterator[list[Row]]:
    """Yield the rows of each record: one each, or those that stand together."""
    if together is None:
        yield from ([row] for row in rows)
        return
    for _, group in groupby(rows, lambda row: row[1].values.get(together)):
        yield list(group)


def _shaped(target: Target, rows: Sequence[Row]) -> list[Any]:
    """Return the rows in the target's shape. RowsRefused with all that is wrong with any of them."""
    shaped, wrong = [], {}
    for number, mapped in rows:
        try:
            shaped.append(parsing.checked(target.shape, _nested(mapped.values)))
        except errors.Invalid as invalid:
            wrong[number] = invalid.errors
    if wrong:
        beside: dict[int, Sequence[errors.FieldError]] = {
            number: [errors.FieldError("", "import_with_others")] for number, _ in rows
        }
        raise RowsRefused(beside | wrong)
    return shaped


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    flat: dict[str, Any] = {name: value for name, value in values.items() if not name.startswith("answers.")}
    answers = {name[8:]: value for name, value in values.items() if name.startswith("answers.")}
    return {**flat, "answers": answers} if answers else flat


def _tell_repairs(tally: Tally, rows: Sequence[Row]) -> None:
    for number, mapped in rows:
        tally.repaired += bool(mapped.repairs)
        for repair in mapped.repairs:
            changed = f"{repair.was} → {repair.is_now}"
            tally.lines.append((number, "repaired", repair.field, "replaced", changed))


def _told(error: errors.FieldError, language: str) -> tuple[str, str, str]:
    key = f"error.{error.code}"
    message = i18n.text(key, language, **error.values) if i18n.has(key) else error.message
    return error.field, error.code, message
