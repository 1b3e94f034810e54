"""The watch over log lines: it sees what must not be there, and only that."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import ids, signing
from tests import leaks

_TOLD: Final = {
    "an e-mail address": "Li.Lei+a@mail.example.cn",
    "a phone number": "+8613800138000",
    "a JWT": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl",
    "an API key": f"ssk_{'0' * 26}_{'a' * 43}",
    "a signed token": signing.sign("form", "lead_form_1"),
    "the secret": os.environ["SALESTREAM_SECRET"],
}
_TESTS: Final = """
import logging, pytest
from chalicelib.core.observe import log, metrics, observed

TOLD = {told!r}

@pytest.mark.parametrize("what", TOLD)
def test_in_the_message(what):
    log.info("taken in: %s", TOLD[what])

@pytest.mark.parametrize("what", TOLD)
def test_in_a_field(what):
    log.warning("taken in", extra={{"of": {{"whom": [TOLD[what]]}}}})

@pytest.mark.parametrize("what", TOLD)
def test_in_an_error(what):
    try:
        raise ValueError(TOLD[what])
    except ValueError:
        log.exception("failed")

@pytest.mark.parametrize("what", TOLD)
def test_in_anothers_line(what):
    logging.getLogger("pynamodb").warning("put %s", TOLD[what])

@pytest.mark.parametrize("what", TOLD)
def test_printed(what):
    print(TOLD[what])

def test_harmless():
    log.info("taken in", extra={{"lead": "lead_01M8147E26QYER5B46JANMYJ6J", "at": "2026-11-22T08:00:00Z"}})
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_test_that_logs_what_it_must_not_fails(tmp_path: Path, workers: str) -> None:
    root = Path(leaks.__file__).parents[1]
    (tmp_path / "test_telling.py").write_text(_TESTS.format(told=_TOLD), "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.leaks", "-n", workers, "--rootdir", ".", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"{5 * len(_TOLD)} failed, 1 passed" in done.stdout, done.stdout + done.stderr
    for what in _TOLD:
        assert f"has logged {what}" in done.stdout


@pytest.mark.parametrize("what", sorted(_TOLD))
def test_each_kind_is_seen_wherever_it_stands(what: str) -> None:
    for line in ("{}", '{{"to": "{}"}}', "sent to <{}>, again", "a\n{}\nb"):
        assert what in leaks.found(line.format(_TOLD[what])), line


@given(st.datetimes(), st.integers(0, 10**12), st.integers(0, 10**10))
def test_ids_and_instants_and_numbers_tell_nothing(at: object, nanoseconds: int, seconds: int) -> None:
    for text in (ids.new("lead"), str(at), f"{1795334351141 + nanoseconds % 10**9}", f"1.{seconds:010d}"):
        assert leaks.found(text) == set()
