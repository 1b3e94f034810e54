"""What deals add to the boards: how little of it, and that medians come out exact."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from statistics import median_high
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.aggregates import MOST_ACTIONS
from chalicelib.core.measures import contribution, difference
from chalicelib.sales.opportunities.measures import MEASURES, bucket

Boards = Mapping[str, Mapping[str, Mapping[str, int]]]
STAY = {"entered": 1, "left": 0, "advanced": 0, "lost": 0, "seconds": 0}


def _image(tag: str = "a", **details: Any) -> dict[str, Any]:
    return {
        "status": "OPEN",
        "pipeline_id": "pipeline_1",
        "stage_id": "proposal",
        "probability": 50,
        "forecast_category": "BEST_CASE",
        "amount": {"minor": 333, "currency": "CNY"},
        "opened_on": "2026-01-10",
        "account_id": f"account_{tag}",
        "journey": {"proposal": STAY},
        **{name: f"{name}_{tag}" for name in ("team_id", "owner_id", "region", "source", "industry")},
        **details,
    }


def _closed(tag: str, status: str = "WON", **details: Any) -> dict[str, Any]:
    return _image(tag, **{"status": status, "stage_id": status.lower(), "closed_on": "2026-02-01", **details})


def _lines(tag: str, number: int) -> list[dict[str, Any]]:
    return [{"product_id": f"product_{tag}{n}", "quantity": 2, "amount_minor": 10} for n in range(number)]


def _summed(*images: Mapping[str, Any]) -> Boards:
    boards: Any = defaultdict(lambda: defaultdict(Counter))
    for image in images:
        for (board, row), numbers in contribution(image, MEASURES["opportunity"]).cells.items():
            boards[board][row].update(numbers)
    found: Boards = boards
    return found


def _rows_touched(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> int:
    measure = MEASURES["opportunity"]
    return len(difference(contribution(after, measure), contribution(before, measure)))


def test_an_open_deal_stands_in_its_stage_and_its_category_with_half_up_weight() -> None:
    boards = _summed(_image())

    assert boards["pipeline|pipeline_1|owner"]["owner_id_a|CNY"] == {
        "proposal.count": 1,
        "proposal.amount": 333,
        "proposal.weighted": 167,
        "BEST_CASE.count": 1,
        "BEST_CASE.amount": 333,
    }
    assert boards["flow|pipeline_1|region"] == {"2026-01|region_a": {"proposal.entered": 1}}


def test_an_override_comes_before_the_stages_category() -> None:
    [numbers] = _summed(_image(category_override="COMMIT"))["pipeline|pipeline_1|team"].values()

    assert {name for name in numbers if name.isupper() or name[0].isupper()} == {
        "COMMIT.count",
        "COMMIT.amount",
    }


def test_products_have_their_lines_and_the_owner_the_units() -> None:
    boards = _summed(_closed("a", lines=_lines("x", 2), amount={"minor": 20, "currency": "CNY"}))

    assert boards["sales|product"]["2026-02|product_x1|CNY"] == {
        "won_count": 1,
        "won_amount": 10,
        "won_days": 22,
        "units": 2,
    }
    assert boards["sales|owner"]["2026-02|owner_id_a|CNY"]["units"] == 4
    assert "units" not in boards["sales|team"]["2026-02|team_id_a|CNY"]


def test_a_lost_deal_counts_its_days_and_what_it_was_lost_for() -> None:
    boards = _summed(_closed("a", "LOST", lost_reason="price"), _closed("a", "LOST"))

    assert boards["sales|source"]["2026-02|source_a|CNY"] == {
        "lost_count": 2,
        "lost_days": 44,
        **{
            f"lost_for.{why}.{what}": n
            for why in ("price", "-")
            for what, n in (("count", 1), ("amount", 333))
        },
    }
    assert boards["spread|days|lost"] == {"2026-02|00022": {"count": 2}}
    assert "customers|all|CNY" not in boards


def test_a_closed_deal_counts_with_each_who_was_after_it_and_one_that_got_it_once() -> None:
    named = [{"name": "Acme"}, {"name": "对手"}]
    boards = _summed(
        _closed("a", competitors=named),
        _closed("a", "LOST", competitors=named, competitor="ACME"),
        _closed("a", "LOST", competitor="Konex"),
        _closed("a"),
    )

    counted = {
        row.split("|")[1]: (numbers.get("won_count", 0), numbers.get("lost_count", 0))
        for row, numbers in boards["sales|competitor"].items()
    }
    assert counted == {"Acme": (1, 1), "对手": (1, 1), "Konex": (0, 1), "-": (1, 0)}


@given(st.integers(0, 10**12), st.lists(st.integers(0, 30), max_size=3))
def test_the_parts_of_those_who_share_a_deal_are_all_of_it(minor: int, percents: list[int]) -> None:
    splits = {f"user_{n}": percent for n, percent in enumerate(percents)}
    boards = _summed(_closed("a", amount={"minor": minor, "currency": "CNY"}, member_splits=splits))

    parts = {row.split("|")[1]: each for row, each in boards["sales|split"].items()}
    assert sum(each.get("won_amount", 0) for each in parts.values()) == minor
    assert parts.keys() == {user for user, percent in splits.items() if percent} | {"owner_id_a"}
    for user, percent in splits.items():
        if percent:
            assert abs(parts[user].get("won_amount", 0) * 100 - minor * percent) < 100


def test_what_nobody_filled_in_is_counted_under_nobody() -> None:
    boards = _summed(_image(region=None, opened_on=None))

    assert list(boards["pipeline|pipeline_1|region"]) == ["-|CNY"]
    assert list(boards["pipeline|pipeline_1|product"]) == ["-|CNY"]
    assert list(boards["flow|pipeline_1|owner"]) == ["-|owner_id_a"]


def test_a_deal_touches_few_rows() -> None:
    one = _lines("x", 1)

    assert _rows_touched(None, _image(lines=one)) == 12
    assert _rows_touched(None, _closed("a", lines=one)) == 19
    assert _rows_touched(_image(lines=one), _image(stage_id="won", lines=one)) == 6


def test_whatever_happens_to_a_deal_of_sixteen_products_fits_one_transaction() -> None:
    """Won again in another month and currency, by others, with other products: all cells are new."""
    before = _closed("a", lines=_lines("x", 16))
    after = _closed(
        "b",
        lines=_lines("y", 16),
        closed_on="2027-05-01",
        opened_on="2025-01-01",
        amount={"minor": 98_765, "currency": "USD"},
    )

    assert _rows_touched(before, after) + 1 <= MOST_ACTIONS


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(1, 12)), min_size=1, max_size=60))
def test_medians_of_amounts_are_exact_from_two_reads(deals: list[tuple[int, int]]) -> None:
    boards = _summed(
        *(
            _closed("a", amount={"minor": minor, "currency": "CNY"}, closed_on=f"2026-{month:02d}-28")
            for minor, month in deals
        )
    )

    counts: Counter[str] = Counter()
    for row, numbers in boards["spread|amount|CNY"].items():
        counts[row.partition("|")[2]] += numbers["count"]
    place = len(deals) // 2
    coarse, before = _holding(counts, place)
    fine: Counter[str] = Counter()
    for row, numbers in boards[f"spread|amount|CNY|{coarse}"].items():
        fine[row.partition("|")[2]] += numbers["count"]
    exact, _ = _holding(fine, place - before)

    assert int(exact) == median_high(minor for minor, _ in deals)


def _holding(counts: Mapping[str, int], place: int) -> tuple[str, int]:
    """Return the key under which the value at a place (from 0) is, and how many values are before it."""
    before = 0
    for key in sorted(counts):
        if before + counts[key] > place:
            return key, before
        before += counts[key]
    raise AssertionError("fewer values than that")


@given(st.integers(0, 10**14), st.integers(0, 10**14))
def test_buckets_sort_as_their_amounts_do(one: int, other: int) -> None:
    low, high = sorted((one, other))

    assert bucket(low) <= bucket(high)
