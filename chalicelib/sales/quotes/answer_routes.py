"""The public side of quotes: what a customer with the link sees and does."""

from typing import Any, Final

from chalicelib.core import i18n
from chalicelib.core.endpoint import Answer, Call
from chalicelib.core.shapes import NoQuery
from chalicelib.core.web import Room
from chalicelib.sales.quotes import pages, service
from chalicelib.sales.quotes.answer_schemas import Accepting, AnsweredView, LinkQuery, Wishing
from chalicelib.sales.quotes.models import QuoteVersion

HTML: Final = "text/html; charset=utf-8"
#: The largest post, in bytes.
MOST: Final = 16 * 1024
_ON: Final = {303: "Taken; a plain form goes back to the quote"}

public = Room("quote_links", prefix="/q")


@public.get("/{token}", needs=None, query=LinkQuery, media=HTML, lenient_query=True)
def show_quote(call: Call[None, LinkQuery], token: str) -> Answer:
    """Show a quote to the customer, in the language asked for, else in the quote's own."""
    version = service.opened(token)
    language = _language(call.query.lang, version)
    page, policy = pages.page(version, token, language, asked=call.query.said == "changes")
    return Answer(page, headers={"Content-Security-Policy": policy})


@public.post(
    "/{token}/accept", needs=None, body=Accepting, answers=AnsweredView, form=True, most=MOST, also=_ON
)
def accept_quote(call: Call[Accepting, NoQuery], token: str) -> Answer:
    """Accept a quote. Doing it again changes nothing."""
    version = service.accept_by_link(token, name=call.body.name, address=call.address)
    return _answer(call, version, token, "accepted")


@public.post(
    "/{token}/changes", needs=None, body=Wishing, answers=AnsweredView, form=True, most=MOST, also=_ON
)
def ask_changes(call: Call[Wishing, NoQuery], token: str) -> Answer:
    """Ask for something else. The same wish again changes nothing."""
    wish = {"name": call.body.name, "message": call.body.message}
    version = service.ask_changes(token, **wish, address=call.address)
    return _answer(call, version, token, "changes")


@public.get("/{token}/pdf", needs=None, query=LinkQuery, status=303, lenient_query=True)
def download_quote(call: Call[None, LinkQuery], token: str) -> Answer:
    """Go on to the PDF of a quote; the address holds for 15 minutes."""
    version = service.opened(token)
    where = service.paper_link(version, _language(call.query.lang, version))
    return Answer(status=303, headers={"Location": where})


def _language(asked: str | None, version: QuoteVersion) -> str:
    own: str = version.content["language"]
    return i18n.preferred(asked, own) if asked else own


def _answer(call: Call[Any, Any], version: QuoteVersion, token: str, said: str) -> Answer:
    media: str = call.headers.get("content-type", "")
    if media.lower().startswith("application/x-www-form-urlencoded"):
        language = _language(call.body.lang, version)
        return Answer(status=303, headers={"Location": f"../{token}?lang={language}&said={said}"})
    return Answer(AnsweredView(status=version.status))
