"""Who is probably one person, told by names, addresses and birth dates alone."""

import math
import random
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sales.leads import likeness, lookalikes
from tests.sales.leads import febrl

LI: dict[str, Any] = {
    "name": "Li Lei",
    "street": "88 Zhongshan Road",
    "city": "Nanjing",
    "postcode": "210005",
}


def found(people: list[dict[str, Any]]) -> tuple[set[febrl.Pair], set[febrl.Pair]]:
    """Which pairs meet in a block, and which of them are held to be one person."""
    blocks = defaultdict(list)
    for at, details in enumerate(people):
        for block in likeness.blocks(details):
            blocks[block].append(at)
    met = febrl.pairs(members[-lookalikes.MOST_GATHERED :] for members in blocks.values())
    return met, {(a, b) for a, b in met if likeness.compare(people[a], people[b]).possible}


def quality(said: set[febrl.Pair], true: set[febrl.Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision, recall = len(said & true) / len(said), len(said & true) / len(true)
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_people_are_recognised_on_a_set_that_no_weight_was_counted_on() -> None:
    people, true = febrl.people(2)

    met, said = found(people)

    precision, recall, f1 = quality(said, true)
    assert len(met & true) / len(true) > 0.999  # blocking loses next to nothing …
    assert len(met) < 2 * len(true)  # … and compares next to nothing in vain
    assert precision >= 0.99, (precision, recall, f1)
    assert f1 >= 0.93, (precision, recall, f1)


def test_the_limit_stands_between_all_pairs_of_one_person_and_all_others_of_the_other_set() -> None:
    people, true = febrl.people(1)

    met, _ = found(people)

    scores = {pair: likeness.compare(people[pair[0]], people[pair[1]]).score for pair in met}
    others = max(score for pair, score in scores.items() if pair not in true)
    assert others < likeness.POSSIBLE < min(scores[pair] for pair in true)


def test_the_weights_are_what_the_other_set_tells_to_a_bit_and_a_half() -> None:
    people, true = febrl.people(1)
    dice = random.Random(1)
    drawn = (sorted(dice.sample(range(len(people)), 2)) for _ in range(8_000))
    different = {(a, b) for a, b in drawn}

    same_person = Counter(level for a, b in true for level in likeness.levels(people[a], people[b]))
    others = Counter(level for a, b in different - true for level in likeness.levels(people[a], people[b]))

    for field, weights in likeness.WEIGHTS.items():
        if field in ("company", *likeness.IDENTITY):  # not in the set
            continue
        for level, bits in weights.items():
            told = [
                (seen[field, level] + 1) / (sum(seen[field, each] for each in weights) + 4)
                for seen in (same_person, others)
            ]
            assert math.log2(told[0] / told[1]) == pytest.approx(bits, abs=1.6), (field, level)


def test_typing_errors_and_swapped_names_are_no_difference() -> None:
    other = {**LI, "name": "Lei Li", "street": "88 Zhongshn Rd", "city": "Nanjng"}

    alike = likeness.compare(LI, other)

    assert alike.possible
    assert {reason["how"] for reason in alike.reasons if reason["field"] == "name"} == {"EQUAL"}
    assert alike.score == sum(reason["points"] for reason in alike.reasons)


WANG: dict[str, Any] = {"name": "王小明", "company": "华为"}


def test_a_chinese_full_name_is_as_telling_as_a_first_and_a_last_name() -> None:
    latin = {"name": "Wang Xiaoming", "company": "Huawei"}

    score = likeness.compare(WANG, WANG).score

    assert score == likeness.compare(latin, latin).score >= likeness.POSSIBLE
    assert not likeness.compare(WANG, {**WANG, "name": "王大伟"}).possible
    assert not set(likeness.blocks(WANG)).isdisjoint(likeness.blocks({"name": "王小明", "city": "深圳"}))


def test_a_chinese_house_has_its_number_in_the_street() -> None:
    here, there = ({**WANG, "street": f"中山路{number}号"} for number in ("88", "１２"))

    assert [reason["how"] for reason in likeness.compare(here, here).reasons if reason["field"] == "number"]
    assert dict(likeness.levels(here, there))["number"] == "DIFFERENT"
    assert "street|88|中山路" in likeness.blocks(here)


def test_colleagues_at_one_address_are_not_one_person() -> None:
    office = {"company": "Acme", "street": "88 Zhongshan Road", "city": "Nanjing", "postcode": "210005"}

    alike = likeness.compare({**office, "name": "Li Lei"}, {**office, "name": "Han Meimei"})

    assert alike.score >= likeness.POSSIBLE
    assert not alike.possible


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "李伟", "city": "北京"}, {"name": "李伟", "city": "北京"}),
        ({"name": "Li Lei", "city": "Beijing"}, {"name": "Li Lei", "city": "Nanjing"}),
        ({"name": "Li Lei", "born_on": date(1990, 1, 2)}, {"name": "Han Wei", "born_on": date(1990, 1, 2)}),
        ({"city": "Beijing", "postcode": "100000", "region": "BJ"},) * 2,
        ({}, {}),
    ],
)
def test_little_that_is_shared_makes_nobody_one_person(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not likeness.compare(one, other).possible


TEXTS = st.text("ab 1é李路-", max_size=12)
DETAILS = st.fixed_dictionaries(
    {},
    optional={name: TEXTS for name in likeness.COMPARED if name != "born_on"}
    | {"born_on": st.dates(date(1900, 1, 1), date(2020, 1, 1))},
)


@given(DETAILS, DETAILS)
def test_two_leads_agree_on_how_alike_they_are(one: dict[str, Any], other: dict[str, Any]) -> None:
    ours, theirs = likeness.compare(one, other), likeness.compare(other, one)

    assert (ours.score, ours.possible) == (theirs.score, theirs.possible)


@given(DETAILS)
def test_a_lead_stands_in_few_blocks(details: dict[str, Any]) -> None:
    assert len(likeness.blocks(details)) <= 7
