"""What the API says of itself: ``/openapi.json``, the readable page ``/docs``, and ``/health``."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from chalicelib.core.endpoint import Answer, Call, Endpoint
from chalicelib.core.settings import settings
from chalicelib.core.shapes import NoQuery, View
from chalicelib.core.web import Room

VERSION = "0.1.0"
#: The page is one document: its own style, no script, nothing from elsewhere.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Health(View):
    """The service answers."""

    status: str
    version: str


def room(rooms: Callable[[], Sequence[Room]]) -> Room:
    """Return the room that tells of all rooms, itself included."""
    about = Room("about", prefix="")

    def endpoints() -> list[Endpoint]:
        return [endpoint for each in (*rooms(), about) for endpoint in each.endpoints]

    @cache  # a process tells the same all its life
    def told() -> dict[str, Any]:
        from chalicelib.core import openapi  # heavy: builds every shape's schema, only when asked

        return openapi.document(endpoints(), title=f"{settings().company} · Salestream", version=VERSION)

    @about.get("/openapi.json", needs=None)
    def read_openapi(call: Call[None, NoQuery]) -> Answer:
        """Read the OpenAPI 3.1 document of this installation."""
        return Answer(json.dumps(told(), ensure_ascii=False), headers={"Cache-Control": "max-age=300"})

    @about.get("/docs", needs=None, media="text/html; charset=utf-8", lenient_query=True)
    def read_docs(call: Call[None, NoQuery]) -> Answer:
        """Read the API's documentation as a page."""
        return Answer(page(told(), call.language), headers={"Content-Security-Policy": _POLICY})

    @about.get("/health", needs=None, answers=Health)
    def read_health(call: Call[None, NoQuery]) -> Health:
        """Ask whether the service answers."""
        return Health(status="ok", version=VERSION)

    return about


def page(document: dict[str, Any], language: str) -> str:
    """Return an OpenAPI document as a page for people."""
    from jinja2 import Environment, select_autoescape  # heavy: only for pages

    source = files("chalicelib.core").joinpath("docs_page.html.j2").read_text("utf-8")
    template = Environment(autoescape=select_autoescape(default=True)).from_string(source)
    by_area: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            by_area.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    schemas = document["components"]["schemas"]
    return template.render(
        info=document["info"], areas=sorted(by_area.items()), schemas=schemas, language=language
    )
