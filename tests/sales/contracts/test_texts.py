"""The text of a contract: versions, templates, uploads, what differs, approval and signature."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.core import errors, files
from chalicelib.sales.clauses import service as clauses
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.comparing import differences
from chalicelib.sales.contracts.models import ContractVersion
from chalicelib.sales.contracts.reading import PDF, Unreadable, text_of
from tests.client import ADMIN, COLLEAGUE, MANAGER, OPERATIONS, REP
from tests.platform.imports.bringing import make_bucket
from tests.sales.contracts.builders import a_customer, drafted
from tests.sales.contracts.papers import pdf
from tests.streams import Stream

LAW = "This Agreement shall be governed by the laws of Singapore."


@pytest.fixture
def customer(tables: None) -> Iterator[str]:
    make_bucket()
    yield a_customer()
    files.forget()


def _typed(contract_id: str, text: str) -> ContractVersion:
    return service.add_text(contract_id, text=text, by=REP, version=None)


def test_a_typed_text_is_kept_and_reviewed(customer: str) -> None:
    contract = drafted(customer)

    made = _typed(contract.id, LAW)

    assert (made.number, made.status, made.characters) == (1, "READY", len(LAW))
    assert service.text(contract.id, "1", who=REP) == LAW
    assert made.review is not None
    verdicts = {each["kind"]: each["verdict"] for each in made.review["findings"]}
    assert (verdicts["GOVERNING_LAW"], verdicts["LIABILITY_CAP"]) == ("PRESENT", "MISSING")
    assert service.contract(contract.id, who=REP).text_version == 1


def test_versions_made_at_once_do_not_overwrite_each_other(customer: str) -> None:
    contract = drafted(customer)
    _typed(contract.id, "ours")

    with pytest.raises(errors.Stale):
        service.add_text(contract.id, text="theirs", by=REP, version=1)

    assert service.text(contract.id, "1", who=REP) == "ours"
    assert [each.number for each in service.versions(contract.id, who=REP, limit=9).items] == [1]


def test_a_template_draws_on_the_contract_and_blocks_what_is_still_open(customer: str) -> None:
    body = "{{customer_name}} pays {{contract_value}} until {{ends_on}} to {{bank}}."
    clause = clauses.add_clause(name="Price", language="en", body=body, by=OPERATIONS)
    template = clauses.add_template(name="Sale", language="en", clause_ids=[clause.id], by=OPERATIONS)
    contract = drafted(customer)
    asked: dict[str, Any] = {"template_id": template.id, "by": REP, "version": None}

    made = service.add_from_template(contract.id, **asked)

    assert made.missing == ["bank"]
    expected = "1. Price\n\nKangnai 康奈 pays 12000.00 CNY until 2026-12-31 to {{bank}}."
    assert service.text(contract.id, "1", who=REP) == expected
    with pytest.raises(errors.Blocked) as blocked:
        service.submit(contract.id, by=REP)
    assert [(each.field, each.code) for each in blocked.value.missing] == [
        ("text_version", "merge_fields_open")
    ]

    service.add_from_template(contract.id, values_by_field={"bank": "ICBC"}, **asked)
    assert service.submit(contract.id, by=REP).status == "IN_APPROVAL"


def test_an_uploaded_pdf_is_read_and_reviewed(customer: str, stream: Stream) -> None:
    contract, paper = drafted(customer), pdf(LAW, "Page two.")
    made = service.await_file(
        contract.id, file_name="c.pdf", media=PDF, size=len(paper), by=REP, version=None
    )

    with pytest.raises(errors.Conflict, match="file_not_there"):
        service.read_file(contract.id, "1", by=REP)
    with pytest.raises(errors.Blocked):
        service.submit(contract.id, by=REP)
    assert made.file_key in made.upload
    files.write(made.file_key, paper, media=PDF)
    service.read_file(contract.id, "1", by=REP)
    stream.drain()

    found = service.version_of(contract.id, "1", who=REP)
    assert (found.status, found.file_name) == ("READY", "c.pdf")
    assert service.text(contract.id, "1", who=REP) == f"{LAW}\n\nPage two."
    assert found.review is not None
    assert any(each["verdict"] == "PRESENT" for each in found.review["findings"])
    with pytest.raises(errors.Conflict, match="file_read_before"):
        service.read_file(contract.id, "1", by=REP)


def test_an_uploaded_file_is_opened_again_as_it_was_read_whatever_is_put_there_later(
    customer: str, stream: Stream
) -> None:
    contract, paper = drafted(customer), pdf(LAW)
    asked: dict[str, Any] = {"file_name": "合同.pdf", "media": PDF, "size": len(paper)}
    made = service.await_file(contract.id, **asked, by=REP, version=None)
    with pytest.raises(errors.Conflict, match="no_file"):
        service.file_of(contract.id, "1", who=REP)
    files.write(made.file_key, paper, media=PDF)
    service.read_file(contract.id, "1", by=REP)
    stream.drain()
    files.write(made.file_key, b"?" * len(paper), media=PDF)

    url, digest = service.file_of(contract.id, "1", who=MANAGER)

    kept = service.version_of(contract.id, "1", who=MANAGER)
    assert digest == kept.file_digest == hashlib.sha256(paper).hexdigest()
    assert kept.kept_file_key is not None
    assert kept.kept_file_key in url
    assert f"{contract.number}-v1.pdf" in url
    assert files.read(kept.kept_file_key) == paper
    with pytest.raises(errors.NotFound):
        service.file_of(contract.id, "1", who=COLLEAGUE)
    service.submit(contract.id, by=REP)
    service.approve(contract.id, by=MANAGER)
    service.send(contract.id, by=REP)
    assert service.sign(contract.id, signed_by="Wang", by=REP).signed_file_digest == digest


def test_a_file_that_is_no_contract_says_why(customer: str, stream: Stream) -> None:
    contract = drafted(customer)
    made = service.await_file(contract.id, file_name="x", media=PDF, size=3, by=REP, version=None)
    files.write(made.file_key, b"abc", media=PDF)
    service.read_file(contract.id, "1", by=REP)
    stream.drain()

    found = service.version_of(contract.id, "1", who=REP)

    assert (found.status, found.failure) == ("UNREADABLE", "damaged")
    assert service.file_of(contract.id, "1", who=REP)[1] == found.file_digest
    with pytest.raises(errors.Conflict, match="text_not_ready"):
        service.text(contract.id, "1", who=REP)
    with pytest.raises(errors.Blocked):
        service.submit(contract.id, by=REP)


@pytest.mark.parametrize(
    ("content", "media", "why"),
    [
        (pdf(""), PDF, "no_text"),
        (pdf("x")[:200], PDF, "damaged"),
        (pdf(*["x"] * 501), PDF, "too_long"),
        (b"\xff\xfe\x00", "text/plain", "not_utf8"),
        (b" \n ", "text/plain", "no_text"),
        (b"x" * 500_001, "text/plain", "too_long"),
    ],
    ids=["a scan", "cut off", "501 pages", "other encoding", "empty", "long"],
)
def test_what_cannot_be_read_has_a_reason(content: bytes, media: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        text_of(content, media)


def test_a_text_changed_after_its_approval_is_approved_anew_by_somebody_else(customer: str) -> None:
    contract = drafted(customer)
    _typed(contract.id, LAW)
    service.submit(contract.id, by=REP)
    with pytest.raises(errors.OutOfTurn):
        _typed(contract.id, "behind their back")
    approved = service.approve(contract.id, by=MANAGER)
    assert approved.approved_text == 1
    assert service.version_of(contract.id, "1", who=REP).approved_by == MANAGER.id

    second = service.add_text(contract.id, text=LAW + " And more.", by=MANAGER, version=None)
    with pytest.raises(errors.Blocked) as blocked:
        service.send(contract.id, by=REP)
    assert blocked.value.missing[0].code == "text_not_approved"
    with pytest.raises(errors.Forbidden):
        service.approve_text(contract.id, by=MANAGER)
    service.approve_text(contract.id, by=ADMIN)
    sent = service.send(contract.id, by=REP)
    assert sent.signing_reference == f"{contract.number}/2"

    with pytest.raises(errors.Conflict, match="other_signing"):
        service.sign(contract.id, signed_by="Wang", reference="other", by=REP)
    signed = service.sign(contract.id, signed_by="Wang", reference=sent.signing_reference, by=REP)
    assert signed.signed_digest == second.digest


def test_a_contract_opened_again_has_no_approved_text(customer: str) -> None:
    contract = drafted(customer)
    _typed(contract.id, LAW)
    service.submit(contract.id, by=REP)
    service.approve(contract.id, by=MANAGER)

    assert service.revise(contract.id, by=REP).approved_text is None


def test_without_a_text_there_is_nothing_to_approve(customer: str) -> None:
    contract = drafted(customer)
    service.submit(contract.id, by=REP)
    service.approve(contract.id, by=MANAGER)

    with pytest.raises(errors.Conflict, match="text_not_ready"):
        service.approve_text(contract.id, by=MANAGER)
    assert service.send(contract.id, by=REP).status == "AWAITING_SIGNATURE"


def test_versions_of_somebody_else_are_not_there(customer: str) -> None:
    contract = drafted(customer)
    _typed(contract.id, LAW)

    for number in ("1", "2", "x"):
        with pytest.raises(errors.NotFound):
            service.version_of(contract.id, number, who=COLLEAGUE)
    with pytest.raises(errors.NotFound):
        service.versions(contract.id, who=COLLEAGUE, limit=9)
    for number in ("2", "x", "01"):
        with pytest.raises(errors.NotFound):
            service.version_of(contract.id, number, who=REP)


def test_what_differs_is_told_paragraph_by_paragraph_and_word_by_word(customer: str) -> None:
    contract = drafted(customer)
    _typed(contract.id, "One\n\nPay in 30 days 付款.\n\nThree\n\nFour")
    _typed(contract.id, "One\n\nPay in 60 days 付现.\n\n  Three \n\n\nNew\n\nFour")

    changed, added = service.changes_since(contract.id, "2", since=1, who=REP)

    assert (changed.change, changed.old_number, changed.new_number) == ("CHANGED", 2, 2)
    pieces = [(piece.change, piece.text) for piece in changed.pieces]
    assert ("REMOVED", "30") in pieces
    assert ("ADDED", "60") in pieces
    assert ("REMOVED", "款") in pieces
    assert ("ADDED", "现") in pieces
    assert (added.change, added.old_number, added.new_number, added.new) == ("ADDED", None, 4, "New")
    [_, removed] = service.changes_since(contract.id, "1", since=2, who=REP)
    assert (removed.change, removed.old) == ("REMOVED", "New")


def test_too_many_paragraphs_are_not_compared() -> None:
    with pytest.raises(errors.Conflict, match="too_long_to_compare"):
        differences("a\n\n" * 4001, "a")
    assert len(differences("a\n\n" * 4000, "b\n\n" * 4000)) == 4000
