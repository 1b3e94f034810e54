"""What clients send and see of contracts."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Day,
    Document,
    Id,
    Instant,
    Kept,
    Line,
    MoneyShape,
    NoQuery,
    OwnedQuery,
    OwnedView,
    PastDay,
    Price,
    Shape,
    Text,
    View,
)
from chalicelib.sales.contracts.milestones import MOST_MILESTONES
from chalicelib.sales.contracts.reading import LARGEST_FILE

#: Bytes of a request that carries a contract's text: its characters may take three each, escapes more.
LONGEST_BODY: Final = 4 * 1024 * 1024

Status = Literal[
    "DRAFT",
    "IN_APPROVAL",
    "REJECTED",
    "NEGOTIATING",
    "AWAITING_SIGNATURE",
    "SIGNED",
    "SIGNATURE_DECLINED",
    "ACTIVATED",
    "EXPIRED",
    "TERMINATED",
    "CANCELLED",
]
Fulfilment = Literal["NOT_APPLICABLE", "UNFULFILLED", "PARTLY_FULFILLED", "FULFILLED", "LAPSED"]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]


class NewMilestone(Shape):
    """A step that the contract obliges to, perhaps with an amount."""

    name: Line
    due_on: Day
    amount: Price | None = None


Milestones = Annotated[list[NewMilestone], Field(max_length=MOST_MILESTONES)]
OrderIds = Annotated[list[Id], Field(max_length=20)]


class NewContract(Shape):
    """A contract to draft. Whose it is: the caller's, or the account owner's, unless said."""

    account_id: Id
    title: Line
    value: Price
    opportunity_id: Id | None = None
    order_ids: OrderIds = Field(default=[])
    owner_id: Id | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reminder_days: Days = 30
    milestones: Milestones = Field(default=[])
    note: Text | None = None


class ContractChange(Shape):
    """What to change; fields left out stay, milestones and orders are replaced as a whole.

    After the draft only the reminder and the note.
    """

    title: Kept[Line] = None
    value: Kept[Price] = None
    opportunity_id: Id | None = None
    order_ids: Kept[OrderIds] = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reminder_days: Kept[Days] = None
    milestones: Kept[Milestones] = None
    note: Text | None = None


class Reason(Shape):
    """Why."""

    reason: Line


class Signature(Shape):
    """Who signed for the customer, and when; `reference` as `signing_reference` of the contract says."""

    signed_by: Line
    signed_on: PastDay | None = None
    reference: Line | None = None


class Reached(Shape):
    """Which milestone was reached, when, and what shows it."""

    number: Annotated[int, Field(strict=True, ge=1, le=MOST_MILESTONES)]
    done_on: PastDay | None = None
    evidence: Text | None = None


class MilestoneView(View):
    """A step that the contract obliges to."""

    number: int
    name: str
    due_on: Day
    amount: MoneyShape | None
    done_on: Day | None
    evidence: str | None
    overdue: bool


class ContractView(OwnedView):
    """A contract."""

    status: Status
    fulfilment_status: Fulfilment
    number: str
    title: str
    account_id: str
    opportunity_id: str | None
    order_ids: list[str]
    value: MoneyShape
    starts_on: Day | None
    ends_on: Day | None
    reminder_days: int
    note: str | None
    milestones: list[MilestoneView]
    text_version: int
    approved_text: int | None
    submitted_at: Instant | None
    submitted_by: str | None
    approved_at: Instant | None
    approved_by: str | None
    rejection_reason: str | None
    sent_on: Day | None
    signed_on: Day | None
    signed_by: str | None
    signing_reference: str | None
    signed_digest: str | None
    decline_reason: str | None
    activated_on: Day | None
    reminded_on: Day | None
    ended_on: Day | None
    end_reason: str | None


class ContractQuery(OwnedQuery):
    """Which contracts to list; `account_id`: that account's, as far as in reach."""

    account_id: Id | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as `service.contracts` takes it."""
        return {**super().which(), "account_id": self.account_id}


class NewText(Shape):
    """A version of the contract's text; `note` says what is new in it."""

    text: Document
    note: Text | None = None


class TextFromTemplate(Shape):
    """A version that a template makes, with values for the merge fields that the contract cannot fill."""

    template_id: Id
    values_by_field: Annotated[
        dict[
            Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Annotated[str, Field(max_length=2000)]
        ],
        Field(max_length=200),
    ] = Field(default={})
    note: Text | None = None


class NewFile(Shape):
    """A file with the contract's text, to be PUT where the answer says: its very size in bytes."""

    file_name: Line
    media: Literal["application/pdf", "text/plain"]
    size: Annotated[int, Field(strict=True, ge=1, le=LARGEST_FILE)]
    note: Text | None = None


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
    missing: list[str]
    review: dict[str, Any] | None
    approved_by: str | None
    approved_at: Instant | None
    version: int
    created_at: Instant


class AwaitedView(View):
    """A version that awaits its file, and where to PUT that within 15 minutes."""

    text_version: VersionView
    upload: str


class TextView(View):
    """The text of a version."""

    text: str


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
