"""Lead forms over HTTP: setting them up, and the public side that visitors meet."""

from typing import Any

from chalicelib.core import clock, i18n
from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.leads import pages, service, tokens
from chalicelib.sales.leads.form_schemas import (
    FormChange,
    FormView,
    NewForm,
    PageQuery,
    Post,
    ReceiptView,
    TokenView,
)
from chalicelib.sales.leads.models import LeadForm, Submission
from chalicelib.sales.leads.views import SubmissionView

#: The largest post of a form, in bytes.
MOST = 16 * 1024
HTML = "text/html; charset=utf-8"

setup = Room("lead_forms", prefix="/lead-forms")
public = Room("forms", prefix="/forms")


@setup.post("", needs="leads:configure", body=NewForm, answers=FormView, status=201)
def add_form(call: Call[NewForm, NoQuery]) -> Answer:
    """Set up a lead form."""
    form = service.add_form(by=call.who, **call.body.values())
    return created(form)


@setup.get("", needs="leads:read", query=ListQuery, answers=FormView, listed=True)
def list_forms(call: Call[None, ListQuery]) -> Page[LeadForm]:
    """List lead forms by name."""
    return service.forms_by_name(**call.page)


@setup.get("/{form_id}", needs="leads:read", answers=FormView)
def read_form_setup(_: Call[None, NoQuery], form_id: str) -> LeadForm:
    """Read how a lead form is set up."""
    return service.form(form_id)


@setup.patch("/{form_id}", needs="leads:configure", body=FormChange, answers=FormView)
def change_form(call: Call[FormChange, NoQuery], form_id: str) -> LeadForm:
    """Change a lead form, or pause it."""
    return service.change_form(form_id, version=call.version, by=call.who, **call.body.values())


@setup.get(
    "/{form_id}/submissions", needs="leads:configure", query=ListQuery, answers=SubmissionView, listed=True
)
def list_submissions(call: Call[None, ListQuery], form_id: str) -> Page[Submission]:
    """List what came in by a form, the latest first."""
    return service.posts(form_id, **call.page)


@public.post(
    "/{form_id}/submissions",
    needs=None,
    body=Post,
    answers=ReceiptView,
    status=202,
    form=True,
    most=MOST,
    also={303: "Taken; a plain form goes on to its page"},
)
def submit(call: Call[Post, NoQuery], form_id: str) -> Answer:
    """Send a form. JSON is answered with a receipt, a plain form with where to go next."""
    sent = call.body.values()
    language = _language(sent.get("lang"), call.language)
    receipt = service.submit(
        form_id,
        sent,
        address=call.address,
        origin=call.headers.get("origin", ""),
        host=call.headers.get("host", ""),
        language=language,
    )
    if _is_plain_form(call):
        return Answer(status=303, headers={"Location": receipt.redirect or f"thanks?lang={language}"})
    return Answer(ReceiptView(receipt=receipt.id, redirect=receipt.redirect), 202)


@public.get("/{form_id}", needs=None, query=PageQuery, media=HTML, lenient_query=True)
def show_form(call: Call[None, PageQuery], form_id: str) -> Answer:
    """Show a form as a page of its own, in the language asked for."""
    form = service.open_form(form_id)
    utm = call.query.model_dump(exclude={"lang"}, exclude_none=True)
    page, policy = pages.hosted(form, _language(call.query.lang, call.language), utm)
    return Answer(page, headers={"Content-Security-Policy": policy})


@public.get("/{form_id}/thanks", needs=None, query=PageQuery, media=HTML, lenient_query=True)
def thank(call: Call[None, PageQuery], form_id: str) -> Answer:
    """Thank a visitor."""
    form = service.open_form(form_id)
    page, policy = pages.thanks(form, _language(call.query.lang, call.language))
    return Answer(page, headers={"Content-Security-Policy": policy})


@public.get("/{form_id}/token", needs=None, answers=TokenView)
def issue_token(_: Call[None, NoQuery], form_id: str) -> TokenView:
    """Get a fresh render token for one post."""
    form = service.open_form(form_id)
    return TokenView(token=tokens.issue(form.id), expires_at=clock.now() + tokens.LIVES)


@public.get("/{form_id}/embed.js", needs=None, media="text/javascript; charset=utf-8")
def embed(_: Call[None, NoQuery], form_id: str) -> Answer:
    """Get the script that puts the form into another page."""
    form = service.open_form(form_id)
    return Answer(pages.snippet(form), headers={"Cache-Control": "public, max-age=300"})


def _language(asked: Any, otherwise: str) -> str:
    return i18n.preferred(asked, otherwise) if isinstance(asked, str) else otherwise


def _is_plain_form(call: Call[Any, Any]) -> bool:
    media: str = call.headers.get("content-type", "")
    return media.lower().startswith("application/x-www-form-urlencoded")
