"""Run every bench: ``make bench``. Exits with 1 when a figure is past its bound."""

import os
import sys
import tempfile
from pathlib import Path

os.environ |= {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_TRACE_DISABLED": "1",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "POWERTOOLS_METRICS_DISABLED": "1",
    "SALESTREAM_STAGE": "test",
    "SALESTREAM_SECRET": "a secret for the bench only",
}

from bench import cold, package, scale
from chalicelib.core import table
from tests import emulator

#: The emulator's time grows with its tables, as DynamoDB's does not: what is counted must not time out.
table.READ_SECONDS = 60

SIZES = (1_000, 100_000)


def tell(line: str) -> None:
    """Print one line of the result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run them all."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    tell("DynamoDB calls and capacity units")
    with tempfile.TemporaryDirectory() as folder, emulator.running(Path(folder)) as address:
        flat = scale.growth(address, sizes, tell)
    tell("")
    light = cold.compare(tell)
    tell("")
    package.tell_size(tell)
    raise SystemExit(0 if flat and light else 1)


if __name__ == "__main__":
    main()
