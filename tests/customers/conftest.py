"""The company at work: everybody of ``tests/client.py`` is hired."""

import pytest

from tests.organisation.people.builders import hire_everybody


@pytest.fixture
def company(tables: None) -> None:
    """Teams North and South and their people."""
    hire_everybody()
