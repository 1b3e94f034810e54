"""What waits in quarantine: ``python -m infra.quarantine --stage S [--replay ID] [--drop ID]``.

Without a choice it lists what is parked: id, when, by what, why. ``--replay`` applies one again, or
all with ``--replay all``, once the cause is mended: it is logged, counted and reacted to like a
change that comes from the stream; what was done already is not done twice. ``--drop`` lets one go.
"""

import json
from collections.abc import Iterator
from typing import Any

from infra.acting import act_for, asked

#: Rows read at a time.
PAGE = 100


def main() -> None:
    """Run the command. Exit status 1 when something is parked again."""
    parser = asked(__doc__)
    parser.add_argument("--replay", metavar="ID", help="apply it again ('all': each one)")
    parser.add_argument("--drop", metavar="ID", help="let it go")
    given = parser.parse_args()
    act_for(given.stage)

    if given.drop:
        raise SystemExit(_told(given.drop, drop(given.drop)))
    if not given.replay:
        for row in waiting():
            print(f"{row.id}  {row.parked_at:%Y-%m-%d %H:%M}  {row.stage}  {row.reason}")
        return
    chosen = [row.id for row in waiting()] if given.replay == "all" else [given.replay]
    raise SystemExit(max((_told(each, replay(each)) for each in chosen), default=0))


def _told(key: str, state: str) -> int:
    print(f"{key}  {state}")
    return 0 if state in ("REPLAYED", "DROPPED") else 1


def waiting() -> Iterator[Any]:
    """Yield what is parked, newest first."""
    from chalicelib.core import quarantine  # heavy: table names are read from the stage at import

    after = None
    while True:
        page = quarantine.parked(limit=PAGE, after=after)
        yield from page.items
        after = page.after
        if after is None:
            return


def drop(key: str) -> str:
    """Let go what is parked; return its state now."""
    from chalicelib.core import quarantine  # heavy: likewise

    row = quarantine.find(key)
    return "UNKNOWN" if row is None else "DROPPED" if quarantine.settle(row, "DROPPED") else "PARKED"


def replay(key: str) -> str:
    """Apply what is parked again; return its state now.

    UNREADABLE when its body was cut for its size: feed its item instead (`infra.refeed`). BUSY
    when it met a passing fault.
    """
    from chalicelib import house  # heavy: likewise
    from chalicelib.core import changes, quarantine  # heavy: likewise

    row = quarantine.find(key)
    if row is None:
        return "UNKNOWN"
    try:
        change = _change(row.stage, json.loads(row.body))
    except (ValueError, KeyError, TypeError):
        return "UNREADABLE"
    if changes.apply([("parked", change)], house.house()):
        return "BUSY"
    return "REPLAYED" if quarantine.settle(row, "REPLAYED") else "PARKED"


def _change(stage: str, body: dict[str, Any]) -> Any:
    from chalicelib.core import changes  # heavy: likewise
    from chalicelib.core.changelog import Change  # heavy: likewise

    return changes.decode(body) if stage == "decode" else Change(**body)


if __name__ == "__main__":
    main()
