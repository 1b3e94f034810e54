"""Imports over HTTP."""

from chalicelib.core.endpoint import Answer, Call
from chalicelib.core.shapes import NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.platform.imports import service
from chalicelib.platform.imports.models import ImportJob
from chalicelib.platform.imports.schemas import (
    ImportsQuery,
    ImportView,
    NewImport,
    NewImportView,
    ReportView,
)

routes = Room("imports", prefix="/imports")


@routes.post("", needs="imports:configure", body=NewImport, answers=NewImportView, status=201, resumes=True)
def begin_import(call: Call[NewImport, NoQuery]) -> Answer:
    """Begin an import: say what the file is, and learn where to PUT it."""
    body = call.body
    job = service.begin(
        target=body.target,
        file_name=body.file_name,
        size=body.size,
        mapping=body.mapping.model_dump(),
        by=call.who,
        origin=call.origin,
    )
    made = NewImportView(job=ImportView.model_validate(job), upload=service.upload_link(job))
    return Answer(made, 201, {"Location": f"/imports/{job.id}", "ETag": f'"{job.version}"'})


@routes.get("", needs="imports:configure", query=ImportsQuery, answers=ImportView, listed=True)
def list_imports(call: Call[None, ImportsQuery]) -> Page[ImportJob]:
    """List imports, newest first."""
    return service.jobs(**call.page)


@routes.get("/{job_id}", needs="imports:configure", answers=ImportView)
def read_import(call: Call[None, NoQuery], job_id: str) -> ImportJob:
    """Read how far an import is."""
    return service.job(job_id)


@routes.post("/{job_id}/start", needs="imports:configure", answers=ImportView)
def start_import(call: Call[None, NoQuery], job_id: str) -> ImportJob:
    """Start an import whose file has been put in place."""
    return service.start(job_id, version=call.version, by=call.who)


@routes.post("/{job_id}/resume", needs="imports:configure", answers=ImportView)
def resume_import(call: Call[None, NoQuery], job_id: str) -> ImportJob:
    """Go on with an import that one row stopped, once the reason is mended."""
    return service.resume(job_id, version=call.version, by=call.who)


@routes.post("/{job_id}/cancel", needs="imports:configure", answers=ImportView)
def cancel_import(call: Call[None, NoQuery], job_id: str) -> ImportJob:
    """Stop an import after its present chunk; what is in stays in."""
    return service.cancel(job_id, version=call.version, by=call.who)


@routes.get(
    "/{job_id}/report",
    needs="imports:configure",
    answers=ReportView,
    also={409: "The import is still under way; the report is written at its end"},
)
def read_report(call: Call[None, NoQuery], job_id: str) -> ReportView:
    """Learn where the report of refused and repaired rows is."""
    return ReportView(download=service.report_link(job_id))
