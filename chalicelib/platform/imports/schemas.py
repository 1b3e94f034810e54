"""What clients send and see of imports."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import Instant, Line, ListQuery, Shape, View

Name = Annotated[str, Field(min_length=1, max_length=200)]
TargetName = Literal["products", "accounts", "opportunities", "leads", "orders"]
#: The largest file that is taken, in bytes.
LARGEST = 500 * 1024 * 1024


class MappingShape(Shape):
    """How a file's rows become records.

    `columns`: column → field. `replace`: field → {value in the file → value meant}. `blanks`:
    values that mean nothing. `constants`: field → value for every row.
    """

    columns: Annotated[dict[Name, Name], Field(min_length=1, max_length=200)]
    replace: dict[Name, Annotated[dict[Name, Name], Field(max_length=1000)]] = Field(default_factory=dict)
    blanks: Annotated[list[Name], Field(max_length=50)] = Field(default_factory=list)
    constants: Annotated[dict[Name, Name], Field(max_length=50)] = Field(default_factory=dict)


class NewImport(Shape):
    """A file to bring in: what its rows become, its size in bytes, and how it is mapped."""

    target: TargetName
    file_name: Line
    size: Annotated[int, Field(ge=1, le=LARGEST)]
    mapping: MappingShape


class ImportView(View):
    """An import and how far it is. `upload`: where the file is to be PUT, once, at the beginning."""

    id: str
    target: TargetName
    file_name: str
    size: int
    status: Literal["AWAITING_FILE", "RUNNING", "DONE", "FAILED", "CANCELLED"]
    failure: str | None
    failed_row: int | None
    offset: int
    rows: int
    imported: int
    known: int
    joined: int
    repaired: int
    refused: int
    version: int
    created_at: Instant
    updated_at: Instant
    finished_at: Instant | None


class NewImportView(View):
    """A new import, and the address to which its file is to be PUT within 15 minutes."""

    job: ImportView
    upload: str


class ReportView(View):
    """Where the report is: a CSV file of every refused and every repaired row, and why."""

    download: str


class ImportsQuery(ListQuery):
    """Which imports to list: all, newest first."""
