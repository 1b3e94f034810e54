"""Variants 规格: products of one template that differ in its axes, each combination once."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.core import errors
from chalicelib.core.errors import FieldError
from chalicelib.core.signing import digest
from chalicelib.core.step import Step
from chalicelib.sales.catalog.models import Product


def template_of(details: Mapping[str, Any]) -> Product | None:
    """Return the template of a product to add, None for one that is no variant.

    Invalid when the template is not there, or the attributes are not exactly one for each axis.
    """
    parent_id, attributes = details.get("parent_id"), details.get("attributes") or {}
    if parent_id is None:
        if attributes:
            raise errors.Invalid.one("attributes", "no_template")
        return None
    template = Product.find(parent_id)
    wrong = []
    if template is None or not template.axes or template.status != "ACTIVE":
        wrong.append(FieldError("parent_id", "unknown_reference"))
    elif set(attributes) != set(template.axes):
        wrong.append(FieldError("attributes", "axes", {"axes": ", ".join(template.axes)}))
    if details.get("axes"):
        wrong.append(FieldError("axes", "variant_of_variant"))
    if wrong:
        raise errors.Invalid(*wrong)
    return template


def claim(step: Step, variant: Product) -> None:
    """Claim a variant's combination. The commit raises AlreadyExists when another variant has it."""
    combination = json.dumps(variant.attributes, sort_keys=True, ensure_ascii=False)
    step.claim(f"product|variant|{variant.parent_id}|{digest('variant', combination)}", variant.id)
