"""One JSON object: facts of the scan, its summary, every verdict record, every gap, everything passed over.

It is written as it is read, one record a line, so its size is no matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from scanner.interfaces import Evidence
from scanner.model import Json
from scanner.reporters.records import gap_records, record_line, skipped_record, verdict_records
from scanner.summary import summarize

_FACTS = (
    "run_id",
    "started_at",
    "finished_at",
    "complete",
    "reason",
    "tool",
    "engine",
    "policy_digest",
    "sources",
    "selection",
    "observed",
    "counts",
    "merkle",
)
"""Of the manifest, in the order of the report; those that it has."""


def write(evidence: Evidence, out: BinaryIO) -> None:
    """See `Reporter.write`."""
    facts = {name: evidence.manifest[name] for name in _FACTS if name in evidence.manifest}
    out.write(b'{"scan":' + record_line(facts))
    out.write(b',\n"summary":' + record_line(summarize(evidence).as_json()))
    _write_list(out, b"verdicts", verdict_records(evidence))
    _write_list(out, b"gaps", gap_records(evidence))
    _write_list(out, b"skipped", map(skipped_record, evidence.skipped()))
    out.write(b"}\n")


def _write_list(out: BinaryIO, name: bytes, records: Iterable[dict[str, Json]]) -> None:
    out.write(b',\n"' + name + b'":[')
    for index, record in enumerate(records):
        out.write((b",\n" if index else b"\n") + record_line(record))
    out.write(b"]")
