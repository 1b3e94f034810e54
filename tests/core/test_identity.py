"""Who somebody is: one normal form for each way to write an address, a number, a company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import identity

anything = st.text(max_size=60)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Rita@Example.COM", "rita@example.com"),
        ("  rita@example.com\n", "rita@example.com"),
        ("ｒｉｔａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "rita@example.com"),
        ("rita+fair@mail.example.com", "rita+fair@mail.example.com"),
        ("王丽@例子.中国", "王丽@例子.中国"),
    ],
)
def test_an_address_has_one_normal_form(written: str, normal: str) -> None:
    assert identity.email(written) == normal


@pytest.mark.parametrize(
    "written",
    ["", "rita", "@example.com", "rita@", "rita@example", "rita@.com", "rita@example..com", "a@b@c.com",
     "rita wang@example.com", ".rita@example.com", "ri..ta@example.com", "rita@example.com,rob@example.com",
     "<rita@example.com>", "r" * 65 + "@example.com", "rita@example.com\nBcc: x@y.com"],
)  # fmt: skip
def test_what_is_no_address_is_none(written: str) -> None:
    assert identity.email(written) is None


@pytest.mark.parametrize(
    ("written", "region", "normal"),
    [
        ("138 0013 8000", None, "+8613800138000"),
        ("+86 138-0013-8000", "US", "+8613800138000"),
        ("0086 13800138000", None, "+8613800138000"),
        ("１３８００１３８０００", None, "+8613800138000"),
        ("(650) 253-0000", "US", "+16502530000"),
        ("030 123456", "DE", "+4930123456"),
    ],
)
def test_a_number_has_one_normal_form(written: str, region: str | None, normal: str) -> None:
    assert identity.phone(written, region) == normal


@pytest.mark.parametrize("written", ["", "call me", "123", "+999 123", "1" * 40])
def test_what_is_no_number_is_none(written: str) -> None:
    assert identity.phone(written) is None


@pytest.mark.parametrize(
    "names",
    [
        ("上海丝路仪器有限公司", "上海丝路仪器", "上海丝路仪器股份有限公司", "上海丝路仪器（集团）有限公司"),
        ("Acme, Inc.", "ACME", "acme inc", "Acme Corporation", "A.C.M.E Co., Ltd."),
        ("Müller GmbH", "müller", "MÜLLER  GMBH"),
    ],
)
def test_a_company_is_one_whatever_its_legal_form(names: tuple[str, ...]) -> None:
    assert len({identity.company(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Acme", "Apex"), ("上海丝路", "北京丝路"), ("Salesforce", "Sales")]
)
def test_two_companies_stay_two(one: str, other: str) -> None:
    assert identity.company(one) != identity.company(other)


@pytest.mark.parametrize("name", ["Co", "公司", "Inc.", "Ltd"])
def test_a_name_that_is_all_legal_form_is_kept(name: str) -> None:
    assert identity.company(name)


@given(anything)
def test_normal_forms_are_final(text: str) -> None:
    for normalise in (identity.email, identity.phone):
        if normal := normalise(text):
            assert normalise(normal) == normal
    assert identity.company(identity.company(text)) == identity.company(text)


@given(st.emails())
def test_no_address_stands_in_its_key(address: str) -> None:
    normal = identity.email(address)
    if normal is None:
        return

    key = identity.key("user", "email", normal)

    assert key.startswith("user|email|")
    assert normal not in key
    assert key == identity.key("user", "email", normal)


def test_an_address_and_a_number_alike_have_keys_of_their_own() -> None:
    keys = {identity.key(scope, what, "x") for scope in ("lead", "contact") for what in ("email", "phone")}

    assert len(keys) == 4
