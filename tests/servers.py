"""Where the real servers are that tests run against: a missing one skips on a laptop, aloud, and fails in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

OPA_VERSION = "1.22.2"


def opa() -> str:
    """The OPA program: `VOUCH_OPA`, `opa` on the path, or the one that tools/build_servers.py built."""
    return find_opa() or _missing("there is no OPA; `python tools/build_servers.py` builds it")


def find_opa() -> str | None:
    """As `opa`, but None when there is none."""
    built = tools_cache() / "bin" / f"opa-{OPA_VERSION}" / "opa"
    for candidate in (os.environ.get("VOUCH_OPA"), "opa", str(built)):
        if candidate and (found := shutil.which(candidate)):
            return found
    return None


def tools_cache() -> Path:
    """The folder outside the checkout where built servers are kept, by version."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vouch-tools"


def _missing(reason: str) -> str:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
