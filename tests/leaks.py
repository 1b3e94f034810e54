"""A pytest plugin: a test whose log lines tell of somebody, or of a secret, has failed.

Every line that the house's loggers write, and everything that a test prints or logs beside, is
looked through for e-mail addresses, phone numbers, tokens, API keys and this installation's secret.
"""

import logging
import os
import re
from collections.abc import Generator
from typing import Final

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

#: What no line may have. Patterns are bounded on both sides: an id or an instant is no number.
TELLING: Final[dict[str, re.Pattern[str]]] = {
    "an e-mail address": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    "a phone number": re.compile(r"(?<![\w+.])(?:\+[1-9]\d{7,14}|1[3-9]\d{9})(?![\w.])"),
    "a JWT": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    "an API key": re.compile(r"ssk_[0-9A-Z]{26}_[\w-]{43}"),
    "a signed token": re.compile(r"(?<![\w.-])[\w-]{8,}\.[\w-]{43}(?![\w.-])"),
}
#: Lines of the house's loggers since the last look.
_lines: list[str] = []
_format: Final = LambdaPowertoolsFormatter.format


def found(text: str) -> set[str]:
    """Return what a text tells of that no log may: ``{"a JWT"}``."""
    told = {what for what, pattern in TELLING.items() if pattern.search(text)}
    secret = os.environ.get("SALESTREAM_SECRET")
    return told | {"the secret"} if secret and secret in text else told


def _noting(self: LambdaPowertoolsFormatter, record: logging.LogRecord) -> str:
    line = _format(self, record)
    _lines.append(line)
    return line


def pytest_configure() -> None:
    """Note each line as it is written, wherever it is written to."""
    LambdaPowertoolsFormatter.format = _noting  # type: ignore[method-assign]


def pytest_unconfigure() -> None:
    """Note no more."""
    LambdaPowertoolsFormatter.format = _format  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a phase of a test that passed but told."""
    report = yield
    lines = [*_lines, *(text for _, text in report.sections)]
    _lines.clear()
    if report.passed and (told := {what for line in lines for what in found(line)}):
        lines = [line[:1000] for line in lines if found(line)]
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} has logged {', '.join(sorted(told))}:\n" + "\n".join(lines[:5])
    return report
