"""The typefaces of a PDF: which one sets a character, so that every reader shows the same, and none is lost.

Latin letters stand in Helvetica, which every reader has. All else is set in WenQuanYi Micro Hei, of
which the glyphs that are used are embedded (`font/ORIGIN.txt`): simplified and traditional Chinese,
kana, Hangul, Greek, Cyrillic, symbols. The rare characters of CJK Extension A, which it lacks, stand in
STSong-Light, which readers bring. What none of them has is written as its code point: ``[U+20BB7]``.
"""

import re
from functools import cache
from importlib.resources import as_file, files
from itertools import groupby
from typing import Any, Final
from xml.sax.saxutils import escape

EMBEDDED: Final = "WenQuanYiMicroHei"
_BROUGHT: Final = "STSong-Light"
_FILE: Final = files("chalicelib.sales.quotes").joinpath("font", "wqy-microhei.ttc")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@cache
def glyphs() -> Any:
    """Make the typefaces known to reportlab; return the code points that the embedded one has."""
    from reportlab.pdfbase import pdfmetrics  # heavy: only where a PDF is made
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # heavy: only where a PDF is made
    from reportlab.pdfbase.ttfonts import TTFont  # heavy: only where a PDF is made

    with as_file(_FILE) as found:
        font = TTFont(EMBEDDED, str(found), subfontIndex=0)
    pdfmetrics.registerFont(font)
    pdfmetrics.registerFont(UnicodeCIDFont(_BROUGHT))
    return font.face.charToGlyph


def marked(text: str) -> str:
    """Return text as reportlab's markup, each run in the typeface that has it."""
    return "".join(
        f'<font name="{face}">{escape(run)}</font>' if face else escape(run)
        for face, run in _runs(shown(text))
    )


def shown(text: str) -> str:
    """Return text as it can be set: control characters gone, what no typeface has as its code point."""
    clean = _CONTROL.sub("", text)
    return "".join(char if _is_set(char) else f"[U+{ord(char):04X}]" for char in clean)


def embeddable(text: str) -> str:
    """Return text as the embedded typeface alone can set it."""
    return "".join(
        char if ord(char) in glyphs() else f"[U+{ord(char):04X}]" for char in _CONTROL.sub("", text)
    )


def _runs(text: str) -> list[tuple[str | None, str]]:
    return [(face, "".join(run)) for face, run in groupby(text, _face)]


def _face(char: str) -> str | None:
    if ord(char) < 0x100:
        return None
    return EMBEDDED if ord(char) in glyphs() else _BROUGHT


def _is_set(char: str) -> bool:
    return ord(char) < 0x100 or ord(char) in glyphs() or "\u3400" <= char <= "\u4db5"
