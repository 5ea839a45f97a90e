"""`vouch version`."""

from __future__ import annotations

import click

from scanner import __version__


@click.command(epilog="\b\nExamples:\n  vouch version\n  vouch --version")
def command() -> None:
    """Print the version."""
    click.echo(__version__)
