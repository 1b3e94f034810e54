"""What every test stands on: an installation of its own, in-process tables, somebody to act."""

import gc
import os

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "POWERTOOLS_TRACE_DISABLED": "1",
    "POWERTOOLS_METRICS_NAMESPACE": "Salestream",
    "SALESTREAM_STAGE": "test",
    "SALESTREAM_SITE": "https://sales.example.com",
    "SALESTREAM_FILES": "salestream-test-files-123456789012",
    "SALESTREAM_SECRET": "a secret for tests only",
}

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from moto import mock_aws

from chalicelib.organisation.people import directory
from tests import emulator, memory, permissions
from tests.client import Client
from tests.faults import guard
from tests.streams import Stream

pytest_plugins = ["tests.leaks"]

settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
)
settings.load_profile("house")
memory.install()
permissions.install()
guard.install()
#: A test makes many objects that live for a moment: looking for circles among them seldom is enough.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """Leave what is imported by now out of every later look for garbage: it stays."""
    gc.collect()
    gc.freeze()


def nothing_wrong() -> None:
    """Fail for a call that DynamoDB would refuse, or the policy of the function that made it."""
    wrong = [*guard.mistakes(), *permissions.denials()]
    assert not wrong


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    """Whatever a test, and what it stands on, asks of AWS may be asked."""
    yield
    nothing_wrong()


@pytest.fixture(scope="session", autouse=True)
def watched_to_the_end() -> Iterator[None]:
    """Also what is asked while the last of it is taken down."""
    yield
    nothing_wrong()


@pytest.fixture
def tables() -> Iterator[None]:
    """Every table of the house, empty, in this process (single-threaded only)."""
    with mock_aws():
        memory.fresh_tables()
        directory.forget()
        yield


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a MiniStack that lives as long as the test run."""
    with emulator.running(tmp_path_factory.mktemp("ministack")) as address:
        yield address


@pytest.fixture
def emulated(ministack: str) -> Iterator[str]:
    """Every table of the house, empty, on MiniStack: for concurrency, capacity and volume."""
    with emulator.pointed_at(ministack):
        yield ministack


@pytest.fixture
def client(tables: None) -> Iterator[Client]:
    """The whole app, called as the gateway calls it."""
    with Client.open() as opened:
        yield opened


@pytest.fixture
def stream(tables: None) -> Stream:
    """The streams of all tables; ``stream.drain()`` delivers everything until the house is quiet."""
    return Stream()
