"""Lead forms: what a visitor may send, field by field, and nothing else."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.core import errors, identity
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.settings import settings

#: A lead's own attributes that a form may ask for, with the type each needs (None: any text).
OWN: Final[Mapping[str, str | None]] = {
    "name": None,
    "company": None,
    "title": None,
    "email": "EMAIL",
    "phone": "PHONE",
    "website": None,
    "country": None,
    "region": None,
    "city": None,
    "street": None,
    "postcode": None,
    "industry": None,
    "employees": "WHOLE_NUMBER",
    "products": "CHOICES",
    "value": "AMOUNT",
    "language": None,
    "message": None,
}
#: Beside a form's fields, every submission may say where it comes from.
UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
ALWAYS: Final = (*UTM, "referrer", "page", "consent", "token", "redirect", "lang")
#: What no form can ask for, because a visitor must not decide it.
RESERVED: Final = frozenset(
    {
        "id", "owner", "owner_id", "team_id", "status", "score", "rating", "version", "account_id",
        "contact_id", "opportunity_id", "pool_id", "source", "campaign", "form_id", "pipeline_id",
        "external_id", "shared_with", "assignment", *ALWAYS,
    }
)  # fmt: skip
_LONGEST: Final = {"LONG_TEXT": 5000}
_WHOLE: Final = re.compile(r"\d{1,9}")
_DECIMAL: Final = re.compile(r"\d{1,13}(\.\d{1,4})?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_fields(fields: list[dict[str, Any]], honeypot: str) -> list[FieldError]:
    """Return what is wrong with a form's own definition, field by field."""
    wrong = []
    names = [field["name"] for field in fields]
    for at, field in enumerate(fields):
        if field["name"] in RESERVED or field["name"] == honeypot:
            wrong.append(FieldError(f"fields.{at}.name", "reserved_field"))
        elif names.index(field["name"]) != at:
            wrong.append(FieldError(f"fields.{at}.name", "duplicate_key"))
        needed = OWN.get(field["name"])
        if needed and field["type"] != needed:
            wrong.append(FieldError(f"fields.{at}.type", "field_type", {"expected": needed}))
        if field["type"] in ("CHOICE", "CHOICES") and not field.get("choices"):
            wrong.append(FieldError(f"fields.{at}.choices", "missing"))
    if not {"name", "email", "phone"} & set(names):
        wrong.append(FieldError("fields", "nobody_to_answer"))
    return wrong


def accepted(form: Any, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent as a lead's details. Invalid with every field that breaks a rule.

    Unknown fields are named, never dropped: somebody who sets `owner_id` is told that there is none.
    """
    known = {field["name"]: field for field in form.fields}
    wrong = [
        FieldError(name[:100], "extra_forbidden") for name in sent if name not in known and name not in ALWAYS
    ]
    details: dict[str, Any] = {"answers": {}}
    for name, field in known.items():
        value, error = _read(field, sent.get(name))
        if error:
            wrong.append(error)
        elif value is not None:
            (details if name in OWN else details["answers"])[name] = value
    wrong += _told(sent, details)
    if form.consent and form.consent.get("required") and not ticked(sent.get("consent")):
        wrong.append(FieldError("consent", "consent_needed"))
    if wrong:
        raise errors.Invalid(*wrong)
    details.setdefault("name", details.get("company") or details.get("email") or details.get("phone"))
    return details


def _told(sent: Mapping[str, Any], details: dict[str, Any]) -> list[FieldError]:
    """Take where the visitor comes from into the details; return what is wrong with it."""
    wrong = []
    for name in (*UTM, "referrer", "page"):
        text = sent.get(name)
        if text in (None, ""):
            continue
        if not isinstance(text, str) or len(text) > 2000 or _CONTROL.search(text):
            wrong.append(FieldError(name, "string_pattern_mismatch"))
        elif name in UTM:
            details.setdefault("utm", {})[name] = text[:200]
        else:
            details[name] = text
    return wrong


def ticked(value: Any) -> bool:
    """Return whether a box was ticked, as JSON or a form tells it."""
    return value is True or str(value).lower() in ("true", "on", "yes", "1")


def _read(field: Mapping[str, Any], raw: Any) -> tuple[Any, FieldError | None]:
    """Return the value of one field, or what is wrong with it."""
    name = field["name"]
    if isinstance(raw, str):
        raw = raw.strip()
    if raw in (None, "", []) or (field["type"] == "CHECKBOX" and field["required"] and not ticked(raw)):
        return None, FieldError(name, "missing") if field["required"] else None
    try:
        return _READERS[field["type"]](field, raw), None
    except _Wrong as wrong:
        return None, FieldError(name, wrong.code, wrong.values)


class _Wrong(Exception):
    """A value breaks its field's rule."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def _text(field: Mapping[str, Any], raw: Any) -> str:
    if not isinstance(raw, str):
        raise _Wrong("string_type")
    longest = field.get("longest") or _LONGEST.get(field["type"], 200)
    if len(raw) > longest:
        raise _Wrong("string_too_long", max_length=longest)
    if _CONTROL.search(raw) or (field["type"] != "LONG_TEXT" and "\n" in raw):
        raise _Wrong("control_characters")
    return raw


def _email(_: Mapping[str, Any], raw: Any) -> str:
    normal = identity.email(raw) if isinstance(raw, str) else None
    if normal is None:
        raise _Wrong("email")
    return normal


def _phone(_: Mapping[str, Any], raw: Any) -> str:
    normal = identity.phone(raw) if isinstance(raw, str) else None
    if normal is None:
        raise _Wrong("phone")
    return normal


def _whole(_: Mapping[str, Any], raw: Any) -> int:
    if isinstance(raw, bool) or not _WHOLE.fullmatch(str(raw)):
        raise _Wrong("int_type")
    return int(raw)


def _amount(_: Mapping[str, Any], raw: Any) -> Money:
    if isinstance(raw, bool) or not _DECIMAL.fullmatch(str(raw)):
        raise _Wrong("decimal_parsing")
    try:
        return Money.of(str(raw), settings().currency)
    except ValueError:
        raise _Wrong("decimal_parsing") from None


def _choice(field: Mapping[str, Any], raw: Any) -> str:
    values = [choice["value"] for choice in field["choices"]]
    if raw not in values:
        raise _Wrong("enum", expected=", ".join(values)[:200])
    return str(raw)


def _choices(field: Mapping[str, Any], raw: Any) -> list[str]:
    wanted = raw if isinstance(raw, list) else [raw]
    return [_choice(field, each) for each in dict.fromkeys(map(str, wanted))]


def _checkbox(_: Mapping[str, Any], raw: Any) -> bool:
    return ticked(raw)


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], Any], Any]]] = {
    "TEXT": _text,
    "LONG_TEXT": _text,
    "EMAIL": _email,
    "PHONE": _phone,
    "WHOLE_NUMBER": _whole,
    "AMOUNT": _amount,
    "CHOICE": _choice,
    "CHOICES": _choices,
    "CHECKBOX": _checkbox,
}
TYPES: Final = tuple(_READERS)
