"""Having a contract signed: a port behind which a signing provider may stand.

``SALESTREAM_SIGNING_PORT`` says which; ``recorded``, the only one of the house, asks nobody: both
sides sign as they always did, and the owner records it. A provider's answer comes in by the call
that the envelope names (`sign`), with the reference that `ask` gave; the provider's own word counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from chalicelib.core.access import SYSTEM
from chalicelib.core.errors import NotFound
from chalicelib.core.settings import settings
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.contracts.models import Contract, ContractVersion
from chalicelib.sales.contracts.versions import PLAIN


@dataclass(frozen=True, slots=True)
class Paper:
    """What is signed: the uploaded file where there is one, else the text.

    `key` is where it is (`files.read`), `digest` its SHA-256.
    """

    key: str
    media: str
    digest: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is to sign for the customer, in what language they are written to (`en`, `zh-CN`)."""

    name: str
    email: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is to be signed, by whom, and where the answer goes.

    `key` names this asking for good: the same when it is made once more because an answer was lost,
    another after the customer declined. `paper` is None where no text is kept here, `signer` where the
    contract names no contact. `return_to` is the address of the contract's `sign`.
    """

    key: str
    contract_id: str
    number: str
    title: str
    text_version: int
    paper: Paper | None
    signer: Signer | None
    return_to: str


class SigningProvider(Protocol):
    """Who has contracts signed."""

    def ask(self, envelope: Envelope) -> str:
        """Ask for signatures; return the provider's reference, for the same `key` the same one.

        Blocked, naming the contract's field, for what it cannot do without, as the signer's address.
        """

    def has_signed(self, reference: str) -> bool:
        """Whether the customer signed what was asked under a reference."""


class Recorded:
    """Signatures that people give outside, and record here."""

    def ask(self, envelope: Envelope) -> str:
        """Return a reference that names the contract and the version of its text; nobody is asked."""
        return f"{envelope.number}/{envelope.text_version}"

    def has_signed(self, reference: str) -> bool:
        """Take it for signed: whoever records it says so."""
        return bool(reference)


PROVIDERS: Final[Mapping[str, SigningProvider]] = {"recorded": Recorded()}


def provider() -> SigningProvider:
    """Return the installation's provider. KeyError when it names one that is not there."""
    return PROVIDERS[settings().signing_port]


def envelope(contract: Contract, text: ContractVersion | None) -> Envelope:
    """Return what a provider is to be asked about a contract with this text, the next time it is."""
    return Envelope(
        key=f"{contract.id}/{contract.text_version}/{contract.asked + 1}",
        contract_id=contract.id,
        number=contract.number,
        title=contract.title,
        text_version=contract.text_version,
        paper=_paper(text) if text else None,
        signer=_signer(contract.contact_id) if contract.contact_id else None,
        return_to=f"{settings().site}/contracts/{contract.id}/sign",
    )


def _paper(text: ContractVersion) -> Paper:
    if text.kept_file_key:
        return Paper(text.kept_file_key, str(text.media), str(text.file_digest))
    return Paper(text.text_key, PLAIN, str(text.digest))


def _signer(contact_id: str) -> Signer | None:
    try:
        contact = accounts.contact(contact_id, who=SYSTEM)
    except NotFound:
        return None
    return Signer(contact.name, contact.email, contact.language or settings().language)
