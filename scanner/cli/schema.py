"""`vouch schema NAME`: JSON Schema of what vouch reads and writes."""

from __future__ import annotations

import click
from pydantic import TypeAdapter

from scanner import catalog, config
from scanner.cli import output
from scanner.model import Json, Parameter

NAMES = ("config", "parameters", "verdict")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_JSON_TYPES = {"integer": "integer", "number": "number", "string": "string", "boolean": "boolean", "list": "array"}


@click.command(epilog="\b\nExamples:\n  vouch schema config > vouch.schema.json\n  vouch schema verdict")
@click.argument("name", type=click.Choice(NAMES))
def command(name: str) -> None:
    """Print the JSON Schema of NAME: the configuration file, the parameters file, or a verdict record."""
    schema = {"config": _config, "parameters": _parameters, "verdict": _verdict}[name]()
    output.print_json({"$schema": _DIALECT, "title": f"vouch {name}", **schema})


def _config() -> dict[str, Json]:
    return {**TypeAdapter(config.Configuration).json_schema(by_alias=True), "title": "vouch config"}


def _parameters() -> dict[str, Json]:
    declared = catalog.load().parameters.values()
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {parameter.name: _parameter(parameter) for parameter in declared},
    }


def _parameter(parameter: Parameter) -> dict[str, Json]:
    unit = f" In {parameter.unit}." if parameter.unit else ""
    return {
        "type": _JSON_TYPES[parameter.type],
        "description": parameter.description + unit,
        "default": parameter.default,
    }


def _verdict() -> dict[str, Json]:
    from scanner.reporters.records import VerdictRecord

    return {**TypeAdapter(VerdictRecord).json_schema(), "title": "vouch verdict"}
