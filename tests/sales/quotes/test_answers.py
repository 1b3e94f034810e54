"""The customer's side: a page in their language, one acceptance however often they click, wishes."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.core import clock
from chalicelib.core.step import Step
from chalicelib.customers.activities import service as activities
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.models import Quote
from tests.client import REP, Client, Reply
from tests.platform.imports.bringing import make_bucket
from tests.sales.quotes.builders import Shop, contact_of, open_shop, sent, token_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop()


@pytest.fixture
def quote(shop: Shop) -> Quote:
    """A quote in Chinese that is with the customer."""
    return sent(shop, contact_id=contact_of(shop), title="三号线 <b>")


def _now(quote: Quote) -> Quote:
    return service.quote(quote.id, who=REP)


def _post(client: Client, token: str, what: str, **fields: str) -> Reply:
    return client.post(
        f"/q/{token}/{what}", raw=urlencode(fields).encode(), headers=FORM, address="198.51.100.4"
    )


def _tasks(quote: Quote) -> list[str]:
    found = activities.tasks(who=REP, about_id=quote.id, limit=50)
    return sorted(each.title for each in found.items)


def test_a_customer_sees_the_quote_in_its_language_or_the_other(client: Client, quote: Quote) -> None:
    own, english = (client.get(f"/q/{token_of(quote)}", query=query) for query in ({}, {"lang": "en"}))

    assert own.status == english.status == 200
    assert 'lang="zh-CN"' in own.text
    for word in ("接受报价", "Press 压力机", "8,750.00", "9,913.84 CNY", "三号线 &lt;b&gt;", "Kangnai 康奈"):
        assert word in own.text, word
    assert "Accept the quote" in english.text
    for reckoning in ("10 × 1,000.00 -1,250.00 = 8,750.00", "Tax 13 %: 1,137.50", "-1,250.00 CNY"):
        assert reckoning in english.text, reckoning
    policy = own.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_a_link_that_was_changed_leads_nowhere(client: Client, quote: Quote) -> None:
    token = token_of(quote)

    for wrong in (token[:-2], token + "x", "x" + token, token.partition(".")[0], "x", "."):
        assert client.get(f"/q/{wrong}").status == 404
        assert client.post(f"/q/{wrong}/accept", {"name": "Li"}).status == 404
    with clock.at(clock.start_of(quote.valid_until + timedelta(days=62))):
        assert client.get(f"/q/{token}").status == 404


def test_an_acceptance_is_recorded_with_name_time_and_address_once(client: Client, quote: Quote) -> None:
    token = token_of(quote)

    first = _post(client, token, "accept", name="Li Wei 李伟", lang="zh-CN")
    second = _post(client, token, "accept", name="Somebody else")

    assert (first.status, second.status) == (303, 303)
    assert first.headers["location"] == f"../{token}?lang=zh-CN&said=accepted"
    told = _now(quote)
    assert told.status == "ACCEPTED"
    assert not told.due_minute
    assert {name: told.acceptance[name] for name in ("name", "address", "on")} == {
        "name": "Li Wei 李伟",
        "address": "198.51.100.4",
        "on": clock.today().isoformat(),
    }
    assert _tasks(quote) == [f"Li Wei 李伟 已接受报价单 {quote.number}：请生成订单"]
    shown = client.get(f"/q/{token}")
    assert "此报价已被接受" in shown.text
    assert "<form" not in shown.text


def test_an_acceptance_in_json_says_what_stands(client: Client, quote: Quote) -> None:
    reply = client.post(f"/q/{token_of(quote)}/accept", {"name": "Li Wei"})

    assert (reply.status, reply.json) == (200, {"status": "ACCEPTED"})


def test_a_customer_asks_for_changes_and_can_still_accept(client: Client, quote: Quote) -> None:
    token = token_of(quote)

    for _ in range(2):
        assert _post(client, token, "changes", name="Li", message="Two more dies").status == 303

    told = _now(quote)
    assert (told.status, [(each["name"], each["message"]) for each in told.change_requests]) == (
        "PRESENTED",
        [("Li", "Two more dies")],
    )
    assert _tasks(quote) == [f"Li 希望修改报价单 {quote.number}"]
    assert "Thank you" in client.get(f"/q/{token}", query={"lang": "en", "said": "changes"}).text
    assert _post(client, token, "accept", name="Li").status == 303
    assert _now(quote).status == "ACCEPTED"


def test_what_was_revised_or_has_expired_is_seen_but_not_accepted(client: Client, quote: Quote) -> None:
    token = token_of(quote)

    with clock.at(clock.start_of(quote.valid_until + timedelta(days=1))):
        late = client.post(f"/q/{token}/accept", {"name": "Li"})
        assert (late.status, late.json["code"]) == (409, "quote_closed")
        assert "到期" in client.get(f"/q/{token}").text
    service.revise(quote.id, by=REP)
    gone = client.post(f"/q/{token}/accept", {"name": "Li"})
    assert (gone.status, gone.json["code"]) == (409, "quote_closed")
    assert "新版报价正在准备中" in client.get(f"/q/{token}").text


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 201}, {"name": "a\nb"}])
def test_an_acceptance_names_somebody(client: Client, quote: Quote, body: Any) -> None:
    reply = client.post(f"/q/{token_of(quote)}/accept", body)

    assert (reply.status, [each["field"] for each in reply.json["errors"]]) == (400, ["name"])
    assert _now(quote).status == "PRESENTED"


def test_a_customer_gets_the_pdf_in_either_language(client: Client, quote: Quote) -> None:
    make_bucket()

    for language in ("en", "zh-CN"):
        reply = client.get(f"/q/{token_of(quote)}/pdf", query={"lang": language})
        assert reply.status == 303
        assert f"quotes/{quote.id}/1-{language}.pdf" in reply.headers["location"]


def test_ten_wishes_are_enough(client: Client, quote: Quote) -> None:
    replies = [
        _post(client, token_of(quote), "changes", name="Li", message=f"No. {n}").status for n in range(11)
    ]

    assert replies == [303] * 10 + [429]


def test_of_two_clicks_at_the_same_moment_one_counts(
    client: Client, quote: Quote, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, commit = token_of(quote), Step.commit

    def overtaken(step: Step) -> None:
        monkeypatch.setattr(Step, "commit", commit)
        service.accept_by_link(token, name="The first", address="198.51.100.5")
        commit(step)

    monkeypatch.setattr(Step, "commit", overtaken)
    reply = client.post(f"/q/{token}/accept", {"name": "The second"})

    assert (reply.status, reply.json) == (200, {"status": "ACCEPTED"})
    assert _now(quote).acceptance["name"] == "The first"
    assert len(_tasks(quote)) == 1
