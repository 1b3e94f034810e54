"""What interactions contribute to the figures: how many of each type, by month and owner."""

from collections.abc import Iterator

from chalicelib.core.measures import Cell, Image


def interactions(activity: Image) -> Iterator[Cell]:
    """Count an interaction in the month it happened (where the company is), for who had it."""
    row = f"{activity['created_month']}|{activity['owner_id']}"
    yield Cell("activities|owner", row, {f"{activity['type']}.count": 1})


MEASURES = {"activity": interactions}
