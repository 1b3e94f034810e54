"""Reads the source as the structure tests see it: files, trees, imports, comments."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("platform", "insight", "sales", "customers", "organisation")

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Import:
    """One imported name: `from module import name`, or `import module` with an empty name."""

    module: str
    name: str
    line: int

    @property
    def target(self) -> str:
        """The dotted path, whichever way it was written."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True)
class Source:
    """One Python file, named by its path from the top of the repository."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text, self.name)

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines."""
        return self.text.splitlines()

    @property
    def parts(self) -> tuple[str, ...]:
        """The path in pieces, the last without its ending."""
        return Path(self.name).with_suffix("").parts

    @property
    def module(self) -> str:
        """The dotted name under which it is imported."""
        return ".".join(self.parts).removesuffix(".__init__")

    @property
    def domain(self) -> str | None:
        """The domain the file belongs to, such as `chalicelib.sales.leads`."""
        parts = self.parts
        inside = len(parts) > 3 and parts[0] == "chalicelib" and parts[1] in WINGS
        return ".".join(parts[:3]) if inside else None

    def at(self, line: int) -> str:
        """Where to look, in a form that editors open."""
        return f"{self.name}:{line}"

    def functions(self) -> Iterator[Function]:
        """Every function and method, however deep."""
        for node in ast.walk(self.tree):
            if isinstance(node, type_of_function):
                yield node

    def imports(self) -> Iterator[Import]:
        """Every import, however deep."""
        for node in ast.walk(self.tree):
            yield from imported_by(node)

    def comments(self) -> Iterator[tuple[int, str]]:
        """Every comment with its line."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def imported_by(node: ast.AST) -> Iterator[Import]:
    """The names one statement imports; nothing when it is no import."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(alias.name, "", node.lineno)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield Import(node.module or "", alias.name, node.lineno)


def sources(*tops: str) -> list[Source]:
    """The Python files under these files and folders of the repository; what is missing is none."""
    found: list[Path] = []
    for top in tops:
        path = ROOT / top
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path] * path.is_file()
    return [_read(path) for path in found]


@cache
def _read(path: Path) -> Source:
    """A file, read and parsed once for all rules."""
    return Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))


def domains() -> list[Path]:
    """The folders of the domains: those under a wing that hold Python."""
    return [
        folder
        for wing in WINGS
        for folder in sorted((ROOT / "chalicelib" / wing).glob("*/"))
        if any(folder.rglob("*.py"))
    ]
