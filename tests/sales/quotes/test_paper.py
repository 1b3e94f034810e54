"""The document in both languages: what a customer reads in the PDF is what was quoted."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.core.i18n import LANGUAGES
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.quotes import paper, service, typeface
from chalicelib.sales.quotes.paper import Words
from chalicelib.sales.quotes.pdf import pdf
from tests.client import OPERATIONS
from tests.sales.quotes.builders import Shop, contact_of, drafted, open_shop


@pytest.fixture
def shop(tables: None) -> Shop:
    return open_shop()


def _read(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(made)).pages)


@pytest.fixture
def told(shop: Shop) -> dict[str, Any]:
    """A quote under a letterhead, as a document."""
    head = {"en": ["Silk Road Instruments Ltd", "1 Bund"], "zh-CN": ["丝路仪器有限公司", "上海外滩一号"]}
    service.set_policy(by=OPERATIONS, version=0, number_prefix="Q", valid_days=30, letterhead=head)
    quote = drafted(shop, contact_id=contact_of(shop), title="Line 3 三号线", terms="30 天内付款\n运费另计")
    return paper.content(quote)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Silk Road Instruments Ltd", "Quote Q-", "Product", "Unit price", "Total", "Valid until"]),
        ("zh-CN", ["丝路仪器有限公司", "上海外滩一号", "报价单 Q-", "产品", "单价", "合计", "有效期至"]),
    ],
)
def test_the_pdf_reads_in_its_language_and_names_are_as_they_are(
    told: dict[str, Any], language: str, words: list[str]
) -> None:
    text = _read(pdf(told, language))

    for word in [*words, "Press 压力机", "Die 模具", "Kangnai 康奈", "Li Wei 李伟", "三号线", "天内付款"]:
        assert word in text, word
    for amount in ("1,000.00", "-1,250.00", "8,750.00", "1,137.50", "23.31", "3.03", "13 %"):
        assert amount in text, amount
    for total in ("10,023.31", "-1,250.00", "8,773.31", "1,140.53", "9,913.84"):
        assert f"{total} CNY" in text, total


def test_the_same_document_gives_the_same_bytes_and_a_draft_says_it_is_one(told: dict[str, Any]) -> None:
    for language, mark in (("en", "DRAFT"), ("zh-CN", "草稿")):
        assert pdf(told, language) == pdf(told, language)
        assert mark in _read(pdf(told, language, draft=True))
        assert mark not in _read(pdf(told, language))


def _number(shown: str) -> Decimal:
    return Decimal(shown.replace(",", "").removesuffix(" CNY"))


def _by_hand(reckoning: str) -> bool:
    """Whether ``10 × 1,000.00 -1,250.00 = 8,750.00`` is so."""
    pieces, _, rest = reckoning.partition(" × ")
    summands, _, amount = rest.partition(" = ")
    price, *reduction = map(_number, summands.split())
    return _number(pieces) * price + sum(reduction) == _number(amount)


def test_every_line_and_the_sums_can_be_checked_by_hand(shop: Shop) -> None:
    catalog.add_promotion(
        by=OPERATIONS, name="New Year", currency="CNY", percent_bps=500, product_ids=[shop.press_id]
    )
    dearer = {"product_id": shop.die_id, "quantity": 3, "unit_price": Money(500, "CNY"), "discount_bps": 1}
    freight = {"name": "Freight", "quantity": 7, "unit_price": Money(1_111, "CNY"), "discount_bps": 333}
    lines = [*shop.lines(), dearer, freight]
    told = paper.content(drafted(shop, lines=lines, discount=Money(1_234, "CNY")))
    words = Words(told, "en")

    shown = [words.reckoning(line) for line in told["lines"]]
    sums = [_number(amount) for _, amount in words.sums()]

    assert all(map(_by_hand, shown)), shown
    assert shown[2] == "3 × 5.00 -0.02 = 14.98"
    assert words.promotion(told["lines"][0]) == "of the reduction by promotion: 500.00"
    assert [words.promotion(line) for line in told["lines"][1:]] == ["", "", ""]
    before, reduction, net, tax, total = sums
    assert (before + reduction, net + tax) == (net, total)
    assert sum(_number(words.tax(line)) for line in told["lines"]) == tax
    assert sum(_number(words.reduction(line) or "0") for line in told["lines"]) == reduction


def test_a_quote_without_reductions_shows_none(shop: Shop) -> None:
    told = paper.content(drafted(shop, lines=[{"product_id": shop.die_id, "quantity": 7}]))

    assert [name for name, _ in Words(told, "en").sums()] == ["Net", "Tax", "Total"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_people_write_makes_a_pdf(told: dict[str, Any], language: str) -> None:
    odd = "<b>&amp; <font name='x'> </para> \x01 𠮷😀 " + "长" * 150
    line = told["lines"][0] | {"name": odd, "contents": [{"name": odd, "quantity": 1_000_000}] * 10}
    many = {**told, "title": odd, "terms": (odd + "\n") * 15, "customer": [odd] * 3, "lines": [line] * 60}

    text = _read(pdf(many, language))

    assert "<b>&amp; <font name='x'> </para>" in text
    assert len(PdfReader(BytesIO(pdf(many, language))).pages) > 3


def _fonts(made: bytes) -> dict[str, bool]:
    """The typefaces of a PDF's pages, and whether each goes with the file."""
    found: dict[str, bool] = {}
    for page in PdfReader(BytesIO(made)).pages:
        used: Any = page["/Resources"]
        for font in used["/Font"].values():
            name = font["/BaseFont"].strip("/").partition("+")[2] or font["/BaseFont"].strip("/")
            found[name.split("-")[0]] = "/FontFile2" in font.get("/FontDescriptor", {})
    return found


