"""What a customer sends by the link, and gets."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import Line, Shape, Text, View


class LinkQuery(Shape):
    """How the page is asked for: in a language; `said` is what has just been answered."""

    lang: Annotated[str, Field(max_length=20)] | None = None
    said: Annotated[str, Field(max_length=20)] | None = None


class Accepting(Shape):
    """Who accepts."""

    name: Line
    lang: Annotated[str, Field(max_length=20)] | None = None


class Wishing(Shape):
    """Who wants something otherwise, and what."""

    name: Line
    message: Annotated[Text, Field(min_length=1, max_length=2000)]
    lang: Annotated[str, Field(max_length=20)] | None = None


class AnsweredView(View):
    """What stands now."""

    status: Literal["PRESENTED", "ACCEPTED"]
