"""Having contracts signed by a provider: what it is given, and whose word counts."""

from collections.abc import Iterator
from hashlib import sha256

import pytest

from chalicelib.core import errors, files
from chalicelib.core.errors import FieldError
from chalicelib.core.settings import settings
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.contracts import service, signatures
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.reading import PDF
from chalicelib.sales.contracts.signatures import Envelope, Signer
from tests.client import MANAGER, REP, Client
from tests.platform.imports.bringing import make_bucket
from tests.sales.contracts.builders import a_customer, drafted
from tests.sales.contracts.papers import pdf
from tests.streams import Stream


class Pen:
    """A provider that needs the signer's address, and answers each key with one reference."""

    def __init__(self) -> None:
        self.asked: dict[str, Envelope] = {}
        self.signed: set[str] = set()

    def ask(self, envelope: Envelope) -> str:
        """Take an envelope."""
        if envelope.signer is None or envelope.signer.email is None:
            raise errors.Blocked(FieldError("contact_id", "missing"))
        self.asked[envelope.key] = envelope
        return f"pen-{sorted(self.asked).index(envelope.key)}"

    def has_signed(self, reference: str) -> bool:
        """Whether somebody put their name there."""
        return reference in self.signed


@pytest.fixture
def pen(tables: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pen]:
    made = Pen()
    monkeypatch.setattr(signatures, "PROVIDERS", {**signatures.PROVIDERS, "pen": made})
    monkeypatch.setenv("SALESTREAM_SIGNING_PORT", "pen")
    settings.cache_clear()
    make_bucket()
    yield made
    files.forget()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def contract(pen: Pen) -> Contract:
    account_id = a_customer()
    details = {"name": "Wang Li 王丽", "email": "wang@kangnai.example", "language": "zh-CN"}
    signer = accounts.add_contact(account_id=account_id, by=REP, **details)
    return drafted(account_id, contact_id=signer.id)


def _negotiated(contract: Contract) -> Contract:
    service.submit(contract.id, by=REP)
    return service.approve(contract.id, by=MANAGER)


def test_a_provider_is_given_the_text_the_signer_and_where_to_answer(pen: Pen, contract: Contract) -> None:
    service.add_text(contract.id, text="We agree. 双方同意。", by=REP, version=None)

    sent = service.send(_negotiated(contract).id, by=REP)

    [asked] = pen.asked.values()
    assert sent.signing_reference == "pen-0"
    assert asked.signer == Signer("Wang Li 王丽", "wang@kangnai.example", "zh-CN")
    assert asked.return_to == f"https://sales.example.com/contracts/{contract.id}/sign"
    assert asked.paper is not None
    content = files.read(asked.paper.key)
    assert (content.decode(), asked.paper.media) == ("We agree. 双方同意。", "text/plain; charset=utf-8")
    assert asked.paper.digest == sha256(content).hexdigest()


def test_of_an_uploaded_text_the_file_is_signed(pen: Pen, contract: Contract, stream: Stream) -> None:
    paper = pdf("We agree.")
    details = {"file_name": "c.pdf", "media": PDF, "size": len(paper)}
    made = service.await_file(contract.id, by=REP, version=None, **details)  # type: ignore[arg-type]
    files.write(made.file_key, paper, media=PDF)
    service.read_file(contract.id, "1", by=REP)
    stream.drain()

    service.send(_negotiated(contract).id, by=REP)

    [asked] = pen.asked.values()
    assert asked.paper is not None
    assert (files.read(asked.paper.key), asked.paper.media) == (paper, PDF)


def test_what_is_sent_again_after_it_was_declined_is_another_asking(pen: Pen, contract: Contract) -> None:
    service.send(_negotiated(contract).id, by=REP)
    service.decline(contract.id, reason="Price", by=REP)
    service.negotiate(contract.id, by=REP)

    assert service.send(contract.id, by=REP).signing_reference == "pen-1"
    assert [key.rpartition("/")[2] for key in pen.asked] == ["1", "2"]


def test_a_contract_without_a_signer_is_not_sent_to_a_provider_that_needs_one(
    pen: Pen, contract: Contract
) -> None:
    nobody = _negotiated(drafted(contract.account_id))

    with pytest.raises(errors.Blocked) as blocked:
        service.send(nobody.id, by=REP)

    assert [each.field for each in blocked.value.missing] == ["contact_id"]


def test_a_signature_counts_by_the_word_of_the_provider(pen: Pen, contract: Contract) -> None:
    reference = service.send(_negotiated(contract).id, by=REP).signing_reference
    for claimed in (None, reference):
        with pytest.raises(errors.Conflict, match="not_signed_there"):
            service.sign(contract.id, signed_by="Wang Li", reference=claimed, by=REP)

    pen.signed.add(str(reference))

    signed = service.sign(contract.id, signed_by="Wang Li", reference=reference, by=REP)
    assert signed.status == "SIGNED"
    assert not signed.signed_by_hand


def test_a_signature_past_the_provider_keeps_its_reason(pen: Pen, contract: Contract, client: Client) -> None:
    service.send(_negotiated(contract).id, by=REP)
    path = f"/contracts/{contract.id}/sign"

    refused = client.post(path, {"signed_by": "Wang Li"}, by=REP)
    assert (refused.status, refused.json["code"]) == (409, "not_signed_there")
    signed = client.post(path, {"signed_by": "Wang Li", "by_hand": "On paper, at the fair"}, by=REP)
    assert (signed.json["status"], signed.json["signed_by_hand"]) == ("SIGNED", "On paper, at the fair")
