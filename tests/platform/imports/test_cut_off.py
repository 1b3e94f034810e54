"""An import whose worker dies at any write, or that two work on at once: every row is in, and told, once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pytest
from moto import mock_aws

from chalicelib.core import clock, errors, files
from chalicelib.core.settings import settings
from chalicelib.organisation.people import directory
from chalicelib.platform.imports import chunks, service
from chalicelib.platform.imports.models import ImportJob
from tests import memory, permissions
from tests.client import OPERATIONS
from tests.customers import builders as customers
from tests.faults.dying import dying, interrupted
from tests.faults.effects import effect, held
from tests.faults.world import World
from tests.platform.imports.bringing import make_bucket
from tests.streams import Stream

NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ORIGIN: Final = "request_01KANJ0000000000000000000A"
#: No file here needs more writes, those of its reports included.
AT_MOST, EVERY = 40, 8
COUNTS: Final = ("rows", "imported", "known", "joined", "repaired", "refused")

#: For each target a file of two chunks: rows that come in, are known, join, are repaired, are refused.
FILES: Final[dict[str, tuple[str, dict[str, Any], tuple[int, ...]]]] = {
    "leads": (
        "no,who,mail,from,at\n"
        "1,Li Wei,li@example.cn,google,2026-03-01T00:00:00Z\n"
        "2,Li Wei again,li@example.cn,fair,2026-03-02T00:00:00Z\n"
        ",No Mail,,fair,\n"
        "4,Wrong,no address,fair,\n"
        "5,Chen Hao,chen@example.cn,fair,\n"
        ",Chen Hao again,chen@example.cn,google,\n"
        "5,Chen Hao,chen@example.cn,fair,\n",
        {
            "columns": {
                "no": "external_id", "who": "name", "mail": "email", "from": "source", "at": "received_at",
            },
            "replace": {"source": {"google": "Google"}},
        },
        (7, 3, 1, 2, 2, 1),
    ),
    "opportunities": (
        "no,who,stage,day,worth\n"
        "A,rita@example.com,first,,10\n"
        "B,rita@example.com,won,2026-04-01,20\n"
        "A,rita@example.com,first,,10\n"
        "C,Nobody,first,,30\n"
        "D,rita@example.com,offer,,40\n"
        "E,rita@example.com,first,,-5\n",
        {
            "columns": {
                "no": "external_id", "who": "owner", "stage": "stage", "day": "closed_on", "worth": "amount",
            },
            "replace": {"stage": {"offer": "second"}},
            "constants": {"opened_on": "2026-03-01", "currency": "CNY"},
        },
        (6, 3, 1, 0, 1, 2),
    ),
    "orders": (
        "no,who,item,pieces\n"
        "S-1,Kangnai,Press,2\n"
        "S-1,Kangnai,Die,3\n"
        "S-2,Nobody,Die,1\n"
        "S-3,Kangnai,Press,-1\n"
        "S-4,Kangnai,Press,one\n"
        "S-5,Kangnai,Tool,7\n"
        "S-1,Kangnai,Press,2\n"
        "S-1,Kangnai,Die,3\n",
        {
            "columns": {"no": "order", "who": "account", "item": "name", "pieces": "quantity"},
            "replace": {"name": {"Tool": "Die"}},
            "constants": {"ordered_on": "2026-03-01", "unit_price": "1.25", "currency": "CNY"},
        },
        (8, 4, 2, 0, 1, 2),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What came of an import: its counts, its report, and all that it wrote."""

    counts: tuple[int, ...]
    report: str
    wrote: Counter[str]

    def unlike(self, expected: "Told") -> dict[str, Any]:
        """What is otherwise than expected."""
        odd: dict[str, Any] = {"more": self.wrote - expected.wrote, "less": expected.wrote - self.wrote}
        odd |= {"counts": self.counts != expected.counts and self.counts}
        odd |= {"report": self.report != expected.report and self.report}
        return {what: found for what, found in odd.items() if found}


