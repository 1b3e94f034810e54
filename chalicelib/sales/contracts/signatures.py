"""Having a contract signed: a port behind which a signing provider may stand.

``SALESTREAM_SIGNING_PORT`` says which; ``recorded``, the only one of the house, asks nobody: both
sides sign as they always did, and the owner records it. A provider's answer comes in by the same
call (`sign`), with the reference that `ask` gave.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from chalicelib.core.settings import settings


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is to be signed: the contract's number and title, and its text by number and SHA-256."""

    contract_id: str
    number: str
    title: str
    text_version: int
    digest: str | None


class SigningProvider(Protocol):
    """Who has contracts signed."""

    def ask(self, envelope: Envelope) -> str:
        """Ask for signatures; return the provider's reference. Asked again for the same, the same one."""


class Recorded:
    """Signatures that people give outside, and record here."""

    def ask(self, envelope: Envelope) -> str:
        """Return a reference that names the contract and the version of its text; nobody is asked."""
        return f"{envelope.number}/{envelope.text_version}"


PROVIDERS: Final[Mapping[str, SigningProvider]] = {"recorded": Recorded()}


def provider() -> SigningProvider:
    """Return the installation's provider. KeyError when it names one that is not there."""
    return PROVIDERS[settings().signing_port]
