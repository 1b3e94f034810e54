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

#: So much of a text is looked through, so much of it kept, and so many mails that it answers.
LONGEST_READ: Final = 200_000
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
#: What SES found in a mail, and by which header it says so.
_VERDICTS: Final = {"X-SES-Virus-Verdict": "VIRUS", "X-SES-Spam-Verdict": "SPAM"}
#: From here on a mail repeats another, whole.
_SEPARATOR: Final = re.compile(r"\s*-{2,} ?(?:Original Message|原始邮件|Forwarded message|转发邮件)", re.I)
#: The headers of a mail that is repeated whole. One of them alone is somebody's own: ``From: Shanghai``.
_HEADER: Final = re.compile(
    r"\s*\*?(From|Sent|Date|To|Cc|Subject|发件人|发送时间|发送日期|日期|时间|收件人|抄送|主题)\*?\s?[:：]",
    re.I,
)
_FROM: Final = frozenset({"from", "发件人"})
_SUBJECT: Final = frozenset({"subject", "主题"})
_BLOCK_LINES: Final = 8
#: Somebody is about to be quoted.
_WROTE: Final = re.compile(r"\s*(?:On (?=.*\d).{5,300} wrote:|在.{5,300}写道[:：])\s*")
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that somebody sent. `thread` are the ids of those it answers, the next one first.

    `verdict` is what who received it found it to be: VIRUS or SPAM.
    """

    message_id: str | None
    sender: str | None
    name: str | None
    subject: str
    text: str
    thread: tuple[str, ...]
    is_automatic: bool
    verdict: str | None = None


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
        text=_own_words(_text(message)[:LONGEST_READ])[:LONGEST],
        thread=tuple(dict.fromkeys(answered))[:MOST_THREAD],
        is_automatic=_is_automatic(message, sender),
        verdict=_verdict(message),
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


def _verdict(message: Message) -> str | None:
    for field, verdict in _VERDICTS.items():
        # Any of them: whoever sends a mail may have put a better one below that of SES.
        if any(str(each).strip().upper() == "FAIL" for each in message.get_all(field, [])):
            return verdict
    return None


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
    """Return what the sender wrote, between the lines quoted too; all of it if nothing is left."""
    return "\n".join(_unquoted(text.split("\n"))).strip("_\n\t ") or text.strip()


def _unquoted(lines: list[str]) -> Iterator[str]:
    skipped = 0
    for at, line in enumerate(lines):
        if _SEPARATOR.match(line) or _repeats_whole(lines[at : at + _BLOCK_LINES]):
            return
        if attribution := _attribution(lines[at : at + 2]):
            rest = range(at + attribution, len(lines))
            following = next((lines[each] for each in rest if lines[each].strip()), "")
            if not following.lstrip().startswith(">"):
                return
            skipped = attribution
        if skipped:
            skipped -= 1
        elif not line.lstrip().startswith(">"):
            yield line


def _repeats_whole(lines: list[str]) -> bool:
    """Return whether a mail's own headers stand here: from whom, about what, and one more at least."""
    first = _HEADER.match(lines[0])
    if first is None or first[1].lower() not in _FROM:
        return False
    names = [found[1].lower() for line in lines if (found := _HEADER.match(line))]
    return len(names) > 2 and not _SUBJECT.isdisjoint(names)


def _attribution(lines: list[str]) -> int:
    """Return how many lines say who wrote what follows: mailers break a long one in two."""
    if _WROTE.fullmatch(lines[0]):
        return 1
    is_broken = not _WROTE.fullmatch(lines[-1]) and _WROTE.fullmatch(" ".join(lines))
    return 2 if is_broken else 0


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
