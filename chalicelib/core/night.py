"""What is done once a night: each work on its own, so that none of them can keep the next from its turn."""

from collections.abc import Callable
from typing import Any

from chalicelib.core.observe import log


def work_through(*works: Callable[[], Any]) -> None:
    """Do every work, whatever becomes of those before it. Raises all that failed at the end.

    The invocation fails then, and AWS begins it again: each work is safe to repeat.
    """
    failed: list[Exception] = []
    for work in works:
        try:
            work()
        except Exception as failure:
            log.exception("nightly work failed")
            failed.append(failure)
    if failed:
        raise ExceptionGroup("nightly work failed", failed)
