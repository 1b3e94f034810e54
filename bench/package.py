"""The size of what is deployed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def tell_size(tell: Callable[[str], None]) -> None:
    """Package for a stage in AWS and tell the size of the code and of its dependencies."""
    made = subprocess.run(
        [sys.executable, "-m", "infra.package", "--stage", "prod"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tell("Package")
    tell("  " + made.stdout.strip().splitlines()[-1].replace(str(ROOT) + "/", ""))
    for archive in sorted((ROOT / "build" / "prod" / "package").glob("*.zip")):
        tell(f"  {archive.name:20s} {archive.stat().st_size / 1e6:6.2f} MB")
