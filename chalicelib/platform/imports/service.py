"""Bringing files in: a job, its file, its chunks, its report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.core import clock, errors, files, i18n, ids, parsing, spreadsheet
from chalicelib.core.access import Principal, Role
from chalicelib.core.observe import count, log
from chalicelib.core.step import change, create
from chalicelib.core.table import PASSING_ERRORS, Page, expect, page
from chalicelib.platform.imports import mapping as mappings
from chalicelib.platform.imports import reader
from chalicelib.platform.imports.models import ImportJob
from chalicelib.platform.imports.references import References
from chalicelib.platform.imports.targets import TARGETS, Arrival, Target

#: Rows and bytes of a chunk: some seconds of work, far from the function's end.
CHUNK_ROWS: Final = 200
CHUNK_BYTES: Final = 1024 * 1024
REPORT_COLUMNS: Final = ("line", "outcome", "field", "code", "message")


def begin(
    *, target: str, file_name: str, size: int, mapping: Mapping[str, Any], origin: str, by: Principal
) -> ImportJob:
    """Make a job that awaits its file; of the same `origin` only once.

    Invalid when the mapping names fields the target has not.
    """
    mappings.check(mapping, fields=TARGETS[target].fields)
    asked_by = {"id": by.id, "role": by.role.value, "language": by.language}
    job = ImportJob(
        ids.derived("import_job", origin),
        target=target,
        file_name=file_name,
        size=size,
        mapping=dict(mapping),
        asked_by=asked_by,
    )
    try:
        create(job, by=by.id)
    except errors.AlreadyExists:
        return ImportJob.fetch(job.id)
    return job


def upload_link(job: ImportJob) -> str:
    """Return where the job's file is to be PUT."""
    return files.link_to_put(job.file_key, size=job.size)


def start(job_id: str, *, version: int | None, by: Principal) -> ImportJob:
    """Start a job whose file has arrived. Conflict when it has not, or the job is under way."""
    found = job(job_id)
    expect(found, version)
    if found.status != "AWAITING_FILE":
        raise errors.Conflict("import_started")
    if files.size(found.file_key) != found.size:
        raise errors.Conflict("import_no_file", size=found.size)
    change(found, by=by.id, status="RUNNING")
    return found


def resume(job_id: str, *, version: int | None, by: Principal) -> ImportJob:
    """Go on where an unforeseen fault stopped a job. Conflict when it was not one, or its file is gone.

    The rows of that chunk are gone through again; those that are in are `known`.
    """
    found = job(job_id)
    expect(found, version)
    if found.status != "FAILED" or found.failed_row is None:
        raise errors.Conflict("import_not_stopped")
    if files.size(found.file_key) != found.size:
        raise errors.Conflict("import_no_file", size=found.size)
    change(found, by=by.id, status="RUNNING", failure=None, failed_row=None, finished_at=None)
    return found


def cancel(job_id: str, *, version: int | None, by: Principal) -> ImportJob:
    """Stop a job after its present chunk; what is in stays in."""
    found = job(job_id)
    expect(found, version)
    if found.status not in ("AWAITING_FILE", "RUNNING"):
        raise errors.Conflict("import_ended")
    change(found, by=by.id, status="CANCELLED", finished_at=clock.now())
    return found


def job(job_id: str) -> ImportJob:
    """Return a job. NotFound when there is none."""
    return ImportJob.fetch(job_id)


def jobs(**paging: Any) -> Page[ImportJob]:
    """Return jobs, newest first."""
    return page(ImportJob.by_group.query, "imports", **paging)


def report_link(job_id: str) -> str:
    """Return where the report is. Conflict while the job is under way."""
    found = job(job_id)
    if found.status in ("AWAITING_FILE", "RUNNING"):
        raise errors.Conflict("import_not_ended")
    return files.link_to_get(found.report_key, name=f"report-{found.id}.csv")


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


def go_on(job_id: str, *, version: int) -> None:
    """Bring in the next chunk of a running job, if it is still at this version.

    Safe to repeat: rows know themselves by their external id (or their job and line), and the
    job moves on under its version.
    """
    found = job(job_id)
    if found.status != "RUNNING" or found.version != version:
        return
    try:
        _next_chunk(found)
    except (reader.Unreadable, errors.Invalid) as hopeless:
        reason = hopeless.args[0] if isinstance(hopeless, reader.Unreadable) else "import_columns"
        log.warning("import failed", extra={"job": job_id, "reason": reason})
        count("ImportsFailed")
        _end(found, status="FAILED", failure=reason)
    except RowFailed as stopped:
        log.exception("import stopped", extra={"job": job_id, "row": stopped.number})
        count("ImportsFailed")
        _end(found, status="FAILED", failure="import_row", failed_row=stopped.number)


