"""What people read: every text in both languages, every error with a text."""

import ast
import json
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.core import errors, i18n
from tests.house.source import Source, sources

#: Errors of one field: the second text is their code.
FIELDS = {"FieldError", "Invalid.one"}
#: Errors whose first text is their own code; its texts are a title and a detail.
WHOLE = {"Conflict", "AlreadyExists", "TooMany", "Busy", "Stale", "NotFound", "Forbidden"}


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def codes(source: Source) -> Iterator[tuple[str, str]]:
    """Each error code that a file raises, as its texts' key begins, with where it stands."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            for key in _raised(node):
                yield key, source.at(node.lineno)


def _raised(call: ast.Call) -> Iterator[str]:
    called = ast.unparse(call.func).removeprefix("errors.")
    texts = [_text(each) for each in call.args]
    if called in FIELDS and len(texts) > 1 and texts[1]:
        yield f"error.{texts[1]}"
    if called in WHOLE and texts and texts[0]:
        yield f"problem.{texts[0]}"
    if called == "unfit" and texts and texts[0]:
        yield f"error.{texts[0]}"
    named = [_text(each.value) for each in call.keywords if each.arg == "code"]
    if called in WHOLE | {"Invalid", "Blocked"} and named and named[0]:
        yield f"problem.{named[0]}"


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@pytest.mark.parametrize("key", sorted(i18n.catalogue()))
def test_a_text_says_the_same_in_both_languages(key: str) -> None:
    entry = i18n.catalogue()[key]

    assert set(entry) == set(i18n.LANGUAGES)
    assert all(entry.values())
    assert len({frozenset(_names(text)) for text in entry.values()}) == 1


def test_a_text_stands_in_one_place() -> None:
    files = sorted(Path(i18n.__file__).parents[1].glob("texts/*.json"))
    keys = [key for file in files for key in json.loads(file.read_text("utf-8"))]

    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_every_error_that_is_raised_has_its_texts() -> None:
    missing = [
        f"{where} {key}"
        for source in sources("chalicelib")
        for key, where in codes(source)
        for text in ([key] if key.startswith("error.") else [f"{key}.title", f"{key}.detail"])
        if not i18n.has(text)
    ]

    assert not missing, "\n".join(missing)


def test_every_kind_of_error_has_its_texts() -> None:
    kinds, found = [errors.SalesError], set[str]()
    while kinds:
        below = kinds.pop().__subclasses__()
        # A private one never leaves the file that raises it.
        found |= {kind.code for kind in below if not kind.__name__.startswith("_")}
        kinds += below

    assert not [code for code in found if not i18n.has(f"problem.{code}.title")]


def test_a_raised_code_is_noticed() -> None:
    raising = 'raise errors.Conflict("a")\nerrors.Invalid.one("f", "b")\nFieldError(f"x.{n}", "c", {})'

    assert [key for key, _ in codes(Source("a.py", raising))] == ["problem.a", "error.b", "error.c"]
