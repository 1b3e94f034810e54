"""When a deal has been too long in its stage: longer than the stage is expected to take."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.core.due import minute


def clock_of(stage: Mapping[str, Any], since: datetime) -> dict[str, Any]:
    """Return `stalled_since` and `due_minute` of a deal that is in a stage since an instant.

    A deal brought in from the past may be late already; one that is not, becomes due when the
    stage's expected days are over. In a stage of closed deals nobody waits.
    """
    if stage.get("type") != "OPEN" or not stage.get("expected_days"):
        return stopped()
    late_from = since + timedelta(days=stage["expected_days"])
    if late_from <= clock.now():
        return {"stalled_since": late_from, "due_minute": None}
    return {"stalled_since": None, "due_minute": minute(late_from)}


def stopped() -> dict[str, Any]:
    """Return both for a deal that nobody waits for: closed, voided, or in a stage without a term."""
    return {"stalled_since": None, "due_minute": None}
