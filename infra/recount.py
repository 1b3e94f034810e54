"""Count anew what customers owe, make missing books: ``python -m infra.recount --stage S [--look]``.

Each order says what is owed by it, each contract what is of its bills, each account owes the sum of them,
and what is in force has its books: what differs is set right, also while business goes on; with ``--look`` it
is only told. It is the way to take in what is from before there were credit and books. Safe to stop, and to
repeat.
"""

import json
from dataclasses import asdict
from typing import Any

from infra.acting import act_for, asked


def main() -> None:
    """Run the command. Exit status 1 when something still is, or with ``--look`` was, wrong."""
    parser = asked(__doc__)
    parser.add_argument("--look", action="store_true", help="tell what differs, and change nothing")
    given = parser.parse_args()
    act_for(given.stage)

    found = recount(look=given.look)
    print(json.dumps(found, indent=2))
    raise SystemExit(1 if found["exposure"]["drift"] or found["books"]["left"] else 0)


def recount(*, look: bool = False) -> dict[str, Any]:
    """Count what is owed and look for books; return what was found of both."""
    from chalicelib.sales.revenue import service as revenue  # heavy: table names are read from the stage

    exposure = revenue.recount(repair=not look)
    books = revenue.catch_up(repair=not look)
    return {"exposure": asdict(exposure), "books": asdict(books)}


if __name__ == "__main__":
    main()
