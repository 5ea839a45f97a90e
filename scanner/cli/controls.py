"""`vouch controls list|show|lint|test|new`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from scanner import catalog, resources
from scanner.catalog import Catalog
from scanner.cli import output
from scanner.errors import ConfigurationError
from scanner.model import Control

_FOLDERS = click.option(
    "--policies", multiple=True, metavar="DIR", help="More controls beside the shipped ones; repeatable."
)

_SKELETON = """\
# METADATA
# title: {title}
# description: Say in one or two sentences what passes.
# custom:
#   severity: medium
#   resources: [{kind}]
#   objectives: [secure-configuration]
#   remediation: Say what to do, with the setting's name or a line to paste.
package policies.{id}

findings contains finding if {{
	not _is_enabled
	finding := {{"message": "the feature is not enabled", "path": ["feature", "enabled"], "expected": true}}
}}

_is_enabled if input.attributes.feature.enabled == true
"""

_SKELETON_TEST = """\
package policies.{id}_test

import data.policies.{id} as control

test_compliant if {{
	control.findings == set() with input as {{"attributes": {{"feature": {{"enabled": true}}}}}}
}}

test_not_enabled if {{
	control.findings == _not_enabled with input as {{"attributes": {{"feature": {{"enabled": false}}}}}}
}}

test_nothing_configured if {{
	control.findings == _not_enabled with input as {{"attributes": {{}}}}
}}

_not_enabled := {{{{"message": "the feature is not enabled", "path": ["feature", "enabled"], "expected": true}}}}
"""


@click.group()
def command() -> None:
    """List, show, check and start controls."""


@command.command(
    "list", epilog="\b\nExamples:\n  vouch controls list --framework hipaa\n  vouch controls list --format json"
)
@click.option("--framework", "frameworks", multiple=True, help="Only those that bear on it; repeatable.")
@_FOLDERS
@output.format_option
def list_controls(frameworks: tuple[str, ...], policies: tuple[str, ...], form: str) -> None:
    """List the controls."""
    found = _load(policies).select(frameworks=frameworks)
    if form == "json":
        output.print_json([found.describe_control(control) for control in found.controls.values()])
    else:
        rows = [(control.id, control.severity, control.title) for control in found.controls.values()]
        output.table(rows, ("control", "severity", "title"))


@command.command(
    epilog="\b\nExamples:\n  vouch controls show aws.s3.not_public\n"
    "  vouch controls show aws.s3.not_public --format json"
)
@click.argument("name")
@_FOLDERS
@output.format_option
def show(name: str, policies: tuple[str, ...], form: str) -> None:
    """Show all that is known of control NAME: what it reads, what it evidences, how to mend."""
    found = _load(policies)
    control = found.control(name)
    if form == "json":
        output.print_json(found.describe_control(control))
        return
    requirements = found.requirements_by_control[control.id]
    lines = [
        f"{control.id} ({control.severity})",
        f"  {control.title}",
        "",
        f"  {control.description}",
        "",
        f"  judges        {', '.join(control.resources)}",
        *([f"  applies to    {control.scope_note}"] if control.scope_note else []),
        f"  reads         {', '.join(_used(control))}",
        f"  objectives    {', '.join(control.objectives)}",
        *[f"  {framework:13} {', '.join(ids)}" for framework, ids in requirements.items()],
        *[f"  parameter     {name} = {found.values[name]!r}" for name in sorted(control.parameters)],
        f"  remediation   {control.remediation}",
        *[f"  see           {reference}" for reference in control.references],
        f"  file          policies/{control.path}",
        f"  digest        {control.digest}",
    ]
    click.echo("\n".join(lines))


@command.command(epilog="\b\nExamples:\n  vouch controls lint\n  vouch controls lint --policies our-controls/")
@_FOLDERS
def lint(policies: tuple[str, ...]) -> int:
    """Load every control as a scan would, and name the first that must not run."""
    found = _load(policies)
    click.echo(f"{len(found.controls)} controls are in order")
    return 0


@command.command(epilog="\b\nExamples:\n  vouch controls test\n  vouch controls test --policies our-controls/ 'acme.*'")
@click.argument("globs", nargs=-1)
@_FOLDERS
def test(globs: tuple[str, ...], policies: tuple[str, ...]) -> int:
    """Run the tests that stand beside the controls (all, or those that GLOBS name), in the embedded engine."""
    found = _load(policies).select(include=globs)
    folders = [resources.folder("policies"), *map(Path, policies)]
    passed = failed = 0
    for control in found.controls.values():
        for name, problem in _test_results(control, found, folders):
            passed, failed = passed + (not problem), failed + bool(problem)
            if problem:
                click.echo(f"FAIL {control.id}: {name}: {problem}")
    click.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


@command.command(
    epilog="\b\nExamples:\n  vouch controls new acme.queue.encrypted_at_rest\n"
    "  vouch controls new aws.s3.mine --kind aws.s3.bucket --policies our-controls"
)
@click.argument("name")
@click.option("--kind", default="kubernetes.PodSpec", show_default=True, help="What it judges.")
@click.option("--policies", default="policies", show_default=True, metavar="DIR", help="Folder to begin it in.")
def new(name: str, kind: str, policies: str) -> None:
    """Begin control NAME (<provider>.<service>.<control>) with its test, both ready to run."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}", name) or name.endswith("_test"):
        raise ConfigurationError(
            f"{name!r} is not a control's name", hint="<provider>.<service>.<control>, lower case: aws.s3.not_public"
        )
    path = Path(policies, *name.split(".")).with_suffix(".rego")
    if path.exists():
        raise ConfigurationError(f"{path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    title = name.rsplit(".", 1)[1].replace("_", " ").capitalize()
    path.write_text(_SKELETON.format(id=name, title=title, kind=kind), encoding="utf-8")
    test_path = path.with_name(f"{path.stem}_test.rego")
    test_path.write_text(_SKELETON_TEST.format(id=name), encoding="utf-8")
    click.echo(f"{path}\n{test_path}\nNow: vouch controls test --policies {policies} {name}")


def _load(policies: tuple[str, ...]) -> Catalog:
    return catalog.load([Path(path) for path in policies])


def _used(control: Control) -> list[str]:
    """What a control uses the value of; what it only passes through says nothing more."""
    return sorted({".".join(path[:-1]) for path in control.reads if path[-1] == "**"})


def _test_results(control: Control, found: Catalog, folders: list[Path]) -> list[tuple[str, str]]:
    """Each test of a control with what went wrong; an empty word when nothing did."""
    import regorus

    path = next(
        (file for folder in folders if (file := folder / control.path.replace(".rego", "_test.rego")).is_file()), None
    )
    if path is None:
        return [("(no tests)", "there is no _test.rego beside it")]
    engine = regorus.Engine()
    for name in (control.path, *control.modules):
        engine.add_policy(name, found.modules[name])
    try:
        package = engine.add_policy(str(path), path.read_text(encoding="utf-8"))
    except RuntimeError as error:
        return [(path.name, str(error).strip().splitlines()[-1])]
    tests = re.findall(r"^(test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [(name, _run(engine, f"{package}.{name}")) for name in dict.fromkeys(tests)]


def _run(engine: Any, rule: str) -> str:  # noqa: ANN401 - a regorus engine, which has no types
    try:
        return "" if engine.eval_rule(rule) is True else "is not true"
    except RuntimeError as error:
        found = re.search(r"error: (.*)", str(error))
        return found[1] if found else str(error).splitlines()[0]
