"""Text for people in English and 简体中文, from one catalogue: ``chalicelib/texts/*.json``.

Each file is ``{"key": {"en": "…", "zh-CN": "…"}}``; keys are dotted (``problem.stale.title``,
``lead.status.NEW``). Values go in by name: ``{limit}``; one that is a name by language, in that language.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from chalicelib.core.settings import settings

LANGUAGES: Final = ("en", "zh-CN")
_TEXTS = Path(__file__).parents[1] / "texts"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every text by key and language."""
    texts: dict[str, dict[str, str]] = {}
    for file in sorted(_TEXTS.glob("*.json")):
        texts |= json.loads(file.read_text("utf-8"))
    return texts


def text(key: str, language: str, /, **values: Any) -> str:
    """Return a text in a language; the key itself when the catalogue has none."""
    entry = catalogue().get(key)
    if entry is None:
        return key
    said = {name: _said(value, language) for name, value in values.items()}
    return entry[language].format(**said) if said else entry[language]


def named(names: Mapping[str, str], language: str) -> str:
    """Return a name in a language, or in another where it has none."""
    return names.get(language) or next(iter(names.values()))


def _said(value: Any, language: str) -> Any:
    return named(value, language) if isinstance(value, Mapping) else value


def has(key: str) -> bool:
    """Whether the catalogue has a text."""
    return key in catalogue()


def preferred(accept_language: str | None, fallback: str = "") -> str:
    """Return the language to answer in, from an ``Accept-Language`` header."""
    for wish in (accept_language or "")[:200].lower().split(","):
        tag = wish.partition(";")[0].strip()
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return fallback if fallback in LANGUAGES else settings().language
