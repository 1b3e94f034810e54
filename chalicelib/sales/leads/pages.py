"""The pages a visitor sees: the hosted form, the thank-you page, and the snippet for other sites."""

import secrets
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalicelib.core import i18n
from chalicelib.sales.leads import tokens
from chalicelib.sales.leads.forms import UTM
from chalicelib.sales.leads.models import LeadForm

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = files("chalicelib.sales.leads").joinpath("page")
#: How a browser is told what each type of field wants.
_INPUT = {
    "TEXT": "text",
    "EMAIL": "email",
    "PHONE": "tel",
    "WHOLE_NUMBER": "number",
    "AMOUNT": "text",
}
_AUTOCOMPLETE = {
    "name": "name",
    "company": "organization",
    "title": "organization-title",
    "email": "email",
    "phone": "tel",
    "website": "url",
    "country": "country-name",
    "city": "address-level2",
}


@cache
def _templates() -> "Environment":
    from jinja2 import DictLoader, Environment  # heavy: only for pages

    found = {file.name: file.read_text("utf-8") for file in _HERE.iterdir() if file.name.endswith(".j2")}
    return Environment(autoescape=True, loader=DictLoader(found), trim_blocks=True, lstrip_blocks=True)


def _asset(name: str) -> str:
    return _HERE.joinpath(name).read_text("utf-8")


def hosted(form: LeadForm, language: str, utm: dict[str, str]) -> tuple[str, str]:
    """Return a form's own page and its Content-Security-Policy."""
    nonce = secrets.token_urlsafe(16)
    body = markup(form, language, action=f"{form.id}/submissions", utm=utm, token=tokens.issue(form.id))
    page = _render("hosted.html.j2", form, language, nonce=nonce, body=body, script=_asset("form.js"))
    return page, _policy(nonce, form)


def thanks(form: LeadForm, language: str) -> tuple[str, str]:
    """Return the page that thanks a visitor, and its Content-Security-Policy."""
    nonce = secrets.token_urlsafe(16)
    return _render("thanks.html.j2", form, language, nonce=nonce), _policy(nonce, form)


def snippet(form: LeadForm) -> str:
    """Return the script that puts a form into another site's page, in either language.

    ``<script src="…/forms/<id>/embed.js" data-lang="zh-CN" async></script>``
    """
    markups = {language: markup(form, language) for language in i18n.LANGUAGES}
    return (
        _templates()
        .get_template("embed.js.j2")
        .render(markups=markups, style=_asset("form.css"), script=_asset("form.js"))
    )


def markup(
    form: LeadForm, language: str, *, action: str = "", utm: dict[str, str] | None = None, token: str = ""
) -> str:
    """Return the form itself; without `action` and `token` the snippet's script fills them in."""
    return _render(
        "form.html.j2",
        form,
        language,
        action=action,
        token=token,
        utm={name: (utm or {}).get(name, "") for name in UTM},
        inputs=_INPUT,
        autocomplete=_AUTOCOMPLETE,
    )


def _render(template: str, form: LeadForm, language: str, **values: Any) -> str:
    def say(key: str) -> str:
        return i18n.text(f"lead_form.{key}", language)

    def told(texts: dict[str, str] | None) -> str:
        return (texts or {}).get(language) or next(iter((texts or {}).values()), "")

    return (
        _templates()
        .get_template(template)
        .render(
            form=form,
            language=language,
            other=next(each for each in i18n.LANGUAGES if each != language),
            say=say,
            told=told,
            style=_asset("form.css"),
            **values,
        )
    )


def _policy(nonce: str, form: LeadForm) -> str:
    # A browser holds redirects after a form's post to form-action too.
    allowed = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in form.redirects}
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'nonce-{nonce}'",
            f"script-src 'nonce-{nonce}'",
            "connect-src 'self'",
            " ".join(["form-action 'self'", *sorted(allowed)]),
            " ".join(["frame-ancestors 'self'", *form.origins]),
            "base-uri 'none'",
        )
    )
