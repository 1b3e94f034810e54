"""The life of a quote: the moves.

             withdraw, send_back
  ┌────────────────────────────────┐
  ▼                                │
DRAFT ──submit──▶ IN_REVIEW ──approve──▶ APPROVED ──send──▶ PRESENTED ──accept──▶ ACCEPTED
  ▲ └──submit (nothing to approve)──────────▲                  │ │
  │                                                            │ └──reject──▶ REJECTED
  │                                                            └──expire──▶ EXPIRED
  └─────────────revise (a new version; from PRESENTED, REJECTED, EXPIRED)───────┘

What was sent stays as it is: it is kept as a version, PRESENTED until its answer, or SUPERSEDED
as soon as it is revised. `ask_changes` is what the customer can do beside accepting. VOIDED: from any
status, as long as nothing was made of it, and back to that by `restore`.
"""

from typing import Final

from chalicelib.core.lifecycle import BY_ITSELF, STAYS, Lifecycle, Move

_ANY: Final = "DRAFT IN_REVIEW APPROVED PRESENTED ACCEPTED REJECTED EXPIRED"
QUOTE: Final = Lifecycle(
    Move("edit", "DRAFT", STAYS, needs="quotes:write"),
    Move("submit", "DRAFT", "IN_REVIEW APPROVED", needs="quotes:write"),
    Move("approve", "IN_REVIEW", "APPROVED", needs="quotes:approve"),
    Move("send_back", "IN_REVIEW", "DRAFT", needs="quotes:approve"),
    Move("withdraw", "IN_REVIEW APPROVED", "DRAFT", needs="quotes:write"),
    Move("send", "APPROVED", "PRESENTED", needs="quotes:write"),
    Move("revise", "PRESENTED REJECTED EXPIRED", "DRAFT", needs="quotes:write"),
    Move("accept", "PRESENTED", "ACCEPTED", needs="quotes:write"),
    Move("reject", "PRESENTED", "REJECTED", needs="quotes:write"),
    Move("void", _ANY, "VOIDED", needs="quotes:write"),
    Move("restore", "VOIDED", _ANY, needs="quotes:write"),
    Move("ask_changes", "PRESENTED", STAYS, needs=BY_ITSELF),
    Move("expire", "PRESENTED", "EXPIRED", needs=BY_ITSELF),
)
