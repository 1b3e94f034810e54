"""Faults of DynamoDB: which pass, how to try again without a storm, and when an item is too large."""

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
#: How a write is refused that would make an item larger than 400 KB; there is no code for it alone.
_TOO_LARGE: Final = ("Item size has exceeded", "Item size to update has exceeded")


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


def is_too_large(error: ClientError) -> bool:
    """Whether a write was refused because an item would be larger than 400 KB."""
    told = [error.response["Error"], *reasons(error)]
    return any(text in str(each.get("Message")) for each in told for text in _TOO_LARGE)


def is_hopeless(error: ClientError) -> bool:
    """Whether DynamoDB will refuse the same call for ever: an item too large, a key that cannot be."""
    if code(error) == "TransactionCanceledException":
        return any(reason.get("Code") == "ValidationError" for reason in reasons(error))
    return code(error) == "ValidationException"
