"""The command `vouch`. Each command group is a module that is imported only when it is used, so that `vouch --version`
is instant."""

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
import traceback
from importlib import import_module
from types import FrameType
from typing import NoReturn

import click

from scanner import __version__
from scanner.errors import ConfigurationError, EvidenceError, ScannerError, nearest

_COMMANDS = {
    "scan": ("scanner.cli.scan", "Judge the state of clusters and clouds, write evidence, report."),
    "report": ("scanner.cli.report", "Make any report from a bundle, equal to the scan's own."),
    "controls": ("scanner.cli.controls", "List, show, check and start controls."),
    "frameworks": ("scanner.cli.frameworks", "List frameworks, their requirements and what covers them."),
    "evidence": ("scanner.cli.evidence", "Verify a bundle."),
    "permissions": ("scanner.cli.permissions", "Print the least permissions that a source needs."),
    "doctor": ("scanner.cli.doctor", "Tell what this installation can do and what it can read."),
    "schema": ("scanner.cli.schema", "Print the JSON Schema of a file that vouch reads or writes."),
    "completion": ("scanner.cli.completion", "Print the completion script of a shell."),
    "version": ("scanner.cli.version", "Print the version."),
}
"""Command -> its module, whose `command` it is, and its one-line help."""


_STOPPED = (128 + signal.SIGINT, 128 + signal.SIGTERM)
"""Exit codes of a scan that was told to stop."""


class _Commands(click.Group):
    """The commands of the table, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}. {nearest(args[0], _COMMANDS) or ''}".rstrip(), ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n  vouch scan deploy/ --format html:audit.html\n  vouch scan aws --framework hipaa",
)
@click.version_option(__version__, prog_name="vouch")
def cli() -> None:
    """Vouch judges the state of clusters and clouds by policy-as-code controls and keeps evidence of every verdict."""


def main() -> NoReturn:
    """Run the command line and end the process with the exit code of the README's table."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        code = run(sys.argv[1:])
    except Exception as error:  # noqa: BLE001 - a bug must not leave by Python's exit code 1, which means findings
        code = _bug(error)
    if code in _STOPPED:
        # Everything is sealed; only requests on their way are left, and Python would wait for their threads.
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line; returns the exit code. Only here do errors become codes and sentences."""
    try:
        result = cli.main(arguments, prog_name="vouch", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return ConfigurationError.exit_code
    except ScannerError as error:
        return _complain(str(error), error.hint, error.exit_code)
    except (KeyboardInterrupt, click.Abort) as stop:
        # click turns a KeyboardInterrupt into its own Abort; ours, underneath, knows the signal.
        return _complain("interrupted", None, 128 + getattr(stop.__cause__ or stop, "signal", signal.SIGINT))
    except OSError as error:
        return _system_refused(error)
    return result if isinstance(result, int) else 0


def _system_refused(error: OSError) -> int:
    if error.errno == errno.EPIPE:
        # Whoever read our output has gone (`| head`); nobody is left to tell, and Python's own flush must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
        return _complain(f"{error.filename or 'writing'}: {error.strerror}", None, EvidenceError.exit_code)
    raise error


def _bug(error: Exception) -> int:
    """A sentence for the user; the trace goes to a file, since names and values of the estate may stand in it."""
    with tempfile.NamedTemporaryFile("w", prefix="vouch-bug-", suffix=".txt", delete=False, errors="replace") as file:
        file.writelines(traceback.format_exception(error))
    hint = f"Please report it. The details are in {file.name}; read them before you pass them on."
    return _complain(f"this is a bug in vouch ({type(error).__name__})", hint, ScannerError.exit_code)


def _complain(message: str, hint: str | None, code: int) -> int:
    click.echo(f"vouch: {message}", err=True)
    if hint:
        click.echo(f"       {hint}", err=True)
    return code


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    from scanner.scan import Interrupted

    raise Interrupted(number)
