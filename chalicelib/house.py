"""The map of the business: which domains stand in which wing, and what each brings.

A domain brings what its folder has: ``routes.routes`` (a Room), ``models.RECORDS`` (its items),
``measures.MEASURES``, and of ``reactions``: ``REACTIONS``, ``DUE``, ``NIGHTLY`` and ``MAILED``. Nothing
else knows the list.
"""

import os
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from chalicelib.core.measures import Measure
from chalicelib.core.table import Record, Table

if TYPE_CHECKING:  # what not every function needs at run time
    from chalicelib.core.changes import House, Reaction
    from chalicelib.core.due import Handlers
    from chalicelib.core.web import Room

#: What a domain does once a night; safe to repeat, and it makes up for nights that were missed.
Nightly = Callable[[], None]

#: Where the API tells of itself.
ABOUT: Final = ("/openapi.json", "/docs", "/health")
#: Bottom to top: a wing imports only wings before it.
WINGS: Final = ("organisation", "customers", "sales", "insight", "platform")


def domains() -> list[str]:
    """Return the package of every domain, bottom to top."""
    return [
        f"chalicelib.{wing}.{name}" for wing in WINGS for name in import_module(f"chalicelib.{wing}").DOMAINS
    ]


def _brought(module: str, name: str) -> list[Any]:
    # A domain has only the files it needs: a missing one brings nothing, a broken one is loud.
    found = [domain for domain in domains() if find_spec(f"{domain}.{module}")]
    brought = [getattr(import_module(f"{domain}.{module}"), name, None) for domain in found]
    return [each for each in brought if each is not None]


def rooms() -> "list[Room]":
    """Return every domain's routes."""
    return [room for found in _brought("routes", "routes") for room in _as_list(found)]


def about_room() -> "Room":
    """Return the room that tells of all rooms."""
    from chalicelib.core import about  # heavy: brings Pydantic

    return about.room(rooms)


def all_rooms() -> "list[Room]":
    """Return every room there is."""
    return [*rooms(), about_room()]


def rooms_at(path: str) -> "list[Room]":
    """Return the rooms of the domain whose addresses begin as the path does; none when there is none."""
    first = "/" + path.split("/")[1]
    if first in ABOUT:
        return [about_room()]
    for wing in WINGS:
        for name, addresses in import_module(f"chalicelib.{wing}").DOMAINS.items():
            if first in addresses:
                return _as_list(import_module(f"chalicelib.{wing}.{name}.routes").routes)
    return []


def is_deployed() -> bool:
    """Whether this process is a deployed function, and not a tool or a test."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def _as_list(found: Any) -> "list[Room]":
    return list(found) if isinstance(found, list | tuple) else [found]


def records() -> list[type[Record]]:
    """Return every kind of item that domains own."""
    return [model for found in _brought("models", "RECORDS") for model in found]


Record.introduce_all = records


def tables() -> dict[str, list[type[Table]]]:
    """Return the models of domain tables, by table name. All of them are streamed."""
    by_name: dict[str, list[type[Table]]] = defaultdict(list)
    for model in records():
        by_name[model.Meta.table_name].append(model)
    return dict(by_name)


def counted() -> list[str]:
    """Return the tables with items that contribute to aggregates: what a reconcile goes through."""
    return sorted({model.Meta.table_name for model in records() if model.kind in measures()})


@cache
def measures() -> dict[str, Measure]:
    """Return what each kind of item contributes to aggregates."""
    return {kind: measure for found in _brought("measures", "MEASURES") for kind, measure in found.items()}


@cache
def house() -> "House":
    """Return who measures and who reacts, for the change handler."""
    from chalicelib.core.changes import House  # heavy: not for those who serve requests

    reactions: dict[str, list[Reaction]] = defaultdict(list)
    for found in _brought("reactions", "REACTIONS"):
        for kind, reacting in found.items():
            reactions[kind].extend(reacting)
    return House(measures(), dict(reactions))


def due() -> "Handlers":
    """Return what to do with records that are due."""
    return {model: handler for found in _brought("reactions", "DUE") for model, handler in found.items()}


def mailed() -> list[Callable[[bytes], Any]]:
    """Return what to do with a mail that came to the company, as it came over the wire."""
    return [reader for found in _brought("reactions", "MAILED") for reader in found]


def nightly() -> list[Nightly]:
    """Return what domains do every night, bottom to top."""
    return [work for found in _brought("reactions", "NIGHTLY") for work in found]
