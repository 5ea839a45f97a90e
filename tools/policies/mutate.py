"""Mutants: a control with one condition changed. One that passes its tests shows a condition that nothing tests.

Mutants are made from the syntax tree and cut out of the text by the tree's own offsets: a statement dropped, a `not`
taken away, a comparison flipped, a constant changed, a definition of a rule removed. The tests run in the embedded
engine, where an error of a built-in is an error: OPA hides it, and a dropped type guard with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import orjson
import regorus

from scanner.rego import Module, Node, walk
from tools.policies.modules import Policies, test_names

_FLIPPED = {"Eq": "!=", "Ne": "==", "Lt": "<=", "Le": "<", "Gt": ">=", "Ge": ">"}
_OPERATORS = {"Eq": "==", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module."""

    path: str
    line: int
    before: str
    after: str
    text: str
    """The whole module, changed."""

    @property
    def label(self) -> str:
        """How a survivor is named, in reports and in mutants.yaml."""
        return f"{self.before} -> {self.after}"


def mutants(module: Module) -> Iterator[Mutant]:
    """Every mutant of a module, each distinct text once."""
    seen = {module.text}
    engine = regorus.Engine()
    engine.add_policy(module.path, module.text)
    rules = orjson.loads(engine.get_ast_as_json())[0]["ast"]["rules"]
    source = module.text.encode()
    for start, end, replacement in _changes(rules, source):
        text = (source[:start] + replacement + source[end:]).decode()
        if text not in seen:
            seen.add(text)
            line = source[:start].count(b"\n") + 1
            before = " ".join(source[start:end].decode().split())
            yield Mutant(module.path, line, before[:100], replacement.decode() or "(nothing)", text)


def _changes(rules: Sequence[Node], source: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and replacement of each change, as offsets in bytes."""
    for rule in rules:
        ((form, node),) = rule.items()
        if form == "Spec":
            yield node["span"]["start"], node["span"]["end"], b""
        for inner in walk(node):
            yield from _changes_of(inner, source)


def _changes_of(node: Node, source: bytes) -> Iterator[tuple[int, int, bytes]]:
    if "stmts" in node:
        for statement in node["stmts"]:
            yield statement["span"]["start"], statement["span"]["end"], b"true"
    if "NotExpr" in node:
        start = node["NotExpr"]["span"]["start"]
        if source[start : start + 4] == b"not ":
            yield start, start + 4, b""
    if "BoolExpr" in node:
        yield from _flipped(node["BoolExpr"], source)
    if "String" in node:
        span = node["String"]["span"]
        yield span["start"], span["end"], source[span["start"] : span["end"]] + b" mutated"
    if "Number" in node:
        span = node["Number"]["span"]
        yield span["start"], span["end"], str(node["Number"]["value"] + 1).encode()
    if "Bool" in node:
        span = node["Bool"]["span"]
        yield span["start"], span["end"], b"false" if node["Bool"]["value"] else b"true"


def _flipped(node: Node, source: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The operator lies between its operands; comments can't."""
    operator = _OPERATORS[node["op"]].encode()
    start = source.find(operator, _end(node["lhs"]))
    if start >= 0:
        yield start, start + len(operator), _FLIPPED[node["op"]].encode()


def _end(node: Node) -> int:
    return max((inner["span"]["end"] for inner in walk(node) if isinstance(inner.get("span"), dict)), default=0)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the mutants of one module."""

    module: str
    tried: int
    survivors: tuple[Mutant, ...]


def run(policies: Policies, modules: Sequence[Module], workers: int) -> Iterator[Result]:
    """Try all mutants of each module on its tests; of a library, on those of the controls that use it, too."""
    jobs = [_Job(module, _suites(policies, module)) for module in modules]
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_tried, jobs)


@dataclass(frozen=True, slots=True)
class _Suite:
    """Tests that a module must pass, and what they need beside it."""

    others: tuple[tuple[str, str], ...]
    """Path and text."""
    tests: tuple[str, ...]
    """Rules that must be true."""


@dataclass(frozen=True, slots=True)
class _Job:
    module: Module
    suites: tuple[_Suite, ...]


def _suites(policies: Policies, module: Module) -> tuple[_Suite, ...]:
    tested = [module, *(policies.users(module) if module.package in policies.libraries else [])]
    return tuple(_suite(policies, each, module) for each in tested if each.package in policies.tests)


def _suite(policies: Policies, tested: Module, mutated: Module) -> _Suite:
    tests = policies.tests[tested.package]
    needed = {m.path: m.text for m in [tested, *policies.needed(tested), *policies.needed(tests), tests]}
    needed.pop(mutated.path, None)
    return _Suite(tuple(needed.items()), tuple(f"data.{tests.package}.{name}" for name in test_names(tests)))


def _tried(job: _Job) -> Result:
    tried = 0
    survivors = []
    for mutant in mutants(job.module):
        tried += 1
        if all(_passes(mutant, suite) for suite in job.suites):
            survivors.append(mutant)
    return Result(job.module.package, tried, tuple(survivors))


def _passes(mutant: Mutant, suite: _Suite) -> bool:
    """Whether every test is true with the mutant in place."""
    engine = regorus.Engine()
    try:
        engine.add_policy(mutant.path, mutant.text)
        for path, text in suite.others:
            engine.add_policy(path, text)
        return all(engine.eval_rule(test) is True for test in suite.tests)
    except RuntimeError:
        return False
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        return False


def unexplained(survivors: Sequence[Mutant], accepted: Mapping[str, Mapping[str, str]], folder: str) -> list[Mutant]:
    """Survivors that mutants.yaml (file -> label -> reason) does not explain."""
    return [
        mutant
        for mutant in survivors
        if mutant.label not in accepted.get(mutant.path.removeprefix(folder).lstrip("/"), {})
    ]
