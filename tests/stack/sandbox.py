"""A sandbox for tests: the real command, in a folder of its own; and calls to it over HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from infra.sandbox.emulator import free_port
from infra.stages import ROOT

#: Beyond the ports that sandboxes of people use.
FIRST_PORT = 14566


@dataclass(frozen=True)
class Reply:
    """What came back over the wire."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Sandbox:
    """A deployed stack with its files in a folder; `addresses` is what `addresses.json` says."""

    addresses: Mapping[str, Any] = field(repr=False)
    folder: Path = Path()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        login: str | None = None,
        token: str | None = None,
        **headers: str,
    ) -> Reply:
        """Call the API as a demo login, or with any token; names of headers have ``_`` for ``-``."""
        if login:
            token = self.addresses["logins"][login]["token"]
        sent = {"Content-Type": "application/json"} if body is not None else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        return _fetch(Request(self.addresses["api"] + path, data, sent, method=method))

    def user_id(self, login: str) -> str:
        """Return the id of a demo login's user."""
        found: str = self.addresses["logins"][login]["user_id"]
        return found

    def outbox(self) -> list[dict[str, Any]]:
        """Return the mails that SES would have sent, the oldest first."""
        by_account: dict[str, Any] = _fetch(Request(self.addresses["outbox"])).json["messages"]
        return [mail for mails in by_account.values() for mail in mails]


def _fetch(request: Request) -> Reply:
    try:
        with urlopen(request, timeout=60) as answer:
            # What is no text (a quote's PDF) is not looked into here.
            return Reply(answer.status, dict(answer.headers), answer.read().decode(errors="replace"))
    except HTTPError as refused:
        with refused:
            return Reply(refused.code, dict(refused.headers), refused.read().decode())


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Sandbox]:
    """Run a sandbox with its data in a folder."""
    port = str(free_port(FIRST_PORT))
    _command("--folder", str(folder), "--port", port, "--detach", *options)
    try:
        yield Sandbox(json.loads((folder / "addresses.json").read_text("utf-8")), folder)
    finally:
        _command("--folder", str(folder), "--stop")


def _command(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.sandbox", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
