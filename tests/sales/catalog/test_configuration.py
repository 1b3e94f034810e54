"""What can be put together, and what is told when it cannot."""

from typing import Any

import pytest

from chalicelib.core.errors import FieldError
from chalicelib.sales.catalog.configuration import (
    choices_wrong,
    components_wrong,
    contents,
    definition_wrong,
)
from tests.sales.catalog.builders import product, product_id

FAST, SLOW, COOLER, CASE = (product_id(n) for n in range(1, 5))


def _choice(of: str, least: int = 1, most: int = 1) -> dict[str, Any]:
    return {"product_id": of, "least": least, "most": most}


def _group(code: str, *choices: dict[str, Any], least: int = 0, most: int = 1) -> dict[str, Any]:
    return {"id": code, "names": {"en": code}, "least": least, "most": most, "choices": list(choices)}


MACHINE = product(
    0,
    option_groups=[
        _group("motor", _choice(FAST), _choice(SLOW), least=1),
        _group("extras", _choice(COOLER, most=2), _choice(CASE), most=2),
    ],
    option_rules=[
        {"rule": "requires", "product_id": FAST, "other_id": COOLER},
        {"rule": "excludes", "product_id": SLOW, "other_id": CASE},
    ],
)


def _told(found: Any) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in found if isinstance(each, FieldError)]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({SLOW: 1}, []),
        ({FAST: 1, COOLER: 2, CASE: 1}, []),
        ({}, [("options", "option_count")]),
        ({FAST: 1, SLOW: 1, COOLER: 1}, [("options", "option_count")]),
        ({FAST: 1}, [("options", "option_requires")]),
        ({SLOW: 1, CASE: 1}, [("options", "option_excludes")]),
        ({SLOW: 1, COOLER: 3}, [("options.1.quantity", "quantity_bounds")]),
        ({SLOW: 1, product_id(9): 1}, [("options.1.product_id", "no_option")]),
    ],
)
def test_options_keep_to_the_rules_of_their_product(chosen: dict[str, int], told: list[Any]) -> None:
    asked = [{"product_id": of, "quantity": quantity} for of, quantity in chosen.items()]

    assert _told(choices_wrong(MACHINE, asked, field="options")) == told


def test_an_option_is_chosen_once() -> None:
    twice = [{"product_id": SLOW, "quantity": 1}] * 2

    assert _told(choices_wrong(MACHINE, twice, field="o")) == [("o.1.product_id", "product_twice")]


KIT = product(
    5,
    price_from_components=True,
    components=[
        {"product_id": FAST, "quantity": 2, "least": 0, "most": 4},
        {"product_id": CASE, "quantity": 1, "least": 1, "most": 1},
    ],
)


def test_a_bundle_holds_what_is_asked_for_within_its_bounds() -> None:
    assert contents(KIT, []) == [(FAST, 2), (CASE, 1)]
    assert contents(KIT, [{"product_id": FAST, "quantity": 0}]) == [(CASE, 1)]

    asked = [{"product_id": of, "quantity": 5} for of in (FAST, FAST, COOLER)]
    assert _told(components_wrong(KIT, asked, field="c")) == [
        ("c.0.quantity", "quantity_bounds"),
        ("c.1.product_id", "product_twice"),
        ("c.2.product_id", "no_component"),
    ]


def _definition(**parts: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"components": [], "option_groups": [], "option_rules": []}
    return {**empty, "price_from_components": False, **parts}


ON_SALE = {each.id: each for each in (*(product(n) for n in range(1, 5)), KIT, product(6, axes=["colour"]))}


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        (_definition(option_groups=MACHINE.option_groups, option_rules=MACHINE.option_rules), []),
        (_definition(components=KIT.components, price_from_components=True), []),
        (_definition(components=KIT.components), [("components.0", "fixed_pieces")]),
        (
            _definition(components=[{"product_id": KIT.id, "quantity": 2, "least": 1, "most": 1}]),
            [("components.0.product_id", "no_single_product"), ("components.0.quantity", "quantity_bounds")],
        ),
        (
            _definition(option_groups=[_group("a", _choice(product_id(6)), _choice(product_id(9)))]),
            [(f"option_groups.0.choices.{n}.product_id", "no_single_product") for n in (0, 1)],
        ),
        (
            _definition(option_groups=[_group("a", _choice(FAST)), _group("a", _choice(FAST, 2, 1), most=2)]),
            [
                ("option_groups.1.id", "group_twice"),
                ("option_groups.1", "group_bounds"),
                ("option_groups.1.choices.0.product_id", "product_twice"),
                ("option_groups.1.choices.0", "quantity_bounds"),
            ],
        ),
        (
            _definition(
                option_groups=[_group("a", _choice(FAST), _choice(SLOW))],
                option_rules=[
                    {"rule": "requires", "product_id": FAST, "other_id": SLOW},
                    {"rule": "excludes", "product_id": FAST, "other_id": SLOW},
                    {"rule": "requires", "product_id": FAST, "other_id": CASE},
                ],
            ),
            [("option_rules.1", "rules_contradict"), ("option_rules.2.other_id", "no_option")],
        ),
    ],
)
def test_a_definition_is_sound_in_itself(definition: dict[str, Any], told: list[Any]) -> None:
    assert _told(definition_wrong(definition, ON_SALE)) == told
