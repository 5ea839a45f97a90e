"""`vouch report BUNDLE`."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.cli import output


@click.command(
    epilog="\b\nExamples:\n  vouch report evidence/20261125T100000Z-1f2e3d4c --format html:audit.html\n"
    "  vouch report evidence/20261125T100000Z-1f2e3d4c --format json | jq .summary"
)
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format", "formats", multiple=True, metavar="NAME[:PATH]", help="Report to make; repeatable. [default: text]"
)
def command(bundle: Path, formats: tuple[str, ...]) -> None:
    """Make any report from BUNDLE, byte for byte what the scan itself gave."""
    from scanner.evidence.read import Reader

    wanted = output.targets(formats or ("text",))
    output.write(Reader(bundle), wanted)
