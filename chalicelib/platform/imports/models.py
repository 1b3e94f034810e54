"""Import jobs as they are kept."""

from datetime import timedelta
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, due, ids
from chalicelib.core.attributes import DocumentAttribute, InstantAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.table import Record, index, meta

#: A chunk takes seconds, and ten tries of it minutes: whoever needs longer will not come back.
STALLED: Final = timedelta(hours=1)


class ImportJob(Record):
    """One file on its way in.

    `status`: AWAITING_FILE, RUNNING, DONE, FAILED (why in `failure`, and at which row in
    `failed_row`, where it was one), CANCELLED. `offset` is the
    byte up to which the file is done, `rows` how many rows that were. Each row was `imported`,
    `known` already (brought in before), `joined` to a record of the same person, or `refused`;
    `repaired` rows were changed by the mapping. `parts` counts the pieces of the report. While it is
    RUNNING, `due_minute` is when it has stood still for too long.
    """

    Meta = meta("imports")
    kind = "import_job"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("import_job"))
    group = UnicodeAttribute(default="imports")
    target = UnicodeAttribute()
    file_name = UnicodeAttribute()
    size = IntegerAttribute()
    mapping = DocumentAttribute()
    status = UnicodeAttribute(default="AWAITING_FILE")
    failure = UnicodeAttribute(null=True)
    failed_row = IntegerAttribute(null=True)
    columns = ListOfAttribute(null=True)
    offset = IntegerAttribute(default=0)
    rows = IntegerAttribute(default=0)
    imported = IntegerAttribute(default=0)
    known = IntegerAttribute(default=0)
    joined = IntegerAttribute(default=0)
    repaired = IntegerAttribute(default=0)
    refused = IntegerAttribute(default=0)
    parts = IntegerAttribute(default=0)
    finished_at = InstantAttribute(null=True)
    asked_by = DocumentAttribute()
    due_minute = UnicodeAttribute(null=True)
    by_group = index("group", "id")
    by_due = index("due_minute", "id")

    @property
    def file_key(self) -> str:
        """Where the file is."""
        return f"imports/{self.id}/file.csv"

    def part_key(self, part: int) -> str:
        """Where a piece of the report is."""
        return f"imports/{self.id}/report/{part:06d}.csv"

    def report_key(self, status: str) -> str:
        """Where the whole report is of a job that has ended so."""
        return f"imports/{self.id}/report-{status.lower()}.csv"


def stalled_after() -> str:
    """Return when a job that moves now and then no more has stood still for too long."""
    return due.minute(clock.now() + STALLED)


RECORDS = (ImportJob,)
