"""The packaged template and the deployed stack, each once for all tests that need it."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.package import package
from infra.stages import stage
from tests.stack import sandbox
from tests.stack.sandbox import Sandbox


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The packaged template of the stage `prod`."""
    return package(stage("prod")).template


@pytest.fixture(scope="session")
def local_template() -> dict[str, Any]:
    """The packaged template of the stage that runs on this machine."""
    return package(stage("local")).template


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The packaged app, deployed into a MiniStack of its own, with the demo company's people."""
    with sandbox.running(tmp_path_factory.mktemp("sandbox"), "--people-only") as running:
        yield running
