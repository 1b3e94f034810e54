"""The life of a contract: the moves.

`edit` changes what is agreed; `keep` what is only ours: the reminder, the note. `word` adds a version
of the text, `approve_text` approves one that was negotiated after the contract's approval. `propose`
and `amend` are of change orders, `call_off` makes an order under it.

    DRAFT ──submit──▶ IN_APPROVAL ──approve──▶ NEGOTIATING ──send──▶ AWAITING_SIGNATURE ──sign──▶ SIGNED
      ▲ ▲               │      │ reject            │  ▲                     │ decline               │
      │ └────withdraw───┘      ▼                   │  └──negotiate── SIGNATURE_DECLINED      activate
      ├───────revise────── REJECTED                │                                              ▼
      └───────revise───────────────────────────────┘           EXPIRED ◀──expire── ACTIVATED ◀────┘

    CANCELLED: from any status before the signature. TERMINATED: from SIGNED and ACTIVATED.
"""

from typing import Final

from chalicelib.core.lifecycle import BY_ITSELF, STAYS, Lifecycle, Move

CONTRACT: Final = Lifecycle(
    Move("edit", "DRAFT", STAYS, needs="contracts:write"),
    Move(
        "keep",
        "DRAFT IN_APPROVAL REJECTED NEGOTIATING AWAITING_SIGNATURE SIGNED SIGNATURE_DECLINED ACTIVATED",
        STAYS,
        needs="contracts:write",
    ),
    Move("word", "DRAFT NEGOTIATING", STAYS, needs="contracts:write"),
    Move("approve_text", "NEGOTIATING", STAYS, needs="contracts:approve"),
    Move("submit", "DRAFT", "IN_APPROVAL", needs="contracts:write"),
    Move("approve", "IN_APPROVAL", "NEGOTIATING", needs="contracts:approve"),
    Move("reject", "IN_APPROVAL", "REJECTED", needs="contracts:approve"),
    Move("withdraw", "IN_APPROVAL", "DRAFT", needs="contracts:write"),
    Move("revise", "REJECTED NEGOTIATING SIGNATURE_DECLINED", "DRAFT", needs="contracts:write"),
    Move("send", "NEGOTIATING", "AWAITING_SIGNATURE", needs="contracts:write"),
    Move("sign", "AWAITING_SIGNATURE", "SIGNED", needs="contracts:write"),
    Move("decline", "AWAITING_SIGNATURE", "SIGNATURE_DECLINED", needs="contracts:write"),
    Move("negotiate", "SIGNATURE_DECLINED", "NEGOTIATING", needs="contracts:write"),
    Move("activate", "SIGNED", "ACTIVATED", needs="contracts:write"),
    Move("fulfil", "ACTIVATED EXPIRED", STAYS, needs="contracts:write"),
    Move("call_off", "SIGNED ACTIVATED", STAYS, needs="orders:write"),
    Move("propose", "SIGNED ACTIVATED", STAYS, needs="contracts:write"),
    Move("amend", "SIGNED ACTIVATED", STAYS, needs="contracts:approve"),
    Move("give_notice", "ACTIVATED", STAYS, needs="contracts:write"),
    Move("renew", "ACTIVATED", STAYS, needs=BY_ITSELF),
    Move("terminate", "SIGNED ACTIVATED", "TERMINATED", needs="contracts:approve"),
    Move("expire", "ACTIVATED", "EXPIRED", needs=BY_ITSELF),
    Move(
        "cancel",
        "DRAFT IN_APPROVAL REJECTED NEGOTIATING AWAITING_SIGNATURE SIGNATURE_DECLINED",
        "CANCELLED",
        needs="contracts:write",
    ),
)
