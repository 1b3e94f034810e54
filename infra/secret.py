"""The installation's secret: made once, kept in SSM as a SecureString, never in a template or a file."""

import secrets

from botocore.exceptions import ClientError

from infra.stack import Cloud
from infra.stages import Stage


def ensure(cloud: Cloud, stage: Stage) -> bool:
    """Make the stage's secret unless it is there; return whether it was made."""
    try:
        cloud.client("ssm").put_parameter(
            Name=stage.secret_parameter,
            Description="Signs what Salestream hands out; look-up keys are derived from it. Never change it.",
            Value=secrets.token_urlsafe(48),
            Type="SecureString",
            Overwrite=False,
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "ParameterAlreadyExists":
            return False
        raise
    return True
