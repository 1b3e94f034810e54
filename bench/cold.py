"""Cold start and warm CPU, against a bare Chalice and PynamoDB function, in the same run.

Both are run in fresh processes, in turn, and compared pair by pair: machines drift, ratios do
not. A fresh process imports the app and answers its first request; then it answers a thousand more.
Both store the same item. DynamoDB's answers are canned before the wire, so only our own work is timed.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROUNDS = 9
#: How many times a bare function's CPU the import and a warm request may take.
MOST = 1.5
ROOT = Path(__file__).parents[1]
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "SALESTREAM_SECRET": "bench",
    "PATH": os.environ["PATH"],
}


def measure(name: str) -> dict[str, float]:
    """Return CPU seconds of import, of the first request, and of one warm request, in a fresh process."""
    folder = ROOT / "bench" / "bare" if name == "bare" else ROOT
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "subject.py"), name],
        cwd=folder,
        env={**ENVIRONMENT, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def compare(tell: Callable[[str], None], rounds: int = ROUNDS) -> bool:
    """Measure both in turn and tell the medians and the pairwise ratios; whether they keep their bound."""
    pairs = [(measure("ours"), measure("bare")) for _ in range(rounds)]
    tell(f"CPU, {rounds} pairs of fresh processes, median (ratio ours / bare: median of pairs)")
    ratios = {}
    for figure in ("import", "first", "warm"):
        ours, bare = [a[figure] for a, _ in pairs], [b[figure] for _, b in pairs]
        ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
        ratios[figure] = ratio
        tell(f"  {figure:7s} ours {_ms(ours)}   bare {_ms(bare)}   ratio {ratio:.2f}")
    return ratios["import"] <= MOST and ratios["warm"] <= MOST


def _ms(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:8.2f} ms"
