"""What clients send and see of clauses, templates, the clause policy and reviews."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from chalicelib.core.reasons import readers_language
from chalicelib.core.shapes import (
    Document,
    Id,
    Instant,
    Kept,
    Language,
    Line,
    ListQuery,
    Passage,
    Shape,
    Text,
    View,
)
from chalicelib.sales.clauses.kinds import Kind, Stance, note_in_words
from chalicelib.sales.clauses.review import Verdict

#: Bytes of a request that carries one: its characters may take three each, and escapes more.
LONGEST_BODY: Final = 4 * 1024 * 1024

Status = Literal["ACTIVE", "RETIRED"]
MergeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MergeValue = Annotated[str, Field(max_length=2000)]


ClauseIds = Annotated[list[Id], Field(min_length=1, max_length=100)]


class StanceOfKind(Shape):
    """What the company thinks of a kind of clause; `note` says to readers why."""

    kind: Kind
    stance: Stance
    note: Text | None = None


class PolicyChange(Shape):
    """The clause policy. Kinds left out are neutral."""

    stances: Annotated[list[StanceOfKind], Field(max_length=50)]


def _in_words(note: str | None, info: ValidationInfo) -> str | None:
    return note_in_words(note, readers_language(info))


NoteView = Annotated[str | None, AfterValidator(_in_words)]


class StanceView(View):
    """What the company thinks of a kind of clause, and why; the usual notes are in the reader's language."""

    stance: Stance
    note: NoteView


class PolicyView(View):
    """The clause policy: a stance for each kind that is not left out."""

    stances: dict[str, StanceView]
    version: int


class TextToReview(Shape):
    """A contract's text, as plain text."""

    text: Document


class PlaceView(View):
    """Where a clause stands: characters from the text's beginning, and what is written there (its start)."""

    start: int
    end: int
    quote: str


class FindingView(View):
    """What a review says of a kind of clause. It advises: a cue was found or not, a person decides."""

    kind: Kind
    stance: Stance
    verdict: Verdict
    note: NoteView
    count: int
    places: list[PlaceView]


class ReviewView(View):
    """A review: what is missing or risky first, then what is there, then what is not."""

    policy_version: int
    findings: list[FindingView]


class NewClause(Shape):
    """A clause for the library; `{{customer_name}}` and the like in its body are merge fields."""

    name: Line
    language: Language
    body: Passage
    subject: Kind | None = None


class ClauseChange(Shape):
    """What to change of a clause; fields left out stay."""

    name: Kept[Line] = None
    language: Kept[Language] = None
    body: Kept[Passage] = None
    subject: Kind | None = None
    status: Kept[Status] = None


class _Dated(View):
    id: str
    status: Status
    name: str
    language: str
    version: int
    created_at: Instant
    updated_at: Instant


class ClauseView(_Dated):
    """A clause of the library."""

    subject: Kind | None
    body: str


class NewTemplate(Shape):
    """A template: clauses of the library in their order."""

    name: Line
    language: Language
    clause_ids: ClauseIds


class TemplateChange(Shape):
    """What to change of a template; fields left out stay, clauses are replaced as a whole."""

    name: Kept[Line] = None
    language: Kept[Language] = None
    clause_ids: Kept[ClauseIds] = None
    status: Kept[Status] = None


class TemplateView(_Dated):
    """A contract template."""

    clause_ids: list[str]


class MergeValues(Shape):
    """What to put in a template's merge fields."""

    values_by_field: Annotated[dict[MergeName, MergeValue], Field(max_length=200)] = Field(default={})


class DraftView(View):
    """The text that a template makes, and the merge fields that are still to be filled in it."""

    text: str
    missing: list[str]


class LibraryQuery(ListQuery):
    """Which of the library to list."""

    status: Status = "ACTIVE"
