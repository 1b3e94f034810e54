"""`make run`: the whole system on this machine, with data to play with, kept between runs.

Ctrl-C stops it. `--detach` leaves it running, `--stop` ends that; `--folder` keeps another one.
"""

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from infra.package import BadPackage
from infra.sandbox import addresses, emulator, logins, streams, warmth
from infra.sandbox.emulator import REGION, Emulator, EmulatorFailed
from infra.sandbox.installation import Installation, install
from infra.sandbox.progress import Progress
from infra.stack import DeploymentFailed
from infra.stages import LOCAL, ROOT


def main() -> None:
    """Run the command."""
    given = _arguments()
    try:
        if given.stop:
            _stop_running(given.folder)
        else:
            _run(given)
    except (BadPackage, DeploymentFailed, EmulatorFailed) as wrong:
        raise SystemExit(f"sandbox: {wrong}") from wrong


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--folder", type=Path, default=ROOT / ".sandbox", help="where its data stays")
    asked.add_argument("--port", type=int, help="where it listens (4566, or the next free one)")
    asked.add_argument("--people-only", action="store_true", help="load people and products, no history")
    asked.add_argument("--detach", action="store_true", help="leave it running and return")
    asked.add_argument("--once", action="store_true", help="stop it as soon as it is ready")
    asked.add_argument("--stop", action="store_true", help="stop the one that runs")
    return asked.parse_args()


def _run(given: argparse.Namespace) -> None:
    given.folder.mkdir(parents=True, exist_ok=True)
    _stop_running(given.folder)
    progress = Progress("sandbox")
    running = Emulator(given.folder, given.port or emulator.free_port())
    with _stopped_at_the_end(running, given):
        found = _bring_up(running, given, progress)
        progress.say(f"ready after {progress.total:.0f} s")
        print(addresses.told(found, given.folder), flush=True)
        if not (given.detach or given.once):
            running.wait()


def _bring_up(running: Emulator, given: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    with progress.step("starting MiniStack"):
        running.start()
    installed = install(running.endpoint, progress)
    if _has_data(installed):
        with progress.step("counting again what the streams may have lost"):
            _python("infra.reconcile", installed, "--stage", LOCAL)
    else:
        with progress.step("loading demo data"), streams.held_back(installed.cloud, running):
            _python("infra.demo", installed, *(["--people-only"] if given.people_only else []))
    with progress.step("signing the demo users in"):
        signed_in = logins.sign_in(installed)
    with progress.step("warming the functions"):
        warmth.warm(installed, signed_in)
    return addresses.write(given.folder, installed, signed_in)


def _has_data(installed: Installation) -> bool:
    answer = installed.cloud.client("dynamodb").scan(TableName=f"salestream-{LOCAL}-people", Limit=1)
    return bool(answer["Items"])


def _python(module: str, installed: Installation, *arguments: str) -> None:
    """Run one of our commands against the sandbox, in a process that knows only the sandbox."""
    parameter = installed.cloud.client("ssm").get_parameter(
        Name=f"/salestream/{LOCAL}/secret", WithDecryption=True
    )
    environment = emulator.outer_environment() | {
        "AWS_ENDPOINT_URL": str(installed.cloud.endpoint),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "SALESTREAM_STAGE": LOCAL,
        "SALESTREAM_SECRET": parameter["Parameter"]["Value"],
        "POWERTOOLS_METRICS_DISABLED": "true",
        "POWERTOOLS_TRACE_DISABLED": "1",
        "POWERTOOLS_LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EmulatorFailed(f"{module} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def _stopped_at_the_end(running: Emulator, given: argparse.Namespace) -> Iterator[None]:
    signal.signal(signal.SIGTERM, _leave)
    keep = False
    try:
        yield
        keep = given.detach
    except KeyboardInterrupt:
        print("\nsandbox: stopping, its data stays", flush=True)
    finally:
        if not keep:
            running.stop()


def _leave(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _stop_running(folder: Path) -> None:
    if emulator.stop_running(folder):
        print("sandbox: the one that ran is stopped, its data stays", flush=True)


if __name__ == "__main__":
    main()
