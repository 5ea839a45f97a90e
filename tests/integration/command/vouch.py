"""Runs `vouch` as a user does: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.model import Json

ROOT = Path(__file__).resolve().parents[3]
ESTATE = ROOT / "examples" / "estate"

_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def verdicts(self) -> list[dict[str, Json]]:
        """The lines of a jsonl report."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(folder: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a run: nothing of the caller's own configuration or credentials."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VOUCH_", "AWS_"))}
    return {**kept, "XDG_CONFIG_HOME": str(folder / ".config"), "PYTHONPATH": str(ROOT), **(extra or {})}


def command(arguments: Sequence[str | Path]) -> list[str]:
    """The command line of a run."""
    return [sys.executable, "-m", "scanner", *map(str, arguments)]


def vouch(
    folder: Path, *arguments: str | Path, stdin: str | None = None, env: Mapping[str, str] | None = None
) -> Ended:
    """Run `vouch` in `folder` to its end."""
    done = subprocess.run(
        command(arguments),
        cwd=folder,
        env=environment(folder, env),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
        stdin=subprocess.DEVNULL if stdin is None else None,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def bundle(folder: Path) -> Path:
    """The one bundle in the folder's evidence."""
    (found,) = (folder / "evidence").iterdir()
    return found
