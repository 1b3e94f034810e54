"""Errors as clients see them: RFC 9457 problem+json, in their language."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.core import errors, i18n
from chalicelib.core.errors import FieldError

MEDIA_TYPE: Final = "application/problem+json"

#: The one place where our errors meet HTTP.
STATUS: Final[Mapping[type[errors.SalesError], int]] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Blocked: 409,
    errors.AlreadyExists: 409,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.PreconditionNeeded: 428,
    errors.TooMany: 429,
    errors.Busy: 503,
}


def status_of(error: errors.SalesError) -> int:
    """Return the HTTP status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(error: errors.SalesError, language: str, request_id: str) -> dict[str, Any]:
    """Return an error as a problem document."""
    return {
        **document(status_of(error), error.code, language, request_id, **error.values),
        **_members(error, language),
    }


def document(status: int, code: str, language: str, request_id: str, **values: Any) -> dict[str, Any]:
    """Return a problem document: type, title, status, detail, code and the request's id."""
    key = f"problem.{code}"
    return {
        "type": f"/problems/{code}",
        "title": i18n.text(f"{key}.title", language),
        "status": status,
        "detail": i18n.text(f"{key}.detail", language, **values),
        "code": code,
        "instance": request_id,
    }


def field_errors(found: Any, language: str) -> list[dict[str, str]]:
    """Return field errors with their texts."""
    return [{"field": e.field, "code": e.code, "message": _message(e, language)} for e in found]


def _members(error: errors.SalesError, language: str) -> dict[str, Any]:
    if isinstance(error, errors.Invalid):
        return {"errors": field_errors(error.errors, language)}
    if isinstance(error, errors.Blocked):
        return {"missing": field_errors(error.missing, language)}
    if isinstance(error, errors.OutOfTurn):
        return {"state": error.state, "possible": list(error.possible)}
    if isinstance(error, errors.AlreadyExists) and error.holder:
        return {"holder": error.holder}
    return {}


def _message(error: FieldError, language: str) -> str:
    key = f"error.{error.code}"
    if not i18n.has(key):
        return error.message or error.code
    return i18n.text(key, language, **error.values)


def body(members: dict[str, Any]) -> str:
    """Return a problem document as it is sent."""
    # What it names came from outside, and may have what UTF-8 has not: half of a surrogate pair.
    return json.dumps(members, ensure_ascii=False).encode("utf-8", "replace").decode()
