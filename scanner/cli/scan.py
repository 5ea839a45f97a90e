"""`vouch scan SOURCE...`: options become values, the values go to `scanner.scan.run`, the bundle becomes reports and a
code."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner import __version__
from scanner.cli import output
from scanner.cli.progress import Progress
from scanner.errors import ConfigurationError
from scanner.interfaces import Engine
from scanner.model import SEVERITIES, Json

if TYPE_CHECKING:
    from scanner.catalog import Catalog

_DEFAULT_EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; the fields are the options of the command."""

    sources: tuple[str, ...]
    framework: tuple[str, ...]
    control: tuple[str, ...]
    exclude: tuple[str, ...]
    severity: str | None
    format: tuple[str, ...]
    evidence: str
    no_evidence: bool
    fail_on: str
    strict: bool
    min_coverage: float | None
    engine: str
    opa_url: str | None
    policies: tuple[str, ...]
    parameters: str | None
    regions: tuple[str, ...]
    jobs: int | None
    timeout: float
    quiet: bool
    verbose: bool
    no_progress: bool
    no_color: bool


def _configured(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    from scanner import config

    ctx.default_map = config.read(Path(value) if value else None)


def _option(flag: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401 - click's own
    name = flag.split(maxsplit=1)[0].removeprefix("--")
    return click.option(*flag.split(), envvar=f"VOUCH_{name.replace('-', '_').upper()}", **settings)


@click.command(
    epilog="\b\nExamples:\n  vouch scan deploy/ --format html:audit.html\n"
    "  helm template . | vouch scan - --framework soc2 --fail-on critical"
)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "--config", is_eager=True, expose_value=False, callback=_configured, metavar="FILE", help="[default: vouch.yaml]"
)
@_option("--framework", multiple=True, metavar="NAME", help="Only controls that bear on it; repeatable.")
@_option("--control", multiple=True, metavar="GLOB", help="Only these controls; repeatable.")
@_option("--exclude", multiple=True, metavar="GLOB", help="Not these controls; repeatable.")
@_option("--severity", type=click.Choice(SEVERITIES), help="Only controls at least so severe.")
@_option("--format", multiple=True, metavar="NAME[:PATH]", help="text json jsonl html; repeatable. [default: text:-]")
@_option("--evidence", default=_DEFAULT_EVIDENCE, metavar="DIR", help="Folder of bundles. [default: evidence]")
@_option("--no-evidence", is_flag=True, help="Keep no bundle.")
@_option(
    "--fail-on", type=click.Choice([*SEVERITIES, "none"]), default="high", help="Exit 1 from here. [default: high]"
)
@_option("--strict", is_flag=True, help="Any gap gives exit code 3.")
@_option("--min-coverage", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit 3 when less was judged.")
@_option("--engine", type=click.Choice(["embedded", "opa"]), default="embedded", help="[default: embedded]")
@_option("--opa-url", metavar="URL", help="A running OPA server, for --engine opa.")
@_option("--policies", multiple=True, metavar="DIR", help="More controls beside the shipped ones; repeatable.")
@_option("--parameters", metavar="FILE", help="Values of the controls' parameters.")
@_option("--regions", multiple=True, metavar="NAME", help="AWS regions instead of all enabled ones; repeatable.")
@_option("--jobs", type=click.IntRange(1), metavar="N", help="Workers and requests at once.")
@_option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    metavar="SECONDS",
    help="For one control on one resource.",
)
@_option("--quiet -q", is_flag=True, help="Reports only; no word on stderr but errors.")
@_option("--verbose -v", is_flag=True, help="Name every gap and skipped file as it comes.")
@_option("--no-progress", is_flag=True, help="No progress on stderr.")
@_option("--no-color", is_flag=True, help="No colours (NO_COLOR is honoured too).")
def command(**given: Any) -> int:  # noqa: ANN401 - click hands over what the options say
    """Judge SOURCE... by the controls, keep evidence of every verdict, and report.

    A source is scheme[:target]: manifests:PATH (or a bare path, - for standard input), aws[:PROFILE].

    Exit codes: 0 threshold met, 1 findings, 2 usage, 3 incomplete, 4 the scanner failed.
    """
    return _scan(Options(**given))


def _scan(options: Options) -> int:
    if not options.sources:
        raise click.UsageError(
            "name at least one source: a path, - for standard input, or aws", click.get_current_context()
        )
    wanted = output.targets(options.format or ("text",))

    from scanner import summary
    from scanner.evidence.read import Reader

    with _folder(options) as folder:
        bundle = _recorded(options, folder)
        evidence = Reader(bundle)
        output.write(evidence, wanted, no_color=options.no_color)
        code, why = summary.exit_status(
            summary.summarize(evidence),
            fail_on=options.fail_on,
            strict=options.strict,
            min_coverage=options.min_coverage,
        )
        if not options.quiet:
            _close(options, bundle, wanted, code, why)
    return code


def _recorded(options: Options, folder: Path) -> Path:
    """Run the scan; returns where its sealed bundle lies."""
    from scanner import catalog, collectors, scan
    from scanner.evidence.bundle import Bundle, Policy

    selected = catalog.load([Path(path) for path in options.policies], _path(options.parameters)).select(
        frameworks=options.framework, include=options.control, exclude=options.exclude, severity=options.severity
    )
    if not selected.controls:
        raise ConfigurationError("no control is selected", hint="See: vouch controls list")
    settings = collectors.Settings(jobs=options.jobs or 8, regions=options.regions)
    sources = [collectors.open_source(source, settings) for source in options.sources]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with closing(_engine(options, selected)) as engine:
        policy = Policy(selected.modules, selected.describe(), selected.values)
        bundle = Bundle.create(folder, intent=_intent(options, engine, now), policy=policy)
        try:
            with Progress(quiet=options.quiet, verbose=options.verbose, live=_is_live(options)) as progress:
                scan.run(selected, sources, engine, bundle, now=now, watch=progress.watch)
        except KeyboardInterrupt:
            click.echo(f"vouch: stopped; what was judged so far is sealed as incomplete in {bundle.path}", err=True)
            raise
    return bundle.path


def _engine(options: Options, selected: Catalog) -> Engine:
    from scanner.engines.policies import Policies

    policies = Policies(selected.modules, selected.rules)
    if options.engine == "opa":
        from scanner.engines.opa import Opa

        return Opa(policies, url=options.opa_url)
    if options.opa_url:
        raise ConfigurationError("--opa-url is for --engine opa")
    from scanner.engines.embedded import Embedded

    return Embedded(policies, jobs=options.jobs or os.cpu_count() or 1, timeout=options.timeout)


def _intent(options: Options, engine: Engine, now: str) -> dict[str, Json]:
    selection = {name: getattr(options, name) for name in ("framework", "control", "exclude", "severity", "regions")}
    return {
        "started_at": now,
        "tool": {"name": "vouch", "version": __version__},
        "sources": options.sources,
        "selection": selection,
        "engine": {"name": engine.name, "version": engine.version},
    }


@contextmanager
def _folder(options: Options) -> Iterator[Path]:
    """The folder of bundles; with --no-evidence one that is gone afterwards."""
    if not options.no_evidence:
        yield Path(options.evidence)
        return
    with tempfile.TemporaryDirectory(prefix="vouch-") as folder:
        yield Path(folder)


def _close(options: Options, bundle: Path, wanted: Sequence[output.Target], code: int, why: str) -> None:
    """The last words, on stderr: where things lie, and why the exit code is what it is."""
    for target in wanted:
        if target.path != output.STANDARD_OUTPUT:
            click.echo(f"{target.format} report: {target.path}", err=True)
    if not options.no_evidence:
        click.echo(f"evidence: {bundle}", err=True)
        if not any(target.format == "html" for target in wanted):
            click.echo(f"          vouch report {bundle} --format html:report.html", err=True)
    click.echo(f"exit {code}: {why}", err=True)


def _is_live(options: Options) -> bool:
    return sys.stderr.isatty() and not options.no_progress and not options.no_color and "NO_COLOR" not in os.environ


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
