"""Numbers that people read and say on the phone: ``SO-2026-000042``."""

from datetime import date

from chalicelib.core import guards


def document_number(prefix: str, day: date) -> str:
    """Return the next number of a series in the year of a business date. Unique; gaps are possible.

    The counter runs outside the transaction of the record that uses it: inside, every two
    records made at the same moment would be in each other's way.
    """
    return f"{prefix}-{day:%Y}-{guards.next_number(f'number|{prefix}|{day:%Y}'):06d}"
