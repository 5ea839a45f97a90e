"""A wheel, made from the source distribution, carries all that a scan needs and runs away from the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scanner import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the source distribution, which is built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (found,) = out.glob("*.whl")
    return found


def test_the_wheel_holds_what_the_checkout_holds(wheel: Path) -> None:
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("scanner/data/")}
    there = {
        f"scanner/data/{path.relative_to(ROOT).as_posix()}"
        for folder in ("policies", "controls", "reports")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert shipped == there
    assert "scanner/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_the_installed_wheel_scans(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    code = (
        "import scanner, sys; from scanner.cli import run; print(scanner.__file__);"
        "sys.exit(run(['scan', 'pod.yaml', '--format', 'html:out.html', '--fail-on', 'none', '--no-evidence']))"
    )
    (tmp_path / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a}]}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(place), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == str(place / "scanner" / "__init__.py")
    assert "<html" in (tmp_path / "out.html").read_text()


def test_the_version_is_one() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "scanner", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == f"vouch, version {__version__}\n"
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_readme_lists_the_commands_that_there_are() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "scanner", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    commands = told.stdout.split("Commands:\n")[1].split("\n\n")[0]
    assert commands in (ROOT / "README.md").read_text()


def test_no_text_of_the_project_names_this_machine_or_a_registry() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    words = ["/work" + "/", "/root" + "/", "pypi" + ".org", "registry.npmjs" + ".org", "proxy.golang" + ".org"]
    guilty = [
        (name, word)
        for name in tracked
        if (path := ROOT / name).is_file()
        for word in words
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert guilty == []
