"""Imports go downward only, each third-party library has its home, and the clock stays at the edges."""

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "rosterdiff"

LAYERS = {
    "_version": 0, "errors": 0, "notebook": 0,
    "roles": 0.5,
    "known": 1, "levels": 1, "model": 1, "config": 1,
    "evidence": 1.5, "refusals": 1.5, "sentences": 1.5, "letters": 1.7,
    "schema": 2,
    "names": 2.5, "genders": 3, "headers": 3, "grades": 3, "issues": 3, "checksums": 3, "pairs": 3,
    "sorting": 3, "previews": 3,
    "frames": 4, "redaction": 4.2, "plans": 4.5,
    "reading": 5, "uploads": 5, "matching": 5, "planning": 5, "reports": 5, "stores": 5,
    "pipeline": 6, "apply": 6, "marking": 6,
    "migration": 7, "decoys": 7,
    "demo": 8, "testing": 8,
    "cli": 8.5,
    "__main__": 9, "__init__": 9,
}  # fmt: skip
"""Package or module → layer. On one layer all are strangers to each other."""

FORBIDDEN = {
    "pipeline": {"stores", "apply"},
    "apply": {"matching", "reading", "uploads", "planning", "reports"},
}
"""Planning cannot write, and applying cannot decide."""

EVERYWHERE = {"polars", "attrs", "attr"}
HOMES = {
    "rapidfuzz": {"matching", "headers", "names"},
    "jellyfish": {"matching", "names"},
    "numpy": {"matching", "planning", "decoys", "reading"},
    "scipy": {"matching", "planning", "decoys"},
    "openpyxl": {"reading", "reports", "demo"},
    "python_calamine": {"reading"},
    "msoffcrypto": {"reading"},
    "cryptography": {"reading"},
    "sqlalchemy": {"stores"},
    "altair": {"reports"},
    "click": {"cli"},
    "rich": {"cli", "reports"},
    "hypothesis": {"testing"},
    "pytest": {"testing"},
}

EDGES = {"reading", "stores", "reports", "marking", "cli", "demo", "testing", "__main__"}
EDGE_FILES = {"planning/codec.py", "planning/decisions.py", "matching/model_file.py"}
"""One module that reads and writes the file of its package: plans, and fitted models."""

AT_THE_EDGES = {"time", "random", "os", "uuid", "secrets", "tempfile", "pathlib", "shutil", "io", "zipfile"}
"""Clock, randomness, files and environment: standard modules that only the edges may import."""

FILES = sorted(SOURCE.rglob("*.py"))


def home_of(path: Path) -> str:
    """The module or package directly below `rosterdiff` that a file belongs to."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> list[tuple[str, bool]]:
    """Every imported module, and whether the import is under `if TYPE_CHECKING`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    found: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in typing_only) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: relative import"
            names = [f"{node.module}.{a.name}" for a in node.names] if node.module == "rosterdiff" else [node.module]
            found += [(str(name), id(node) in typing_only) for name in names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_downward_only(path: Path) -> None:
    home = home_of(path)
    for module, _ in imports_of(path):
        if not module.startswith("rosterdiff."):
            continue
        target = module.split(".")[1]
        if target == home:
            continue
        assert target in LAYERS, f"{target} has no layer: add it to LAYERS"
        assert LAYERS[target] < LAYERS[home], f"{home} imports {target}"
        assert target not in FORBIDDEN.get(home, set()), f"{home} may not import {target}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_third_party_libraries_stay_in_their_homes(path: Path) -> None:
    home = home_of(path)
    for module, _ in imports_of(path):
        library = module.split(".")[0]
        if library == "rosterdiff" or library in sys.stdlib_module_names or library in EVERYWHERE:
            continue
        assert home in HOMES.get(library, set()), f"{path.name} imports {library}; its home is {HOMES.get(library)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_clock_randomness_files_and_environment_stay_at_the_edges(path: Path) -> None:
    if home_of(path) in EDGES or str(path.relative_to(SOURCE)) in EDGE_FILES:
        return
    used = {module.split(".")[0] for module, typing_only in imports_of(path) if not typing_only}
    assert not used & AT_THE_EDGES
    calls = ast.dump(ast.parse(path.read_text(encoding="utf-8")))
    for name in ("'now'", "'today'", "'utcnow'"):
        assert f"attr={name}" not in calls, f"{path.name} asks the clock"


def test_the_first_layers_know_no_polars() -> None:
    for path in FILES:
        if LAYERS[home_of(path)] < 2:
            assert not any(module.startswith("polars") for module, _ in imports_of(path)), path.name


def test_functions_and_modules_keep_their_size() -> None:
    """No function over 50 lines, no module over 400, no more than 6 parameters."""
    for path in FILES:
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= 400, f"{path.name} has {source.count(chr(10))} lines"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                assert length <= 50, f"{path.name}:{node.lineno} {node.name} has {length} lines"
