"""What an installation decides: read from the environment, and the one secret from SSM.

Everything has a default that suits one machine, so a test or a script needs no set-up.
"""

import json
import os
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

#: Seconds after which a process reads the secrets again: a rotation reaches all within them.
SECRETS_LIVE: Final = 600


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Names in the environment are ``SALESTREAM_`` + the upper-case field."""

    stage: str
    company: str
    zone: str
    currency: str
    language: str
    site: str
    mail_from: str
    mail_port: str
    oidc_issuer: str
    oidc_audience: str
    oidc_keys: str
    phone_region: str
    files: str
    signing_port: str
    half_even: frozenset[str]


@cache
def settings() -> Settings:
    """Return this installation's settings; read once a process."""

    def read(name: str, default: str) -> str:
        return os.environ.get("SALESTREAM_" + name, default)

    return Settings(
        stage=read("STAGE", "local"),
        company=read("COMPANY", "Salestream"),
        zone=read("ZONE", "Asia/Shanghai"),
        currency=read("CURRENCY", "CNY"),
        language=read("LANGUAGE", "en"),
        site=read("SITE", ""),
        mail_from=read("MAIL_FROM", "sales@example.com"),
        mail_port=read("MAIL_PORT", "ses"),
        oidc_issuer=read("OIDC_ISSUER", ""),
        oidc_audience=read("OIDC_AUDIENCE", ""),
        oidc_keys=read("OIDC_KEYS", ""),
        phone_region=read("PHONE_REGION", "CN"),
        files=read("FILES", f"salestream-{read('STAGE', 'local')}-files"),
        signing_port=read("SIGNING_PORT", "recorded"),
        half_even=frozenset(read("HALF_EVEN", "").replace(",", " ").split()),
    )


@dataclass(frozen=True, slots=True)
class Secrets:
    """What every key is derived from.

    `look_up` never changes: by it values are found again that are kept only as digests. `sign` are
    those whose signatures hold, the first of which signs: it can be replaced (`infra.secret`).
    """

    look_up: bytes
    sign: tuple[bytes, ...]


class _Kept:
    """The secrets as they were last read."""

    secrets: Secrets | None = None
    read_at: float = 0.0


def secrets(*, at_most: float = SECRETS_LIVE) -> Secrets:
    """Return the installation's secrets, read no longer than so many seconds ago.

    ``SALESTREAM_SECRET`` when set; else the SSM SecureString that
    ``SALESTREAM_SECRET_PARAMETER`` names.
    """
    if _Kept.secrets is None or time.monotonic() - _Kept.read_at > at_most:
        _Kept.secrets, _Kept.read_at = parsed(_read_secret()), time.monotonic()
    return _Kept.secrets


def forget_secrets() -> None:
    """Have the secrets read again (tests)."""
    _Kept.secrets = None


def parsed(kept: str) -> Secrets:
    """Return secrets as they are kept: one text for all, or a document since the first rotation."""
    if not kept.startswith("{"):
        return Secrets(kept.encode(), (kept.encode(),))
    document = json.loads(kept)
    return Secrets(document["look_up"].encode(), tuple(each.encode() for each in document["sign"]))


def _read_secret() -> str:
    given = os.environ.get("SALESTREAM_SECRET")
    if given:
        return given
    from botocore.session import get_session  # heavy: only where no secret is in the environment

    name = os.environ["SALESTREAM_SECRET_PARAMETER"]
    ssm: Any = get_session().create_client("ssm")
    found = ssm.get_parameter(Name=name, WithDecryption=True)
    return str(found["Parameter"]["Value"])


def table_name(domain: str) -> str:
    """Return the DynamoDB table of a domain in this stage: ``salestream-<stage>-<domain>``."""
    return f"salestream-{settings().stage}-{domain}"
