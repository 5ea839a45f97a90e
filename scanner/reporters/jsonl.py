"""One verdict record a line, then a record of the same keys for each gap: for `jq`, log pipelines and data lakes."""

from __future__ import annotations

from itertools import chain
from typing import BinaryIO

from scanner.interfaces import Evidence
from scanner.reporters.records import gap_records, record_line, verdict_records


def write(evidence: Evidence, out: BinaryIO) -> None:
    """See `Reporter.write`."""
    for record in chain(verdict_records(evidence), gap_records(evidence)):
        out.write(record_line(record) + b"\n")
