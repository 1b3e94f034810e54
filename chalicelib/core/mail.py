"""Mail: one message to one person, through Amazon SES or any SMTP server.

``SALESTREAM_MAIL_PORT`` says which: ``ses``, ``smtp://host:port``, or ``smtps://user:password@host``.
A port sends once and raises when it cannot; who must not send twice uses `core.outbox`.
"""

import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from chalicelib.core import clock, identity
from chalicelib.core.settings import settings

#: Seconds that a mail server may take for one answer.
SECONDS: Final = 10
#: Headers that say who writes to whom: the fields of a `Mail` alone decide them.
_OURS: Final = frozenset({"to", "from", "cc", "bcc", "subject", "date", "sender", "reply-to"})
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
#: Seven bits: no server on the way has to change a byte.
_POLICY: Final = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; `media` such as ``application/pdf``."""

    name: str
    media: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to one person, as text, and as HTML for those who read that."""

    to: str
    subject: str
    text: str
    html: str = ""
    attachments: Sequence[Attachment] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def message(mail: Mail) -> EmailMessage:
    """Return a mail as it travels.

    ValueError for anything that would smuggle in a header or a second recipient: a line break in
    a header, an address that is not exactly one, a header that is not the caller's to set.
    """
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(settings().company, addr_spec=settings().mail_from)
    made["To"] = Address(addr_spec=_one_address(mail.to))
    made["Subject"] = _one_line(mail.subject)
    made["Date"] = clock.now()
    for name, value in mail.headers.items():
        if not _NAME.fullmatch(name) or name.lower() in _OURS:
            raise ValueError("not a header that a caller may set")
        made[name] = _one_line(value)
    made.set_content(mail.text)
    if mail.html:
        made.add_alternative(mail.html, subtype="html")
    for attached in mail.attachments:
        main, _, sub = attached.media.partition("/")
        made.add_attachment(attached.content, maintype=main, subtype=sub, filename=_one_line(attached.name))
    return made


def _one_address(value: str) -> str:
    if identity.email(_one_line(value)) is None:
        raise ValueError("a mail goes to one address")
    return value


def _one_line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("a header is one line of text")
    # Python's parser would decode what looks encoded (RFC 2047), line breaks included, and write those.
    return value.replace("=?", "= ?")


def send(mail: Mail) -> None:
    """Send a mail now. Raises what the port says when it does not take it (`refused`)."""
    made = message(mail)
    port = settings().mail_port
    if port == "ses":
        _by_ses(mail.to, made)
    else:
        _by_smtp(urlsplit(port), mail.to, made)


def refused(error: Exception) -> bool:
    """Whether an error of `send` means that the mail has certainly not left."""
    if isinstance(error, ClientError):
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
        return status < 500
    never_left = (
        ValueError,
        ConnectionRefusedError,
        ConnectTimeoutError,
        EndpointConnectionError,
        smtplib.SMTPResponseException,
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPNotSupportedError,
    )
    return isinstance(error, never_left)


def _by_ses(to: str, made: EmailMessage) -> None:
    _ses().send_email(
        FromEmailAddress=settings().mail_from,
        Destination={"ToAddresses": [to]},
        Content={"Raw": {"Data": made.as_bytes()}},
    )


@cache
def _ses() -> Any:
    from botocore.config import Config  # heavy: only where mail is sent by SES
    from botocore.session import get_session  # heavy: only where mail is sent by SES

    # One attempt: a second one after a lost answer would be a second mail.
    once = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 1})
    return get_session().create_client("sesv2", config=once)


def _by_smtp(port: SplitResult, to: str, made: EmailMessage) -> None:
    with _smtp(port) as server:
        if port.username:
            server.login(unquote(port.username), unquote(port.password or ""))
        server.send_message(made, from_addr=settings().mail_from, to_addrs=[to])


def _smtp(port: SplitResult) -> smtplib.SMTP:
    if port.scheme not in ("smtp", "smtps") or not port.hostname:
        raise ValueError("SALESTREAM_MAIL_PORT is ses, smtp://host:port or smtps://host:port")
    secure = ssl.create_default_context()
    if port.scheme == "smtps":
        return smtplib.SMTP_SSL(port.hostname, port.port or 465, timeout=SECONDS, context=secure)
    server = smtplib.SMTP(port.hostname, port.port or 25, timeout=SECONDS)
    server.ehlo_or_helo_if_needed()
    if server.has_extn("starttls"):
        server.starttls(context=secure)
    elif port.username:
        server.close()
        raise ValueError("a password is not sent to a server without TLS")
    return server
