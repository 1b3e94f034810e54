"""A salesperson's own count of leads and deals: what is known of each by hand, and what the figures must be.

Of the product it knows nothing but the names of the boards and their numbers.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

OPEN: Final = ("NEW", "ASSIGNED", "WORKING", "QUALIFIED", "RECYCLED")
#: Where an enquiry of the same person joins a lead.
JOINED: Final = (*OPEN, "UNQUALIFIED")
NOBODY: Final = "-"


@dataclass
class LeadLine:
    """A lead, by hand. `people` are the addresses that it goes by."""

    month: str
    owner: str | None
    people: set[str]
    status: str = "ASSIGNED"
    touches: int = 0
    #: What it was before it was voided or merged, and into what, with how many touches.
    before: str = ""
    into: str = ""
    brought: int = 0


@dataclass
class DealLine:
    """A deal, by hand."""

    owner: str
    minor: int
    stage: str = "first"
    status: str = "OPEN"
    before: str = ""
    closed_from: str = ""
    closed_month: str = ""


@dataclass
class Ledgers:
    """All leads and deals, by id; and which lead an address leads to."""

    process: str
    leads: dict[str, LeadLine] = field(default_factory=dict)
    deals: dict[str, DealLine] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def holds_all(self, lead_id: str, people: set[str]) -> bool:
        """Whether addresses lead to a lead, or nowhere."""
        return all(self.found.get(person, lead_id) == lead_id for person in people)

    def hold(self, lead_id: str) -> None:
        """Let a lead's addresses lead to it."""
        self.found |= dict.fromkeys(self.leads[lead_id].people, lead_id)

    def let_go(self, lead_id: str) -> None:
        """Let a lead's addresses lead nowhere."""
        self.found = {person: held for person, held in self.found.items() if held != lead_id}

    def merge(self, gone: str, into: str) -> None:
        """Write down that a lead is another one."""
        lead, survivor = self.leads[gone], self.leads[into]
        lead.before, lead.status, lead.into, lead.brought = lead.status, "MERGED", into, lead.touches + 1
        survivor.touches += lead.brought
        survivor.people = survivor.people | lead.people
        self.hold(into)

    def unmerge(self, gone: str) -> None:
        """Write down that it is itself again."""
        lead, survivor = self.leads[gone], self.leads[self.leads[gone].into]
        lead.status = lead.before
        survivor.touches -= lead.brought
        survivor.people = survivor.people - lead.people
        self.hold(gone)

    def open_leads(self) -> Counter[str]:
        """How many open leads each has."""
        return Counter(lead.owner for lead in self.leads.values() if lead.owner and lead.status in OPEN)

    def figures(self) -> Counter[tuple[str, str, str]]:
        """What the boards by owner must say, as far as they are counted here."""
        figures: Counter[tuple[str, str, str]] = Counter()
        for lead in self.leads.values():
            figures.update(_of_lead(lead))
        for deal in self.deals.values():
            figures.update(_of_deal(deal, self.process))
        return figures

    def counted(self, figures: Any) -> dict[tuple[str, str, str], int]:
        """Of all figures, those that are counted here."""
        boards = ("leads|owner", "leads_open|owner", f"pipeline|{self.process}|owner", "sales|owner")
        names = {
            "created", "converted", "unqualified", "won_count", "won_amount", "lost_count",
            *(f"{status}.count" for status in OPEN),
            *(f"{stage}.{what}" for stage in ("first", "second") for what in ("count", "amount")),
        }  # fmt: skip
        return {key: number for key, number in figures.items() if key[0] in boards and key[2] in names}


def _of_lead(lead: LeadLine) -> dict[tuple[str, str, str], int]:
    if lead.status in ("MERGED", "VOIDED"):
        return {}
    owner, month = lead.owner or NOBODY, ("leads|owner", f"{lead.month}|{lead.owner or NOBODY}")
    told = {(*month, "created"): 1}
    if lead.status in OPEN:
        told["leads_open|owner", owner, f"{lead.status}.count"] = 1
    else:
        told[*month, lead.status.lower()] = 1
    return told


def _of_deal(deal: DealLine, process: str) -> dict[tuple[str, str, str], int]:
    if deal.status == "OPEN":
        board = f"pipeline|{process}|owner", f"{deal.owner}|CNY"
        return {(*board, f"{deal.stage}.count"): 1, (*board, f"{deal.stage}.amount"): deal.minor}
    sold = "sales|owner", f"{deal.closed_month}|{deal.owner}|CNY"
    if deal.status == "WON":
        return {(*sold, "won_count"): 1, (*sold, "won_amount"): deal.minor}
    return {(*sold, "lost_count"): 1} if deal.status == "LOST" else {}
