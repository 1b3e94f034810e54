"""Schedules that fire twice, late, together, or die at any write: their work is done once."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from moto import mock_aws

from chalicelib import house
from chalicelib.core import clock, due, files, ids, mail, outbox
from chalicelib.core.mail import Mail
from chalicelib.core.settings import settings
from chalicelib.core.table import Record
from chalicelib.organisation.people import directory
from tests import emulator, memory
from tests.faults.coming_due import BEFORE, COMING_DUE, DUE, MAILING, NIGHTS, come_due
from tests.faults.dying import dying
from tests.faults.effects import effect, held
from tests.faults.parallel import at_once
from tests.faults.world import World
from tests.platform.imports.bringing import make_bucket

#: No sweep of one record, and no night of so few, writes more often than that.
AT_MOST: Final = 12
#: Minutes of the sweeps that make up for one that died: a mail is sent again only after a while.
LATER: Final = (1, 2, 4)
LATER_FOR_MAIL: Final = (*LATER, 20, 22, 40, 42)
#: How often something was tried is no effect of it.
_TRIES: Final = re.compile(r'"(?:attempts|n|version)": \d+')

Work = Callable[[], None]
WORKS: Final[dict[str, Work]] = {work.__name__: work for work in house.nightly()}


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> list[Mail]:
    """The mails that went out."""
    sent: list[Mail] = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


@contextmanager
def company() -> Iterator[World]:
    """A company at work on the day before, in this process."""
    with mock_aws():
        memory.fresh_tables()
        yield founded()


def founded() -> World:
    """Found the company where the tables are."""
    make_bucket()
    directory.forget()
    with clock.at(BEFORE):
        return World()


def sweep(minutes: int = 0, *, only: due.Handlers | None = None) -> None:
    """Let the minute's schedule run, so many minutes after midnight."""
    with clock.at(DUE + timedelta(minutes=minutes)):
        due.sweep(only or house.due())


def sweep_on(later: Iterable[int]) -> None:
    """Let it run again and late, for the kinds of which there is a record by then."""
    for minutes in later:
        kinds = {ids.kind_of(key) for _, key in held() if "_" in key}
        sweep(minutes, only={model: do for model, do in house.due().items() if model.kind in kinds})


def at_night(work: Work) -> None:
    """Do a work of the night, after midnight."""
    with clock.at(DUE):
        work()


def all_due(world: World) -> None:
    """Have one record of every kind come due."""
    for model in COMING_DUE:
        come_due(world, model)


def done(made: Callable[[World], Any], then: Work) -> list[str]:
    """What is written when something is made and then dealt with, and nothing goes wrong."""
    with company() as world:
        made(world)
        before = held()
        then()
        return effect(before, held())


def without_tries(lines: Iterable[str]) -> list[str]:
    """Effects, however many tries they took."""
    return sorted(_TRIES.sub("", line) for line in lines)


def _emptied_bucket() -> None:
    # A file that is there is not written again, and a write less would be tried.
    bucket, s3 = settings().files, files._client()
    for found in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
        s3.delete_object(Bucket=bucket, Key=found["Key"])


def deaths(every: int) -> Iterator[tuple[int, str]]:
    """Each write, and whether it is carried out."""
    return ((number, moment) for number in range(0, AT_MOST, every) for moment in ("before", "after"))


def test_every_kind_that_comes_due_and_every_work_of_the_night_is_tried() -> None:
    assert COMING_DUE.keys() == house.due().keys()
    assert NIGHTS.keys() == WORKS.keys()


def test_sweeps_that_come_together_twice_and_late_do_their_work_once(
    ministack: str, post: list[Mail]
) -> None:
    def swept() -> None:
        sweep()
        sweep(1)
        sweep(30)

    expected, mails = done(all_due, swept), len(post)
    post.clear()
    with emulator.pointed_at(ministack):
        all_due(founded())
        before = held()
        at_once(sweep, [0] * 6, threads=3)
        at_once(sweep, [1, 1, 30], threads=3)

        assert effect(before, held()) == expected
    directory.forget()
    assert len(post) == mails == len(MAILING)


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.long), 3])
@pytest.mark.parametrize("model", COMING_DUE, ids=lambda model: model.kind)
def test_a_sweep_that_dies_at_any_write_is_made_up_for_by_the_next_ones(
    post: list[Mail], model: type[Record], every: int
) -> None:
    later = LATER_FOR_MAIL if model in MAILING else LATER
    with company() as world:
        come_due(world, model)
        anew, before = memory.kept(), held()
        sweep()
        sweep_on(later)
        expected = effect(before, held())
        assert len(expected) > 1, "there was nothing to do"
        for number, moment in deaths(every):
            post.clear()
            _emptied_bucket()
            anew()
            with dying(number, moment) as death:
                sweep()
            sweep_on(later)

            found = effect(before, held())
            if model in MAILING:
                assert without_tries(found) == without_tries(expected), (number, moment)
                # The mail that may have left before the crash is sent once more, and says so.
                assert [letter.headers.get(outbox.REPEATED) for letter in post] in (
                    [None], ["possibly"], [None, "possibly"],
                ), (number, moment)  # fmt: skip
            else:
                assert found == expected, (number, moment)
                assert post == []
            if not death.happened:
                return
    raise AssertionError(f"more than {AT_MOST} writes in one sweep")


@pytest.mark.parametrize("name", NIGHTS)
def test_nights_that_come_together_and_again_do_their_work_once(ministack: str, name: str) -> None:
    work = WORKS[name]
    expected = done(NIGHTS[name], lambda: at_night(work))
    assert expected, "there was nothing to do"

    with emulator.pointed_at(ministack):
        world = founded()
        with clock.at(BEFORE):
            NIGHTS[name](world)
        before = held()
        at_once(at_night, [work] * 4, threads=4)
        together = held()
        at_night(work)

        assert effect(before, together) == expected
        assert held() == together
    directory.forget()


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.long), 6])
@pytest.mark.parametrize("name", NIGHTS)
def test_a_night_that_dies_at_any_write_is_made_up_for_by_the_next_one(name: str, every: int) -> None:
    work = WORKS[name]
    expected = done(NIGHTS[name], lambda: at_night(work))
    with company() as world:
        with clock.at(BEFORE):
            NIGHTS[name](world)
        anew, before = memory.kept(), held()
        for number, moment in deaths(every):
            anew()
            with dying(number, moment) as death:
                at_night(work)
            at_night(work)

            assert effect(before, held()) == expected, (number, moment)
            if not death.happened:
                return
    raise AssertionError(f"more than {AT_MOST} writes in one night")
