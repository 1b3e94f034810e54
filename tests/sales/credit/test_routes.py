"""Credit over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from tests.client import FINANCE, MANAGER, OPERATIONS, REP, STRANGER, Client
from tests.sales.credit.builders import decided, earned, limit, owe, terms
from tests.sales.orders.builders import Shop, open_shop

REVIEW = {"grade": "A", "until": "2099-12-31", "reason": "Bank guarantee 保函"}
WHY = {"reason": "Insolvent"}


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop()


def in_cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def policy(**change: Any) -> dict[str, Any]:
    """Return a policy as operations send it."""
    grades = {
        "A": earned(3),
        "B": earned(9, limits=[in_cny("5000.00")], payment_days=45),
        "C": earned(30),
        "D": terms(cash_only=True),
    }
    return {"default_grade": "B", "grades": grades} | change


def test_nobody_reads_credit_without_signing_in(client: Client) -> None:
    for path in ("/credit", "/credit/account_1", "/credit-policy"):
        assert client.get(path).status == 401


def test_a_customer_of_somebody_else_is_not_there(client: Client, shop: Shop) -> None:
    at = f"/credit/{shop.account_id}"
    owe(1, account_id=shop.account_id)

    assert client.get(at, by=STRANGER).status == 404
    assert client.get(at, by=REP).status == 200
    assert client.get("/credit/account_" + "0" * 26, by=FINANCE).status == 404
    mine, others = (
        client.get("/credit", query={"grade": "B"}, by=who).json["items"] for who in (REP, STRANGER)
    )
    assert ([each["account_id"] for each in mine], others) == ([shop.account_id], [])


def test_who_sells_decides_nothing_about_credit(client: Client, shop: Shop) -> None:
    at = f"/credit/{shop.account_id}"

    refused = [
        client.post(f"{at}/review", REVIEW, by=REP),
        client.delete(f"{at}/review", by=REP, match=0),
        client.post(f"{at}/stop", WHY, by=REP),
        client.post(f"{at}/lift", by=REP),
        client.put("/credit-policy", policy(), by=FINANCE, match=0),
    ]

    assert {answer.status for answer in refused} == {403}


def test_wrong_input_names_every_field(client: Client, shop: Shop) -> None:
    at, bounded, two = f"/credit/{shop.account_id}/review", policy(default_grade="E"), policy()
    bounded["grades"]["D"] |= {"most_days_late": 1}
    del bounded["grades"]["A"]
    two["grades"]["B"]["limits"] *= 2

    told = {
        name: {(each["field"], each["code"]) for each in answer.json["errors"]}
        for name, answer in {
            "review": client.post(at, {"until": "2020-01-01", "reason": "x"}, by=FINANCE),
            "bounded": client.put("/credit-policy", bounded, by=OPERATIONS, match=0),
            "two": client.put("/credit-policy", two, by=OPERATIONS, match=0),
        }.items()
    }

    assert told == {
        "review": {("until", "in_past"), ("grade", "credit_nothing_decided")},
        "bounded": {
            ("default_grade", "literal_error"),
            ("grades.A", "missing"),
            ("grades.D.most_days_late", "extra_forbidden"),
        },
        "two": {("grades.B.limits", "duplicate_currency")},
    }
    assert client.put("/credit-policy", policy(), by=OPERATIONS).status == 428


def test_the_policy_is_read_and_replaced(client: Client, shop: Shop) -> None:
    before = client.get("/credit-policy", by=REP)

    made = client.put("/credit-policy", policy(), by=OPERATIONS, match=before.etag)

    assert (before.json["version"], made.json["version"]) == (0, 1)
    assert client.get("/credit-policy", by=REP).json == made.json
    assert made.json["grades"] == policy()["grades"]
    assert client.put("/credit-policy", policy(), by=OPERATIONS, match=0).status == 412


def test_how_a_customer_stands_is_told_with_the_reason_in_the_readers_language(
    client: Client, shop: Shop
) -> None:
    decided(B=limit(500_000))
    owe(120_000, account_id=shop.account_id)
    at = f"/credit/{shop.account_id}"

    found = client.get(at, by=REP, headers={"Accept-Language": "zh-CN"}).json

    assert (found["grade"], found["earned"], found["cash_only"], found["version"]) == ("B", "B", False, 1)
    [debt] = found["currencies"]
    assert debt == {
        "currency": "CNY", "owed": in_cny("1200.00"), "overdue": in_cny("0.00"),
        "limit": in_cny("5000.00"), "free": in_cny("3800.00"),
    }  # fmt: skip
    [reason] = found["reasons"]
    assert (reason["code"], "新客户" in reason["message"]) == ("credit_new_customer", True)
    english = client.get(at, by=REP, headers={"Accept-Language": "en"}).json["reasons"][0]["message"]
    assert "new customer" in english


def test_a_review_counts_for_its_time_and_is_ended(client: Client, shop: Shop) -> None:
    decided(A=limit(900_000), B=limit(500_000))
    at = f"/credit/{shop.account_id}"
    own = REVIEW | {"limits": [in_cny("20000.00")]}

    reviewed = client.post(f"{at}/review", own, by=MANAGER)
    stale = client.delete(f"{at}/review", by=FINANCE, match=7)
    ended = client.delete(f"{at}/review", by=FINANCE, match=reviewed.etag)

    assert (reviewed.json["grade"], reviewed.json["earned"]) == ("A", "B")
    assert reviewed.json["currencies"][0]["limit"] == in_cny("20000.00")
    assert (reviewed.json["review"]["by"], reviewed.json["review"]["reason"]) == (
        MANAGER.id,
        REVIEW["reason"],
    )
    assert stale.status == 412
    assert (ended.json["grade"], ended.json["review"]) == ("B", None)
    assert ended.json["currencies"][0]["limit"] == in_cny("5000.00")


def test_a_stop_is_shown_with_who_and_why_until_it_is_lifted(client: Client, shop: Shop) -> None:
    at = f"/credit/{shop.account_id}"

    stopped = client.post(f"{at}/stop", WHY, by=FINANCE).json["stop"]
    lifted = client.post(f"{at}/lift", by=FINANCE).json["stop"]

    assert (stopped["reason"], stopped["by"], lifted) == ("Insolvent", FINANCE.id, None)
