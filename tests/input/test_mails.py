"""Hostile texts in every mail: one recipient, no further header, and nothing but what was typed."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from types import SimpleNamespace
from typing import Any, Final

import pytest

from chalicelib.core import files, mail
from chalicelib.core.mail import Attachment, Mail
from chalicelib.core.money import Money
from chalicelib.insight.reports import compose
from chalicelib.insight.reports.paper import Paper, Row, Section
from chalicelib.sales.quotes import sending
from chalicelib.sales.revenue import dunning
from infra.stages import ROOT
from tests.input.corpus import HEADERS, MARKUP
from tests.input.test_markup import a_version


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


def _report(text: str) -> Mail:
    row = Row(text, text, text, 50)
    paper = Paper("en", text, text, [Section(text, [row], text, text)], text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "people", SimpleNamespace(user=_somebody, principal=lambda user: user))
        patch.setattr(compose, "compose", lambda *_: paper)
        subscription: Any = SimpleNamespace(owner_id="", report="REP_DAILY", language="en", zone="UTC")
        return compose.letter(subscription, at=datetime.now(UTC))


def _somebody(_: str) -> Any:
    return SimpleNamespace(email="li@example.cn")


def _quote(text: str) -> Mail:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "kept_pdf", lambda *_: "")
        patch.setattr(files, "read", lambda _: b"%PDF")
        return sending.letter(a_version(text))


def _reminder(text: str) -> Mail:
    receivable: Any = SimpleNamespace(document=text, open=Money(1, "CNY"), due_on=date(2026, 11, 23))
    contact = SimpleNamespace(name=text, language="en", email="li@example.cn")
    return dunning.letter(receivable, "FIRM", contact)


#: Every function that writes a mail, and the mail that it writes when somebody put a text into each place.
LETTERS: Final[dict[str, Callable[[str], Mail]]] = {
    "insight/reports/compose.py letter": _report,
    "sales/quotes/sending.py letter": _quote,
    "sales/revenue/dunning.py letter": _reminder,
}


def test_every_function_that_writes_a_mail_is_tried() -> None:
    assert set(_writers()) == LETTERS.keys()


def _writers() -> Iterator[str]:
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        text = file.read_text("utf-8")
        names = {"mail.Mail"} | ({"Mail"} if "chalicelib.core.mail import" in text else set())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and names & set(_called(node)):
                yield f"{file.relative_to(ROOT / 'chalicelib')} {node.name}"


def _called(function: ast.FunctionDef) -> Iterator[str]:
    return (ast.unparse(each.func) for each in ast.walk(function) if isinstance(each, ast.Call))


@pytest.mark.parametrize("text", [*HEADERS, *MARKUP])
@pytest.mark.parametrize("writer", LETTERS)
def test_a_letter_has_one_recipient_and_no_further_header_whatever_is_in_it(writer: str, text: str) -> None:
    try:
        made = mail.message(LETTERS[writer](f"Hello {text}"))
    except ValueError:  # refused whole
        return
    arrived = message_from_bytes(made.as_bytes(), policy=policy.default)

    assert arrived.get_all("To") == ["li@example.cn"]
    assert [header for part in arrived.walk() for header in _others(part)] == []
    assert len(arrived.get_all("Subject") or []) == 1


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("writer", LETTERS)
def test_a_letter_says_what_was_typed(writer: str, text: str) -> None:
    try:
        made = mail.message(LETTERS[writer](text))
    except ValueError:
        assert writer.startswith("insight"), "a report's subject is its own, with a day"
        return
    body = made.get_body(("plain",))

    assert isinstance(body, EmailMessage)
    assert " ".join(text.split()) in " ".join(body.get_content().split())