ALL_OF_IT = "压力机 壓力機 龘 喆堃镕 “引号”—…①℃→★Ω あア 한글 ж"


def test_what_people_write_is_set_in_a_typeface_that_goes_with_the_file(told: dict[str, Any]) -> None:
    made = pdf({**told, "title": ALL_OF_IT}, "zh-CN")

    assert ALL_OF_IT in _read(made)
    assert _fonts(made) == {"WenQuanYiMicroHei": True, "Helvetica": False}
    assert len(made) < 150_000


def test_all_of_gbk_and_big5_is_in_the_embedded_typeface() -> None:
    gbk = {
        char for high in range(0x81, 0xFF) for low in range(0x40, 0xFF) for char in _decoded("gbk", high, low)
    }
    big5 = {
        char
        for high in range(0xA1, 0xFA)
        for low in range(0x40, 0xFF)
        for char in _decoded("big5", high, low)
    }

    assert {char for char in gbk | big5 if ord(char) not in typeface.glyphs()} <= set("☉♁ɑɡ")
    assert len(gbk | big5) > 20_000


def _decoded(encoding: str, high: int, low: int) -> str:
    text = bytes([high, low]).decode(encoding, errors="ignore")
    return text if len(text) == 1 and text.isprintable() else ""


def test_what_no_typeface_has_is_told_by_its_code_point(told: dict[str, Any]) -> None:
    made = pdf({**told, "title": "𠮷野 😀 ก 㙍"}, "en")

    assert "[U+20BB7]" in (text := _read(made))
    assert "[U+1F600] [U+0E01]" in text
    assert _fonts(made)["STSong"] is False
    assert typeface.embeddable("Q-㙍") == "Q-[U+364D]"


def test_amounts_and_rates_read_as_people_write_them() -> None:
    words = Words({"currency": "CNY"}, "en")

    assert [words.money(minor) for minor in (0, 123_456_789, 100)] == ["0.00", "1,234,567.89", "1.00"]
    assert [words.percent(bps) for bps in (1_300, 650, 5, 0)] == ["13 %", "6.5 %", "0.05 %", "0 %"]
    assert Words({"currency": "JPY"}, "en").money(1_234_567) == "1,234,567"
