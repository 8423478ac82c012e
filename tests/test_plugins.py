"""The folder is the registry, and what stands in one folder does not know its neighbours."""

import ast
from pathlib import Path

import pytest

from costlab.plugins import names_of

ROOT = Path(__file__).parent.parent


def plugin_folders() -> list[str]:
    """Every package that is somewhere given to `plugins()`, as the code has it; a new one is found by itself."""
    found = []
    for path in sorted((ROOT / "costlab").rglob("*.py")):
        module = _module(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "plugins":
                given = node.args[0]
                found.append(given.value if isinstance(given, ast.Constant) else module)
    return found


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """Dotted names a file imports, those of `from package import name` as `package.name`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_the_folders_are_found() -> None:
    folders = set(plugin_folders())
    assert {"costlab.bills.formats", "costlab.inventory.sources", "costlab.services"} <= folders
    assert len([name for name in folders if name.startswith("costlab.exports.")]) > 1


@pytest.mark.parametrize("package", plugin_folders())
def test_plugins_of_a_folder_do_not_know_each_other(package: str) -> None:
    """Not even by way of a part they share: what several need stands in `_x.py`, `parts/` or a room below."""
    folder = ROOT.joinpath(*package.split("."))
    plugins = names_of(package)
    assert plugins
    for path in sorted(folder.rglob("*.py")):
        owner = path.relative_to(folder).parts[0].removesuffix(".py")
        if owner == "__init__":
            continue
        others = {f"{package}.{name}" for name in plugins if name != owner}
        met = {name for name in imported(path) if any(name == o or name.startswith(f"{o}.") for o in others)}
        assert not met, f"{path.relative_to(ROOT)} imports {sorted(met)}"
