"""Errors that a user can mend, each with a hint. Anything else that is raised is a bug and may crash.

Only the command line turns these into exit codes (`exit_code`), see the table in README.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class ScannerError(Exception):
    """Base of all errors that end the program with a sentence instead of a stack trace."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        """What the user can do about it, or None when the message says it all."""


class ConfigurationError(ScannerError):
    """What the user gave cannot be used: an option, a file, a control. The message names file and line."""

    exit_code = 2


class PolicyError(ConfigurationError):
    """A control or library cannot be loaded."""

    def __init__(self, path: str, line: int, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"{path}:{line}: {message}", hint=hint)
        self.path = path
        self.line = line


class EngineError(ScannerError):
    """The policy engine cannot be started, or broke its contract."""


class EvidenceError(ScannerError):
    """A bundle cannot be written (disk full, no permission)."""


class BundleError(ConfigurationError):
    """A bundle that was given cannot be read: not a bundle, damaged, or of a newer form."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """A hint that offers the known name nearest to `name`, or None when none is near."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"Did you mean {matches[0]}?" if matches else None
