"""How much the seeded fuzz tests try: a short form by default, `VOUCH_FUZZ` times as much in `make soak`."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("VOUCH_FUZZ", "1"))


def rounds(short: int) -> int:
    """The number of cases, where the short form has `short`."""
    return short * TIMES
