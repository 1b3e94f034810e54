"""The packaged template, once for all tests that read it."""

from typing import Any

import pytest

from infra.package import package
from infra.stages import stage


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The packaged template of the stage `prod`."""
    return package(stage("prod")).template


@pytest.fixture(scope="session")
def local_template() -> dict[str, Any]:
    """The packaged template of the stage that runs on this machine."""
    return package(stage("local")).template
