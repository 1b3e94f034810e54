"""Looking through a book, page by page: what is to be handed over next, and how far one has come."""

from typing import Any, Final

from chalicelib.core import access
from chalicelib.platform.handovers.books import BOOK, Part
from chalicelib.platform.handovers.models import Handover

#: Records of a page, and so of a batch: with the keys of their customers they fit in one step.
MOST_RECORDS: Final = 25
#: Pages that are looked through at a time: much of an old book is over, and stays.
MOST_PAGES: Final = 20

#: The part of the book, the key of the last record seen in it, and whether this round found anything.
Place = dict[str, Any]
BEGINNING: Final[Place] = {"part": 0, "after": None, "found": False}


def look_on(handover: Handover, *, left: bool) -> tuple[list[Any], Place | None]:
    """Return the next records to hand over and the place after them; no place at the book's end.

    The end is a round that found nothing: what an index told late, or came meanwhile, is seen by the
    next one. `left`: something of the last batch is still there.
    """
    place = BEGINNING | handover.place
    place["found"] = place["found"] or left
    for _ in range(MOST_PAGES):
        if place["part"] == len(BOOK):
            if not place["found"]:
                return [], None
            place = dict(BEGINNING)
        part = BOOK[place["part"]]
        records, after = _page(part, handover, place["after"])
        onward = {"after": after} if after else {"part": place["part"] + 1, "after": None}
        place = {**place, **onward, "found": place["found"] or bool(records)}
        if records:
            return records, place
    return [], place


def _page(part: Part, handover: Handover, after: Any) -> tuple[list[Any], Any]:
    seen = part.page(who=access.SYSTEM, owner_id=handover.from_id, limit=MOST_RECORDS, after=after)
    if not seen.items:
        return [], seen.after
    # As they are now: an index may still have those that were moved a moment ago.
    now = type(seen.items[0]).many((record.id for record in seen.items), consistent=True)
    mine = [record for record in now if record.owner_id == handover.from_id and part.at_work(record)]
    return sorted(mine, key=lambda record: record.id), seen.after
