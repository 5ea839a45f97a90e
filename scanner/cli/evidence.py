"""`vouch evidence verify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli import output

if TYPE_CHECKING:
    from scanner.evidence.verify import Result

_CODES = {"VERIFIED": 0, "MISMATCH": 1, "CANNOT_VERIFY": 3}


@click.group()
def command() -> None:
    """Verify a bundle."""


@command.command(
    epilog="\b\nExamples:\n  vouch evidence verify evidence/20261125T100000Z-1f2e3d4c\n"
    "  vouch evidence verify evidence/20261125T100000Z-1f2e3d4c --format json"
)
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@output.format_option
def verify(bundle: Path, form: str) -> int:
    """Recompute every digest and the trees of BUNDLE: VERIFIED (exit 0), MISMATCH (1) or CANNOT VERIFY (3)."""
    from scanner.evidence import verify as verification

    result = verification.verify(bundle)
    if form == "json":
        output.print_json(asdict(result))
    else:
        click.echo(f"{result.status.value}: {bundle}")
        for line in _lines(result):
            click.echo(f"  {line}")
    return _CODES[result.status.name]


def _lines(result: Result) -> list[str]:
    lines = [f"problem: {problem}" for problem in result.problems]
    if result.trust:
        lines.append(f"trust level: {result.trust}")
    if result.manifest_digest:
        lines.append(f"manifest: {result.manifest_digest}")
    if not result.complete:
        lines.append(f"the scan is incomplete: {result.reason or 'it was not sealed'}")
    return [*lines, *[f"not proven: {text}" for text in result.not_proven]]
