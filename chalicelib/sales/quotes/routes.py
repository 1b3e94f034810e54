"""Quotes and the quote policy over HTTP; what customers see is in `answer_routes`."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NewOwner, NoQuery, Sharing
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.answer_routes import public
from chalicelib.sales.quotes.explanation import Explanation
from chalicelib.sales.quotes.models import Quote, QuotePolicy, QuoteVersion
from chalicelib.sales.quotes.policy_schemas import QuotePolicyChange, QuotePolicyView
from chalicelib.sales.quotes.schemas import (
    AcceptanceRecorded,
    ExplanationView,
    LinkView,
    NewQuote,
    PdfQuery,
    QuoteChange,
    QuoteOfOpportunity,
    QuoteQuery,
    QuoteReason,
    QuoteView,
    Sending,
    VersionView,
)

quotes = Room("quotes", prefix="/quotes")
policy = Room("quote_policy", prefix="/quote-policy")
routes = (quotes, policy, public)


@quotes.post("", needs="quotes:write", body=NewQuote, answers=QuoteView, status=201)
def draft_quote(call: Call[NewQuote, NoQuery]) -> Answer:
    """Draft a quote, priced for the account as of today."""
    quote = service.draft(**call.body.values(), by=call.who)
    return created(quote)


@quotes.post(
    "/from-opportunity",
    needs="quotes:write",
    body=QuoteOfOpportunity,
    answers=QuoteView,
    status=201,
    places="/quotes",
)
def draft_quote_of_opportunity(call: Call[QuoteOfOpportunity, NoQuery]) -> Answer:
    """Draft a quote of an opportunity, with its account, contact and products."""
    quote = service.draft_from(**call.body.values(), by=call.who)
    return created(quote)


@quotes.get("", needs="quotes:read", query=QuoteQuery, answers=QuoteView, listed=True)
def list_quotes(call: Call[None, QuoteQuery]) -> Page[Quote]:
    """List an owner's, a team's, a month's, an account's or an opportunity's quotes, newest first."""
    return service.quotes(who=call.who, **call.query.which(), **call.page)


