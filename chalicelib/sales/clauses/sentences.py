"""Where the sentences of a contract are: also of one that came out of a PDF, with its stray line ends."""

import re
from collections.abc import Iterator
from typing import Final

#: A longer sentence is cut, at a semicolon or a space: what looks at one stays fast.
LONGEST: Final = 1600

#: What may end a sentence. White space is counted only so far, or a text of nothing else would be slow.
_END: Final = re.compile(
    r"""[。！？；]                                                      # Chinese stops
      | [.!?]["”’)]?(?=\s{1,20}["“]?(?:[A-Z0-9]|\(?[a-z]{1,3}[.)]\s))  # a stop, and a new beginning
      | \n\s{0,20}\n(?=\s{0,20}["“(]?(?:[A-Z0-9]|[\u4e00-\u9fff]))      # an empty line, and a new beginning
    """,
    re.VERBOSE,
)
#: After these a full stop ends an abbreviation and no sentence.
_SHORT: Final = re.compile(
    r"\b(?:Inc|Corp|Co|Ltd|LLC|Nos?|Sec|Art|Mrs?|Ms|Dr|St|Jr|vs?|etc|approx|[A-Za-z]|e\.g|i\.e|U\.S|Exh|para)$"
)
_MOST_LETTERS: Final = 8


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends, in order. Nothing but white space is left out."""
    start = 0
    for end in _ends(text):
        while end - start > LONGEST:
            cut = _cut(text, start)
            yield start, cut
            start = cut
        if text[start:end].strip():
            yield start, end
        start = end


def _ends(text: str) -> Iterator[int]:
    for stop in _END.finditer(text):
        if stop[0][0] != "." or not _SHORT.search(text[max(0, stop.start() - _MOST_LETTERS) : stop.start()]):
            yield stop.end()
    yield len(text)


def _cut(text: str, start: int) -> int:
    last = start + LONGEST
    for mark in ("; ", ";\n", " "):
        found = text.rfind(mark, start + LONGEST // 2, last)
        if found >= 0:
            return found + 1
    return last
