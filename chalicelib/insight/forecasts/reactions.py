"""What forecasts do when the day is over."""

from chalicelib.core import clock
from chalicelib.insight.forecasts import service, snapshots


def close_yesterday() -> None:
    """Keep the open deals and the forecasts of the business day that has ended."""
    service.close_day(clock.today() - snapshots.DAY)


NIGHTLY = (close_yesterday,)
