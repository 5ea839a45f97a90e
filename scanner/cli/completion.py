"""`vouch completion SHELL`: click's own completion scripts."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command(epilog='\b\nExamples:\n  eval "$(vouch completion bash)"\n  vouch completion fish | source')
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of SHELL."""
    from scanner.cli import cli

    form = get_completion_class(shell)
    if form is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(form(cli, {}, "vouch", "_VOUCH_COMPLETE").source())
