"""The packaged template and the deployed stack, each once for all tests that need it."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.package import package
from infra.sandbox.emulator import REGION
from infra.stack import Cloud
from infra.stages import stage
from tests import leaks
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
    """The packaged app, deployed into a MiniStack of its own, with the demo company's people.

    At the end nothing that its functions logged may tell of anybody.
    """
    with sandbox.running(tmp_path_factory.mktemp("sandbox"), "--people-only") as running:
        yield running
        lines = list(_logged(running))
        assert lines, "the functions have logged nothing: there was nothing to look through"
        assert not [line for line in lines if leaks.found(line)]


def _logged(running: Sandbox) -> Iterator[str]:
    """Every line that the deployed functions have logged."""
    logs = Cloud(running.addresses["endpoint"], REGION).client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
            yield from (event["message"] for event in page["events"])
