"""A quote as PDF, in English or 简体中文; what sets its characters is in `typeface`."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any, Final

from chalicelib.sales.quotes import typeface
from chalicelib.sales.quotes.paper import Content, Words

#: Widths of the table's columns, in points; together the width of an A4 page less its margins.
_WIDTHS: Final = (24, 150, 44, 78, 66, 71, 78)


@cache
def _styles() -> dict[str, Any]:
    from reportlab.lib import colors  # heavy: only where a PDF is made
    from reportlab.lib.styles import ParagraphStyle  # heavy: only where a PDF is made

    text = ParagraphStyle("text", fontName="Helvetica", fontSize=9, leading=13)
    return {
        "text": text,
        "small": ParagraphStyle(
            "small", parent=text, fontSize=7.5, leading=10, textColor=colors.HexColor("#555555")
        ),
        "right": ParagraphStyle("right", parent=text, alignment=2),
        "head": ParagraphStyle("head", parent=text, fontSize=13, leading=18),
        "title": ParagraphStyle("title", parent=text, fontSize=17, leading=24, spaceBefore=14),
    }


def pdf(told: Content, language: str, *, draft: bool = False) -> bytes:
    """Return a document as PDF bytes; the same content gives the same bytes. A draft says so."""
    from reportlab.platypus import SimpleDocTemplate  # heavy: only where a PDF is made

    words, made = Words(told, language), BytesIO()
    page = SimpleDocTemplate(
        made,
        invariant=1,
        title=typeface.shown(words.name),
        author=typeface.shown(words.sender[0]),
        leftMargin=42, rightMargin=42, topMargin=42, bottomMargin=48,
    )  # fmt: skip
    page.build(_story(words, draft=draft), onFirstPage=_foot(words), onLaterPages=_foot(words))
    return made.getvalue()


def _story(words: Words, *, draft: bool) -> list[Any]:
    from reportlab.platypus import Spacer  # heavy: only where a PDF is made

    told = words.told
    name, *address = words.sender
    parts = [_text(name, "head"), *(_text(line, "small") for line in address)]
    parts.append(_text(words.name + (f" · {words.say('draft')}" if draft else ""), "title"))
    if told["title"]:
        parts.append(_text(told["title"], "text"))
    parts += [Spacer(1, 8), _facts(words), Spacer(1, 12), _lines(words), Spacer(1, 6), _sums(words)]
    if told["terms"]:
        parts += [Spacer(1, 12), _text(words.say("terms"), "head")]
        parts += [_text(line, "text") for line in told["terms"].splitlines()]
    return parts


def _facts(words: Words) -> Any:
    told = words.told
    customer = [_text(words.say("customer"), "small"), *(_text(each, "text") for each in told["customer"])]
    dates = [
        _text(words.say("day", day=told["day"]), "text"),
        _text(words.say("valid_until", day=told["valid_until"]), "text"),
        *(_text(each, "text") for each in told["seller"]),
    ]
    return _table([[customer, dates]], widths=(300, 211))


def _lines(words: Words) -> Any:
    heads = ("number", "product", "quantity", "unit_price", "reduction", "tax_rate", "amount")
    rows = [[_text(words.say(f"column.{head}"), "small") for head in heads]]
    for line in words.told["lines"]:
        rows.append(
            [
                _text(str(line["number"]), "text"),
                _text(("+ " if line["is_option"] else "") + line["name"], "text"),
                _text(f"{line['quantity']:,}", "right"),
                _text(words.money(words.unit_price(line)), "right"),
                _text(words.reduction(line), "right"),
                [_text(words.percent(line["tax_bps"]), "right"), _text(words.tax(line), "right")],
                _text(words.money(line["net_minor"]), "right"),
            ]
        )
        # A row each: what a bundle holds may be longer than a page, and a row is not parted.
        notes = [*filter(None, [words.promotion(line)]), *words.contents(line)]
        rows += [["", _text(note, "small"), *[""] * 5] for note in notes]
    return _table(rows, widths=_WIDTHS, ruled=True)


def _sums(words: Words) -> Any:
    rows = [[_text(name, "right"), _text(amount, "right")] for name, amount in words.sums()]
    return _table(rows, widths=(351, 160))


def _table(rows: Sequence[list[Any]], *, widths: Sequence[int], ruled: bool = False) -> Any:
    from reportlab.platypus import Table, TableStyle  # heavy: only where a PDF is made

    look: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 2)]
    if ruled:
        look += [
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, "#333333"),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, "#bbbbbb"),
        ]
    return Table(rows, colWidths=list(widths), style=TableStyle(look), repeatRows=1 if ruled else 0)


def _foot(words: Words) -> Any:
    def draw(canvas: Any, page: Any) -> None:
        canvas.setFont(typeface.EMBEDDED, 7.5)
        canvas.drawString(42, 26, typeface.embeddable(words.name))
        canvas.drawRightString(553, 26, words.say("page", number=page.page))

    return draw


def _text(text: str, style: str) -> Any:
    from reportlab.platypus import Paragraph  # heavy: only where a PDF is made

    return Paragraph(typeface.marked(text), _styles()[style])
