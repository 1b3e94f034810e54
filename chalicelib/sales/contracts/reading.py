"""Reading the text out of an uploaded contract: a PDF or plain text. What cannot be read says why."""

import time
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from chalicelib.core.observe import log

#: Bytes of a file, characters of its text, pages and seconds that reading may take.
LARGEST_FILE: Final = 10 * 1024 * 1024
LONGEST_TEXT: Final = 500_000
MOST_PAGES: Final = 500
MOST_SECONDS: Final = 40
PDF: Final = "application/pdf"


class Unreadable(Exception):
    """Why no text comes out of a file: a code, ``contract.unreadable.<code>`` of the texts."""


def text_of(content: bytes, media: str) -> str:
    """Return the text of a file. Unreadable when there is none, or it is not what it says."""
    text = _of_pdf(content) if media == PDF else _plain(content)
    text = text.replace("\x00", "").strip()
    if not text:
        raise Unreadable("no_text")
    if len(text) > LONGEST_TEXT:
        raise Unreadable("too_long")
    return text


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise Unreadable("not_utf8") from cause


def _of_pdf(content: bytes) -> str:
    from pypdf import PdfReader  # heavy: only where a PDF is read

    try:
        pages = PdfReader(BytesIO(content)).pages
        count = len(pages)
        if count <= MOST_PAGES:
            return "\n\n".join(_within_time(page.extract_text().strip() for page in pages))
    except Unreadable:
        raise
    except Exception as broken:
        # A damaged file fails the parser anywhere, with any error; to the user all mean the same.
        log.warning("pdf not read", exc_info=True)
        raise Unreadable("damaged") from broken
    raise Unreadable("too_long")


def _within_time(texts: Iterator[str]) -> Iterator[str]:
    began, length = time.monotonic(), 0
    for text in texts:
        length += len(text)
        if length > LONGEST_TEXT:
            raise Unreadable("too_long")
        if time.monotonic() - began > MOST_SECONDS:
            raise Unreadable("too_slow")
        yield text
