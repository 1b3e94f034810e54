"""Every regular expression of the product against 50 KB of hostile text: none takes 50 ms."""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from re import _constants as constants
from re import _parser as parser
from typing import Annotated, Any, Final

import pytest
from pydantic import Field, TypeAdapter, ValidationError

import chalicelib
from chalicelib.core.shapes import Shape

LONG: Final = 50_000
#: Seconds of processor time.
MOST: Final = 0.05
#: How a pattern is asked.
_ASKED: Final = ("match", "fullmatch", "search", "sub", "split", "findall", "finditer")
_HOUSE: Final = Path(chalicelib.__file__).parent
#: What compiles patterns that are data; tests/sales/clauses/test_rules.py times each of them.
_OF_DATA: Final = {"chalicelib.sales.clauses.finder"}


@cache
def _constants() -> dict[str, re.Pattern[str]]:
    """Every pattern that a module keeps, by its full name."""
    names = [each.name for each in pkgutil.walk_packages([str(_HOUSE)], "chalicelib.")]
    kept = ((name, vars(importlib.import_module(name))) for name in names)
    return {
        f"{module}.{name}": value
        for module, values in kept
        for name, value in values.items()
        if isinstance(value, re.Pattern)
    }


@cache
def _told() -> frozenset[str]:
    """Every pattern that the source asks of a field: ``Field(pattern=…)``."""
    asked = (
        (module, node.value)
        for module, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "pattern"
    )
    return frozenset(
        eval(ast.unparse(written), vars(importlib.import_module(module))) for module, written in asked
    )


@cache
def _trees() -> dict[str, ast.Module]:
    """Every module of the house by its name, parsed."""
    found = (path.relative_to(_HOUSE.parent) for path in _HOUSE.rglob("*.py"))
    return {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            (_HOUSE.parent / path).read_text("utf-8")
        )
        for path in found
    }


def _shapes(shape: type[Shape] = Shape) -> Iterator[type[Shape]]:
    for each in shape.__subclasses__():
        yield each
        yield from _shapes(each)


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(pattern := schema.get("pattern"), str):
            yield pattern
        schema = list(schema.values())
    if isinstance(schema, list):
        for member in schema:
            yield from _patterns(member)


def _calls() -> Iterator[tuple[str, ast.Call, str, str]]:
    """Every call of something's method: the module, the call, what it is called on, and the method."""
    for module, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield module, node, ast.unparse(node.func.value), node.func.attr


def _ways(name: str) -> set[str]:
    """How the house asks a pattern that a module keeps."""
    last = name.rpartition(".")[2]
    return {way for _, _, on, way in _calls() if on.rpartition(".")[2] == last and way in _ASKED}


def hostile(pattern: str) -> list[str]:
    """50 KB of each character that a pattern knows, and of each two of them, ending in a surprise."""
    known = sorted(set(_samples(parser.parse(pattern))) | set("a0 .@"))[:16]
    pieces = [*known, *(one + other for one in known for other in known if one != other)]
    return [start + piece * (LONG // len(piece)) + "\x00" for piece in pieces for start in ("", known[0])]


def _samples(parsed: Any) -> Iterator[str]:
    for kind, value in parsed:
        if kind in (constants.LITERAL, constants.NOT_LITERAL):
            yield chr(value)
        elif kind is constants.RANGE:
            yield chr(value[0])
        elif kind is constants.CATEGORY:
            yield {"WORD": "a", "DIGIT": "0", "SPACE": " "}.get(str(value).rpartition("_")[2], "a")
        elif kind is constants.IN:
            yield from _samples(value)
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from _samples(branch)
        elif kind in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.SUBPATTERN):
            yield from _samples(value[-1])


def _slowest(ask: Callable[[str], Any], texts: list[str]) -> float:
    return max(min(_took(ask, text) for _ in range(2)) for text in texts)


def _took(ask: Callable[[str], Any], text: str) -> float:
    began = time.process_time()
    ask(text)
    return time.process_time() - began


@pytest.mark.parametrize("name", sorted(_constants()))
def test_no_pattern_that_a_module_keeps_is_slow(name: str) -> None:
    pattern, ways = _constants()[name], _ways(name)

    assert ways, f"{name} is asked nowhere in a way that is known here: {_ASKED}"
    for way in ways:
        ask = getattr(pattern, way)
        with_text = (lambda text, ask=ask: ask(" ", text)) if way == "sub" else ask
        assert _slowest(with_text, hostile(pattern.pattern)) < MOST, way


@pytest.mark.parametrize("pattern", sorted(_told()))
def test_no_pattern_that_a_field_must_have_is_slow(pattern: str) -> None:
    adapter = TypeAdapter(Annotated[str, Field(pattern=pattern)])

    def ask(text: str) -> None:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)

    assert _slowest(ask, hostile(pattern)) < MOST


def test_no_pattern_is_hidden_in_a_function() -> None:
    kept = {pattern.pattern for pattern in _constants().values()}
    for module, call, on, way in _calls():
        if on == "re" and way != "escape" and module not in _OF_DATA:
            assert way == "compile", f"{module}: {ast.unparse(call)}"
            text = eval(ast.unparse(call.args[0]), vars(importlib.import_module(module)))
            assert text in kept, f"{module}: {ast.unparse(call)} is kept in no module"


def test_no_shape_asks_for_a_pattern_that_the_source_does_not_show() -> None:
    assert all(each in _trees() for each in {shape.__module__ for shape in _shapes()} if "tests" not in each)
    for shape in _shapes():
        # A look-ahead is Pydantic's own, of decimal numbers: it stands in the document alone.
        asked = {pattern for pattern in _patterns(shape.model_json_schema()) if "(?!" not in pattern}
        assert asked <= _told(), shape


def test_a_slow_pattern_would_be_seen() -> None:
    slow = re.compile(r"(a+)+b")
    texts = [text[:21] + "\x00" for text in hostile(slow.pattern)]

    assert _slowest(slow.fullmatch, texts) > MOST
