"""What clients send and see of products."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Code,
    Id,
    Instant,
    Line,
    ListQuery,
    MoneyShape,
    Price,
    Shape,
    Text,
    View,
    kept,
)

Status = Literal["ACTIVE", "RETIRED"]
Type = Literal["PRODUCT", "TEMPLATE", "VARIANT", "BUNDLE"]
Pieces = Annotated[int, Field(strict=True, ge=0, le=10_000)]
#: Components of a bundle: each is two steps of its price's explanation.
MOST_COMPONENTS = 10


class Part(Shape):
    """A part of a definition: stored whole, with its defaults."""

    def values(self) -> dict[str, Any]:
        """Return all fields."""
        return self.model_dump()


class Component(Part):
    """What a bundle holds: so many pieces, unless asked for otherwise within the bounds."""

    product_id: Id
    quantity: Pieces
    least: Pieces
    most: Pieces


class Choice(Part):
    """An option: how many pieces for one of the product."""

    product_id: Id
    least: Annotated[Pieces, Field(ge=1)] = 1
    most: Annotated[Pieces, Field(ge=1)] = 1


class OptionGroup(Part):
    """Options among which at least and at most so many are chosen."""

    id: Code
    names: Annotated[dict[Literal["en", "zh-CN"], Line], Field(min_length=1)]
    least: Annotated[int, Field(strict=True, ge=0, le=50)] = 0
    most: Annotated[int, Field(strict=True, ge=1, le=50)] = 1
    choices: Annotated[list[Choice], Field(min_length=1, max_length=50)]


class OptionRule(Part):
    """An option that requires another, or excludes it."""

    rule: Literal["requires", "excludes"]
    product_id: Id
    other_id: Id


Components = Annotated[list[Component], Field(max_length=MOST_COMPONENTS)]
OptionGroups = Annotated[list[OptionGroup], Field(max_length=20)]
OptionRules = Annotated[list[OptionRule], Field(max_length=100)]


class NewProduct(Shape):
    """A product to add. `code` is the company's own and unique; `stocked`: warehouses keep units of it.

    With `axes` it is a template, sold only as one of its variants: those name it as `parent_id`
    and have in `attributes` a value for each axis. With `components` it is a bundle.
    """

    code: Code
    name: Line
    list_price: Price
    cost: Price | None = None
    family: Line | None = None
    description: Text | None = None
    stocked: bool = False
    parent_id: Id | None = None
    axes: Annotated[list[Line], Field(max_length=10)] = Field(default_factory=list)
    attributes: Annotated[dict[Line, Line], Field(max_length=10)] = Field(default_factory=dict)
    components: Components = Field(default_factory=list)
    price_from_components: bool = False
    option_groups: OptionGroups = Field(default_factory=list)
    option_rules: OptionRules = Field(default_factory=list)


class ProductChange(Shape):
    """What to change of a product; fields left out stay, null clears family, description and cost."""

    name: Line = kept()
    list_price: Price = kept()
    cost: Price | None = None
    family: Line | None = None
    description: Text | None = None
    components: Components = kept()
    price_from_components: bool = kept()
    option_groups: OptionGroups = kept()
    option_rules: OptionRules = kept()
    status: Status = kept()
    stocked: bool = kept()


class ProductView(View):
    """A product."""

    id: str
    code: str
    name: str
    type: Type
    family: str | None
    description: str | None
    list_price: MoneyShape
    parent_id: str | None
    axes: list[str]
    attributes: dict[str, str]
    components: list[Component]
    price_from_components: bool
    option_groups: list[OptionGroup]
    option_rules: list[OptionRule]
    status: Status
    stocked: bool
    version: int
    created_at: Instant
    updated_at: Instant


class CostView(View):
    """What one piece of a product costs us."""

    id: str
    cost: MoneyShape | None


class ProductQuery(ListQuery):
    """Which products to list: those of a status, or the variants of a template."""

    status: Status = "ACTIVE"
    parent_id: Id | None = None
