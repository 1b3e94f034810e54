"""Reconcile a stage's aggregates by hand: ``python -m infra.reconcile --stage S [--look]``.

Counts everything from the tables again and repairs what differs; with ``--look`` it only tells.
It is also the way to rebuild after a formula changed or a day was lost. Uses the AWS credentials
and the region of the environment.
"""

import argparse
import json
import os


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--look", action="store_true", help="tell what differs and change nothing")
    given = parser.parse_args()
    os.environ["SALESTREAM_STAGE"] = given.stage

    from chalicelib import house  # heavy: table names are read from the stage at import
    from chalicelib.core import reconcile  # heavy: likewise

    report = reconcile.run(house.counted(), house.measures(), repair=not given.look)
    print(json.dumps(report.document(), indent=2))
    raise SystemExit(1 if report.drift else 0)


if __name__ == "__main__":
    main()
