"""Sending a quote: its version is kept as it is, gets a link, and goes out by mail with the PDF."""

from datetime import date, timedelta
from typing import Any, Final

from chalicelib.core import clock, due, errors, files, mail, outbox
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.observe import count, log
from chalicelib.core.ownership import reached
from chalicelib.core.settings import settings
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, expect, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.quotes import links, paper, pdf
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from chalicelib.sales.quotes.moves import note, ready

MOST_ATTEMPTS: Final = 3
#: Until the next attempt, and until one that never ended is taken for crashed.
PATIENCE: Final = outbox.LEASE + timedelta(minutes=5)
#: A quote is sent so often; more versions than people can tell apart.
MOST_REVISIONS: Final = 99


def send(
    quote_id: str, *, by: Principal, to: str | None = None, by_mail: bool = True, version: int | None = None
) -> Quote:
    """Present an approved quote: its version is frozen, gets a link, and goes to `to` by mail.

    To its contact's address unless said otherwise; without `by_mail` only the link is made.
    Blocked, with all that is missing: an address, a site for the link, a last day that is to come.
    """
    quote = ready("send", quote_id, by=by, version=version)
    recipient = (to or _address_of(quote)) if by_mail else None
    if missing := list(_missing(quote, recipient, by_mail=by_mail)):
        raise errors.Blocked(*missing)
    now, sums = clock.now(), quote.totals
    first: date | None = quote.first_sent_on
    made = QuoteVersion(
        QuoteVersion.id_of(quote.id, quote.revision),
        quote_id=quote.id,
        revision=quote.revision,
        place=f"{quote.revision:04d}",
        content=paper.content(quote),
        valid_until=quote.valid_until,
        sent_at=now,
        sent_by=by.id,
        link=links.fresh(),
        to=recipient,
        mail="WAITING" if recipient else "NONE",
        due_minute=due.minute(now) if recipient else None,
    )
    step = Step(by=by.id)
    note(
        step,
        quote,
        "send",
        status="PRESENTED",
        sent_at=now,
        first_sent_on=first or clock.today(),
        sent={
            "net": sums.net.minor,
            "total": sums.total.minor,
            "before_discount": sums.before_discount.minor,
        },
        due_minute=due.minute(clock.start_of(quote.valid_until + timedelta(days=1))),
    )
    step.create(made)
    step.commit()
    return quote


def _address_of(quote: Quote) -> str | None:
    contact = accounts.contact(quote.contact_id, who=SYSTEM) if quote.contact_id else None
    return contact.email if contact else None


def _missing(quote: Quote, recipient: str | None, *, by_mail: bool) -> Any:
    last: date = quote.valid_until
    if by_mail and not recipient:
        yield FieldError("to", "no_address")
    if by_mail and not settings().site:
        yield FieldError("to", "no_site")
    if last < clock.today():
        yield FieldError("valid_until", "in_past")
    if quote.revision > MOST_REVISIONS:
        yield FieldError("revision", "too_many_revisions", {"most": MOST_REVISIONS})


def deliver(version: QuoteVersion) -> None:
    """Mail a version that waits for it: at once, after a failed attempt, or after a crash.

    One that is no longer with the customer, revised or voided or answered meanwhile, stays here.
    Whatever goes wrong, the version tells of it, and it is tried again a bounded number of times.
    """
    if version.status != "PRESENTED" and version.mail == "WAITING":
        change(version, by=SYSTEM.id, mail="NOT_SENT", due_minute=None)
        return
    if version.mail != "WAITING" or version.attempts >= MOST_ATTEMPTS:
        failed = "FAILED" if version.mail == "WAITING" else version.mail
        change(version, by=SYSTEM.id, mail=failed, due_minute=None)
        return
    again = due.minute(clock.now() + PATIENCE)
    change(version, by=SYSTEM.id, attempts=version.attempts + 1, due_minute=again)
    try:
        outbox.send_once(version.id, letter(version))
    except Exception as failure:
        log.error("a quote was not mailed", item=version.id, reason=type(failure).__name__)
        count("QuotesNotMailed")
        if version.attempts >= MOST_ATTEMPTS:
            change(version, by=SYSTEM.id, mail="FAILED", due_minute=None)
    else:
        change(version, by=SYSTEM.id, mail="SENT", due_minute=None)


def letter(version: QuoteVersion) -> mail.Mail:
    """Return the mail that a version goes out with, in the quote's language."""
    told = version.content
    words = paper.Words(told, told["language"])
    text = words.say(
        "mail.text",
        customer=told["customer"][min(1, len(told["customer"]) - 1)],
        name=words.name,
        total=words.sums()[-1][1],
        valid_until=told["valid_until"],
        link=links.address(version),
        seller="\n".join([*told["seller"][:1], words.sender[0]]),
    )
    key = kept_pdf(version, told["language"])
    attached = mail.Attachment(file_name(version), "application/pdf", files.read(key))
    subject = " ".join(words.say("mail.subject", name=words.name, company=words.sender[0]).split())
    return mail.Mail(to=version.to, subject=subject, text=text, attachments=[attached])


def kept_pdf(version: QuoteVersion, language: str) -> str:
    """Return the key of a version's PDF in a language; it is made when it is first asked for."""
    key = f"quotes/{version.quote_id}/{version.revision}-{language}.pdf"
    if files.size(key) is None:
        files.write(key, pdf.pdf(version.content, language), media="application/pdf")
    return key


def pdf_link(quote_id: str, language: str | None, *, who: Principal) -> str:
    """Return where the PDF of a quote's present version can be got for 15 minutes; a draft says it is one."""
    quote = reached(Quote, quote_id, who=who)
    spoken = language or quote.language
    sent = QuoteVersion.find(QuoteVersion.id_of(quote.id, quote.revision))
    if sent:
        return paper_link(sent, spoken)
    key = f"quotes/{quote.id}/draft-{spoken}.pdf"
    files.write(key, pdf.pdf(paper.content(quote), spoken, draft=True), media="application/pdf")
    return files.link_to_get(key, name=f"{quote.number}-draft.pdf")


def file_name(version: QuoteVersion) -> str:
    """Return what a version's PDF is called."""
    return f"{version.content['number']}-v{version.revision}.pdf"


def versions(quote_id: str, *, who: Principal, **paging: Any) -> Page[QuoteVersion]:
    """Return what was sent of a quote, the latest first."""
    return page(QuoteVersion.by_quote.query, reached(Quote, quote_id, who=who).id, **paging)


def paper_link(version: QuoteVersion, language: str) -> str:
    """Return where the PDF of a version can be got for 15 minutes."""
    return files.link_to_get(kept_pdf(version, language), name=file_name(version))


def link(quote_id: str, *, who: Principal) -> str:
    """Return the customer's link to the present version. Conflict (`no_link`) when there is none."""
    return links.address(_sent(reached(Quote, quote_id, who=who, to_write=True)))


def _sent(quote: Quote) -> QuoteVersion:
    found = QuoteVersion.find(QuoteVersion.id_of(quote.id, quote.revision))
    if found is None:
        raise errors.Conflict("no_link")
    return found


def renew_link(quote_id: str, *, revoked: bool, by: Principal, version: int | None = None) -> Quote:
    """Take the customer's link back; give a new one, unless `revoked`. Conflict before it is sent."""
    quote = reached(Quote, quote_id, who=by, to_write=True)
    expect(quote, version)
    step = Step(by=by.id)
    step.change(quote)
    step.change(_sent(quote), link=None if revoked else links.fresh())
    step.commit()
    return quote
