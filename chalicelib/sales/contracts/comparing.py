"""What differs between two versions of a contract's text, paragraph by paragraph. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal

from chalicelib.core import errors

#: More paragraphs, or more words in one, would take too long to compare.
MOST_PARAGRAPHS: Final = 4000
MOST_WORDS: Final = 1500
_BREAK: Final = re.compile(r"\n[ \t\r]{0,20}\n")
_WORD: Final = re.compile(r"[\u4e00-\u9fff]|\s+|[^\s\u4e00-\u9fff]+")

Change = Literal["ADDED", "REMOVED", "CHANGED"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a changed paragraph: in both, only in the old, or only in the new."""

    change: Literal["SAME", "ADDED", "REMOVED"]
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A paragraph that differs, and its number in the old and the new text, counted from 1."""

    change: Change
    old_number: int | None
    new_number: int | None
    old: str | None
    new: str | None
    pieces: tuple[Piece, ...] = ()


def differences(old: str, new: str) -> list[Difference]:
    """Return the paragraphs that differ, in order. Conflict when there are too many to compare."""
    before, after = paragraphs(old), paragraphs(new)
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        raise errors.Conflict("text_too_long_to_compare", most=MOST_PARAGRAPHS)
    matched = SequenceMatcher(None, before, after)
    return [
        each
        for change, i, j, k, m in matched.get_opcodes()
        if change != "equal"
        for each in _block(before[i:j], after[k:m], i + 1, k + 1)
    ]


def paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs: parted by empty lines, white space single."""
    found = (" ".join(part.split()) for part in _BREAK.split(text))
    return [part for part in found if part]


def _block(old: Sequence[str], new: Sequence[str], old_at: int, new_at: int) -> Iterator[Difference]:
    for offset, (before, after) in enumerate(zip_longest(old, new)):
        if after is None:
            yield Difference("REMOVED", old_at + offset, None, before, None)
        elif before is None:
            yield Difference("ADDED", None, new_at + offset, None, after)
        else:
            pieces = tuple(_pieces(before, after))
            yield Difference("CHANGED", old_at + offset, new_at + offset, before, after, pieces)


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return
    for change, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if change == "equal":
            yield Piece("SAME", "".join(before[i:j]))
            continue
        if i < j:
            yield Piece("REMOVED", "".join(before[i:j]))
        if k < m:
            yield Piece("ADDED", "".join(after[k:m]))
