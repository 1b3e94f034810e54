"""What a report says, before it looks like anything: sections of rows, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.core import i18n
from chalicelib.core.access import Principal
from chalicelib.core.money import Money


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, a note beside it, a figure, and a bar of so many per cent (None: no bar)."""

    label: str
    value: str = ""
    note: str = ""
    bar: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title; `empty` is said when there are none, `more` after those shown."""

    title: str
    rows: Sequence[Row]
    empty: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A report: its subject line, a greeting, sections, and a last line."""

    language: str
    subject: str
    greeting: str
    sections: Sequence[Section]
    footer: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, as whom the figures are read; in which language and zone; at which instant."""

    who: Principal
    language: str
    zone: str
    at: datetime
    day: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", self.at.astimezone(ZoneInfo(self.zone)).date())

    def text(self, key: str, **values: Any) -> str:
        """Return a text of the catalogue, ``report.<key>``."""
        return i18n.text(f"report.{key}", self.language, **values)

    def time(self, instant: datetime) -> str:
        """Return an instant as the reader's clock shows it, with the date unless it is the day's."""
        local = instant.astimezone(ZoneInfo(self.zone))
        return local.strftime("%H:%M" if local.date() == self.day else "%Y-%m-%d %H:%M")

    def ends_today(self, instant: datetime) -> bool:
        """Whether an instant is before the end of the reader's day."""
        return instant.astimezone(ZoneInfo(self.zone)).date() <= self.day

    def section(self, name: str, rows: Sequence[Row], *, most: int | None = None) -> Section:
        """Return a section of the catalogue's title, with the first `most` rows."""
        shown = rows[:most]
        left = len(rows) - len(shown)
        more = self.text("more", count=left) if left else ""
        return Section(self.text(f"{name}.title"), shown, self.text(f"{name}.empty"), more)


def money(amount: Money) -> str:
    """Return an amount with its thousands apart: ``1,234.50 CNY``."""
    whole, dot, decimals = amount.amount.partition(".")
    return f"{int(whole):,}{dot}{decimals} {amount.currency}"


def bars(figures: Sequence[int]) -> list[int]:
    """Return each figure in per cent of the largest; the smallest that is not nothing shows as 1."""
    largest = max(figures, default=0)
    return [max(1, 100 * figure // largest) if figure > 0 else 0 for figure in figures]
