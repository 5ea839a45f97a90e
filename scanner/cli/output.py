"""Where reports go: `--format NAME[:PATH]`, and plain tables for the commands that list things."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
import orjson

from scanner import reporters
from scanner.errors import ConfigurationError
from scanner.interfaces import Evidence
from scanner.reporters import text

Function = TypeVar("Function", bound=Callable[..., Any])

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Target:
    """One report that was asked for."""

    format: str
    path: str

    @classmethod
    def parse(cls, asked: str) -> Target:
        """Read `NAME[:PATH]`. Raises `ConfigurationError` for an unknown format or a folder that is not there."""
        name, _, path = asked.partition(":")
        reporters.load(name)
        target = cls(name, path or STANDARD_OUTPUT)
        if target.path != STANDARD_OUTPUT and not Path(target.path).absolute().parent.is_dir():
            raise ConfigurationError(f"--format {asked}: the folder {Path(target.path).parent} does not exist")
        return target


_TO_TERMINAL = Target("text", STANDARD_OUTPUT)


def targets(texts: Sequence[str]) -> list[Target]:
    """All reports asked for. Raises `ConfigurationError` when two would be mixed in one place."""
    found = [Target.parse(asked) for asked in texts]
    for target in found:
        if sum(other.path == target.path for other in found) > 1:
            place = "standard output" if target.path == STANDARD_OUTPUT else target.path
            raise ConfigurationError(
                f"two reports would go to {place}", hint="Give each a path: --format json:report.json"
            )
    return found


def write(evidence: Evidence, wanted: Sequence[Target], *, no_color: bool = False) -> None:
    """Write each report to its place; the text report in colours on a terminal that wants them."""
    for target in wanted:
        with _opened(target.path) as out:
            if target == _TO_TERMINAL and sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ:
                text.write(evidence, out, colour=True)
            else:
                reporters.load(target.format).write(evidence, out)
            out.flush()


def _opened(path: str) -> Any:  # noqa: ANN401 - a context manager of a binary stream
    if path == STANDARD_OUTPUT:
        stream: BinaryIO = sys.stdout.buffer
        return nullcontext(stream)
    return Path(path).open("wb")


def format_option(function: Function) -> Function:
    """`--format text|json` of the commands that list things."""
    return click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the output."
    )(function)


def table(rows: Sequence[Sequence[object]], header: Sequence[str], right: Sequence[int] = ()) -> None:
    """Print rows in columns; the columns numbered in `right` are aligned to the right."""
    cells = [list(header), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        aligned = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(aligned).rstrip())


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
