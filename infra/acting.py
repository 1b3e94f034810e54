"""Acting for a stage: an operator's command works with its tables and settings, as its functions do."""

import argparse
import os
from typing import Any

from botocore.session import get_session

from infra.stages import Stage, UnknownStage, stage


def asked(about: str | None) -> argparse.ArgumentParser:
    """Return a command's parser, with the stage it is about."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    return parser


def act_for(name: str) -> Stage:
    """Have this process read the settings of a stage. To be called before `chalicelib` is imported.

    Leaves the command when there is no such stage.
    """
    try:
        found = stage(name)
    except UnknownStage as unknown:
        raise SystemExit(str(unknown)) from unknown
    os.environ.update(found.environment)
    os.environ["SALESTREAM_STAGE"] = found.name
    os.environ.setdefault("SALESTREAM_SECRET_PARAMETER", found.secret_parameter)
    os.environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    client: Any = get_session().create_client("sts")
    os.environ["SALESTREAM_FILES"] = f"{found.stack}-files-{client.get_caller_identity()['Account']}"
    return found
