"""A report looks right in every mail client, and says no more than was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.money import Money
from chalicelib.insight.reports import render
from chalicelib.insight.reports.paper import Paper, Row, Section, bars, money
from tests.insight.reports.pages import Page

#: Tags that mail clients show alike; none that loads, runs or submits.
SHOWN = {"html", "head", "meta", "title", "body", "table", "tr", "td", "h1", "h2", "p", "br", "span"}
INJECTIONS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' style='position:fixed' x='",
    "</td></tr></table><h1>Pay here</h1>",
    "{{ 7 * 7 }}{% for x in y %}",
    "{name.__class__}",
    "javascript:alert(1)",
    "&lt;b&gt;&#x27;",
    "\u202e\u2066evil",
    "<!--",
    "]]>",
    "{} {0} %s %(x)s",
)


def paper(*rows: Row, language: str = "en") -> Paper:
    """Return a report of one section."""
    return Paper(language, "Your day", "Hello,", [Section("Tasks", rows, "Nothing.")], "Sent by us.")


def filled(word: str) -> Paper:
    """Return a report that has a word in every place for words."""
    section = Section(word, [Row(word, word, word, 50)], word, word)
    return Paper("en", word, word, [section, Section(word, [], word)], word)


@pytest.mark.parametrize("payload", INJECTIONS)
def test_what_people_wrote_is_shown_as_they_wrote_it(payload: str) -> None:
    page, usual = Page(render.html(filled(payload))), Page(render.html(filled("x")))

    assert page.tags == usual.tags
    assert page.attributes == usual.attributes
    assert page.words.count(payload) == usual.words.count("x")


@given(st.lists(st.tuples(st.text(max_size=30), st.none() | st.integers(0, 100)), max_size=8))
def test_any_text_makes_a_sound_document_of_harmless_tags(rows: list[tuple[str, int | None]]) -> None:
    page = Page(render.html(paper(*(Row(label, bar=bar) for label, bar in rows))))

    assert set(page.tags) <= SHOWN
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not page.values("src")
    assert not page.values("href")
    assert "url(" not in "".join(page.values("style"))


@given(st.integers(0, 100))
def test_the_two_parts_of_a_bar_fill_it(bar: int) -> None:
    page = Page(render.html(paper(Row("Won", bar=bar))))
    widths = [int(value[:-1]) for tag, name, value in page.attributes if (tag, name) == ("td", "width")]

    assert widths[0] == 45
    assert widths[-1] == 25
    assert sum(widths[2:-1]) == 100
    assert 0 not in widths


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_page_says_which_language_it_is_in(language: str) -> None:
    assert Page(render.html(paper(language=language))).values("lang") == [language]


def test_an_empty_section_says_so() -> None:
    assert "Nothing." in Page(render.html(paper())).words
    assert "Nothing." in render.text(paper())


def test_a_row_is_one_line_of_text_whatever_people_wrote() -> None:
    lines = render.text(paper(Row("Call\n## Sales\n-- \nBob", "09:00", "ACME\r\nInc"))).splitlines()

    assert "- Call ## Sales -- Bob  09:00  (ACME Inc)" in lines
    assert "## Sales" not in lines


def test_text_has_the_bars_too() -> None:
    assert "- Won  ██████████  5" in render.text(paper(Row("Won", "5", bar=50)))


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
def test_bars_compare_with_the_largest_and_show_what_is_not_nothing(figures: list[int]) -> None:
    shown = bars(figures)

    assert all(0 <= bar <= 100 for bar in shown)
    assert [bar > 0 for bar in shown] == [figure > 0 for figure in figures]
    assert max(shown) == (100 if any(figures) else 0)


def test_amounts_have_their_thousands_apart() -> None:
    assert money(Money(123456789, "CNY")) == "1,234,567.89 CNY"
    assert money(Money(1234, "JPY")) == "1,234 JPY"
