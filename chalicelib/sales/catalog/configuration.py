"""What can be put together: options, bundles, and the rules between them. Pure.

A product's `option_groups` are ``{"id", "names", "least", "most", "choices"}``: of the choices
(``{"product_id", "least", "most"}``, pieces for one piece of the product) at least and at most so
many are taken. Its `option_rules` are ``{"rule": "requires" | "excludes", "product_id",
"other_id"}``. A bundle's `components` are ``{"product_id", "quantity", "least", "most"}``: so many
pieces unless asked for otherwise, within these bounds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.core.errors import FieldError

Row = Mapping[str, Any]
#: What a rule says of the other product when the first one is taken.
_RULES: Final = {"requires": ("option_requires", True), "excludes": ("option_excludes", False)}


def choices_wrong(product: Any, asked: Sequence[Row], *, field: str) -> Iterator[FieldError]:
    """Yield what is wrong with the options asked for with a product; `field` names their list."""
    choices = {each["product_id"]: each for group in product.option_groups for each in group["choices"]}
    taken = [each["product_id"] for each in asked]
    for at, option in enumerate(asked):
        choice = choices.get(option["product_id"])
        if choice is None:
            yield FieldError(f"{field}.{at}.product_id", "no_option")
        elif option["product_id"] in taken[:at]:
            yield FieldError(f"{field}.{at}.product_id", "product_twice")
        else:
            yield from _out_of_bounds(option["quantity"], choice, f"{field}.{at}.quantity")
    for group in product.option_groups:
        count = len({each["product_id"] for each in group["choices"]} & set(taken))
        if not group["least"] <= count <= group["most"]:
            bounds = {name: group[name] for name in ("id", "least", "most")}
            yield FieldError(field, "option_count", {**bounds, "count": count})
    yield from _rules_broken(product.option_rules, set(taken), field)


def _rules_broken(rules: Iterable[Row], taken: set[str], field: str) -> Iterator[FieldError]:
    for rule in rules:
        code, wanted = _RULES[rule["rule"]]
        if rule["product_id"] in taken and (rule["other_id"] in taken) != wanted:
            yield FieldError(field, code, {name: rule[name] for name in ("product_id", "other_id")})


def _out_of_bounds(quantity: int, row: Row, field: str) -> Iterator[FieldError]:
    if not row["least"] <= quantity <= row["most"]:
        yield FieldError(field, "quantity_bounds", {"least": row["least"], "most": row["most"]})


def components_wrong(product: Any, asked: Sequence[Row], *, field: str) -> Iterator[FieldError]:
    """Yield what is wrong with the pieces asked for of a bundle's components."""
    known = {each["product_id"]: each for each in product.components}
    taken = [each["product_id"] for each in asked]
    for at, part in enumerate(asked):
        component = known.get(part["product_id"])
        if component is None:
            yield FieldError(f"{field}.{at}.product_id", "no_component")
        elif part["product_id"] in taken[:at]:
            yield FieldError(f"{field}.{at}.product_id", "product_twice")
        else:
            yield from _out_of_bounds(part["quantity"], component, f"{field}.{at}.quantity")


def contents(product: Any, asked: Sequence[Row]) -> list[tuple[str, int]]:
    """Return what one bundle holds, as (product, pieces); components of no pieces are left out."""
    wanted = {each["product_id"]: each["quantity"] for each in asked}
    held = [
        (each["product_id"], wanted.get(each["product_id"], each["quantity"])) for each in product.components
    ]
    return [(product_id, pieces) for product_id, pieces in held if pieces]


def parts(product: Any) -> dict[str, int]:
    """Return what leaves a warehouse for one piece of a bundle, as it is put together unless asked for."""
    return goods(product, contents(product, ()))


def goods(product: Any, held: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Return what leaves a warehouse for one piece of a bundle that holds this, as pieces by product.

    Nothing for one that is kept in stock itself, put together beforehand, and for all that is no bundle.
    """
    return dict(held) if product and not product.stocked else {}


def definition_wrong(definition: Row, found: Mapping[str, Any]) -> list[FieldError]:
    """Return what is wrong with a product's components, options and rules, by field.

    `found` has the products on sale that they name.
    """
    return [
        *_components_defined(definition["components"], found, fixed=not definition["price_from_components"]),
        *_options_defined(definition["option_groups"], found),
        *_rules_defined(definition["option_rules"], definition["option_groups"]),
    ]


def _components_defined(
    components: Sequence[Row], found: Mapping[str, Any], *, fixed: bool
) -> Iterator[FieldError]:
    ids = [each["product_id"] for each in components]
    for at, each in enumerate(components):
        where = f"components.{at}"
        yield from _named(each, ids[:at], found, where)
        if not each["least"] <= each["quantity"] <= each["most"]:
            yield FieldError(f"{where}.quantity", "quantity_bounds", _bounds(each))
        elif fixed and each["least"] != each["most"]:
            # A bundle with a price of its own costs the same whatever is in it: so nothing may vary.
            yield FieldError(where, "fixed_pieces")


def _options_defined(groups: Sequence[Row], found: Mapping[str, Any]) -> Iterator[FieldError]:
    seen: list[str] = []
    for at, group in enumerate(groups):
        if group["id"] in [each["id"] for each in groups[:at]]:
            yield FieldError(f"option_groups.{at}.id", "group_twice")
        if not group["least"] <= group["most"] <= len(group["choices"]):
            yield FieldError(f"option_groups.{at}", "group_bounds", {"choices": len(group["choices"])})
        for number, choice in enumerate(group["choices"]):
            where = f"option_groups.{at}.choices.{number}"
            yield from _named(choice, seen, found, where)
            seen.append(choice["product_id"])
            if choice["least"] > choice["most"]:
                yield FieldError(where, "quantity_bounds", _bounds(choice))


def _named(row: Row, before: Sequence[str], found: Mapping[str, Any], where: str) -> Iterator[FieldError]:
    product = found.get(row["product_id"])
    if product is None or product.type in ("TEMPLATE", "BUNDLE"):
        yield FieldError(f"{where}.product_id", "no_single_product")
    elif row["product_id"] in before:
        yield FieldError(f"{where}.product_id", "product_twice")


def _rules_defined(rules: Sequence[Row], groups: Sequence[Row]) -> Iterator[FieldError]:
    choices = {each["product_id"] for group in groups for each in group["choices"]}
    said: dict[tuple[str, str], str] = {}
    for at, rule in enumerate(rules):
        pair = (rule["product_id"], rule["other_id"])
        for name in ("product_id", "other_id"):
            if rule[name] not in choices:
                yield FieldError(f"option_rules.{at}.{name}", "no_option")
        if pair[0] == pair[1] or said.setdefault(pair, rule["rule"]) != rule["rule"]:
            yield FieldError(f"option_rules.{at}", "rules_contradict")


def _bounds(row: Row) -> dict[str, int]:
    return {"least": row["least"], "most": row["most"]}
