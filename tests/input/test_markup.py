"""Hostile texts on every page and in every mail: shown as they were typed, and nothing more."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message
from html import unescape
from html.parser import HTMLParser

import pytest

from chalicelib.core import about, mail
from chalicelib.core.mail import Attachment, Mail
from chalicelib.insight.reports import render
from chalicelib.insight.reports.paper import Paper, Row, Section
from tests.client import Client
from tests.input.corpus import HEADERS, MARKUP
from tests.sales.leads import builders as leads

#: Every element of the hosted form and its thanks, the report and the page of the API.
_OURS = {
    *("html", "head", "meta", "title", "style", "body", "main", "script", "p", "a", "br", "h1", "h2", "h3"),
    *("form", "div", "label", "input", "span", "abbr", "fieldset", "legend", "textarea", "select", "option"),
    *("button", "table", "tr", "td", "th", "small", "code", "pre", "nav", "details", "summary"),
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


def _mails(value: str) -> Iterator[Mail]:
    """A mail with the value in each field that somebody outside has a word in."""
    usual = Mail("rita@example.com", "Today", "Hello", "<p>Hello</p>")
    yield replace(usual, subject=f"Hello {value}")
    yield replace(usual, text=f"Hello {value}")
    yield replace(usual, html=f"Hello {value}")
    yield replace(usual, to=f"rita@example.com{value}")
    yield replace(usual, headers={"X-Salestream-Report": value})
    yield replace(usual, attachments=[Attachment(f"a{value}.pdf", "application/pdf", b"%PDF")])


@pytest.mark.parametrize("value", HEADERS)
def test_no_field_of_a_mail_makes_a_header_or_a_recipient(value: str) -> None:
    for letter in _mails(value):
        try:
            made = mail.message(letter)
        except ValueError:
            continue
        arrived = message_from_bytes(made.as_bytes(), policy=policy.default)
        assert arrived.get_all("To") == ["rita@example.com"]
        assert [header for part in arrived.walk() for header in _others(part)] == []
        assert len(arrived.get_all("Subject") or []) == 1


def _others(part: Message) -> list[str]:
    return [name for name in part if name.lower() in ("bcc", "cc", "sender", "reply-to", "resent-to")]


@pytest.mark.parametrize("value", HEADERS)
def test_who_may_not_be_written_to_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        mail.message(Mail(f"rita@example.com{value}", "Today", "Hello"))


def test_the_reader_sees_what_a_template_without_escapes_would_do() -> None:
    with pytest.raises(AssertionError):
        _is_harmless(f"<p>{MARKUP[0]}</p>", "<p>word</p>", MARKUP[0])
    assert unescape("&lt;") == "<"
