import ast
import importlib
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

import corridor

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = dict(
    line.split(" ;")[0].strip().split("==")
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
)


def tracked() -> list[Path]:
    """Return the files under version control, or the test is skipped."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def version_in(file: str, pattern: str) -> str:
    found = re.search(pattern, (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert found, f"no version in {file}"
    return found[1]


def test_the_version_is_one_everywhere() -> None:
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "corridor/__init__.py"
    assert version_in("CITATION.cff", r"^version: (\S+)$") == corridor.__version__
    assert version_in("CHANGELOG.md", r"^## (\d+\.\d+\.\d+)") == corridor.__version__


def test_what_is_pinned_is_what_the_project_asks_for() -> None:
    names = {
        re.split(r"[<>=\[ ]", wanted)[0].lower().replace("_", "-").replace(".", "-")
        for wanted in PROJECT["project"]["dependencies"]
    }
    assert names <= set(PINS)
    for group in PROJECT["dependency-groups"].values():
        for name, version in (pin.split("==") for pin in group):
            assert PINS[name.lower()] == version, f"{name}: run `make lock`"


def test_every_dependency_is_imported_somewhere() -> None:
    imported = {
        name.split(".")[0].lower()
        for path in (ROOT / "corridor").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imports(node)
    }
    # xarray writes run.nc through netCDF4 and gives tables as frames of pandas; osmnx reads what `convert` takes over.
    indirect = {"netcdf4", "pandas", "osmnx"}
    names = {re.split(r"[<>=\[ ]", wanted)[0].lower() for wanted in PROJECT["project"]["dependencies"]} - indirect
    modules = {{"ruamel.yaml": "ruamel", "annotated-types": "annotated_types"}.get(name, name) for name in names}
    assert modules - imported == set()


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_the_wheel_holds_the_code_the_networks_and_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = importlib.import_module("hatchling.build")
    monkeypatch.chdir(ROOT)
    wheel = tmp_path / build.build_wheel(str(tmp_path))
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        metadata = next(name for name in held if name.endswith("METADATA"))
        assert f"Version: {corridor.__version__}" in archive.read(metadata).decode("utf-8")
    wanted = {path.relative_to(ROOT).as_posix() for path in tracked() if path.is_relative_to(ROOT / "corridor")}
    assert wanted <= held
    assert {
        "corridor/py.typed",
        "corridor/data/central_syria/nodes.csv",
        "corridor/schema/scenario.schema.json",
    } <= held
    assert any(name.endswith("licenses/LICENSE") for name in held)


FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w/.])/(?:home|Users|root|work|opt|tmp|usr/local|mnt|srv)/\w"),
    "a path of one machine (Windows)": re.compile(r"\b[C-Z]:\\Users"),
    "a package registry": re.compile(
        r"(?:pypi|pythonhosted|npmjs|registry\.|artifactory|nexus\.)\S*\.(?:org|com|io|net)", re.IGNORECASE
    ),
    "an address of one network": re.compile(r"\b(?:127\.0\.0\.1|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+)\b|localhost"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_tracked_file_names(what: str) -> None:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FOREIGN[what].finditer(text)]
    assert not found


def test_graph_algorithms_and_solvers_of_scipy_have_one_home_each() -> None:
    homes = {"scipy.sparse.csgraph": {"paths", "flows"}, "scipy.optimize": {"flows"}, "highspy": {"flows"}}
    for path in (ROOT / "corridor").rglob("*.py"):
        room = path.relative_to(ROOT / "corridor").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _imports(node):
                assert room in homes.get(name, {room}), f"{path.relative_to(ROOT)} imports {name}"


def test_results_hold_only_what_a_run_can_make_again() -> None:
    kept = {
        path.relative_to(ROOT / "results").as_posix() for path in tracked() if path.is_relative_to(ROOT / "results")
    }
    scenarios = {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}
    assert "README.md" in kept
    assert kept - {"README.md"} <= {f"{name}/summary.csv" for name in scenarios}
