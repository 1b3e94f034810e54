"""Who can sign in to the sandbox: accounts in its user pool, and a token for each."""

from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.demo.people import LOGINS, PEOPLE, Person
from infra.sandbox.installation import Installation

#: Of every demo login; they exist on this machine only.
PASSWORD: Final = "Salestream-2026"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Login:
    """A demo user's way in; `token` is an ID token, good for a day."""

    name: str
    person: Person
    token: str

    def document(self) -> dict[str, str]:
        """Return it as `addresses.json` has it."""
        return {
            "name": self.person.name,
            "role": self.person.role,
            "user_id": self.person.id,
            "email": self.person.email,
            "password": PASSWORD,
            "token": self.token,
        }


def sign_in(installed: Installation) -> list[Login]:
    """Make the demo accounts unless they are there, and sign each in."""
    people = {person.key: person for person in PEOPLE}
    return [login(installed, name, people[key]) for name, key in LOGINS.items()]


def login(installed: Installation, name: str, person: Person) -> Login:
    """Make an account for somebody unless there is one, and sign them in."""
    cognito: Any = installed.cloud.client("cognito-idp")
    pool = installed.outputs["UserPoolId"]
    attributes = {"email": person.email, "email_verified": "true", "name": person.name}
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=person.email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "UsernameExistsException":
            raise
    cognito.admin_set_user_password(UserPoolId=pool, Username=person.email, Password=PASSWORD, Permanent=True)
    answer = cognito.initiate_auth(
        ClientId=installed.outputs["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": person.email, "PASSWORD": PASSWORD},
    )
    return Login(name, person, answer["AuthenticationResult"]["IdToken"])
