"""The house rules as functions: each yields what is wrong with one file, or nothing."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import Function, Source, imported_by, type_of_function

MOST_LINES = 300
MOST_FUNCTION_LINES = 60
USUAL_FILES = {"routes", "schemas", "service", "models", "measures", "reactions", "__init__"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
HEAVY = re.compile(r"#\s*heavy: \S")

# Who may import chalice, and who may import pynamodb, beside the domains' own files.
CHALICE_OUTSIDE_ROUTES = {
    "app",
    "chalicelib.house",
    "chalicelib.core.auth",
    "chalicelib.core.openapi",
    "chalicelib.core.door",
    "chalicelib.core.repeating",
    "chalicelib.core.responding",
    "chalicelib.core.web",
}
PYNAMODB_OUTSIDE_MODELS = {
    "chalicelib.core.aggregates",
    "chalicelib.core.attributes",
    "chalicelib.core.changelog",
    "chalicelib.core.changes",
    "chalicelib.core.due",
    "chalicelib.core.guards",
    "chalicelib.core.measures",
    "chalicelib.core.ownership",
    "chalicelib.core.quarantine",
    "chalicelib.core.step",
    "chalicelib.core.table",
}


def too_long(source: Source) -> Iterator[str]:
    """A file is one idea; past this length it holds two."""
    if len(source.lines) > MOST_LINES:
        yield f"{source.name} has {len(source.lines)} lines, at most {MOST_LINES}: split it"


def long_functions(source: Source) -> Iterator[str]:
    """A function is read in one glance."""
    for function in source.functions():
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > MOST_FUNCTION_LINES:
            where = source.at(function.lineno)
            yield f"{where} {function.name} has {lines} lines, at most {MOST_FUNCTION_LINES}"


def undocumented(source: Source) -> Iterator[str]:
    """A public function or class says what it promises."""
    for node in source.tree.body:
        if not isinstance(node, (*type_of_function, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and "overload" not in decorators(node):
            yield f"{source.at(node.lineno)} {node.name} has no docstring"


def unfinished(source: Source) -> Iterator[str]:
    """What is not finished is an issue, not a comment or an empty body."""
    for line, comment in source.comments():
        if UNFINISHED.search(comment):
            yield f"{source.at(line)} unfinished: {comment}"
    for parent, function in functions_with_parent(source.tree):
        if is_stub(function) and not may_be_empty(parent, function):
            yield f"{source.at(function.lineno)} {function.name} is an empty stub"


def late_imports(source: Source) -> Iterator[str]:
    """An import inside a function hides a dependency; a heavy one says why on its line."""
    for function in source.functions():
        for node in ast.walk(function):
            if not any(imported_by(node)):
                continue
            first, last = lines_of(node)
            if not any(HEAVY.search(line) for line in source.lines[first - 1 : last]):
                yield (
                    f"{source.at(first)} imports inside {function.name}: move it to the top,"
                    " or end the line with `# heavy: why`"
                )


def prints(source: Source) -> Iterator[str]:
    """The log is structured; print is not."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            yield f"{source.at(node.lineno)} prints: use the logger of chalicelib.core.observe"


def side_doors(source: Source) -> Iterator[str]:
    """A domain enters another by its service, named as `from … import service as leads`."""
    if source.domain is None:
        return
    for imported in source.imports():
        other = domain_of(imported.target)
        by_service = imported.module == other and imported.name == "service"
        if other and other != source.domain and not by_service:
            yield (
                f"{source.at(imported.line)} imports {imported.target}: enter by"
                f" `from {other} import service as {other.rpartition('.')[2]}`"
            )


def chalice_outside_its_place(source: Source) -> Iterator[str]:
    """Only the edge knows the framework."""
    if source.module in CHALICE_OUTSIDE_ROUTES or is_own_file(source, "routes"):
        return
    for imported in source.imports():
        if imported.module.partition(".")[0] == "chalice":
            yield f"{source.at(imported.line)} imports chalice: only routes and core's edge may"


def pynamodb_outside_its_place(source: Source) -> Iterator[str]:
    """Only models and the low-level readers of core know how items are kept."""
    if source.module in PYNAMODB_OUTSIDE_MODELS or is_own_file(source, "models"):
        return
    for imported in source.imports():
        if imported.module.partition(".")[0] == "pynamodb":
            yield f"{source.at(imported.line)} imports pynamodb: only models and core's tables may"


def house_from_inside(source: Source) -> Iterator[str]:
    """The house gathers the domains; none of them looks back at it."""
    for imported in source.imports():
        if imported.target.startswith("chalicelib.house") and source.module != "chalicelib.house":
            yield f"{source.at(imported.line)} imports chalicelib.house: only app.py and infra may"


def schemas_and_measures_mixed(source: Source) -> Iterator[str]:
    """What the wire looks like and what is counted change for different reasons."""
    apart = {"schemas": "measures", "measures": "schemas"}
    for own, other in apart.items():
        if source.domain and is_own_file(source, own):
            for imported in source.imports():
                if f"{imported.target}.".startswith(f"{source.domain}.{other}."):
                    yield f"{source.at(imported.line)} {own} imports {other}: keep them apart"


def odd_domain_file(source: Source) -> Iterator[str]:
    """A domain's files have the usual names; a further one says what it is for."""
    if source.domain is None:
        return
    stem = source.parts[-1]
    if stem not in USUAL_FILES and not re.fullmatch(r"[a-z][a-z0-9_]*", stem):
        yield f"{source.name}: a domain's file has a lower-case name"
    if (stem == "__init__" or stem not in USUAL_FILES) and not ast.get_docstring(source.tree):
        yield f"{source.name} has no docstring to say what it is for"


def is_own_file(source: Source, name: str) -> bool:
    """Whether it is the domain's file of this name, or inside the domain's folder of this name."""
    return source.domain is not None and source.parts[3] == name


def domain_of(target: str) -> str | None:
    """The domain a dotted path lies in, such as `chalicelib.sales.leads`."""
    return Source(f"{target.replace('.', '/')}/x.py", "").domain


def decorators(node: Function | ast.ClassDef) -> set[str]:
    """The names of a definition's decorators, the last piece of each."""
    return {ast.unparse(each).partition("(")[0].rpartition(".")[2] for each in node.decorator_list}


def lines_of(node: ast.AST) -> tuple[int, int]:
    """The first and the last line of a statement."""
    first = getattr(node, "lineno", 1)
    return first, getattr(node, "end_lineno", None) or first


def functions_with_parent(tree: ast.AST) -> Iterator[tuple[ast.AST, Function]]:
    """Every function beside what it stands in."""
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, type_of_function):
                yield parent, child


def is_stub(function: Function) -> bool:
    """Whether the body does nothing: `pass`, `...`, a docstring alone, or `NotImplementedError`."""
    body = [
        node
        for node in function.body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node))
        for node in body
    )


def may_be_empty(parent: ast.AST, function: Function) -> bool:
    """Abstract methods, overloads and the methods of a Protocol have no body of their own."""
    bases = [ast.unparse(base) for base in parent.bases] if isinstance(parent, ast.ClassDef) else []
    is_protocol = any(base.partition("[")[0].endswith("Protocol") for base in bases)
    return is_protocol or bool(decorators(function) & {"abstractmethod", "overload"})
