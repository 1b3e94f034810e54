"""The tables' streams in MiniStack: held back while data is loaded, which is counted directly."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from infra.sandbox.emulator import Emulator
from infra.stack import Cloud


@contextmanager
def held_back(cloud: Cloud, emulator: Emulator) -> Iterator[None]:
    """Deliver none of the changes made inside: whoever loads them feeds the aggregates.

    MiniStack forgets stream records when it restarts; that is how they are let go here.
    """
    _enable(cloud, on=False)
    yield
    emulator.stop()
    emulator.start()
    _enable(cloud, on=True)


def _enable(cloud: Cloud, *, on: bool) -> None:
    client = cloud.client("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)
    if not on:
        time.sleep(0.2)  # a batch may be on its way
