"""What tests of stock begin with."""

import pytest

from chalicelib.sales.inventory.models import Warehouse
from tests.organisation.people.builders import hire_everybody
from tests.sales.inventory.builders import product, warehouse


@pytest.fixture
def gtx(tables: None) -> str:
    """A product that is kept in stock, as its id."""
    hire_everybody()
    return product()


@pytest.fixture
def sz(gtx: str) -> Warehouse:
    """A warehouse."""
    return warehouse("SZ")
