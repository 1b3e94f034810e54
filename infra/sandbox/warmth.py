"""Warming: the functions' first calls are slow anywhere, so they are made before anybody waits."""

import json
from collections.abc import Sequence
from urllib.request import Request, urlopen

from infra.sandbox.installation import Installation
from infra.sandbox.logins import Login


def warm(installed: Installation, logins: Sequence[Login]) -> None:
    """Call the API, the authorizer and the change handler once.

    One after the other: MiniStack unpacks each function's thousands of files in one thread at a time.
    """
    _get(f"{installed.api}/openapi.json", None)
    _get(f"{installed.api}/products", logins[0].token)
    _no_change(installed)


def _get(address: str, token: str | None) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = Request(address, headers=headers)  # noqa: S310 - on this machine
    with urlopen(asked, timeout=60) as answer:  # noqa: S310 - on this machine
        answer.read()


def _no_change(installed: Installation) -> None:
    client = installed.cloud.client("lambda")
    client.invoke(FunctionName="salestream-local-table_changes", Payload=json.dumps({"Records": []}))
