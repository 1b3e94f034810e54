"""Reading a mail as it came over the wire: who writes, what about, and whether a person wrote it. Pure.

Nothing that can be sent makes it fail: what is malformed, or in a character set nobody knows, is read
as far as it goes. `policy.default` is not used, for its address parser raises on what people send.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Any, Final

from chalicelib.core import identity

#: So much of a text is kept, and so many mails that it answers.
LONGEST: Final = 5000
MOST_THREAD: Final = 20
#: Mailers call by these names what is a part of the last.
_WIDER: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "us-ascii": "utf-8",
}
_MACHINES: Final = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+@.-]|$)", re.I
)
_BULK: Final = frozenset({"bulk", "list", "junk", "auto_reply"})
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
#: From here on a mail quotes what it answers.
_QUOTE: Final = re.compile(
    r"^\s*(?:On .{5,200} wrote:|-{2,} ?(?:Original Message|原始邮件|Forwarded message).*|在.{5,200}写道[:：]"
    r"|(?:From|发件人)[:：] .*|>.*)$",
    re.M,
)
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that somebody sent. `thread` are the ids of those it answers, the next one first."""

    message_id: str | None
    sender: str | None
    name: str | None
    subject: str
    text: str
    thread: tuple[str, ...]
    is_automatic: bool


def parse(raw: bytes) -> Mail:
    """Return a mail as it can be read. `sender` is None when it names no address that can be one."""
    message = message_from_bytes(raw)
    name, sender = _sender(message)
    answered = _ids(message, "In-Reply-To") + _ids(message, "References")[::-1]
    return Mail(
        message_id=next(iter(_ids(message, "Message-ID")), None),
        sender=sender,
        name=name,
        subject=_header(message, "Subject")[:200],
        text=_own_words(_text(message))[:LONGEST],
        thread=tuple(dict.fromkeys(answered))[:MOST_THREAD],
        is_automatic=_is_automatic(message, sender),
    )


def _sender(message: Message) -> tuple[str | None, str | None]:
    for field in ("Reply-To", "From", "Sender"):
        for name, address in getaddresses([str(each) for each in message.get_all(field, [])]):
            if normal := identity.email(address):
                return _decoded_header(name)[:200] or None, normal
    return None, None


def _is_automatic(message: Message, sender: str | None) -> bool:
    if str(message.get("Auto-Submitted", "no")).strip().lower().partition(";")[0] != "no":
        return True
    if str(message.get("Precedence", "")).strip().lower() in _BULK:
        return True
    if (
        "List-Id" in message
        or "List-Unsubscribe" in message
        or str(message.get("Return-Path", "")).strip() == "<>"
    ):
        return True
    return message.get_content_type() == "multipart/report" or bool(sender and _MACHINES.match(sender))


def _ids(message: Message, field: str) -> list[str]:
    return _MESSAGE_ID.findall(" ".join(str(each) for each in message.get_all(field, [])))


def _header(message: Message, field: str) -> str:
    return _decoded_header(message.get(field, ""))


def _decoded_header(value: Any) -> str:
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return _clean(str(value))
    texts = [part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts]
    return " ".join(_clean("".join(texts)).split())


def _decoded(content: bytes, charset: str | None) -> str:
    """Return bytes as text: by the set that is named, else as UTF-8, else as what China writes in."""
    named = (charset or "utf-8").lower()
    for candidate in (_WIDER.get(named, named), "utf-8", "gb18030"):
        try:
            return content.decode(candidate)
        except (LookupError, UnicodeError):
            continue
    return content.decode("utf-8", "replace")


def _clean(text: str) -> str:
    # Bytes that a header may not have come as halves of surrogate pairs.
    whole = _decoded(text.encode("utf-8", "surrogateescape"), None) if not text.isascii() else text
    return _HIDDEN.sub("", whole).strip()


def _text(message: Message) -> str:
    """Return the first plain text of a mail, else what its HTML says."""
    parts = [part for part in message.walk() if not part.is_multipart() and not part.get_filename()]
    plain = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    if plain is not None:
        return _content(plain)
    html = next((part for part in parts if part.get_content_type() == "text/html"), None)
    return _Words.of(_content(html)) if html is not None else ""


def _content(part: Message) -> str:
    payload: Any = part.get_payload(decode=True)
    return _HIDDEN.sub("", _decoded(payload or b"", part.get_content_charset())).replace("\r\n", "\n")


def _own_words(text: str) -> str:
    """Return what the sender wrote, without the mail that is answered; all of it if that is all there is."""
    quoted = _QUOTE.search(text)
    return (text[: quoted.start()].strip() if quoted else "") or text.strip()


class _Words(HTMLParser):
    """Gathers what a reader of a page sees."""

    _ENDS: Final = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    @classmethod
    def of(cls, html: str) -> str:
        """Return the words of a page, a line for each paragraph."""
        reader = cls()
        reader.feed(html)
        return "\n".join(reader._lines())

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the parser gives it
        """Begin what is not read, or a new line."""
        self.silent += tag in ("style", "script")
        if tag in self._ENDS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what is not read."""
        self.silent -= tag in ("style", "script") and self.silent > 0

    def handle_data(self, data: str) -> None:
        """Take what is read."""
        if not self.silent:
            self.words.append(data)

    def _lines(self) -> Iterator[str]:
        for line in "".join(self.words).split("\n"):
            if words := " ".join(line.split()):
                yield words
