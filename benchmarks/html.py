"""What a large HTML report costs: to write, to store, and to open in Chromium.

    python -m benchmarks.html [--verdicts 100000]

Writes a report of generated verdicts, with the shipped catalogue and all its frameworks, then opens it three times. The
targets: under 10 MB, and under 3.5 s from opening to a table of deviations that answers. Without Chromium
(`VOUCH_CHROMIUM`, or `chromium` on the path) the second half is left out, aloud.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import sync_playwright

from scanner import catalog
from scanner.model import Cause, Finding, Gap, Json, Outcome, Question, ResourceRef, Skipped, Source, Verdict
from scanner.reporters import html

NOW = "2026-01-01T00:00:00Z"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]

_OUTCOMES = (*[Outcome.PASS] * 6, Outcome.FAIL, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
"""Of ten verdicts six pass, two fail."""


class Generated:
    """See `Evidence`: each control of the catalogue on resources of its own, which no other shares: the worst case."""

    def __init__(self, verdicts: int) -> None:
        selected = catalog.load()
        self.catalog: Mapping[str, Json] = selected.describe()
        self.per_control = -(-verdicts // len(selected.controls))
        self.manifest_digest = f"sha256:{'0' * 64}"
        self.manifest: Mapping[str, Json] = {
            "complete": True,
            "reason": None,
            "run_id": "0" * 32,
            "started_at": NOW,
            "finished_at": NOW,
            "sources": ["aws", "kubernetes"],
            "selection": {},
            "engine": {"name": "embedded", "version": "0"},
            "policy_digest": f"sha256:{'0' * 64}",
            "observed": {},
        }

    def verdicts(self) -> Iterator[Verdict]:
        for control in sorted(self.catalog["controls"], key=lambda one: str(one["id"])):
            yield from (_verdict(control, number) for number in range(self.per_control))

    def gaps(self) -> Iterator[Gap]:
        return iter(())

    def skipped(self) -> Iterator[Skipped]:
        return iter(())

    def questions(self) -> Iterator[Question]:
        return iter(())


def _verdict(control: Mapping[str, Json], number: int) -> Verdict:
    outcome = _OUTCOMES[number % len(_OUTCOMES)]
    kind, name = control["resources"][0], f"service-{number:05}"
    # A digest that no compressor can shorten, as real ones are.
    digest = f"sha256:{sha256(control['id'].encode() + number.to_bytes(4)).hexdigest()}"
    path = ("spec", "containers", number % 3, "securityContext", "privileged")
    return Verdict(
        control=control["id"],
        resource=ResourceRef(kind, f"Deployment/team-{number % 40}/{name}", name, "cluster:prod"),
        outcome=outcome,
        evaluated_at=NOW,
        control_digest=control["digest"],
        resource_digest=digest,
        findings=(Finding(f"container {name} is privileged", path, False, True),) if outcome is Outcome.FAIL else (),
        cause=Cause("access_denied", "AccessDenied", "s3:GetBucketPolicy") if outcome is Outcome.UNKNOWN else None,
        source=Source(f"deploy/team-{number % 40}/{name}.yaml", number % 90 + 1),
    )


def write(path: Path, count: int) -> None:
    """Write the report and print what that cost."""
    evidence = Generated(count)
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("wb") as out:
        html.write(evidence, out)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = path.stat().st_size / 2**20
    print(f"{evidence.per_control * len(evidence.catalog['controls']):,} verdicts: {size:.1f} MB (target 10)")
    print(
        f"  written in {seconds:.1f} s, peak {peak / 1024:.0f} MB, of which before {before / 1024:.0f} MB", flush=True
    )


def open_it(path: Path, program: str) -> None:
    """Open the report three times and print the seconds until its data and its deviations are there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for _ in range(3):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            started = time.perf_counter()
            page.goto(f"{path.as_uri()}#deviations", wait_until="commit")
            page.wait_for_selector("#deviations tbody tr")
            opened = time.perf_counter()
            page.get_by_label("Search").fill("service-00046")
            page.wait_for_url(lambda url: url.endswith("q=service-00046"))
            page.wait_for_selector("#deviations [role=status]:has-text('in all')")
            searched = time.perf_counter()
            print(
                f"  opened in {opened - started:.2f} s (target 3.5), searched in {searched - opened:.2f} s", flush=True
            )
            page.close()
        browser.close()


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.html")
    parser.add_argument("--verdicts", type=int, default=100_000)
    options = parser.parse_args()
    program = shutil.which(os.environ.get("VOUCH_CHROMIUM") or "chromium")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        write(path, options.verdicts)
        if program:
            open_it(path, program)
        else:
            print("  SKIPPED opening it: there is no Chromium")


if __name__ == "__main__":
    main()
