"""What every import needs: a bucket for its files."""

import pytest

from tests.platform.imports.bringing import make_bucket


@pytest.fixture
def bucket(tables: None) -> None:
    """The installation's bucket for files."""
    make_bucket()
