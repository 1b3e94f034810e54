"""One company, one account; one address or number, one contact."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors, guards
from chalicelib.core.step import Step
from chalicelib.customers.accounts import service as accounts
from tests.client import NORTH, REP
from tests.customers import builders

SPELLINGS = ("Acme Ltd", "ACME, Ltd.", "acme", "Ａｃｍｅ Inc.", " Acme Co., Ltd. ")


def test_every_spelling_of_a_company_has_one_key() -> None:
    assert len({accounts.identity_keys(company=name)["account_company"] for name in SPELLINGS}) == 1


@given(local=st.from_regex(r"[a-z]{6,12}", fullmatch=True), digits=st.integers(10**7, 10**8 - 1))
def test_a_key_shows_nothing_of_the_person(local: str, digits: int) -> None:
    keys = accounts.identity_keys(email=f"{local}@example.com", phone=f"138{digits}", company=None)

    assert set(keys) == {"contact_email", "contact_phone"}
    assert local not in keys["contact_email"]
    assert str(digits) not in keys["contact_phone"]


@given(st.text(max_size=30).filter(lambda text: "@" not in text))
def test_what_has_no_normal_form_has_no_key(text: str) -> None:
    assert "contact_email" not in accounts.identity_keys(email=text)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_second_account_of_a_company_is_refused_by_the_first(company: None, name: str) -> None:
    first = builders.account("Acme Ltd")

    with pytest.raises(errors.AlreadyExists) as refused:
        builders.account(name)

    assert (refused.value.code, refused.value.holder) == ("account_exists", first.id)


def test_a_duplicate_is_taken_when_it_is_meant(company: None) -> None:
    first = builders.account("Acme Ltd")
    second = builders.account("Acme Ltd", allow_duplicate=True)

    [key] = accounts.identity_keys(company="Acme").values()
    assert guards.holders([key]) == {key: first.id}
    accounts.void_account(second.id, version=None, by=REP)
    assert guards.holders([key]) == {key: first.id}


def test_a_contact_has_its_address_and_number_alone(company: None) -> None:
    acme = builders.account()
    builders.contact(acme, email="li@example.com", phone="+8613800138000")

    with pytest.raises(errors.AlreadyExists, match="contact_email_taken"):
        builders.contact(acme, email="LI@example.com")
    with pytest.raises(errors.AlreadyExists, match="contact_phone_taken"):
        builders.contact(acme, phone="138 0013 8000")


def test_people_may_share_a_switchboard_when_it_is_meant(company: None) -> None:
    acme = builders.account()
    builders.contact(acme, phone="+8613800138000")
    second = builders.contact(acme, email="wang@example.com", phone="+8613800138000", allow_duplicate=True)

    changed = accounts.change_contact(second.id, version=None, by=REP, title="Buyer", email="w@example.com")

    assert changed.claims == list(accounts.identity_keys(email="w@example.com").values())


def test_a_new_name_is_claimed_and_the_old_one_becomes_free(company: None) -> None:
    account = builders.account("Acme")

    accounts.change_account(account.id, version=None, by=REP, name="Beta", city="Wuhan")
    builders.account("Acme")

    with pytest.raises(errors.AlreadyExists):
        builders.account("Beta")


def test_a_refused_change_leaves_everything_as_it_was(company: None) -> None:
    builders.account("Acme")
    beta = builders.account("Beta")

    with pytest.raises(errors.AlreadyExists):
        accounts.change_account(beta.id, version=None, by=REP, name="Acme", city="Wuhan")

    kept = accounts.account(beta.id, who=REP)
    assert (kept.name, kept.version) == ("Beta", 1)


def test_a_voided_contact_gives_its_address_back_and_asks_for_it_again(company: None) -> None:
    acme = builders.account()
    first = builders.contact(acme, email="li@example.com")
    accounts.void_contact(first.id, version=None, by=REP)
    second = builders.contact(acme, email="li@example.com")

    with pytest.raises(errors.AlreadyExists):
        accounts.restore_contact(first.id, version=None, by=REP)
    accounts.void_contact(second.id, version=None, by=REP)

    assert accounts.restore_contact(first.id, version=None, by=REP).status == "ACTIVE"


def test_an_account_and_its_contact_are_written_in_one_step_or_not_at_all(company: None) -> None:
    builders.contact(builders.account("Acme"), email="li@example.com")
    step = Step(by=REP.id)
    owner: dict[str, Any] = {"owner_id": REP.id, "team_id": NORTH}
    beta = accounts.put_account(step, name="Beta", industry="software", **owner)
    accounts.put_contact(step, account_id=beta.id, name="Li", email="li@example.com", phone=None, **owner)

    with pytest.raises(errors.AlreadyExists, match="contact_email_taken"):
        step.commit()

    with pytest.raises(errors.NotFound):
        accounts.account(beta.id, who=REP)
    assert guards.holders(accounts.identity_keys(company="Beta").values()) == {}
