"""Reading what a client sent: size, form, nesting and meaning, and every field error at once."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from chalicelib.core.errors import FieldError, Invalid, TooLarge, Unsupported

DEEPEST: Final = 32
#: How much of a field's path an error shows.
LONGEST: Final = 200
_HALF: Final = re.compile(r"[\ud800-\udfff]")
#: A surrogate as JSON can write it; its other half may or may not follow.
_ESCAPED_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
S = TypeVar("S", bound=BaseModel)


def read_body(shape: type[S], raw: bytes, content_type: str, *, most: int, form: bool = False) -> S:
    """Return the JSON object (or, where `form`, the fields) of a body as a shape.

    Raises TooLarge (over `most` bytes), Unsupported (another media type), Invalid (no JSON
    object, NaN or Infinity, a key twice, nested deeper than 32, half of a surrogate pair, and
    every field that breaks a rule of the shape).
    """
    if len(raw) > most:
        raise TooLarge(limit=most)
    media = content_type.partition(";")[0].strip().lower()
    if form and media == "application/x-www-form-urlencoded":
        return checked(shape, _form(raw))
    if media != "application/json":
        raise Unsupported(media=media[:100])
    text = _text(raw)
    _require_sound(text)
    return _checked_text(shape, text)


def _form(raw: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=200)
    except ValueError as cause:
        raise Invalid.one("", "form") from cause
    fields: dict[str, Any] = {}
    for name, value in pairs:
        # Boxes ticked under one name come one by one: together they are a list.
        fields[name] = [*_as_list(fields[name]), value] if name in fields else value
    return fields


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")  # some editors and shells begin a file with a mark
    except UnicodeDecodeError as cause:
        raise Invalid.one("", "json") from cause
    if not text.strip():
        raise Invalid.one("", "missing_body")
    return text


def _require_sound(text: str) -> None:
    """Raise Invalid for what Pydantic's own parser would let pass."""
    try:
        parsed = json.loads(
            text, parse_constant=_not_finite, parse_float=_finite, object_pairs_hook=_unique_keys
        )
    except RecursionError as cause:
        raise Invalid.one("", "too_deep") from cause
    except ValueError as cause:
        raise Invalid.one("", "json") from cause
    if not isinstance(parsed, dict):
        raise Invalid.one("", "object")
    if _too_deep(parsed, DEEPEST):
        raise Invalid.one("", "too_deep")
    # Only an escape can bring in half of a surrogate pair, which no table keeps.
    if _ESCAPED_HALF.search(text) and (halves := list(_half_pairs(parsed))):
        raise Invalid(*halves)


def _half_pairs(value: Any, path: str = "") -> Iterator[FieldError]:
    if isinstance(value, str):
        if not value.isascii() and _HALF.search(value):
            yield FieldError(path[:LONGEST], "string_unicode")
        return
    named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in named:
        yield from _half_pairs(str(name), path)
        yield from _half_pairs(member, f"{path}.{name}" if path else str(name))


def _not_finite(constant: str) -> NoReturn:
    raise Invalid.one("", "not_finite", value=constant)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        _not_finite(text[:20])
    return number


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Invalid.one("", "duplicate_key")
    return fields


def _too_deep(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return left == 0 or any(_too_deep(member, left - 1) for member in value)


def checked(shape: type[S], values: Mapping[str, Any]) -> S:
    """Return values that came as text as a shape; Invalid with every field that breaks a rule."""
    try:
        return shape.model_validate(values, strict=False)
    except ValidationError as refused:
        raise _invalid(refused) from None


def checked_json(shape: type[S], values: Mapping[str, Any]) -> S:
    """Return a JSON object as a shape, each value of the very kind that the shape says; or Invalid.

    Goes through JSON once more: only there are a date or an amount in text what strict shapes take.
    """
    return _checked_text(shape, json.dumps(values, allow_nan=False))


def _checked_text(shape: type[S], text: str) -> S:
    try:
        return shape.model_validate_json(text)
    except ValidationError as refused:
        raise _invalid(refused) from None


def _invalid(refused: ValidationError) -> Invalid:
    return Invalid(*(_field_error(error) for error in refused.errors(include_url=False)))


def _field_error(error: Any) -> FieldError:
    path = ".".join(str(part) for part in error["loc"] if not str(part).startswith("function-"))[:LONGEST]
    values = dict(error.get("ctx") or {})
    if isinstance(choices := values.get("expected"), str):
        values["expected"] = choices.replace("' or '", "', '")  # the catalogue's text is in any language
    return FieldError(path, error["type"], values, error["msg"])