class Desk:
    """A file that can be brought in again and again, each time into the same empty company."""

    def __init__(self, target: str) -> None:
        world = World()
        customers.account("Kangnai", by=OPERATIONS)
        text, mapping, self.counts = FILES[target]
        if target == "opportunities":
            mapping = {**mapping, "constants": {**mapping["constants"], "pipeline": world.process.name}}
        content = text.encode()
        self.job = service.begin(
            target=target,
            file_name="rows.csv",
            size=len(content),
            mapping=mapping,
            origin=ORIGIN,
            by=OPERATIONS,
        )
        files.write(self.job.file_key, content, media="text/csv")
        Stream().drain()
        self.put_back = memory.kept()
        self.before = held()

    def start(self) -> None:
        """Start the import, as if it had never been started."""
        self.put_back()
        for name in _files(f"imports/{self.job.id}/report"):
            files._client().delete_object(Bucket=settings().files, Key=name)
        service.start(self.job.id, version=None, by=OPERATIONS)

    def work(self) -> None:
        """Go on with the import until it has ended, by whomever."""
        while (job := ImportJob.fetch(self.job.id)).status == "RUNNING":
            with suppress(errors.Stale), permissions.acting_as("table_changes"):
                chunks.go_on(job.id, version=job.version)

    def told(self) -> Told:
        """Deliver all that happened, again and to its end; return what came of it."""
        Stream().drain()
        job = ImportJob.fetch(self.job.id)
        assert job.status == "DONE"
        assert not job.due_minute
        report = files.read(job.report_key(job.status)).decode()
        counts = tuple(getattr(job, name) for name in COUNTS)
        return Told(counts, report, Counter(effect(self.before, held())))


def _files(folder: str) -> list[str]:
    found = files._client().list_objects_v2(Bucket=settings().files, Prefix=folder)
    return [each["Key"] for each in found.get("Contents", ())]


@pytest.fixture(params=sorted(FILES))
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """For each target a file, of which a chunk holds few rows."""
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 4)
    monkeypatch.setattr(chunks, "CHUNK_ROWS_TOGETHER", 5)
    with mock_aws(), clock.at(NOW):
        memory.fresh_tables()
        make_bucket()
        directory.forget()
        yield Desk(request.param)


def elsewhere(work: Any) -> None:
    """Let another process do something meanwhile, to its end."""

    def now() -> None:
        with clock.at(NOW):
            work()

    with ThreadPoolExecutor(1) as other:
        other.submit(now).result()


def undisturbed(desk: Desk) -> Told:
    """What comes of the import when nothing goes wrong."""
    desk.start()
    desk.work()
    told = desk.told()
    assert told.counts == desk.counts
    return told


#: A sample of the writes, and all the others.
every_write = pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.long) for first in range(1, EVERY))]
)


@every_write
def test_an_import_whose_worker_dies_at_any_write_goes_on_and_tells_each_row_once(
    desk: Desk, first: int
) -> None:
    expected = undisturbed(desk)

    for number in range(first, AT_MOST, EVERY):
        for moment in ("before", "after"):
            desk.start()
            with dying(number, moment) as death:
                desk.work()
            assert desk.told().unlike(expected) == {}, (number, moment)
        if not death.happened:
            return
    raise AssertionError(f"more than {AT_MOST} writes in one import")


@every_write
def test_an_import_that_two_work_on_at_once_tells_each_row_once(desk: Desk, first: int) -> None:
    expected = undisturbed(desk)

    def dies() -> None:
        with dying(number // 2, "after"):
            desk.work()

    for number in range(first, AT_MOST, EVERY):
        for other in (desk.work, dies):
            desk.start()
            with interrupted(number, "before", partial(elsewhere, other)) as meeting:
                desk.work()
            assert desk.told().unlike(expected) == {}, (number, other)
        if not meeting.happened:
            return
    raise AssertionError(f"more than {AT_MOST} writes in one import")
