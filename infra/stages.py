"""Stages: the installations there are, as `.chalice/config.json` lists them.

To add one, add it there; its `environment_variables` are the settings of `chalicelib.core.settings`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
BUILD: Final = ROOT / "build"

#: The stage that runs on this machine, in MiniStack.
LOCAL: Final = "local"


class UnknownStage(Exception):
    """No stage of this name is listed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no stage {name!r}; .chalice/config.json has: {', '.join(names())}")


@dataclass(frozen=True, slots=True)
class Stage:
    """One installation: its name and what its operator has set in the environment."""

    name: str
    environment: dict[str, str]

    @property
    def local(self) -> bool:
        """Whether it runs on this machine, to be thrown away, rather than in AWS, to be kept."""
        return self.name == LOCAL

    @property
    def stack(self) -> str:
        """The CloudFormation stack's name, which its resources' names begin with."""
        return f"salestream-{self.name}"

    @property
    def own_users(self) -> bool:
        """Whether it has a user pool of its own: no outside OIDC issuer is set."""
        return "SALESTREAM_OIDC_ISSUER" not in self.environment

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        return self.environment.get("SALESTREAM_MAIL_FROM", "sales@example.com")

    @property
    def mailbox(self) -> list[str]:
        """The addresses and domains whose mail becomes leads; none: SES is not asked for any."""
        return self.environment.get("SALESTREAM_MAIL_IN", "").replace(",", " ").split()

    @property
    def mail_rule_set(self) -> str | None:
        """The rule set of SES to which the rule is added; None: one of its own."""
        return self.environment.get("SALESTREAM_MAIL_RULE_SET")

    @property
    def secret_parameter(self) -> str:
        """The SSM SecureString that holds the installation's secret."""
        return f"/salestream/{self.name}/secret"

    @property
    def folder(self) -> Path:
        """Where its package is made."""
        return BUILD / self.name


@cache
def config() -> dict[str, Any]:
    """Return Chalice's configuration."""
    found: dict[str, Any] = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    return found


def names() -> list[str]:
    """Return the names of all stages."""
    return list(config()["stages"])


def stage(name: str) -> Stage:
    """Return a stage by name. UnknownStage when it is not listed."""
    if name not in names():
        raise UnknownStage(name)
    return Stage(name, dict(config()["stages"][name].get("environment_variables", {})))


def functions() -> list[str]:
    """Return the names of the Lambda functions, as Chalice calls them."""
    return list(config()["lambda_functions"])


def logical_id(function: str) -> str:
    """Return what Chalice calls a function in the template."""
    if function == "api_handler":
        return "APIHandler"
    return "".join(word.capitalize() for word in function.split("_"))
