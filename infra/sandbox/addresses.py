"""Where everything is: told to people, in `addresses.json` for programs, in `env.sh` for shells."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.demo.people import FORM_ID
from infra.sandbox.installation import Installation
from infra.sandbox.logins import PASSWORD, Login


def write(folder: Path, installed: Installation, logins: Sequence[Login]) -> dict[str, Any]:
    """Write the addresses into the sandbox's folder; return them."""
    found = {
        "endpoint": installed.cloud.endpoint,
        "api": installed.api,
        "docs": f"{installed.api}/docs",
        "form": f"{installed.api}/forms/{FORM_ID}",
        "form_id": FORM_ID,
        "outbox": installed.outbox,
        "user_pool_id": installed.outputs["UserPoolId"],
        "user_pool_client_id": installed.outputs["UserPoolClientId"],
        "logins": {login.name: login.document() for login in logins},
    }
    (folder / "addresses.json").write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (folder / "env.sh").write_text(_shell(found), "utf-8")
    return found


def _shell(found: dict[str, Any]) -> str:
    values = {name.upper(): found[name] for name in ("api", "form", "form_id", "outbox")}
    for name, login in found["logins"].items():
        values[f"AS_{name.upper()}"] = f"Authorization: Bearer {login['token']}"
        values[f"{name.upper()}_ID"] = login["user_id"]
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())


def told(found: dict[str, Any], folder: Path) -> str:
    """Return the addresses and logins as a person reads them."""
    logins = [
        f"  {login['email']:32} {login['role']:11} {login['name']}" for login in found["logins"].values()
    ]
    return "\n".join(
        [
            "",
            f"  API           {found['api']}",
            f"  its pages     {found['docs']}",
            f"  web form      {found['form']}",
            f"  mails sent    {found['outbox']}",
            "",
            f"  Logins (password {PASSWORD}):",
            *logins,
            "",
            f"  Addresses and tokens are in {folder / 'addresses.json'}; for a shell:",
            f'  . {folder / "env.sh"}; curl -H "$AS_MANAGER" "$API/products"',
            "",
        ]
    )
