"""What is seen of the system at work: structured logs, metrics, traces. No personal data in any."""

import os
from collections.abc import Callable
from functools import cache
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


@cache
def _tracer() -> Any:
    """Return the X-Ray tracer, or None where tracing is off (`xray` in `.chalice/config.json`)."""
    if os.environ.get("POWERTOOLS_TRACE_DISABLED", "1") == "1":
        return None
    from aws_lambda_powertools import Tracer  # heavy: brings the X-Ray SDK, only where it is asked for

    return Tracer(patch_modules=["botocore"])


def observed(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function's handler: its log lines carry its context, its metrics go out at the end.

    Where tracing is on, the invocation and its AWS calls become a trace.
    """
    if tracer := _tracer():
        handler = tracer.capture_lambda_handler(handler, capture_response=False)

    @log.inject_lambda_context(clear_state=True)
    def seen(event: Any, context: Any) -> Any:
        try:
            return handler(event, context)
        finally:
            if metrics.metric_set:
                metrics.flush_metrics()

    return seen
