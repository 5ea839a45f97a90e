"""`vouch frameworks list|show|coverage`."""

from __future__ import annotations

from collections import Counter

import click

from scanner import catalog
from scanner.cli import output
from scanner.model import Framework, Json


@click.group()
def command() -> None:
    """List frameworks, their requirements and what covers them."""


@command.command("list", epilog="\b\nExamples:\n  vouch frameworks list\n  vouch frameworks list --format json")
@output.format_option
def list_frameworks(form: str) -> None:
    """List the frameworks."""
    found = catalog.load().frameworks.values()
    if form == "json":
        output.print_json([_head(framework) for framework in found])
    else:
        rows = [(framework.id, framework.name, len(framework.requirements)) for framework in found]
        output.table(rows, ("framework", "name", "requirements"), right=(2,))


@command.command(epilog="\b\nExamples:\n  vouch frameworks show gdpr\n  vouch frameworks show soc2 --format json")
@click.argument("name")
@output.format_option
def show(name: str, form: str) -> None:
    """Show every requirement of framework NAME, with the controls that evidence it."""
    everything = catalog.load()
    framework = everything.framework(name)
    links = everything.controls_by_requirement
    if form == "json":
        requirements = [
            {
                "id": requirement.id,
                "title": requirement.title,
                "kind": requirement.kind,
                "reason": requirement.reason,
                "objectives": requirement.objectives,
                "controls": links.get((framework.id, requirement.id), ()),
                **requirement.details,
            }
            for requirement in framework.requirements
        ]
        output.print_json({**_head(framework), "requirements": requirements})
        return
    click.echo(f"{framework.name} ({framework.version}), {framework.publisher}\n{framework.licence_note}\n")
    rows = [
        (requirement.id, requirement.kind, len(links.get((framework.id, requirement.id), ())), requirement.title)
        for requirement in framework.requirements
    ]
    output.table(rows, ("requirement", "kind", "controls", "title"), right=(2,))


@command.command(epilog="\b\nExamples:\n  vouch frameworks coverage\n  vouch frameworks coverage --format json")
@output.format_option
def coverage(form: str) -> None:
    """Tell per framework how much of it the shipped controls evidence."""
    everything = catalog.load()
    found = [_coverage(everything, framework) for framework in everything.frameworks.values()]
    if form == "json":
        output.print_json(found)
        return
    columns = ("name", "requirements", "testable", "covered", "manual", "organisational", "withdrawn")
    output.table([[row[column] for column in columns] for row in found], columns, right=range(1, len(columns)))
    click.echo(
        "\ntestable: a control could show it, wholly or partly. covered: at least one shipped control does.\n"
        "manual and organisational requirements need a person's evidence; they are listed in every report."
    )


def _coverage(everything: catalog.Catalog, framework: Framework) -> dict[str, Json]:
    kinds = Counter(requirement.kind for requirement in framework.requirements)
    covered = [
        requirement
        for requirement in framework.requirements
        if requirement.testable and (framework.id, requirement.id) in everything.controls_by_requirement
    ]
    return {
        "name": framework.id,
        "title": framework.name,
        "requirements": len(framework.requirements),
        "testable": kinds["automatable"] + kinds["partially"],
        "automatable": kinds["automatable"],
        "partially": kinds["partially"],
        "covered": len(covered),
        "manual": kinds["manual"],
        "organisational": kinds["organisational"],
        "withdrawn": kinds["withdrawn"],
    }


def _head(framework: Framework) -> dict[str, Json]:
    return {
        "id": framework.id,
        "name": framework.name,
        "version": framework.version,
        "publisher": framework.publisher,
        "licence_note": framework.licence_note,
    }
