"""The few rules of style that matter in Rego, as checks over the parsed modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner import rego
from scanner.catalog import METADATA
from scanner.documents import parse
from scanner.rego import Module, walk
from tools.policies.modules import Policies, test_names

_TITLE_LIMIT = 80
_FEWEST_TESTS = 3
_BUILTIN_NAMES = frozenset(
    {
        "abs",
        "ceil",
        "concat",
        "contains",
        "count",
        "endswith",
        "floor",
        "format_int",
        "glob",
        "indexof",
        "input",
        "json",
    }
    | {"lower", "max", "min", "numbers", "object", "product", "regex", "replace", "round", "sort", "split", "sprintf"}
    | {"startswith", "substring", "sum", "time", "trim", "type_name", "units", "upper", "walk"}
)


def lint(policies: Policies) -> Iterator[str]:
    """Each problem as `file:line: what`."""
    for module in policies.judged:
        tests = policies.tests.get(module.package)
        yield from _unused(module)
        yield from _names(module)
        if re.search(r"#.*\b(TODO|FIXME|XXX)\b", module.text):
            yield f"{module.path}:1: holds a note to do something later"
        if module.package in policies.controls:
            yield from _metadata(module)
            if tests is None:
                yield f"{module.path}:1: has no tests beside it"
    for package, tests in policies.tests.items():
        yield from _tests(policies, package, tests)


def _metadata(module: Module) -> Iterator[str]:
    line, block = rego.metadata(module)
    found = parse(block, METADATA, module.path, line)
    if found.title.endswith(".") or len(found.title) > _TITLE_LIMIT:
        yield f"{module.path}:{line}: the title ends in a full stop or has over {_TITLE_LIMIT} characters"
    for name, text in (("description", found.description), ("remediation", found.custom.remediation)):
        if not text.rstrip().endswith((".", "`")):
            yield f"{module.path}:{line}: the {name} does not end in a full stop"


def _unused(module: Module) -> Iterator[str]:
    """Private rules and imports that nothing refers to."""
    used = {node["Var"]["value"] for node in walk(list(module.rules.values())) if "Var" in node}
    heads = {name: sum(1 for _ in specs) for name, specs in module.rules.items()}
    mentions = {name: len(re.findall(rf"(?<![\w.]){re.escape(name)}\b", module.text)) for name in heads}
    for name, definitions in heads.items():
        if name.startswith("_") and mentions[name] <= definitions:
            yield f"{module.path}:1: {name} is never used"
    for alias in module.imports:
        if alias not in used:
            yield f"{module.path}:1: the import {alias} is never used"


def _names(module: Module) -> Iterator[str]:
    for name in module.rules.keys() & _BUILTIN_NAMES:
        yield f"{module.path}:1: the rule {name} hides a built-in"


def _tests(policies: Policies, package: str, tests: Module) -> Iterator[str]:
    tested = policies.controls.get(package) or policies.libraries.get(package)
    if tested is None:
        yield f"{tests.path}:1: tests {package}, which is not there"
        return
    if package in policies.controls and len(test_names(tests)) < _FEWEST_TESTS:
        yield f"{tests.path}:1: has fewer than {_FEWEST_TESTS} tests"
    for node in walk(list(tests.rules.values())):
        for modifier in node.get("with_mods") or []:
            if rego.dotted(modifier["refr"])[:1] != ("input",):
                yield f"{tests.path}:{modifier['span']['line']}: `with` may only replace input"
