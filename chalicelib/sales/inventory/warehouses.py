"""Warehouses: added, changed, and in which order they serve."""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import Page, all_of, expect, page
from chalicelib.organisation.people import service as people
from chalicelib.sales.inventory.models import Warehouse

#: So few that a request may look at a product's stock in each of them.
MOST_WAREHOUSES: Final = 20


def add_warehouse(*, code: str, keeper_id: str, by: Principal, **details: Any) -> Warehouse:
    """Add a warehouse; `details`: name, rank. AlreadyExists when another has its code.

    Invalid for a keeper who is nobody active, TooMany when there are as many as a company may have.
    """
    people.owner_fields(keeper_id, field="keeper_id")
    made = Warehouse(code=code, keeper_id=keeper_id, **details)
    step = Step(by=by.id)
    step.create(made)
    step.claim(f"warehouse|code|{code.lower()}", made.id)
    step.count("warehouses", limit=MOST_WAREHOUSES, refusal=_too_many)
    step.commit()
    return made


def _too_many(_: Any) -> errors.SalesError:
    return errors.Conflict("too_many_warehouses", most=MOST_WAREHOUSES)


def change_warehouse(warehouse_id: str, *, version: int | None, by: Principal, **changes: Any) -> Warehouse:
    """Change a warehouse's name, rank, keeper or status."""
    found = warehouse(warehouse_id)
    expect(found, version)
    if keeper_id := changes.get("keeper_id"):
        people.owner_fields(keeper_id, field="keeper_id")
    step = Step(by=by.id)
    step.change(found, **changes)
    step.commit()
    return found


def warehouse(warehouse_id: str) -> Warehouse:
    """Return a warehouse. NotFound when there is none."""
    return Warehouse.fetch(warehouse_id)


def warehouses(**paging: Any) -> Page[Warehouse]:
    """Return warehouses by code."""
    return page(Warehouse.by_group.query, Warehouse.GROUP, newest_first=False, **paging)


def everywhere() -> list[Warehouse]:
    """Return all warehouses in the order in which they serve: by rank, then by code. One Query."""
    found = all_of(Warehouse.by_group.query, Warehouse.GROUP)
    return sorted(found, key=_turn)


def serving() -> list[Warehouse]:
    """Return those that serve orders, in their order."""
    return [each for each in everywhere() if each.status == "ACTIVE"]


def by_name(found: Iterable[Warehouse]) -> dict[str, Warehouse]:
    """Return warehouses by what a request may call them: their id, and their code as it is written."""
    return {name: each for each in found for name in (each.id, each.code)}


def _turn(each: Warehouse) -> tuple[int, str]:
    return each.rank, each.code
