"""What clients send and see of the text of contracts: versions, files, what differs."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from chalicelib.core.reasons import readers_language
from chalicelib.core.shapes import Document, Id, Instant, Line, NoQuery, Shape, Text, View
from chalicelib.sales.clauses import service as clauses
from chalicelib.sales.contracts.reading import LARGEST_FILE

#: Bytes of a request that carries a contract's text: its characters may take three each, escapes more.
LONGEST_BODY: Final = 4 * 1024 * 1024


class NewText(Shape):
    """A version of the contract's text; `note` says what is new in it."""

    text: Document
    note: Text | None = None


#: Values by merge field.
MergeValues = Annotated[
    dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Annotated[str, Field(max_length=2000)]],
    Field(max_length=200),
]


class TextFromTemplate(Shape):
    """A version that a template makes, with values for the merge fields that the contract cannot fill."""

    template_id: Id
    values_by_field: MergeValues = Field(default={})
    note: Text | None = None


class NewFile(Shape):
    """A file with the contract's text, to be PUT where the answer says: its very size in bytes."""

    file_name: Line
    media: Literal["application/pdf", "text/plain"]
    size: Annotated[int, Field(strict=True, ge=1, le=LARGEST_FILE)]
    note: Text | None = None


def _in_words(review: dict[str, Any] | None, info: ValidationInfo) -> dict[str, Any] | None:
    return clauses.review_in_words(review, readers_language(info)) if review else review


class VersionView(View):
    """A version of a contract's text. `review` advises, as `/clause-reviews` does."""

    id: str
    contract_id: str
    number: int
    source: Literal["TYPED", "TEMPLATE", "UPLOADED"]
    status: Literal["AWAITING_FILE", "READING", "READY", "UNREADABLE"]
    failure: str | None
    author_id: str
    note: str | None
    file_name: str | None
    media: str | None
    size: int | None
    characters: int | None
    digest: str | None
    file_digest: str | None
    missing: list[str]
    review: Annotated[dict[str, Any] | None, AfterValidator(_in_words)]
    approved_by: str | None
    approved_at: Instant | None
    version: int
    created_at: Instant


class AwaitedView(VersionView):
    """A version that awaits its file, and where to PUT that within 15 minutes."""

    upload: str


class TextView(View):
    """The text of a version."""

    text: str


class FileView(View):
    """Where an uploaded file can be got for 15 minutes, as it was read, and its SHA-256."""

    url: str
    digest: str


class Since(NoQuery):
    """The number of the version to compare with; else the one before."""

    since: Annotated[int, Field(ge=1, le=10**6)] | None = None


class PieceView(View):
    """Words of a changed paragraph."""

    change: Literal["SAME", "ADDED", "REMOVED"]
    text: str


class DifferenceView(View):
    """A paragraph that differs; without `pieces` when it is too long to compare word by word."""

    change: Literal["ADDED", "REMOVED", "CHANGED"]
    old_number: int | None
    new_number: int | None
    old: str | None
    new: str | None
    pieces: list[PieceView]


class DifferencesView(View):
    """What a version changed."""

    differences: list[DifferenceView]
