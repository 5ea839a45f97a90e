"""`vouch permissions SOURCE`."""

from __future__ import annotations

import click

from scanner import catalog, collectors
from scanner.cli import output
from scanner.link import Linker


@click.command(epilog="\b\nExamples:\n  vouch permissions aws > policy.json\n  vouch permissions aws --framework hipaa")
@click.argument("source")
@click.option("--framework", "frameworks", multiple=True, help="Only for controls that bear on it; repeatable.")
@click.option("--control", "controls", multiple=True, metavar="GLOB", help="Only for these controls; repeatable.")
def command(source: str, frameworks: tuple[str, ...], controls: tuple[str, ...]) -> None:
    """Print the least permissions that the selected controls need to read SOURCE (aws: an IAM policy)."""
    selected = catalog.load().select(frameworks=frameworks, include=controls)
    output.print_json(collectors.permissions(source.partition(":")[0], Linker(selected.controls).wanted))
