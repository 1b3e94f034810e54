"""Signatures and digests: ours, for one purpose, and nobody else's."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.core import settings as installation
from chalicelib.core import signing
from chalicelib.core.signing import digest, sign, verified

texts = st.text(st.characters(exclude_categories=["Cs"]))
purposes = st.sampled_from(["cursor", "form", "identity"])


@given(purposes, texts)
def test_what_was_signed_is_read_again(purpose: str, text: str) -> None:
    signed = sign(purpose, text)

    assert re.fullmatch(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{43}", signed)
    assert verified(purpose, signed) == text


@given(purposes, purposes, texts)
def test_a_signature_serves_one_purpose(made_for: str, used_for: str, text: str) -> None:
    assume(made_for != used_for)

    assert verified(used_for, sign(made_for, text)) is None


@given(texts, st.data())
def test_one_changed_character_spoils_it(text: str, data: st.DataObject) -> None:
    signed = sign("cursor", text)
    place = data.draw(st.integers(0, len(signed) - 1))
    other = data.draw(st.sampled_from("AZaz09-_.=€ \x00"))
    assume(signed[place] != other)

    assert verified("cursor", signed[:place] + other + signed[place + 1 :]) is None


@given(st.text(max_size=100))
def test_no_text_from_outside_breaks_the_check(text: str) -> None:
    assert verified("cursor", text) is None


@given(st.text())
def test_a_digest_is_43_characters_and_always_the_same(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", digest("identity", text))
    assert digest("identity", text) == digest("identity", text)


def test_another_secret_makes_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = digest("identity", "rita@example.com")
    monkeypatch.setenv("SALESTREAM_SECRET", "another secret")
    for kept in (installation.secret, signing._key):
        kept.cache_clear()

    theirs = digest("identity", "rita@example.com")
    monkeypatch.undo()
    for kept in (installation.secret, signing._key):
        kept.cache_clear()

    assert ours != theirs
    assert digest("identity", "rita@example.com") == ours
