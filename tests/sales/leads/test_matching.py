"""Who is the same lead: by e-mail, by phone when nothing speaks against it, and never without evidence."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.leads import matching
from chalicelib.sales.leads.models import Lead, Touch
from tests.client import STRANGER
from tests.organisation.people.builders import EVERYBODY, hire_everybody
from tests.sales.leads.builders import a_lead, again, all_of, seen, service, taken


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def test_an_equal_e_mail_joins_the_first_lead_and_is_kept_as_a_touch() -> None:
    first = a_lead("1", email="li@example.cn", name="Li Lei")

    second = taken("2", email="li@example.cn", name="Lei Li", phone="+8613800138000")

    assert (second.how, second.matched_by, second.lead.id) == ("JOINED", "email", first.id)
    lead = again(first)
    assert (lead.touches, lead.phone, lead.name) == (1, "+8613800138000", "Li Lei")
    [touch] = all_of(Touch)
    assert (touch.lead_id, touch.details["name"]) == (first.id, "Lei Li")


def test_what_a_touch_brought_finds_the_lead_the_next_time() -> None:
    first = a_lead("1", email="li@example.cn")
    taken("2", email="li@example.cn", phone="+8613800138000")

    assert taken("3", phone="+8613800138000").lead.id == first.id


def test_an_equal_phone_is_the_same_lead_unless_the_e_mails_disagree() -> None:
    first = a_lead("1", phone="+8613800138000", name="Li Lei")

    without = taken("2", phone="+8613800138000", name="Front desk")
    other = taken("3", phone="+8613800138000", email="han@example.cn", name="Han Meimei")
    third = taken("4", phone="+8613800138000", email="wang@example.cn", name="Wang Wei")

    assert (without.lead.id, without.matched_by) == (first.id, "phone")
    assert other.lead.id == first.id  # the first had no e-mail of its own to disagree with
    [possible] = third.lead.possible_duplicates
    assert (third.how, possible["lead_id"]) == ("CREATED", first.id)


def test_an_equal_phone_and_name_is_the_same_lead_though_the_e_mails_differ() -> None:
    first = a_lead("1", phone="+8613800138000", email="li@work.cn", name="Li Lei")

    assert taken("2", phone="+8613800138000", email="li@home.cn", name="li  lei").lead.id == first.id


def test_without_e_mail_and_phone_nothing_is_ever_merged() -> None:
    leads = {taken(str(number), name="Li Lei", company="星河科技").lead.id for number in range(3)}

    assert len(leads) == 3


def test_the_same_delivery_twice_makes_one_lead_and_no_touch() -> None:
    first, second = taken("1", email="li@example.cn"), taken("1", email="li@example.cn")

    assert first.lead.id == second.lead.id
    assert all_of(Touch) == []


def test_a_known_contacts_enquiry_is_a_lead_of_their_accounts_owner() -> None:
    account = accounts.add_account(name="星河科技", by=STRANGER)
    contact = accounts.add_contact(account_id=account.id, name="Li", email="li@example.cn", by=STRANGER)

    lead = a_lead("1", email="li@example.cn")

    assert (lead.contact_id, lead.account_id, lead.owner_id) == (contact.id, account.id, STRANGER.id)
    assert lead.assignment["how"] == "ACCOUNT_OWNER"


def test_a_known_company_is_recognised_whatever_its_legal_form() -> None:
    account = accounts.add_account(name="Galaxy Tech Ltd.", by=STRANGER)

    lead = a_lead("1", email="new@example.cn", company="GALAXY TECH")

    assert seen(lead, "account_id", "contact_id", "owner_id") == (account.id, None, STRANGER.id)


def test_somebody_given_up_who_comes_again_is_open_again_and_promised_anew() -> None:
    lead = a_lead("1", email="li@example.cn")
    service.unqualify_lead(lead.id, reason="no budget", version=None, by=_owner_of(lead))

    taken("2", email="li@example.cn")

    reopened = again(lead)
    assert seen(reopened, "status", "sla_status", "unqualified_reason") == ("ASSIGNED", "DUE", None)
    assert (reopened.owner_id, reopened.assignment["how"]) == (lead.owner_id, "CAME_AGAIN")


def _owner_of(lead: Lead) -> Principal:
    return next(who for who in EVERYBODY if who.id == lead.owner_id)


def test_a_voided_leads_person_may_be_a_lead_anew_and_then_it_cannot_be_restored() -> None:
    first = a_lead("1", email="li@example.cn")
    service.void_lead(first.id, version=None, by=_owner_of(first))

    second = taken("2", email="li@example.cn")

    assert second.how == "CREATED"
    with pytest.raises(errors.AlreadyExists) as taken_by:
        service.restore_lead(first.id, version=None, by=_owner_of(first))
    assert taken_by.value.holder == second.lead.id


def test_two_who_come_at_the_same_instant_are_one_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    real, faster = matching.look_up, []

    def look_up(details: Any) -> matching.Match:
        found = real(details)
        monkeypatch.setattr(matching, "look_up", real)
        faster.append(taken("2", email="li@example.cn"))
        return found

    monkeypatch.setattr(matching, "look_up", look_up)

    late = taken("1", email="li@example.cn")

    assert (late.how, late.lead.id) == ("JOINED", faster[0].lead.id)
    assert len(all_of(Lead)) == 1
