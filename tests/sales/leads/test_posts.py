"""A visitor's post: taken fast, once, within limits, and nothing in it that the form did not ask for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.core import clock
from chalicelib.sales.leads import form_setup
from chalicelib.sales.leads.models import Lead, Submission
from tests.client import OPERATIONS, Client, urlencode
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import LI, MONDAY, a_form, all_of, field, label, post, token
from tests.streams import Stream

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def submissions() -> list[Submission]:
    return all_of(Submission)


def leads() -> list[Lead]:
    return all_of(Lead)


def test_a_post_is_taken_at_once_and_becomes_a_lead_with_an_owner_and_a_promise(
    client: Client, stream: Stream
) -> None:
    hire_everybody()
    form = a_form(client)

    with clock.at(MONDAY):
        reply = post(
            client, form, {**LI, "seats": "12", "utm_source": "baidu", "page": "https://example.cn/"}
        )
    stream.drain()

    assert (reply.status, reply.json["redirect"]) == (202, None)
    [lead] = leads()
    assert Submission.fetch(reply.json["receipt"]).lead_id == lead.id
    assert (lead.email, lead.phone, lead.answers) == ("li.lei@example.cn", "+8613800138000", {"seats": 12})
    assert (lead.source, lead.campaign, lead.utm) == ("Web Site", "autumn", {"utm_source": "baidu"})
    assert (lead.status, lead.sla_status, lead.sla_due_at) == (
        "ASSIGNED",
        "DUE",
        MONDAY + timedelta(hours=24),
    )
    assert lead.owner_id
    assert lead.assignment["rule"] == "everybody"
    assert lead.reasons


def test_a_post_with_a_field_the_form_does_not_have_is_refused_and_names_it(client: Client) -> None:
    form = a_form(client)

    reply = post(client, form, {**LI, "owner_id": "user_1", "score": 100, "status": "CONVERTED"})

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {"owner_id", "score", "status"}
    assert submissions() == []


def test_every_wrong_field_is_told_at_once_in_the_visitors_language(client: Client) -> None:
    form = a_form(client)
    wrong = {"email": "nobody", "phone": "12", "employees": "many", "message": "x" * 5001}

    reply = post(client, form, wrong, headers={"Accept-Language": "zh-CN"})

    assert {error["field"]: error["message"] for error in reply.json["errors"]} == {
        "name": "此字段必填。",
        "email": "不是有效的邮箱地址。",
        "phone": "不是有效的电话号码。",
        "employees": "应为整数。",
        "message": "最多 5000 个字符。",
    }
    assert submissions() == []


def test_a_double_click_is_one_submission_and_gets_the_same_receipt(client: Client) -> None:
    form = a_form(client)
    sent = {**LI, "token": token(client, form)}

    first, second = post(client, form, sent), post(client, form, sent)

    assert (first.status, second.status, second.text) == (202, 202, first.text)
    assert len(submissions()) == 1


def test_posts_are_listed_apart_from_what_became_of_them(client: Client, stream: Stream) -> None:
    hire_everybody()
    form = a_form(client)
    receipts = [post(client, form, {**LI, "message": text}).json["receipt"] for text in ("one", "two")]
    stream.drain()
    [lead] = leads()

    listed = client.get(f"/lead-forms/{form['id']}/submissions", by=OPERATIONS).json["items"]
    touches = client.get(f"/leads/{lead.id}/touches", by=OPERATIONS)

    assert [each["id"] for each in listed] == sorted(receipts, reverse=True)
    assert {each["status"] for each in listed} == {"DONE"}
    assert [each["lead_id"] for each in touches.json["items"]] == [lead.id]


def test_a_used_token_does_not_carry_another_post(client: Client) -> None:
    form = a_form(client)
    used = token(client, form)
    post(client, form, {**LI, "token": used})

    reply = post(client, form, {**LI, "name": "Somebody else", "token": used})

    assert (reply.status, reply.json["code"]) == (409, "token_used")
    assert len(submissions()) == 1


@pytest.mark.parametrize(
    ("age", "code"),
    [(timedelta(seconds=1), "token_early"), (timedelta(hours=25), "token_expired")],
)
def test_a_token_is_good_from_two_seconds_to_a_day(client: Client, age: timedelta, code: str) -> None:
    form = a_form(client)

    reply = post(client, form, {**LI, "token": token(client, form, age=age)})

    assert (reply.status, [e["code"] for e in reply.json["errors"]]) == (400, [code])


def test_a_token_is_of_one_form_and_cannot_be_made_up_or_left_out(client: Client) -> None:
    form, other = a_form(client), a_form(client, name="Other")

    codes = [
        post(client, form, {**LI, "token": sent}).json["errors"][0]["code"]
        for sent in (token(client, other), "bm90aGluZw.x", "", ["a", "b"], None)
    ]

    assert codes == ["token_invalid", "token_invalid", "token_missing", "token_missing", "token_missing"]


def test_a_plain_page_may_post_without_a_token_where_the_form_says_so(client: Client) -> None:
    form = a_form(client, token_required=False, redirects=["https://www.example.cn/thanks"])

    raw = urlencode(LI).encode()
    reply = client.call("POST", f"/forms/{form['id']}/submissions", raw=raw, headers=FORM)

    assert (reply.status, reply.headers["location"]) == (303, "https://www.example.cn/thanks")
    assert len(submissions()) == 1


def test_a_plain_form_goes_on_to_the_thank_you_page_in_its_language(client: Client) -> None:
    form = a_form(client, token_required=False)
    raw = urlencode({**LI, "lang": "zh-CN"}).encode()

    reply = client.call("POST", f"/forms/{form['id']}/submissions", raw=raw, headers=FORM)
    page = client.get(f"/forms/{form['id']}/thanks", query={"lang": "zh-CN"})

    assert (reply.status, reply.headers["location"]) == (303, "thanks?lang=zh-CN")
    assert "感谢" in page.text


def test_nobody_is_sent_where_the_form_does_not_say(client: Client) -> None:
    form = a_form(client, redirects=["https://www.example.cn/thanks"])

    reply = post(client, form, {**LI, "redirect": "https://evil.example"})

    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "redirect")


def test_what_a_robot_fills_in_is_thanked_for_and_dropped(client: Client) -> None:
    form = a_form(client)

    reply = post(client, form, {**LI, "homepage": "https://spam.example", "token": "none"})

    assert reply.status == 202
    assert set(reply.json) == {"receipt", "redirect"}
    assert submissions() == []


def test_an_address_reaches_its_limit_exactly_and_is_told_when_to_come_back(client: Client) -> None:
    form = a_form(client, address_limit={"posts": 3, "seconds": 600})

    with clock.at(MONDAY):
        statuses = [post(client, form, LI).status for _ in range(4)]
        refused = post(client, form, LI)
        elsewhere = post(client, form, LI, address="198.51.100.9")
    with clock.at(MONDAY + timedelta(minutes=10)):
        later = post(client, form, LI)

    assert statuses == [202, 202, 202, 429]
    assert (refused.status, int(refused.headers["retry-after"])) == (429, 601)
    assert (elsewhere.status, later.status) == (202, 202)


def test_a_form_never_takes_more_than_its_limit_even_when_its_counter_is_split(client: Client) -> None:
    form = a_form(client, form_limit={"posts": 25, "seconds": 1}, address_limit={"posts": 99, "seconds": 60})

    with clock.at(MONDAY):
        statuses = [post(client, form, LI).status for _ in range(40)]

    assert 20 <= statuses.count(202) <= 25


def test_only_a_forms_own_sites_may_post_and_its_hosted_page_always(client: Client) -> None:
    form = a_form(client, origins=["https://www.example.cn"])

    def status(**headers: str) -> int:
        return post(client, form, LI, headers=headers).status

    assert status(Origin="https://evil.example") == 403
    assert status(Origin="https://www.example.cn") == 202
    assert status(Origin="https://api.example.cn", Host="api.example.cn") == 202
    assert status() == 202


def test_consent_is_asked_for_and_kept_with_the_text_that_was_shown(client: Client, stream: Stream) -> None:
    hire_everybody()
    texts = label("I agree to be called.", "我同意接听来电。")
    form = a_form(client, consent={"version": "2026-11", "text": texts})

    without = post(client, form, LI)
    given = post(client, form, {**LI, "consent": True, "lang": "zh-CN"})
    stream.drain()

    assert [error["field"] for error in without.json["errors"]] == ["consent"]
    assert given.status == 202
    [lead] = leads()
    kept = lead.consent
    assert (kept["given"], kept["version"], kept["text"]) == (True, "2026-11", "我同意接听来电。")


def test_more_than_16_kilobytes_are_not_read(client: Client) -> None:
    form = a_form(client)

    reply = post(client, form, {**LI, "message": "x" * 17_000})

    assert reply.status == 413
    assert submissions() == []


def test_a_paused_form_is_not_there_for_visitors(client: Client) -> None:
    form = a_form(client)
    client.patch(f"/lead-forms/{form['id']}", {"status": "PAUSED"}, by=OPERATIONS, match=1)

    assert client.get(f"/forms/{form['id']}").status == 404
    assert client.post(f"/forms/{form['id']}/submissions", LI).status == 404


def test_a_post_costs_two_round_trips(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    form = a_form(client)
    sent = {**LI, "token": token(client, form)}
    form_setup._at_hand.clear()
    calls: list[str] = []
    real = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counted(self: Any, operation: str, parameters: Any) -> Any:
        calls.append(operation)
        return real(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    assert post(client, form, sent).status == 202

    assert calls == ["GetItem", "TransactWriteItems"]


def test_boxes_ticked_under_one_name_come_as_a_list(client: Client, stream: Stream) -> None:
    hire_everybody()
    choices = [{"value": v, "label": label(v, v)} for v in ("GTX", "MG")]
    products = field("products", "CHOICES", choices=choices)
    form = a_form(client, fields=[field("email", "EMAIL", required=True), products], token_required=False)
    raw = urlencode([("email", "a@example.cn"), ("products", "GTX"), ("products", "MG")]).encode()

    client.call("POST", f"/forms/{form['id']}/submissions", raw=raw, headers=FORM)
    stream.drain()

    [lead] = leads()
    assert (lead.products, lead.name) == (["GTX", "MG"], "a@example.cn")


def test_a_post_on_friday_evening_is_promised_an_answer_in_business_hours(
    client: Client, stream: Stream
) -> None:
    hire_everybody()
    open_hours = [{"opens": "09:00", "closes": "18:00"}]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), open_hours)
    office = {"name": "Office", "zone": "Asia/Shanghai", "week": week, "holidays": ["2026-11-30"]}
    calendar = client.post("/calendars", office, by=OPERATIONS).json
    form = a_form(client, sla_hours=8, sla_calendar_id=calendar["id"])

    with clock.at(datetime(2026, 11, 27, 9, 0, tzinfo=UTC)):  # Friday, 17:00 in Shanghai
        post(client, form, LI)
    stream.drain()

    [lead] = leads()
    # One hour is left on Friday; Monday is a holiday, so seven more pass on Tuesday.
    assert lead.sla_due_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert lead.sla_remind_at == datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
