"""Why something is as it is: kept as codes with their values, told in the reader's language."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationInfo, model_validator

from chalicelib.core import i18n
from chalicelib.core.errors import FieldError
from chalicelib.core.shapes import View


def readers_language(info: ValidationInfo) -> str:
    """Return the language of who reads the answer that is being made."""
    language: str | None = (info.context or {}).get("language")
    return language or i18n.preferred(None)


def kept(found: Iterable[FieldError]) -> list[dict[str, Any]]:
    """Return reasons as a record keeps them: plain, without the field."""
    return [
        {
            "code": each.code,
            "values": {
                name: value if isinstance(value, int) else str(value) for name, value in each.values.items()
            },
        }
        for each in found
    ]


class ReasonView(View):
    """A reason: its code, the values that it names, and both in words of the reader's language."""

    code: str
    values: dict[str, int | str]
    message: str

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, reason: Any, info: ValidationInfo) -> Any:
        """Add the catalogue's ``error.<code>`` to a reason as kept."""
        message = i18n.text(f"error.{reason['code']}", readers_language(info), **reason["values"])
        return {**reason, "message": message}
