"""Import jobs: begun, started, resumed, cancelled, read. What a running one does is in `chunks`."""

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock, errors, files, ids
from chalicelib.core.access import Principal
from chalicelib.core.step import change, create
from chalicelib.core.table import Page, expect, page
from chalicelib.platform.imports import mapping as mappings
from chalicelib.platform.imports import reports
from chalicelib.platform.imports.models import ImportJob, stalled_after
from chalicelib.platform.imports.targets import TARGETS


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
    change(found, by=by.id, status="RUNNING", due_minute=stalled_after())
    return found


def resume(job_id: str, *, version: int | None, by: Principal) -> ImportJob:
    """Go on where an unforeseen fault stopped a job. Conflict when it was not one, or its file is gone.

    The rows of that chunk are gone through again; those that are in are not brought in twice.
    """
    found = job(job_id)
    expect(found, version)
    if found.status != "FAILED" or found.failed_row is None:
        raise errors.Conflict("import_not_stopped")
    if files.size(found.file_key) != found.size:
        raise errors.Conflict("import_no_file", size=found.size)
    again = {"failure": None, "failed_row": None, "finished_at": None}
    change(found, by=by.id, status="RUNNING", due_minute=stalled_after(), **again)
    return found


def cancel(job_id: str, *, version: int | None, by: Principal) -> ImportJob:
    """Stop a job after its present chunk; what is in stays in."""
    found = job(job_id)
    expect(found, version)
    if found.status not in ("AWAITING_FILE", "RUNNING"):
        raise errors.Conflict("import_ended")
    reports.conclude(found, "CANCELLED", parts=found.parts)
    change(found, by=by.id, status="CANCELLED", finished_at=clock.now(), due_minute=None)
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
    return files.link_to_get(found.report_key(found.status), name=f"report-{found.id}.csv")
