"""The page on which a customer sees a quote, on a phone too, and answers. No script runs on it."""

import secrets
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from chalicelib.core import clock, i18n
from chalicelib.sales.quotes.models import QuoteVersion
from chalicelib.sales.quotes.paper import Words

if TYPE_CHECKING:
    from jinja2 import Template

_HERE: Final = files("chalicelib.sales.quotes").joinpath("page")


@cache
def _template() -> "Template":
    from jinja2 import DictLoader, Environment  # heavy: only for pages

    found = {file.name: file.read_text("utf-8") for file in _HERE.iterdir() if file.name.endswith(".j2")}
    made = Environment(autoescape=True, loader=DictLoader(found), trim_blocks=True, lstrip_blocks=True)
    return made.get_template("quote.html.j2")


def page(version: QuoteVersion, token: str, language: str, *, asked: bool = False) -> tuple[str, str]:
    """Return a version's page in a language, and its Content-Security-Policy.

    `asked`: the customer has just asked for changes, and is thanked.
    """
    nonce = secrets.token_urlsafe(16)
    state = version.status
    if state == "PRESENTED" and clock.today() > version.valid_until:
        state = "EXPIRED"
    shown = _template().render(
        words=Words(version.content, language),
        told=version.content,
        token=token,
        state="ASKED" if asked and state == "PRESENTED" else state,
        is_open=state == "PRESENTED",
        language=language,
        other=next(each for each in i18n.LANGUAGES if each != language),
        nonce=nonce,
        style=_HERE.joinpath("quote.css").read_text("utf-8"),
    )
    return shown, _policy(nonce)


def _policy(nonce: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'nonce-{nonce}'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
