"""Fetches what the browser tests need: axe-core, into a cache outside the checkout, and Chromium where CI may install.

    python tools/setup_browser.py

axe-core comes through `npm pack`, so npm's own registry settings hold. Chromium and pdftotext are installed by apt-get
when CI runs as root; elsewhere those on the path are used (`VOUCH_CHROMIUM` names another Chromium). What can't be had
is said aloud and the tests that need it skip; with `CI=true` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

AXE_VERSION = "4.14.1"


class SetupError(Exception):
    """Something can't be had here."""


def main() -> int:
    """Fetch what is missing; the exit code."""
    in_ci = os.environ.get("CI") == "true"
    parts: dict[str, Callable[[], Path]] = {
        f"axe-core {AXE_VERSION}": axe,
        "chromium": lambda: installed(os.environ.get("VOUCH_CHROMIUM") or "chromium", "chromium"),
        "pdftotext": lambda: installed("pdftotext", "poppler-utils"),
    }
    failed = False
    for name, part in parts.items():
        try:
            print(f"{name}: {part()}")
        except SetupError as error:
            failed = True
            print(f"SKIPPED: no {name}, tests that need it will skip: {error}")
    return 1 if failed and in_ci else 0


def axe() -> Path:
    """axe-core's script, fetched unless it is in the cache. Raises `SetupError`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vouch-tools"
    script = cache / f"axe-core-{AXE_VERSION}" / "axe.min.js"
    if not script.exists():
        npm = _program("npm")
        script.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _run([npm, "pack", "--silent", f"axe-core@{AXE_VERSION}"], folder)
            _extract(Path(folder) / f"axe-core-{AXE_VERSION}.tgz", script)
    return script


def _extract(archive: Path, script: Path) -> None:
    """Take the one file that is needed; moved into place, so that an interrupted copy is not taken for it."""
    with tarfile.open(archive) as package:
        member = package.extractfile("package/axe.min.js")
        if member is None:
            raise SetupError(f"{archive.name} holds no axe.min.js")
        partial = archive.with_suffix(".js")
        partial.write_bytes(member.read())
    partial.replace(script)


def installed(program: str, package: str) -> Path:
    """The program, installed from its package where this is CI, root and Debian. Raises `SetupError`."""
    found = shutil.which(program)
    if not found and os.environ.get("CI") == "true" and os.geteuid() == 0:
        apt = _program("apt-get")
        _run([apt, "update", "--quiet"])
        _run([apt, "install", "--yes", "--quiet", "--no-install-recommends", package])
        found = shutil.which(program)
    if not found:
        raise SetupError("there is none on the path")
    return Path(found)


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise SetupError(f"there is no {name}")
    return found


def _run(command: list[str], folder: str | None = None) -> None:
    try:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
