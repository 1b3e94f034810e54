"""What is seen of the system at work: structured logs, metrics, traces. No personal data in any."""

import os
from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "salestream")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Salestream")

log: Final = Logger()
metrics: Final = Metrics()


def count(name: str, value: float = 1) -> None:
    """Add to a metric of this invocation; alarms watch some of them (`infra/alarms.py`)."""
    metrics.add_metric(name, MetricUnit.Count, value)


def observed(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function's handler: its log lines carry its context, its metrics go out at the end."""

    @log.inject_lambda_context(clear_state=True)
    def seen(event: Any, context: Any) -> Any:
        try:
            return handler(event, context)
        finally:
            if metrics.metric_set:
                metrics.flush_metrics()

    return seen
