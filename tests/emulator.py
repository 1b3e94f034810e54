"""A MiniStack of the test run's own: started for it, stopped by it, bound to 127.0.0.1.

For what moto cannot tell: concurrency, capacity units, ten thousand changes.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from chalicelib.core import table
from chalicelib.house import records
from infra.tables import QUIET, create_tables

READY_SECONDS = 90


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, **more: str) -> Iterator[str]:
    """Run a MiniStack with its files in a folder; yield its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
        "S3_DATA_DIR": str(folder / "s3"),
        # Servers of their own, which listen on every address.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        **more,
    }
    with (folder / "ministack.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _await(server, address)
            yield address
        finally:
            _stop(server)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _await(server: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"MiniStack stopped with {server.returncode}")
        try:
            with urlopen(f"{address}/_ministack/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("MiniStack did not answer in time")


@contextmanager
def pointed_at(address: str) -> Iterator[None]:
    """Have every AWS client made inside talk to an address, and every table be there, empty."""
    before = os.environ.get("AWS_ENDPOINT_URL")
    os.environ["AWS_ENDPOINT_URL"] = address
    forget_clients()
    try:
        with urlopen(f"{address}/_ministack/reset", data=b"", timeout=30):
            create_tables()
        yield
    finally:
        _restore(before)
        forget_clients()


def _restore(before: str | None) -> None:
    if before is None:
        os.environ.pop("AWS_ENDPOINT_URL", None)
    else:
        os.environ["AWS_ENDPOINT_URL"] = before


def forget_clients() -> None:
    """Drop the shared client, which keeps the address that it was made with."""
    table.connection.cache_clear()
    for model in _models():
        model._connection = None


def _models() -> Iterator[type[table.Table]]:
    yield from QUIET
    yield from records()
