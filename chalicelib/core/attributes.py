"""Attributes that PynamoDB does not have: exact integers, instants, dates, plain documents."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import LIST, MAP, NUMBER, STRING

from chalicelib.core import clock
from chalicelib.core.money import Money


class IntegerAttribute(Attribute[int]):
    """An exact integer; PynamoDB's own number attribute goes through a float."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return str(int(value))

    def deserialize(self, value: str) -> int:
        return int(Decimal(value))


class InstantAttribute(Attribute[datetime]):
    """A UTC instant, kept as text that sorts by time."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return clock.iso(value)

    def deserialize(self, value: str) -> datetime:
        return clock.parse(value)


class DateAttribute(Attribute[date]):
    """A business date, ``2026-11-22``."""

    attr_type = STRING

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


class DocumentAttribute(Attribute[dict[str, Any]]):
    """A plain dict of texts, exact integers, booleans, lists and dicts."""

    attr_type = MAP

    def serialize(self, value: Mapping[str, Any]) -> dict[str, Any]:
        encoded: dict[str, Any] = to_wire(value)["M"]
        return encoded

    def deserialize(self, value: dict[str, Any]) -> dict[str, Any]:
        return {name: from_wire(member) for name, member in value.items()}


class MoneyAttribute(Attribute[Money]):
    """An exact amount: ``{"minor": 123450, "currency": "CNY"}``."""

    attr_type = MAP

    def serialize(self, value: Money) -> dict[str, Any]:
        encoded: dict[str, Any] = to_wire(value)["M"]
        return encoded

    def deserialize(self, value: dict[str, Any]) -> Money:
        return Money(int(value["minor"]["N"]), value["currency"]["S"])


class ListOfAttribute(Attribute[list[Any]]):
    """A plain list of what `DocumentAttribute` can hold."""

    attr_type = LIST

    def serialize(self, value: list[Any]) -> list[Any]:
        encoded: list[Any] = to_wire(value)["L"]
        return encoded

    def deserialize(self, value: list[Any]) -> list[Any]:
        return [from_wire(member) for member in value]


def to_wire(value: Any) -> dict[str, Any]:
    """Return a plain value in DynamoDB's JSON. TypeError for what has no exact form there."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | Decimal():
            return {"N": str(value)}
        case datetime():
            return {"S": clock.iso(value)}
        case date():
            return {"S": value.isoformat()}
        case Money():
            return {"M": {"minor": {"N": str(value.minor)}, "currency": {"S": value.currency}}}
        case Mapping():
            return {"M": {str(name): to_wire(member) for name, member in value.items()}}
        case list() | tuple():
            return {"L": [to_wire(member) for member in value]}
    raise TypeError(f"no exact DynamoDB form for {type(value).__name__}")


def from_wire(member: Mapping[str, Any]) -> Any:
    """Return the plain value of a DynamoDB JSON member; whole numbers as int, sets sorted."""
    [(wire_type, value)] = member.items()
    match wire_type:
        case "N":
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else number
        case "M":
            return {name: from_wire(inner) for name, inner in value.items()}
        case "L":
            return [from_wire(inner) for inner in value]
        case "NULL":
            return None
        case "SS":
            return sorted(value)
        case "NS":
            return sorted(from_wire({"N": number}) for number in value)
    return value


def plain(image: Mapping[str, Any]) -> dict[str, Any]:
    """Return a raw item (a stream image, a scanned row) as plain values."""
    return {name: from_wire(member) for name, member in image.items()}
