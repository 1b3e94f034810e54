"""A report as HTML that every mail client shows, and as text for those that show none.

Tables and inline styles, no pictures, no scripts; everything that people wrote is escaped.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

from chalicelib.insight.reports.paper import Paper, Row, Section

_TEMPLATES: Final = Path(__file__).with_name("templates")
#: Characters of a full bar in text.
_WIDTH: Final = 20


def html(paper: Paper) -> str:
    """Return a report as an HTML document."""
    page: str = _template().render(paper=paper)
    return page


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader  # heavy: only where a report is written

    found = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True)
    return found.get_template("report.html.j2")


def text(paper: Paper) -> str:
    """Return a report as plain text."""
    parts = [paper.greeting, *(_section(section) for section in paper.sections), f"-- \n{paper.footer}"]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> str:
    lines = [f"## {section.title}", *(_row(row) for row in section.rows)]
    if not section.rows:
        lines.append(section.empty)
    return "\n".join([*lines, *([section.more] if section.more else [])])


def _row(row: Row) -> str:
    bar = None if row.bar is None else "█" * max(row.bar * _WIDTH // 100, min(row.bar, 1))
    parts = [row.label, bar, row.value, f"({row.note})" if row.note else ""]
    # One line each: what people wrote must not look like a line of the report.
    return "- " + "  ".join(" ".join(part.split()) for part in parts if part)
