"""Reports compared whole with the files beside this one.

After a change that is meant, `UPDATE_GOLDEN=1` in the environment of the tests writes them anew; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).parent


def assert_golden(name: str, data: bytes) -> None:
    """Whether a report is, byte for byte, the golden file of that name."""
    path = _FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(data)
    assert data.decode() == path.read_bytes().decode()