@quotes.get("/{quote_id}", needs="quotes:read", answers=QuoteView)
def read_quote(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Read a quote."""
    return service.quote(quote_id, who=call.who)


@quotes.get("/{quote_id}/prices", needs="quotes:read", answers=ExplanationView)
def explain_quote(call: Call[None, NoQuery], quote_id: str) -> Explanation:
    """Read how a quote's prices come about, step by step."""
    return service.explanation(quote_id, who=call.who, language=call.language)


@quotes.patch("/{quote_id}", needs="quotes:write", body=QuoteChange, answers=QuoteView)
def edit_quote(call: Call[QuoteChange, NoQuery], quote_id: str) -> Quote:
    """Change a draft."""
    return service.edit(quote_id, **call.body.values(), version=call.version, by=call.who)


@quotes.post("/{quote_id}/submit", needs="quotes:write", answers=QuoteView)
def submit_quote(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Hand a draft in; what is within the caller's limits is approved at once."""
    return service.submit(quote_id, version=call.version, by=call.who)


@quotes.post("/{quote_id}/approve", needs="quotes:approve", answers=QuoteView)
def approve_quote(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Approve a quote that somebody else handed in."""
    return service.approve(quote_id, version=call.version, by=call.who)


@quotes.post("/{quote_id}/send-back", needs="quotes:approve", body=QuoteReason, answers=QuoteView)
def send_quote_back(call: Call[QuoteReason, NoQuery], quote_id: str) -> Quote:
    """Send a quote back to its draft, with the reason."""
    return service.send_back(quote_id, reason=call.body.reason, version=call.version, by=call.who)


@quotes.post("/{quote_id}/withdraw", needs="quotes:write", answers=QuoteView)
def withdraw_quote(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Take a submitted or approved quote back to its draft."""
    return service.withdraw(quote_id, version=call.version, by=call.who)


@quotes.post("/{quote_id}/send", needs="quotes:write", body=Sending, answers=QuoteView)
def send_quote(call: Call[Sending, NoQuery], quote_id: str) -> Quote:
    """Send an approved quote: with its PDF by mail, and a link on which the customer answers."""
    return service.send(quote_id, **call.body.values(), version=call.version, by=call.who)


@quotes.post("/{quote_id}/revise", needs="quotes:write", answers=QuoteView)
def revise_quote(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Begin a new version of a quote that was sent."""
    return service.revise(quote_id, version=call.version, by=call.who)


@quotes.post("/{quote_id}/accept", needs="quotes:write", body=AcceptanceRecorded, answers=QuoteView)
def record_acceptance(call: Call[AcceptanceRecorded, NoQuery], quote_id: str) -> Quote:
    """Record that the customer accepted on paper or by word."""
    return service.accept(quote_id, **call.body.values(), version=call.version, by=call.who)


@quotes.post("/{quote_id}/reject", needs="quotes:write", body=QuoteReason, answers=QuoteView)
def record_rejection(call: Call[QuoteReason, NoQuery], quote_id: str) -> Quote:
    """Record that the customer does not want it."""
    return service.reject(quote_id, reason=call.body.reason, version=call.version, by=call.who)


@quotes.post("/{quote_id}/void", needs="quotes:write", body=QuoteReason, answers=QuoteView)
def void_quote(call: Call[QuoteReason, NoQuery], quote_id: str) -> Quote:
    """Void a quote: it leaves lists and figures, and the customer can no longer accept it."""
    return service.void(quote_id, reason=call.body.reason, version=call.version, by=call.who)


@quotes.post("/{quote_id}/restore", needs="quotes:write", answers=QuoteView)
def restore_quote(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Restore a voided quote as it was."""
    return service.restore(quote_id, version=call.version, by=call.who)


@quotes.get("/{quote_id}/versions", needs="quotes:read", query=ListQuery, answers=VersionView, listed=True)
def list_versions(call: Call[None, ListQuery], quote_id: str) -> Page[QuoteVersion]:
    """List what was sent of a quote, the latest version first."""
    return service.versions(quote_id, who=call.who, **call.page)


@quotes.get("/{quote_id}/pdf", needs="quotes:read", query=PdfQuery, answers=LinkView)
def read_quote_pdf(call: Call[None, PdfQuery], quote_id: str) -> LinkView:
    """Get where the PDF of the present version is, for 15 minutes."""
    return LinkView(url=service.pdf_link(quote_id, call.query.lang, who=call.who))


@quotes.get(
    "/{quote_id}/link",
    needs="quotes:write",
    answers=LinkView,
    also={409: "The present version was not sent, or its link was taken back"},
)
def read_quote_link(call: Call[None, NoQuery], quote_id: str) -> LinkView:
    """Get the customer's link to the present version."""
    return LinkView(url=service.link(quote_id, who=call.who))


@quotes.post("/{quote_id}/link", needs="quotes:write", answers=QuoteView)
def renew_quote_link(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Give the customer a new link; the one before holds no more."""
    return service.renew_link(quote_id, revoked=False, version=call.version, by=call.who)


@quotes.delete("/{quote_id}/link", needs="quotes:write", answers=QuoteView)
def revoke_quote_link(call: Call[None, NoQuery], quote_id: str) -> Quote:
    """Take the customer's link back."""
    return service.renew_link(quote_id, revoked=True, version=call.version, by=call.who)


@quotes.post("/{quote_id}/reassign", needs="quotes:write", body=NewOwner, answers=QuoteView)
def reassign_quote(call: Call[NewOwner, NoQuery], quote_id: str) -> Quote:
    """Give a quote to another owner."""
    return service.reassign(quote_id, owner_id=call.body.owner_id, version=call.version, by=call.who)


@quotes.post("/{quote_id}/share", needs="quotes:write", body=Sharing, answers=QuoteView)
def share_quote(call: Call[Sharing, NoQuery], quote_id: str) -> Quote:
    """Let a user or team read or write a quote, or end that."""
    return service.share(quote_id, **call.body.values(), version=call.version, by=call.who)


@policy.get("", needs="quotes:read", answers=QuotePolicyView)
def read_quote_policy(_: Call[None, NoQuery]) -> QuotePolicy:
    """Read the quote policy; version 0 until operations set one."""
    return service.policy()


@policy.put("", needs="quotes:configure", body=QuotePolicyChange, answers=QuotePolicyView)
def set_quote_policy(call: Call[QuotePolicyChange, NoQuery]) -> QuotePolicy:
    """Replace the quote policy."""
    return service.set_policy(**call.body.values(), version=call.version, by=call.who)
