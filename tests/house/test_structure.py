"""The house checks itself: the shape of the source, file by file."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import rules
from tests.house.source import ROOT, Source, domains, sources

Rule = Callable[[Source], Iterator[str]]

EVERYWHERE = ("app.py", "chalicelib", "infra", "bench", "tests")
SHIPPED_AND_TOOLS = ("app.py", "chalicelib", "infra", "bench")
SHIPPED = ("app.py", "chalicelib")

HELD: list[tuple[Rule, tuple[str, ...]]] = [
    (rules.too_long, EVERYWHERE),
    (rules.long_functions, EVERYWHERE),
    (rules.unfinished, SHIPPED_AND_TOOLS),
    (rules.late_imports, SHIPPED_AND_TOOLS),
    (rules.prints, SHIPPED),
    (rules.undocumented, ("chalicelib",)),
    (rules.side_doors, ("chalicelib",)),
    (rules.odd_domain_file, ("chalicelib",)),
    (rules.house_from_inside, ("chalicelib",)),
    (rules.schemas_and_measures_mixed, ("chalicelib",)),
    (rules.chalice_outside_its_place, SHIPPED),
    (rules.pynamodb_outside_its_place, SHIPPED),
]

BROKEN: list[tuple[Rule, str, str]] = [
    (rules.too_long, "chalicelib/core/a.py", "x = 1\n" * 301),
    (rules.long_functions, "chalicelib/core/a.py", "def f():\n" + "    x = 1\n" * 60),
    (rules.unfinished, "chalicelib/core/a.py", "x = 1  # TO" + "DO later"),
    (rules.unfinished, "chalicelib/core/a.py", "def f():\n    pass"),
    (rules.unfinished, "chalicelib/core/a.py", "def f():\n    '''Later.'''\n    ..."),
    (rules.unfinished, "chalicelib/core/a.py", "class A:\n    def f(self):\n        pass"),
    (rules.late_imports, "chalicelib/core/a.py", "def f():\n    import jinja2"),
    (rules.late_imports, "chalicelib/core/a.py", "def f():\n    import jinja2  # heavy:"),
    (rules.prints, "chalicelib/core/a.py", "print(1)"),
    (rules.undocumented, "chalicelib/core/a.py", "def f():\n    return 1"),
    (rules.undocumented, "chalicelib/core/a.py", "class A:\n    x = 1"),
    (rules.side_doors, "chalicelib/sales/a/b.py", "from chalicelib.sales.c import models"),
    (rules.side_doors, "chalicelib/sales/a/b.py", "from chalicelib.sales.c.service import win"),
    (rules.side_doors, "chalicelib/sales/a/b.py", "import chalicelib.sales.c.schemas"),
    (rules.side_doors, "chalicelib/sales/a/b.py", "from chalicelib.sales import c"),
    (rules.odd_domain_file, "chalicelib/sales/a/__init__.py", ""),
    (rules.odd_domain_file, "chalicelib/sales/a/Odd.py", "'''Said.'''"),
    (rules.odd_domain_file, "chalicelib/sales/a/pricing.py", "x = 1"),
    (rules.house_from_inside, "chalicelib/core/a.py", "from chalicelib import house"),
    (
        rules.schemas_and_measures_mixed,
        "chalicelib/sales/a/measures.py",
        "from chalicelib.sales.a.schemas import Lead",
    ),
    (rules.chalice_outside_its_place, "chalicelib/sales/a/service.py", "import chalice.app"),
    (rules.pynamodb_outside_its_place, "chalicelib/sales/a/service.py", "import pynamodb"),
]

KEPT: list[tuple[Rule, str, str]] = [
    (rules.unfinished, "chalicelib/core/a.py", "def f():\n    return 'TODO'"),
    (rules.unfinished, "a.py", "class A(Protocol):\n    def f(self) -> int: ..."),
    (rules.late_imports, "chalicelib/core/a.py", "def f():\n    import x  # heavy: 90 ms"),
    (rules.side_doors, "chalicelib/sales/a/b.py", "from chalicelib.sales.c import service as c"),
    (rules.side_doors, "chalicelib/sales/a/b.py", "from chalicelib.sales.a.models import A"),
    (rules.side_doors, "chalicelib/sales/a/b.py", "from chalicelib.core import money"),
    (rules.odd_domain_file, "chalicelib/sales/a/pricing.py", "'''How a price is found.'''"),
    (rules.chalice_outside_its_place, "chalicelib/sales/a/routes.py", "import chalice.app"),
    (rules.pynamodb_outside_its_place, "chalicelib/sales/a/models.py", "import pynamodb"),
]


def name_of(value: object) -> str:
    return getattr(value, "__name__", "")


@pytest.mark.parametrize(("rule", "where"), HELD, ids=name_of)
def test_the_source_keeps_the_house_rule(rule: Rule, where: tuple[str, ...]) -> None:
    wrong = [complaint for source in sources(*where) for complaint in rule(source)]

    assert not wrong, "\n".join(dict.fromkeys([f"{rule.__doc__}", *wrong]))


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN, ids=name_of)
def test_a_broken_rule_is_noticed(rule: Rule, name: str, text: str) -> None:
    assert list(rule(Source(name, text)))


@pytest.mark.parametrize(("rule", "name", "text"), KEPT, ids=name_of)
def test_a_kept_rule_is_left_alone(rule: Rule, name: str, text: str) -> None:
    assert not list(rule(Source(name, text)))


def test_every_rule_is_shown_to_bite() -> None:
    assert {rule for rule, _ in HELD} == {rule for rule, _, _ in BROKEN}


def test_the_front_door_stays_a_list() -> None:
    for front_door in sources("app.py"):
        assert len(front_door.lines) < 120, "app.py names things; move what it does into core"


def test_every_domain_says_what_it_is_for() -> None:
    silent = [folder.name for folder in domains() if not (folder / "__init__.py").is_file()]

    assert not silent, f"no __init__.py with a docstring in: {', '.join(silent)}"


def test_the_domains_are_found() -> None:
    sales = ROOT / "chalicelib" / "sales"

    assert not sales.exists() or not any(sales.rglob("*.py")) or domains()
