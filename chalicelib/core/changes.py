"""Changes: what the tables' streams tell, and what the house does about each.

For each batch: the change log, then the aggregates, then the reactions of whoever cares. A
passing fault fails the batch from the first record not done (`batchItemFailures`); what can
never succeed goes to quarantine with its body, and is counted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.core import aggregates, changelog, clock, ids
from chalicelib.core.attributes import plain
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Measures
from chalicelib.core.observe import count, log
from chalicelib.core.quarantine import park
from chalicelib.core.table import PASSING_ERRORS, may_pass

#: What a domain does when something changed elsewhere; must be safe to repeat.
Reaction = Callable[[Change], None]
Reactions = Mapping[str, Sequence[Reaction]]


@dataclass(frozen=True, slots=True)
class House:
    """Who measures and who reacts, by kind of item."""

    measures: Measures
    reactions: Reactions


def decode(record: Mapping[str, Any]) -> Change:
    """Return a stream record as a change. ValueError for what is not one of our items."""
    stream = record["dynamodb"]
    before = plain(stream.get("OldImage") or {}) or None
    after = plain(stream.get("NewImage") or {}) or None
    image = after or before
    if image is None or "id" not in image:
        raise ValueError("no image with an id")
    version = image.get("version")
    if not isinstance(version, int):
        raise ValueError("no whole version")
    # A row removed by hand leaves no version of its own: the one after its last.
    return Change(
        kind=ids.kind_of(image["id"]),
        id=image["id"],
        version=version if after else version + 1,
        before=before,
        after=after,
        at=(image if after else {}).get("updated_at") or clock.iso(clock.now()),
    )


def deliver(event: Mapping[str, Any], house: House) -> dict[str, Any]:
    """Apply one batch of stream records; return the partial batch answer that Lambda understands."""
    records = event["Records"]
    changes: list[tuple[str, Change]] = []
    for record in records:
        sequence = record["dynamodb"]["SequenceNumber"]
        try:
            changes.append((sequence, decode(record)))
        except (ValueError, KeyError, TypeError) as unreadable:
            park("decode", record, unreadable)
    failed = apply(changes, house)
    return {"batchItemFailures": [{"itemIdentifier": failed}] if failed else []}


def apply(changes: Sequence[tuple[str, Change]], house: House) -> str | None:
    """Log, count and react to numbered changes; return the number to go on from after a passing fault."""
    told = [change for _, change in changes]
    try:
        _each("log", changelog.append, told)
        _each("aggregates", partial(aggregates.apply, measures=house.measures), told)
    except PASSING_ERRORS:
        log.exception("batch will come again", records=len(told))
        count("BatchesRetried")
        # Lambda takes the lowest number reported as its checkpoint: all from here come again.
        return changes[0][0]
    for sequence, change in changes:
        if not react(change, house.reactions):
            return sequence
    return None


def _each(stage: str, write: Callable[[Sequence[Change]], None], changes: Sequence[Change]) -> None:
    """Write changes; one that DynamoDB will never take is parked, and its neighbours go on.

    Halved until it stands alone: to report the batch would bring all of it again and again, and
    lose it whole at the end.
    """
    try:
        write(changes)
    except (ClientError, PynamoDBException) as refused:
        if may_pass(refused):
            raise
        if len(changes) == 1:
            park(stage, changes[0].document(), refused)
            return
        half = len(changes) // 2
        _each(stage, write, changes[:half])
        _each(stage, write, changes[half:])


def react(change: Change, reactions: Reactions) -> bool:
    """Run every reaction to a change. False when one met a passing fault and is to come again."""
    for reaction in reactions.get(change.kind, ()):
        try:
            reaction(change)
        except Exception as fault:
            if may_pass(fault):
                log.exception("reaction will come again", reaction=reaction.__qualname__, item=change.id)
                count("ReactionsRetried")
                return False
            park(f"{reaction.__module__}.{reaction.__qualname__}", change.document(), fault)
    return True


def feed(changes: Iterable[Change], house: House, *, forced: bool = False) -> int:
    """Give changes to the aggregates without a stream (rebuild, repair); return how many.

    `forced` measures again also what is already counted at this version.
    """
    batch = list(changes)
    aggregates.apply(batch, house.measures, forced=forced)
    return len(batch)
