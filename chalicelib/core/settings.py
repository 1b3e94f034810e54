"""What an installation decides: read from the environment, and the one secret from SSM.

Everything has a default that suits one machine, so a test or a script needs no set-up.
"""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any


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
        half_even=frozenset(read("HALF_EVEN", "").replace(",", " ").split()),
    )


@cache
def secret() -> bytes:
    """Return the installation's secret, from which every signing and look-up key is derived.

    ``SALESTREAM_SECRET`` when set; else the SSM SecureString that
    ``SALESTREAM_SECRET_PARAMETER`` names, fetched once a process.
    """
    given = os.environ.get("SALESTREAM_SECRET")
    if given:
        return given.encode()
    from botocore.session import get_session  # heavy: only where no secret is in the environment

    name = os.environ["SALESTREAM_SECRET_PARAMETER"]
    ssm: Any = get_session().create_client("ssm")
    found = ssm.get_parameter(Name=name, WithDecryption=True)
    return str(found["Parameter"]["Value"]).encode()


def table_name(domain: str) -> str:
    """Return the DynamoDB table of a domain in this stage: ``salestream-<stage>-<domain>``."""
    return f"salestream-{settings().stage}-{domain}"
