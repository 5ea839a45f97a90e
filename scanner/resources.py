"""Where the files lie that ship with the scanner: `policies/`, `controls/` and `reports/`.

In a wheel they are in `scanner/data/`; in a checkout (and in an editable install) at its top level.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder of that name; it exists, or the installation is broken and `FileNotFoundError` says so."""
    for candidate in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name}/ is missing beside the package in {_PACKAGE.parent}: install vouch-scanner again")
