"""Hostile texts on every page: shown as they were typed, and nothing more."""

from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Final

import pytest

from chalicelib.core import about
from chalicelib.insight.reports import render
from chalicelib.insight.reports.paper import Paper, Row, Section
from chalicelib.sales.quotes import pages
from chalicelib.sales.quotes.models import QuoteVersion
from infra.stages import ROOT
from tests.client import Client
from tests.input.corpus import MARKUP
from tests.sales.leads import builders as leads

#: Every element of the hosted form and its thanks, the report and the page of the API.
_OURS = {
    *("html", "head", "meta", "title", "style", "body", "main", "script", "p", "a", "br", "h1", "h2", "h3"),
    *("form", "div", "label", "input", "span", "abbr", "fieldset", "legend", "textarea", "select", "option"),
    *("button", "table", "tr", "td", "th", "small", "code", "pre", "nav", "details", "summary"),
    *("header", "footer", "section", "ul", "li", "strong", "dl", "dt", "dd"),
}


class _Reader(HTMLParser):
    """The elements of a page with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def _is_harmless(page: str, like: str, typed: str) -> None:
    """Whether a page has the very elements of one with harmless texts, and shows what was typed."""
    found, usual = _Reader(page), _Reader(like)
    assert found.elements == usual.elements
    assert set(found.elements) <= _OURS
    assert [name for name, _ in found.attributes] == [name for name, _ in usual.attributes]
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert not [
        value
        for name, value in found.attributes
        if name in ("href", "src") and value.startswith("javascript")
    ]
    assert _words(typed) in _words(found.words)


def _words(text: str) -> str:
    return " ".join(text.split())


def _form(client: Client, text: str) -> list[str]:
    told = {"en": text, "zh-CN": text}
    choice = {"value": text, "label": told}
    form = leads.a_form(
        client,
        name=text,
        title=told,
        thanks=told,
        consent={"version": "1", "text": told},
        source=text,
        campaign=text,
        fields=[
            {"name": "name", "label": told, "required": True},
            {"name": "a", "label": told, "type": "CHOICE", "choices": [choice]},
            {"name": "b", "label": told, "type": "CHOICES", "choices": [choice]},
            {"name": "c", "label": told, "type": "CHECKBOX"},
            {"name": "d", "label": told, "type": "LONG_TEXT"},
        ],
    )
    query = {"utm_source": text, "utm_campaign": text, "lang": text[:20]}
    pages = [f"/forms/{form['id']}", f"/forms/{form['id']}/thanks"]
    return [client.get(page, query=query).text for page in pages]


@pytest.mark.parametrize("typed", MARKUP)
def test_a_form_with_hostile_texts_is_the_form_it_would_be(client: Client, typed: str) -> None:
    for page, like in zip(_form(client, typed), _form(client, "word"), strict=True):
        _is_harmless(page, like, typed)


@pytest.mark.parametrize("typed", MARKUP)
def test_a_snippet_brings_no_element_of_a_hostile_text(client: Client, typed: str) -> None:
    form = leads.a_form(client, title={"en": typed}, name=typed)

    script = client.get(f"/forms/{form['id']}/embed.js").text

    # Between the tags of a page that a browser reads, nothing of it ends the script.
    assert "<" not in script.partition("const markups = ")[2].partition(";\n")[0]


def _report(text: str) -> str:
    row = Row(text, text, text, 50)
    sections = [Section(text, [row], text, text), Section(text, [], text, text)]
    return render.html(Paper("en", text, text, sections, text))


@pytest.mark.parametrize("typed", MARKUP)
def test_a_report_with_hostile_texts_is_the_report_it_would_be(typed: str) -> None:
    _is_harmless(_report(typed), _report("word"), typed)


def _page(text: str) -> str:
    operation = {
        "tags": [text],
        "summary": text,
        "description": text,
        "x-permission": text,
        "parameters": [{"name": text, "in": text, "required": True}],
        "responses": {text: {"description": text}},
    }
    document = {
        "info": {"title": text, "version": text},
        "paths": {text: {"get": operation}},
        "components": {"schemas": {text: {"description": text}}},
    }
    return about.page(document, text)


@pytest.mark.parametrize("typed", MARKUP)
def test_the_page_of_the_api_is_the_page_it_would_be(typed: str) -> None:
    _is_harmless(_page(typed), _page("word"), typed)


def a_version(text: str) -> QuoteVersion:
    """A quote as it was sent, with a text in each place that somebody has a word in."""
    line = {"name": text, "number": 1, "quantity": 1, "unit_price_minor": 1, "net_minor": 1, "tax_bps": 0}
    line |= {"total_minor": 1, "is_option": False, "contents": [{"name": text, "quantity": 1}]}
    content = {
        "number": "Q-1",
        "revision": 1,
        "title": text,
        "currency": "CNY",
        "language": "en",
        "day": "2026-11-23",
        "valid_until": "2099-12-31",
        "letterhead": {"en": [text, text], "zh-CN": [text]},
        "customer": [text, text, text],
        "seller": [text, text],
        "lines": [line],
        "net_minor": 1,
        "tax_minor": 0,
        "total_minor": 1,
        "terms": text,
    }
    return QuoteVersion(
        QuoteVersion.id_of("quote_1", 1),
        quote_id="quote_1",
        revision=1,
        content=content,
        valid_until=date(2099, 12, 31),
        link="x",
        to="li@example.cn",
        status="PRESENTED",
    )


def _quote(text: str) -> str:
    shown, _ = pages.page(a_version(text), "token", "en")
    return shown


@pytest.mark.parametrize("typed", MARKUP)
def test_the_page_of_a_quote_with_hostile_texts_is_the_page_it_would_be(typed: str) -> None:
    _is_harmless(_quote(typed), _quote("word"), typed)


#: Which test shows what each template makes of hostile texts.
TEMPLATES: Final = {
    "chalicelib/core/docs_page.html.j2": test_the_page_of_the_api_is_the_page_it_would_be,
    "chalicelib/insight/reports/templates/report.html.j2": (
        test_a_report_with_hostile_texts_is_the_report_it_would_be
    ),
    "chalicelib/sales/leads/page/embed.js.j2": test_a_snippet_brings_no_element_of_a_hostile_text,
    "chalicelib/sales/leads/page/form.html.j2": test_a_form_with_hostile_texts_is_the_form_it_would_be,
    "chalicelib/sales/leads/page/hosted.html.j2": test_a_form_with_hostile_texts_is_the_form_it_would_be,
    "chalicelib/sales/leads/page/thanks.html.j2": test_a_form_with_hostile_texts_is_the_form_it_would_be,
    "chalicelib/sales/quotes/page/quote.html.j2": (
        test_the_page_of_a_quote_with_hostile_texts_is_the_page_it_would_be
    ),
}


def test_every_template_is_shown_hostile_texts() -> None:
    found = {str(each.relative_to(ROOT)) for each in (ROOT / "chalicelib").rglob("*.j2")}

    assert found == TEMPLATES.keys()


def test_the_reader_sees_what_a_template_without_escapes_would_do() -> None:
    with pytest.raises(AssertionError):
        _is_harmless(f"<p>{MARKUP[0]}</p>", "<p>word</p>", MARKUP[0])
    assert unescape("&lt;") == "<"
