"""The installation's secret: made once, kept in SSM as a SecureString, never in a template or a file.

``python -m infra.secret --stage S --rotate`` makes a new secret that signs from now on; what was
signed before still holds. ``--retire`` ends that for all but the newest, a day later at the
earliest, or at once with ``--now`` when the old one is known to somebody. Processes follow within
ten minutes. Look-ups by e-mail, phone, login and API key stay keyed as they are.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.acting import act_for, asked
from infra.stack import Cloud
from infra.stages import Stage

#: How long what was signed before a rotation still holds: longer than anything that is signed lives.
OVERLAP: Final = timedelta(days=1)


class TooEarly(Exception):
    """The old secret still holds what it signed."""


def main() -> None:
    """Run the command."""
    parser = asked(__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--rotate", action="store_true", help="sign with a new secret from now on")
    what.add_argument("--retire", action="store_true", help="accept only what the newest has signed")
    parser.add_argument("--now", action="store_true", help="retire without waiting a day")
    given = parser.parse_args()
    stage = act_for(given.stage)
    try:
        signing = rotate(Cloud(), stage) if given.rotate else retire(Cloud(), stage, now=given.now)
    except TooEarly as early:
        raise SystemExit(f"secret: {early}") from early
    print(f"the newest secret signs; signatures of {signing} hold")


def ensure(cloud: Cloud, stage: Stage) -> bool:
    """Make the stage's secret unless it is there; return whether it was made."""
    try:
        cloud.client("ssm").put_parameter(
            Name=stage.secret_parameter,
            Description="Signs what Salestream hands out; look-up keys are derived from it. Never delete it.",
            Value=secrets.token_urlsafe(48),
            Type="SecureString",
            Overwrite=False,
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "ParameterAlreadyExists":
            return False
        raise
    return True


def rotate(cloud: Cloud, stage: Stage) -> int:
    """Put a new secret first among those that sign; return how many hold."""
    kept, _ = _read(cloud, stage)
    return _write(cloud, stage, kept | {"sign": [secrets.token_urlsafe(48), *kept["sign"]]})


def retire(cloud: Cloud, stage: Stage, *, now: bool = False) -> int:
    """Let go all but the newest secret; return how many hold. TooEarly within a day, unless `now`."""
    kept, since = _read(cloud, stage)
    if not now and datetime.now(UTC) - since < OVERLAP:
        raise TooEarly(f"what was signed before {since:%Y-%m-%d %H:%M} UTC may still be in use")
    return _write(cloud, stage, kept | {"sign": kept["sign"][:1]})


def _read(cloud: Cloud, stage: Stage) -> tuple[dict[str, Any], datetime]:
    found = cloud.client("ssm").get_parameter(Name=stage.secret_parameter, WithDecryption=True)["Parameter"]
    value: str = found["Value"]
    kept = json.loads(value) if value.startswith("{") else {"look_up": value, "sign": [value]}
    return kept, found["LastModifiedDate"]


def _write(cloud: Cloud, stage: Stage, kept: dict[str, Any]) -> int:
    cloud.client("ssm").put_parameter(
        Name=stage.secret_parameter, Value=json.dumps(kept), Type="SecureString", Overwrite=True
    )
    return len(kept["sign"])


if __name__ == "__main__":
    main()
