"""An open deal as it stood at the end of a day, and how many of them fit into one item."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any, Final

#: DynamoDB takes 400 KB an item; the rest is for its bookkeeping and the change log's line about it.
MOST_BYTES: Final = 350_000
#: What a row takes beside its deal's id: six places in the names and an amount.
ROW_BYTES: Final = 48


@dataclass(frozen=True, slots=True)
class Standing:
    """An open deal as it stood: `stage` is ``<pipeline_id>|<stage_id>``, `minor` its amount."""

    stage: str
    minor: int
    currency: str
    close_on: str | None
    category: str
    owner_id: str
    team_id: str | None

    def texts(self) -> set[str]:
        """Return the texts it is made of."""
        return {value for value in astuple(self) if isinstance(value, str)}


#: Deals by id.
Standings = dict[str, Standing]
#: A deal with its texts as places in a list of names; in the order of `Standing`.
Row = list[int | None]


def standing(image: Mapping[str, Any]) -> Standing | None:
    """Return an image of a deal as a snapshot has it; None unless it is open."""
    if image.get("status") != "OPEN":
        return None
    return Standing(
        stage=f"{image['pipeline_id']}|{image['stage_id']}",
        minor=image["amount"]["minor"],
        currency=image["amount"]["currency"],
        close_on=image.get("close_on"),
        category=image.get("category_override") or image["forecast_category"],
        owner_id=image["owner_id"],
        team_id=image.get("team_id"),
    )


def packed(deals: Standings) -> tuple[list[str], dict[str, Row]]:
    """Return the texts of deals, each once, and the deals as rows that name their places."""
    names = sorted({text for deal in deals.values() for text in deal.texts()})
    places = {name: place for place, name in enumerate(names)}
    return names, {deal_id: _row(deal, places) for deal_id, deal in deals.items()}


def _row(deal: Standing, places: Mapping[str, int]) -> Row:
    return [places[value] if isinstance(value, str) else value for value in astuple(deal)]


def unpacked(names: list[str], rows: Mapping[str, list[Any]]) -> Standings:
    """Return the deals that `packed` made rows of."""
    return {deal_id: _deal(row, names) for deal_id, row in rows.items()}


def _deal(row: list[Any], names: list[str]) -> Standing:
    stage, minor, currency, close_on, category, owner_id, team_id = row
    return Standing(
        stage=names[stage],
        minor=minor,
        currency=names[currency],
        close_on=None if close_on is None else names[close_on],
        category=names[category],
        owner_id=names[owner_id],
        team_id=None if team_id is None else names[team_id],
    )


def in_parts(deals: Standings) -> Iterator[Standings]:
    """Yield the deals, by id, in parts that fit an item; at least one, which may be empty.

    The same deals always make the same parts.
    """
    part: Standings = {}
    names: set[str] = set()
    size = 0
    for deal_id in sorted(deals):
        deal = deals[deal_id]
        more = _bytes(deal_id, deal.texts() - names)
        if part and size + more > MOST_BYTES:
            yield part
            part, names, size = {}, set(), 0
            more = _bytes(deal_id, deal.texts())
        part[deal_id] = deal
        names |= deal.texts()
        size += more
    yield part


def _bytes(deal_id: str, texts: set[str]) -> int:
    return len(deal_id) + ROW_BYTES + sum(len(text.encode()) + 1 for text in texts)
