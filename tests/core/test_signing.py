"""Signatures and digests: ours, for one purpose, and nobody else's."""

import json
import re
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.core import settings, signing
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


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Have this process know other secrets."""

    def keep(secret: str) -> None:
        monkeypatch.setenv("SALESTREAM_SECRET", secret)
        settings.forget_secrets()

    yield keep
    settings.forget_secrets()


def rotated(look_up: str, *sign: str) -> str:
    return json.dumps({"look_up": look_up, "sign": sign})


def test_another_secret_makes_another_digest(kept: Callable[[str], None]) -> None:
    ours = digest("identity", "rita@example.com")
    kept("another secret")

    assert digest("identity", "rita@example.com") != ours


def test_a_rotation_keeps_look_ups_and_what_was_signed_before(kept: Callable[[str], None]) -> None:
    kept("first")
    before, found = sign("cursor", "page 2"), digest("identity", "rita@example.com")
    kept(rotated("first", "second", "first"))

    assert sign("cursor", "page 2") != before
    assert verified("cursor", before) == verified("cursor", sign("cursor", "page 2")) == "page 2"
    assert digest("identity", "rita@example.com") == found


def test_a_retired_secret_signs_nothing_that_holds(kept: Callable[[str], None]) -> None:
    kept("first")
    before, found = sign("cursor", "page 2"), digest("identity", "rita@example.com")
    kept(rotated("first", "second"))

    assert verified("cursor", before) is None
    assert digest("identity", "rita@example.com") == found


def test_a_process_that_runs_learns_of_a_new_secret_by_its_signature(
    kept: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(rotated("first", "second", "first"))
    new = sign("cursor", "page 2")
    kept("first")
    assert verified("cursor", new) is None
    monkeypatch.setenv("SALESTREAM_SECRET", rotated("first", "second", "first"))

    assert verified("cursor", new) is None, "it asks once a minute, whatever comes"
    later = time.monotonic() + signing.SECRETS_REST + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert verified("cursor", new) == "page 2"
