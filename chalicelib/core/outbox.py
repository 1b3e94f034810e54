"""Mail that must not be sent twice: a row for each key says whether it is on its way or sent.

The row is RESERVED before the port is called and SENT afterwards. Who crashes in between, or gets
no answer from the port, cannot know whether the mail left: after a while it is tried once more,
marked as that (`REPEATED`), so there is at most one duplicate, and never a second one. A port that
refuses leaves FAILED: nothing left, it may be tried again.
"""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from chalicelib.core import clock, errors, mail
from chalicelib.core.guards import Guard, read
from chalicelib.core.observe import count, log
from chalicelib.core.signing import digest
from chalicelib.core.step import Step

#: How long a sender has before it is taken for crashed: longer than a function may run.
LEASE: Final = timedelta(minutes=15)
#: How often a key is reserved in all: refused, or crashed.
MOST_TRIES: Final = 5
#: How long a sent key is remembered: longer than anything that is still retried.
REMEMBERED: Final = timedelta(days=90)
#: The header of a mail that may have been sent before.
REPEATED: Final = "X-Salestream-Repeated"


class State(StrEnum):
    """Where a mail stands."""

    RESERVED = "RESERVED"
    SENT = "SENT"
    FAILED = "FAILED"


def send_once(key: str, letter: mail.Mail) -> bool:
    """Send the mail of a key unless it was sent; return whether this call sent it.

    Busy while another sender has it. Conflict (`mail_given_up`) when it was tried too often, or
    twice was left uncertain. What the port raises is raised on, and counted.
    """
    row = read(_row_id(key))
    if row is not None and row.holder == State.SENT:
        return False
    reserved = _reserve(key, row)
    try:
        mail.send(_marked(letter, reserved))
    except Exception as error:
        count("MailFailed")
        if mail.refused(error):
            _mark(reserved, State.FAILED)
        raise
    _mark(reserved, State.SENT)
    count("MailSent")
    return True


def _marked(letter: mail.Mail, reserved: Guard) -> mail.Mail:
    """Return a letter that says of itself when it may be here for the second time."""
    note: dict[str, Any] = reserved.note
    if not note["crashes"]:
        return letter
    return replace(letter, headers={**letter.headers, REPEATED: "possibly"})


def _reserve(key: str, seen: Guard | None) -> Guard:
    crashes = _crashes(seen)
    tries = int(seen.n) if seen is not None else 0
    if tries >= MOST_TRIES or crashes > 1:
        raise errors.Conflict("mail_given_up")
    return _write(
        Guard(
            _row_id(key),
            holder=State.RESERVED,
            n=tries + 1,
            note={"at": clock.iso(clock.now()), "crashes": crashes},
            expires=clock.now() + REMEMBERED,
        ),
        after=seen,
    )


def _crashes(seen: Guard | None) -> int:
    """Return how many senders crashed, the one just found included. Busy when it may be at work yet."""
    if seen is None:
        return 0
    note: dict[str, Any] = seen.note
    if seen.holder != State.RESERVED:
        return int(note["crashes"])
    if clock.now() - clock.parse(note["at"]) < LEASE:
        raise errors.Busy
    log.warning("a sender crashed: the mail may have left", tries=int(seen.n))
    count("MailUncertain")
    return int(note["crashes"]) + 1


def _mark(row: Guard, state: State) -> None:
    _write(Guard(row.id, holder=state, n=row.n, note=row.note, expires=row.expires), after=row)


def _write(row: Guard, *, after: Guard | None) -> Guard:
    """Write a row if it still stands as it was seen; Busy when another sender was faster."""
    if after is None:
        unchanged = Guard.id.does_not_exist() | (Guard.expires < clock.now())
    else:
        unchanged = (Guard.holder == after.holder) & (Guard.n == int(after.n))
    step = Step(by="system")
    step.put(row, condition=unchanged, refusal=lambda _: errors.Busy())
    step.commit()
    return row


def _row_id(key: str) -> str:
    return f"mail|{digest('mail', key)}"
