"""A deployed function opens a domain's rooms when they are asked for: the map must lead to each."""

from importlib import import_module
from typing import Any

import pytest

from app import app
from chalicelib import house
from chalicelib.core.door import FrontDoor


def test_every_room_is_where_its_wing_says_and_nothing_is_promised_that_is_not_there() -> None:
    promised = {
        address: f"chalicelib.{wing}.{name}"
        for wing in house.WINGS
        for name, addresses in import_module(f"chalicelib.{wing}").DOMAINS.items()
        for address in addresses
    }

    there = {
        "/" + endpoint.path.split("/")[1]: ".".join(endpoint.view.__module__.split(".")[:3])
        for room in house.rooms()
        for endpoint in room.endpoints
    }

    assert promised == there


@pytest.mark.parametrize("path", sorted(app.routes))
def test_a_path_asked_for_first_is_served_as_if_all_rooms_were_open(path: str) -> None:
    fresh = FrontDoor(app_name="fresh", configure_logs=False)
    fresh.rooms_at = house.rooms_at
    context = {"resourcePath": path, "httpMethod": "TRACE"}
    event: Any = dict.fromkeys(
        ("multiValueQueryStringParameters", "pathParameters", "stageVariables", "body")
    )
    event |= {"requestContext": context, "headers": {}, "isBase64Encoded": False}

    assert fresh(event, None)["statusCode"] == 405
    assert set(fresh.routes[path]) == set(app.routes[path])
