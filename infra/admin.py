"""Make somebody an administrator of a stage: ``python -m infra.admin --email E --stage S``.

The first one cannot be made by another. Run again it changes nothing; it is also the way back when
no administrator is left. Where the stage has a user pool of its own, the login is made too, and
Cognito mails a first password. Uses the AWS credentials and the region of the environment.
"""

import argparse
import os

from botocore.exceptions import ClientError

from infra import stack
from infra.stages import Stage, UnknownStage, stage


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--email", required=True)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--name", help="how the person is called; the address's first part when left out")
    given = parser.parse_args()
    try:
        where = stage(given.stage)
        print(appoint(where, email=given.email, name=given.name))
        if where.own_users:
            pool = stack.outputs(stack.Cloud(), where.stack)["UserPoolId"]
            print(invite(stack.Cloud(), pool, email=given.email))
    except (UnknownStage, ValueError) as wrong:
        parser.exit(2, f"admin: {wrong}\n")


def appoint(where: Stage, *, email: str, name: str | None = None) -> str:
    """Make the user an active administrator, adding them when missing; return what to tell.

    ValueError when it is no e-mail address.
    """
    os.environ.update(where.environment)
    os.environ["SALESTREAM_STAGE"] = where.name
    os.environ.setdefault("SALESTREAM_SECRET_PARAMETER", where.secret_parameter)

    from chalicelib.core import identity  # heavy: settings are read from the stage
    from chalicelib.organisation.people import service as people  # heavy: likewise its table's name

    address = identity.email(email)
    if address is None:
        raise ValueError(f"{email!r} is no e-mail address")
    user = people.appoint_administrator(email=address, name=name or address.partition("@")[0])
    return f"{user.id} ({user.name}) is an administrator of stage {where.name}"


def invite(cloud: stack.Cloud, pool: str, *, email: str) -> str:
    """Make a login in the stage's user pool unless there is one; return what to tell."""
    try:
        cloud.client("cognito-idp").admin_create_user(
            UserPoolId=pool,
            Username=email,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            DesiredDeliveryMediums=["EMAIL"],
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "UsernameExistsException":
            raise
        return "the login is there already"
    return "a login was made; its first password is on its way by mail"


if __name__ == "__main__":
    main()
