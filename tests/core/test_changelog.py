"""The change log: every version once, and a stretch of time read back in order."""

from datetime import UTC, datetime

from chalicelib.core import changelog
from chalicelib.core.changelog import Change

MIDNIGHT = datetime(2026, 2, 1, tzinfo=UTC)


def written(at: str, number: int) -> Change:
    return Change("deal", f"deal_{number:026d}", 1, None, {"id": "x", "version": 1}, at)


def test_a_stretch_of_the_log_has_its_first_instant_and_not_its_last(tables: None) -> None:
    instants = [
        "2025-12-31T23:59:59.999Z",
        "2026-01-01T00:00:00.000Z",
        "2026-01-31T23:59:59.999Z",
        "2026-02-01T00:00:00.000Z",
    ]
    changelog.append(written(at, number) for number, at in enumerate(instants))

    january = changelog.of_kind("deal", since=datetime(2026, 1, 1, tzinfo=UTC), until=MIDNIGHT)
    all_of_it = changelog.of_kind(
        "deal", since=datetime(2025, 6, 1, tzinfo=UTC), until=datetime(2026, 3, 1, tzinfo=UTC)
    )

    assert [entry.at for entry in january] == instants[1:3]
    assert [entry.at for entry in all_of_it] == instants


def test_the_log_of_a_kind_has_no_other_kind_in_it(tables: None) -> None:
    changelog.append([written("2026-01-05T00:00:00.000Z", 1)])

    assert not list(changelog.of_kind("lead", since=datetime(2026, 1, 1, tzinfo=UTC), until=MIDNIGHT))


def test_a_change_of_the_largest_item_still_is_one_line_of_the_log() -> None:
    was, became = {"lines": "长" * 100_000}, {"lines": "短" * 100_000, "note": "短" * 20_000}

    line = changelog.entry(Change("order", "order_1", 2, was, became, "2026-01-01T00:00:00.000Z"))
    small = changelog.entry(Change("order", "order_1", 2, {"a": 1}, became, "2026-01-01T00:00:00.000Z"))

    assert (line.fields, line.before, line.after) == (["lines", "note"], {}, became)
    assert small.before == {"a": 1}
