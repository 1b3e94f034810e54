"""What clients send and see of the quote policy."""

from typing import Annotated

from pydantic import Field

from chalicelib.core.shapes import Code, Language, Line, Shape, Text, View

Letterhead = Annotated[list[Line], Field(min_length=1, max_length=8)]


class QuotePolicyChange(Shape):
    """The quote policy: letterhead (the company's name first) and usual terms, by language."""

    number_prefix: Code
    valid_days: Annotated[int, Field(strict=True, ge=1, le=730)]
    letterhead: dict[Language, Letterhead] = Field(default={})
    terms: dict[Language, Text] = Field(default={})


class QuotePolicyView(View):
    """The quote policy."""

    id: str
    number_prefix: str
    valid_days: int
    letterhead: dict[str, list[str]]
    terms: dict[str, str]
    version: int
