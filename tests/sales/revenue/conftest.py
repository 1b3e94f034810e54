"""What tests of the books begin with."""

import pytest

from tests.sales.orders.builders import Shop
from tests.sales.revenue.builders import open_shop


@pytest.fixture
def shop(tables: None) -> Shop:
    """A shop that has something to sell, and somebody to sell it to."""
    return open_shop()
