"""Many visitors of a deployed form at once, each on a connection that stays open; and the workers' memory."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.stack.sandbox import Sandbox

#: Seconds that a visitor waits for an answer: the emulator starts a worker for each that is at once.
PATIENCE: Final = 300


@dataclass
class Tally:
    """What visitors were answered: how often each status, and the receipts of what was taken."""

    statuses: Counter[int] = field(default_factory=Counter)
    receipts: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what another visitor was answered."""
        self.statuses += other.statuses
        self.receipts += other.receipts


class Visitor:
    """Somebody who posts to a form again and again, by one connection."""

    def __init__(self, stack: Sandbox, form_id: str, name: str) -> None:
        place = urlsplit(stack.addresses["api"])
        self.connection = HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
        self.path = f"{place.path}/forms/{form_id}/submissions"
        self.name = name
        self.tally = Tally()

    def post(self, number: int, **headers: str) -> int:
        """Post once; return the status."""
        sent = {"name": f"Visitor {number}", "email": f"{self.name}.{number}@example.com"}
        told = {"Content-Type": "application/json", **headers}
        self.connection.request("POST", self.path, json.dumps(sent), told)
        answer = self.connection.getresponse()
        body = answer.read()
        self.tally.statuses[answer.status] += 1
        if answer.status == 202:
            self.tally.receipts.append(json.loads(body)["receipt"])
        return answer.status


def visited(stack: Sandbox, form_id: str, visit: Callable[[Visitor], Any], *, visitors: int) -> Tally:
    """Have so many visitors do something at once; return all that they were answered."""
    crowd = [Visitor(stack, form_id, f"v{number}") for number in range(visitors)]
    with ThreadPoolExecutor(visitors) as threads:
        list(threads.map(visit, crowd))
    for visitor in crowd:
        visitor.connection.close()
    total = Tally()
    for visitor in crowd:
        total.add(visitor.tally)
    return total


def for_seconds(seconds: float) -> Callable[[Visitor], None]:
    """A visit that lasts so long."""

    def visit(visitor: Visitor) -> None:
        ends = time.monotonic() + seconds
        for number in count():
            if time.monotonic() >= ends:
                return
            visitor.post(number)

    return visit


def so_often(times: int, **headers: str) -> Callable[[Visitor], None]:
    """A visit of so many posts."""

    def visit(visitor: Visitor) -> None:
        for number in range(times):
            visitor.post(number, **headers)

    return visit


def from_each(addresses: Iterable[str], *, times: int) -> Callable[[Visitor], None]:
    """A visit from the next address that nobody came from yet, so often each, until there is none left."""
    waiting, numbers = iter(list(addresses)), count()

    def visit(visitor: Visitor) -> None:
        for address in waiting:
            for _ in range(times):
                # The emulator takes the address from where a proxy writes it; the gateway does not.
                visitor.post(next(numbers), **{"X-Forwarded-For": address})

    return visit


def stored(stack: Sandbox, form_id: str) -> list[str]:
    """Return the ids of all that was stored of a form, page by page."""
    found: list[str] = []
    path = first = f"/lead-forms/{form_id}/submissions?limit=200"
    while path:
        page = stack.call("GET", path, login="ops").json
        found += [each["id"] for each in page["items"]]
        path = f"{first}&cursor={page['next']}" if page["next"] else ""
    return found


def workers(stack: Sandbox) -> dict[int, int]:
    """Return the resident bytes of each process that runs a function, by process id."""
    emulator = int(json.loads((stack.folder / "running.json").read_text("utf-8"))["pid"])
    return {pid: _resident(pid) for pid in _children(emulator) if b"_worker.py" in _command(pid)}


def _children(pid: int) -> Iterable[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text("ascii").split())


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
