"""Passing faults of DynamoDB: which they are, and how to try again without a storm."""

import random
import time
from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import ClientError

#: Error codes and cancellation reasons after which the same call may succeed.
PASSING: Final = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
    }
)
REFUSED: Final = "ConditionalCheckFailed"


def tries(most: int) -> Iterator[int]:
    """Yield 0, 1, … after growing random pauses (0 to 20 ms, 40 ms, 80 ms …)."""
    for attempt in range(most):
        if attempt:
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter
        yield attempt


def code(error: ClientError) -> str:
    """Return the code of an AWS error."""
    return str(error.response["Error"]["Code"])


def reasons(error: ClientError) -> list[dict[str, Any]]:
    """Return why a transaction was cancelled, action by action (``Code``, perhaps ``Item``)."""
    found: Any = error.response
    return list(found.get("CancellationReasons") or ())


def is_passing(error: ClientError) -> bool:
    """Whether trying again may help: throttled, or in conflict with another transaction."""
    if code(error) != "TransactionCanceledException":
        return code(error) in PASSING
    codes = {reason.get("Code", "None") for reason in reasons(error)} - {"None"}
    return bool(codes) and codes <= PASSING
