"""The base of all request and answer shapes, and the kinds of field they share."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from chalicelib.core import clock, identity, ids
from chalicelib.core.money import Money as ExactMoney
from chalicelib.core.money import exponent, exponents

T = TypeVar("T")
D = TypeVar("D", bound=date)

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class Shape(BaseModel):
    """A request's body or query: unknown fields are refused, texts are trimmed.

    In JSON a number is a number and no text, true is not 1; where everything comes as text (a
    query, a form, a row of a file) the text is read. See `core.parsing`.
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        str_strip_whitespace=True,
        frozen=True,
        defer_build=True,
        use_enum_values=True,
    )

    def values(self) -> dict[str, Any]:
        """Return the fields that were sent, as the service takes them (money exact)."""
        return {name: _plain(getattr(self, name)) for name in self.model_fields_set}


def _plain(value: Any) -> Any:
    if isinstance(value, MoneyShape):
        return value.exact()
    if isinstance(value, Shape):
        return value.values()
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value


class View(BaseModel):
    """An answer, read from a record's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True, defer_build=True)


def unfit(code: str, **values: Any) -> PydanticCustomError:
    """Return what a validator raises: the catalogue's ``error.<code>`` says why, filled with `values`."""
    return PydanticCustomError(code, code, values or None)


def _plain_line(text: str) -> str:
    if _CONTROL.search(text):
        raise unfit("control_characters")
    return text


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise unfit("control_characters")
    return text


def _email(text: str) -> str:
    if (normal := identity.email(text)) is None:
        raise unfit("email")
    return normal


def _phone(text: str) -> str:
    if (normal := identity.phone(text)) is None:
        raise unfit("phone")
    return normal


def _currency(code: str) -> str:
    if code not in exponents():
        raise unfit("currency")
    return code


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo  # heavy: reads the zone's file, only where a zone comes in

    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as cause:
        raise unfit("zone") from cause
    return name


def _date_text(value: Any) -> Any:
    # Left alone, a number would be taken for seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value.strip())):
        return value
    raise unfit("date_type")


def _instant_text(value: Any) -> Any:
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE.match(value.strip())):
        return value
    raise unfit("datetime_type")


def _within_reach(day: D) -> D:
    if not 1900 <= day.year < 3000:
        raise unfit("far_day")
    return day


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise unfit("offset_needed")
    return _within_reach(instant).astimezone(UTC)


#: One line of text, 1 to 200 characters.
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain_line)]
#: Free text of up to 5,000 characters.
Text = Annotated[str, Field(max_length=5000), AfterValidator(_no_nul)]
#: A clause, up to 20,000 characters, and a whole document of some 150 pages.
Passage = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_no_nul)]
Document = Annotated[str, Field(min_length=1, max_length=500_000), AfterValidator(_no_nul)]
#: A whole number where nothing else bounds it: what a table and any client keep exactly.
Whole = Annotated[int, Field(ge=-(10**15), le=10**15)]
#: A code of operations' own making: ``hot_web``, ``NORTH``.
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-]*$")]
Email = Annotated[str, Field(max_length=320), AfterValidator(_email)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_currency)]
Zone = Annotated[str, Field(max_length=60), AfterValidator(_zone)]
Language = Annotated[str, Field(pattern=r"^(en|zh-CN)$")]
Id = Annotated[str, Field(pattern=ids.PATTERN, max_length=64)]
#: A UTC instant; sent as ``2026-11-22T04:20:45.123Z``.
Instant = Annotated[
    datetime,
    Field(strict=False),
    BeforeValidator(_instant_text),
    AfterValidator(_utc),
    PlainSerializer(clock.iso, return_type=str),
]
#: A business day that calendars can still reckon with, before and after.
Day = Annotated[date, Field(strict=False), BeforeValidator(_date_text), AfterValidator(_within_reach)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Web = Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s<>\"']+$")]


def _decimal_text(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise unfit("decimal_parsing")
    return value


class MoneyShape(Shape):
    """An amount on the wire: ``{"amount": "1234.50", "currency": "CNY"}``."""

    model_config = ConfigDict(from_attributes=True)

    amount: Annotated[
        Decimal,
        Field(max_digits=18, allow_inf_nan=False, strict=False),
        BeforeValidator(_decimal_text),
        PlainSerializer(lambda amount: f"{amount:f}", return_type=str),
    ]
    currency: CurrencyCode

    def exact(self) -> ExactMoney:
        """Return it in minor units. ValueError when it has more decimals than the currency."""
        return ExactMoney.of(self.amount, self.currency)


def _whole_minor_units(money: MoneyShape) -> MoneyShape:
    try:
        money.exact()
    except ValueError as cause:
        raise unfit("decimals", most=exponent(money.currency)) from cause
    return money


#: Money in a request: checked against the currency's decimals. `.exact()` gives `core.money.Money`.
MoneyIn = Annotated[MoneyShape, AfterValidator(_whole_minor_units)]


def _not_negative(money: MoneyShape) -> MoneyShape:
    if money.amount < 0:
        raise unfit("negative")
    return money


def _positive(money: MoneyShape) -> MoneyShape:
    if money.amount <= 0:
        raise unfit("not_positive")
    return money


#: An amount that may be nothing, and one that may not.
Price = Annotated[MoneyIn, AfterValidator(_not_negative)]
Amount = Annotated[MoneyIn, AfterValidator(_positive)]


def _not_to_come(when: D) -> D:
    if when > (clock.now() if isinstance(when, datetime) else clock.today()):
        raise unfit("in_future")
    return when


def _given(value: T | None) -> T:
    if value is None:
        raise unfit("emptied")
    return value


#: A day on which something has happened, and when.
PastDay = Annotated[Day, AfterValidator(_not_to_come)]
PastInstant = Annotated[Instant, AfterValidator(_not_to_come)]
#: In a change: may be left out (default None), but not emptied.
Kept = Annotated[T | None, AfterValidator(_given)]


class ListQuery(Shape):
    """What every list understands: `limit` (default 50, at most 200), `cursor`, sparse `fields`."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=2000)] | None = None
    fields: Annotated[str, Field(max_length=500)] | None = None


def kept() -> Any:
    """Return the default of a field that a change may leave out, but not clear (null is refused)."""
    return Field(default_factory=lambda: None)


class OwnedQuery(ListQuery):
    """Which list of owned records: an owner's, a team's or a month's; or of those the voided ones."""

    owner_id: Id | None = None
    team_id: Id | None = None
    month: Month | None = None
    voided: bool = False

    def which(self) -> dict[str, Any]:
        """Return the choice as `core.ownership.owned_page` takes it."""
        return {name: getattr(self, name) for name in ("owner_id", "team_id", "month", "voided")}


class NewOwner(Shape):
    """Who is to own a record from now on."""

    owner_id: Id


class Sharing(Shape):
    """Which user or team is to read or write a record; null ends it."""

    with_id: Id
    right: Literal["read", "write"] | None


class NoQuery(Shape):
    """A call without query parameters, but `fields`."""

    fields: Annotated[str, Field(max_length=500)] | None = None


class OwnedView(View):
    """What every owned record shows."""

    id: str
    status: str
    owner_id: str
    team_id: str | None
    shared_with: dict[str, str]
    version: int
    created_at: Instant
    updated_at: Instant


E = TypeVar("E", bound=View)


class Listed(View, Generic[E]):
    """A page: `items`, and the `next` cursor (null at the end)."""

    items: list[E]
    next: str | None = None
