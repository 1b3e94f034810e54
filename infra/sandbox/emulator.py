"""MiniStack as a child process: started in a folder of its own, bound to this machine, stopped cleanly.

Stopped by SIGTERM it saves its state; killed otherwise it starts again from what it last saved.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from infra.sandbox import workplace

REGION: Final = "us-east-1"
USUAL_PORT: Final = 4566
#: Seconds to come up, and to save what it holds.
START_SECONDS, STOP_SECONDS = 30, 60


class EmulatorFailed(Exception):
    """MiniStack did not start or did not stop; the message says where its log is."""


@dataclass
class Emulator:
    """One MiniStack with its state in a folder. `endpoint` is where every AWS service answers."""

    folder: Path
    port: int
    _child: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def endpoint(self) -> str:
        """The address of all services."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What MiniStack and the functions in it say."""
        return self.folder / "ministack.log"

    @property
    def note(self) -> Path:
        """Where the process id stands while it runs, for commands that come later."""
        return self.folder / "running.json"

    def start(self) -> None:
        """Start it and wait until it answers. EmulatorFailed when it does not."""
        state = self.folder / "state"
        state.mkdir(parents=True, exist_ok=True)
        work = workplace.fresh(self.folder)
        _forget_stream_positions(state)
        environment = outer_environment() | {
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            # Functions then call as their roles, and are refused what their policies do not allow.
            "AUTH": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state),
            "TMPDIR": str(work),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "LOG_LEVEL": "INFO",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }
        with self.log.open("ab") as log:
            # In a session of its own: Ctrl-C is ours to hear, so that it is stopped once and cleanly.
            self._child = subprocess.Popen(
                [sys.executable, "-m", "infra.sandbox.ministack"],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.note.write_text(json.dumps({"pid": self._child.pid}), "utf-8")
        self._await_answer(self._child)

    def _await_answer(self, child: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and child.poll() is None:
            if answers(self.endpoint):
                return
            time.sleep(0.05)
        raise EmulatorFailed(f"MiniStack did not start; its log is {self.log}")

    def stop(self) -> None:
        """Stop it; it saves its state first."""
        if self._child:
            self._child.terminate()
            try:
                self._child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired as late:
                raise EmulatorFailed(f"MiniStack did not stop; its log is {self.log}") from late
            self._child = None
            self.note.unlink(missing_ok=True)
            workplace.clear(self.folder)

    def wait(self) -> None:
        """Wait until it ends by itself."""
        if self._child:
            self._child.wait()


def outer_environment() -> dict[str, str]:
    """Return the environment without what somebody has set for another installation.

    MiniStack hands its own environment on to the functions.
    """
    foreign = ("AWS_", "POWERTOOLS_", "SALESTREAM_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def answers(endpoint: str) -> bool:
    """Whether a MiniStack answers at an address."""
    try:
        with urlopen(f"{endpoint}/_ministack/health", timeout=1):  # noqa: S310 - on this machine
            return True
    except OSError:
        return False


def stop_running(folder: Path) -> bool:
    """Stop the MiniStack of a folder that an earlier command left running; return whether there was one."""
    note = Emulator(folder, USUAL_PORT).note
    if not note.exists():
        return False
    pid = json.loads(note.read_text("utf-8"))["pid"]
    found = _is_ministack(pid)
    if found:
        _stop_process(pid)
        workplace.clear(folder)
    note.unlink(missing_ok=True)
    return found


def _is_ministack(pid: int) -> bool:
    # The number may have gone to somebody else since.
    done = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "ministack" in done.stdout


def _stop_process(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if not _is_ministack(pid):
            return
        time.sleep(0.1)
    raise EmulatorFailed(f"process {pid} did not stop")


def free_port(first: int = USUAL_PORT) -> int:
    """Return the first port from this one on that nobody listens on."""
    for port in range(first, first + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise EmulatorFailed(f"no free port from {first} on")


def _forget_stream_positions(state: Path) -> None:
    """Have every stream read from its beginning.

    MiniStack keeps the positions of event sources over a restart, but not the streams' records:
    new changes would lie before the kept positions and never be delivered.
    """
    saved = state / "lambda.json"
    if not saved.exists():
        return
    wrapped: dict[str, Any] = json.loads(saved.read_text("utf-8"))
    positions = wrapped["payload"]["dynamodb_stream_positions"]
    positions["data"] = {}
    saved.write_text(json.dumps(wrapped), "utf-8")
