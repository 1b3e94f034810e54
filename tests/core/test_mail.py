"""Mail: one message, one recipient, no header that the caller did not mean."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.core import clock, errors, mail, outbox, settings
from chalicelib.core.mail import Attachment, Mail
from tests.core.mailbox import Mailbox, mailbox

LETTER = Mail("rita@example.com", "今日任务 · Today", "Hello 王丽", "<p>Hello 王丽</p>")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that this installation sends by."""
    with mailbox() as opened:
        there = dataclasses.replace(settings.settings(), mail_port=opened.port)
        monkeypatch.setattr(mail, "settings", lambda: there)
        yield opened


def test_text_and_html_and_files_arrive_as_they_were_written(post: Mailbox) -> None:
    pdf = Attachment("报表.pdf", "application/pdf", b"%PDF")

    mail.send(dataclasses.replace(LETTER, attachments=[pdf], headers={"X-Report": "REP_DAILY"}))

    [arrived] = post.messages
    assert post.recipients == ["rita@example.com"]
    assert (arrived["To"], arrived["Subject"]) == ("rita@example.com", "今日任务 · Today")
    assert arrived["X-Report"] == "REP_DAILY"
    parts = {part.get_content_type(): part for part in arrived.walk()}
    assert parts["text/plain"].get_content().strip() == "Hello 王丽"
    assert parts["text/html"].get_content().strip() == "<p>Hello 王丽</p>"
    assert parts["application/pdf"].get_filename() == "报表.pdf"


def test_every_byte_on_the_way_is_seven_bits() -> None:
    assert mail.message(LETTER).as_bytes().isascii()


@given(
    st.sampled_from(["to", "subject", "value", "name"]),
    st.sampled_from(["\r\nBcc: x@example.com", "\nX: y", "\r", "\n", "\x00", "\u2028", "\x85"]),
    st.booleans(),
)
def test_no_header_can_be_smuggled_in(place: str, payload: str, last: bool) -> None:
    fields = {"to": "rita@example.com", "subject": "Hi", "value": "v", "name": "X-A"}
    fields[place] = fields[place] + payload + ("" if last else " more")

    with pytest.raises(ValueError, match=r"."):
        mail.message(Mail(fields["to"], fields["subject"], "t", headers={fields["name"]: fields["value"]}))


@pytest.mark.parametrize(
    "to", ["", "rita", "a@example.com, b@example.com", "a@example.com;b@example.com", "Rita <r@example.com>"]
)
def test_a_mail_has_exactly_one_recipient(to: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        mail.message(dataclasses.replace(LETTER, to=to))


@pytest.mark.parametrize("name", ["Bcc", "to", "FROM", "Reply-To", "X A", ""])
def test_who_writes_to_whom_is_not_a_further_header(name: str) -> None:
    with pytest.raises(ValueError, match="header"):
        mail.message(dataclasses.replace(LETTER, headers={name: "x@example.com"}))


def test_ses_gets_the_raw_message() -> None:
    mail._ses.cache_clear()
    with mock_aws():
        ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].verify_email_identity(settings.settings().mail_from)
        mail.send(LETTER)
        [sent] = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    mail._ses.cache_clear()

    assert set(sent.destinations) == {"rita@example.com"}


def test_the_same_key_is_mailed_once(tables: None, post: Mailbox) -> None:
    assert outbox.send_once("run-1", LETTER)
    assert not outbox.send_once("run-1", LETTER)
    assert outbox.send_once("run-2", LETTER)

    assert len(post.messages) == 2


def test_what_was_refused_may_be_tried_again_but_not_for_ever(tables: None, post: Mailbox) -> None:
    post.refuses = True
    for _ in range(outbox.MOST_TRIES):
        with pytest.raises(Exception, match="no such person"):
            outbox.send_once("run", LETTER)
    post.refuses = False

    with pytest.raises(errors.Conflict):
        outbox.send_once("run", LETTER)

    assert post.messages == []


def test_after_a_refusal_the_mail_goes_out_once(tables: None, post: Mailbox) -> None:
    post.refuses = True
    with pytest.raises(Exception, match="no such person"):
        outbox.send_once("run", LETTER)
    post.refuses = False

    assert outbox.send_once("run", LETTER)
    assert not outbox.send_once("run", LETTER)
    assert len(post.messages) == 1


def test_two_senders_at_once_send_once(tables: None, post: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(letter: Mail) -> None:
        with pytest.raises(errors.Busy):
            outbox.send_once("run", letter)
        really(letter)

    really = mail.send
    monkeypatch.setattr(mail, "send", meanwhile)

    assert outbox.send_once("run", LETTER)
    assert len(post.messages) == 1


def test_no_answer_after_sending_makes_one_duplicate_at_the_most(tables: None, post: Mailbox) -> None:
    post.hangs_up = True
    for hour in range(24):
        with clock.at(NOW + timedelta(hours=hour)), pytest.raises(Exception, match=r"."):
            outbox.send_once("run", LETTER)
        with clock.at(NOW + timedelta(hours=hour, minutes=1)), pytest.raises(errors.SalesError):
            outbox.send_once("run", LETTER)

    assert [letter[outbox.REPEATED] for letter in post.messages] == [None, "possibly"]
