"""The report of an import: every row that was refused or repaired, and where it stopped."""

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.core import files, i18n, spreadsheet
from chalicelib.platform.imports.models import ImportJob

COLUMNS: Final = ("line", "outcome", "field", "code", "message")
_MEDIA: Final = "text/csv"


def add(job: ImportJob, lines: Sequence[tuple[Any, ...]]) -> int:
    """Keep what a chunk has to tell, as the job's next part; return how many parts that makes."""
    if not lines:
        return int(job.parts)
    files.write(job.part_key(job.parts), spreadsheet.lines(lines), media=_MEDIA)
    return int(job.parts) + 1


def conclude(
    job: ImportJob, status: str, *, parts: int, failure: str | None = None, failed_row: int | None = None
) -> None:
    """Write the whole report of a job that ends so."""
    pieces = [files.read(job.part_key(part)) for part in range(parts)]
    head = spreadsheet.lines([COLUMNS])
    if failed_row and failure:
        said = i18n.text(f"import.failure.{failure}", language_of(job))
        pieces.append(spreadsheet.lines([(failed_row, "failed", "", failure, said)]))
    files.write(job.report_key(status), spreadsheet.MARK + head + b"".join(pieces), media=_MEDIA)


def language_of(job: ImportJob) -> str:
    """Return the language in which whoever asked for a job is told of it."""
    return job.asked_by["language"] or i18n.preferred(None)