def _next_chunk(found: ImportJob) -> None:
    content = files.read(
        found.file_key, start=found.offset, length=min(CHUNK_BYTES, found.size - found.offset)
    )
    encoding = found.mapping.get("encoding") or reader.encoding_of(content)
    most = CHUNK_ROWS + (0 if found.columns else 1)
    last = found.offset + len(content) >= found.size
    piece = reader.piece(content, start=found.offset, last=last, encoding=encoding, most=most)
    records = piece.records
    columns: list[str] = found.columns or []
    if not columns:
        if not records:
            raise reader.Unreadable("import_empty")
        columns, records = [name.strip() for name in records[0]], records[1:]
        mappings.check_columns(found.mapping, columns)
    rows = [dict(zip(columns, record, strict=False)) for record in records]
    tally = _bring_in(found, rows)
    if tally.lines:
        files.write(found.part_key(found.parts), spreadsheet.lines(tally.lines), media="text/csv")
    progress = {
        "offset": piece.end,
        "rows": found.rows + len(rows),
        "columns": columns,
        "mapping": {**found.mapping, "encoding": encoding},
        "imported": found.imported + tally.imported,
        "known": found.known + tally.known,
        "joined": found.joined + tally.joined,
        "repaired": found.repaired + tally.repaired,
        "refused": found.refused + tally.refused,
        "parts": found.parts + bool(tally.lines),
    }
    if piece.end >= found.size:
        _end(found, status="DONE", **progress)
    else:
        change(found, by=found.asked_by["id"], **progress)


def _end(found: ImportJob, *, status: str, **values: Any) -> None:
    pieces = [files.read(found.part_key(part)) for part in range(values.get("parts", found.parts))]
    head = spreadsheet.lines([REPORT_COLUMNS])
    if stopped_at := values.get("failed_row"):
        said = i18n.text("import.failure.import_row", found.asked_by["language"] or i18n.preferred(None))
        pieces.append(spreadsheet.lines([(stopped_at, "failed", "", "import_row", said)]))
    files.write(found.report_key, spreadsheet.MARK + head + b"".join(pieces), media="text/csv")
    change(found, by=found.asked_by["id"], status=status, finished_at=clock.now(), **values)


def _bring_in(found: ImportJob, rows: list[dict[str, str]]) -> Tally:
    target, tally, refs = TARGETS[found.target], Tally(), References()
    who = Principal(id=found.asked_by["id"], role=Role(found.asked_by["role"]))
    language = found.asked_by["language"] or i18n.preferred(None)
    for number, row in enumerate(rows, start=found.rows + 1):
        mapped = mappings.apply(found.mapping, row)
        try:
            arrival = Arrival(who, f"{found.id}:{number}", refs)
            outcome = target.bring_in(_shaped(target, mapped.values), arrival)
        except errors.Invalid as refused:
            tally.refused += 1
            tally.lines += [(number, "refused", *_told(error, language)) for error in refused.errors]
            continue
        except (errors.Conflict, errors.NotFound, errors.Forbidden) as refused:
            tally.refused += 1
            title = i18n.text(f"problem.{refused.code}.title", language)
            tally.lines.append((number, "refused", "", refused.code, title))
            continue
        except PASSING_ERRORS:
            raise
        except Exception as unforeseen:
            raise RowFailed(number) from unforeseen
        setattr(tally, outcome, getattr(tally, outcome) + 1)
        tally.repaired += bool(mapped.repairs)
        for repair in mapped.repairs:
            changed = f"{repair.was} → {repair.is_now}"
            tally.lines.append((number, "repaired", repair.field, "replaced", changed))
    return tally


def _shaped(target: Target, values: Mapping[str, str]) -> Any:
    flat = {name: value for name, value in values.items() if not name.startswith("answers.")}
    answers = {name[8:]: value for name, value in values.items() if name.startswith("answers.")}
    return parsing.checked(target.shape, {**flat, "answers": answers} if answers else flat)


def _told(error: errors.FieldError, language: str) -> tuple[str, str, str]:
    key = f"error.{error.code}"
    message = i18n.text(key, language, **error.values) if i18n.has(key) else error.message
    return error.field, error.code, message
