"""`python -m tools.policies`: all checks of the policies, in order; the exit code is 1 when any fails.

python -m tools.policies [--only GLOB] [--skip-mutation]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import regorus
from pydantic import TypeAdapter

from scanner import documents
from scanner.engines.policies import answer
from scanner.rego import PUBLIC_RULES, Module
from tests import servers
from tools.policies import inputs, lint, modules, mutate
from tools.policies.modules import Policies

FOLDER = Path(__file__).resolve().parents[2] / "policies"
ACCEPTED = TypeAdapter(dict[str, dict[str, str]])

Check = Callable[[Policies, argparse.Namespace], Iterator[str]]
"""Yields each problem as a line."""


def main() -> int:
    """Run the checks; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.policies", description=__doc__)
    parser.add_argument("--only", default="*", metavar="GLOB", help="packages to prove and to mutate")
    parser.add_argument("--skip-mutation", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    policies = modules.read(FOLDER)
    failed = [name for name, check in _CHECKS.items() if not _in_order(name, check(policies, options))]
    print("policies: FAILED: " + ", ".join(failed) if failed else "policies: all checks passed")
    return 1 if failed else 0


def _in_order(name: str, problems: Iterator[str]) -> bool:
    started = time.monotonic()
    found = list(problems)
    for problem in found:
        print(f"  {problem}")
    print(f"{name}: {f'{len(found)} problems' if found else 'ok'} ({time.monotonic() - started:.1f} s)", flush=True)
    return not found


def _opa(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([servers.find_opa() or "opa", *arguments], capture_output=True, text=True, check=False)


def _format(policies: Policies, _: argparse.Namespace) -> Iterator[str]:
    for path in _opa("fmt", "--list", str(policies.folder)).stdout.split():
        yield f"{path} is not formatted: opa fmt --write {path}"


def _strict(policies: Policies, _: argparse.Namespace) -> Iterator[str]:
    done = _opa("check", "--strict", str(policies.folder))
    if done.returncode:
        yield from (done.stderr or done.stdout).strip().splitlines()


def _coverage(policies: Policies, _: argparse.Namespace) -> Iterator[str]:
    """The tests in OPA, and every line that none of them reaches."""
    done = _opa("test", str(policies.folder))
    if done.returncode:
        yield from [line for line in done.stdout.splitlines() if "FAIL" in line or "ERROR" in line] or [done.stderr]
        return
    report = json.loads(_opa("test", "--coverage", "--format", "json", str(policies.folder)).stdout)
    for path, covered in sorted(report["files"].items()):
        for gap in covered.get("not_covered", []) if not path.endswith("_test.rego") else []:
            yield f"{path}:{gap['start']['row']}: no test reaches this line"


def _lint(policies: Policies, _: argparse.Namespace) -> Iterator[str]:
    yield from lint.lint(policies)


def _can_pass_and_fail(policies: Policies, options: argparse.Namespace) -> Iterator[str]:
    """Every control passes one input of its tests and fails another."""
    for control in _chosen(policies.controls, options.only):
        seen = {_outcome(policies, control, given) for given in inputs.given(policies, control)}
        for outcome in {"pass", "fail"} - seen:
            yield f"{control.path}: no input of its tests makes it {outcome}"


def _outcome(policies: Policies, control: Module, given: object) -> str:
    engine = regorus.Engine()
    for module in [control, *policies.needed(control)]:
        engine.add_policy(module.path, module.text)
    engine.set_input_json(json.dumps(given))
    rules = [rule for rule in PUBLIC_RULES if rule in control.rules or rule in control.defaults]
    values = {rule: engine.eval_rule_as_json(f"data.{control.package}.{rule}") for rule in rules}
    said = answer({rule: json.loads(text) for rule, text in values.items() if text and text != '"<undefined>"'})
    if said.error or not said.applies or (said.unknowns and not said.findings):
        return "neither"
    return "fail" if said.findings else "pass"


def _mutation(policies: Policies, options: argparse.Namespace) -> Iterator[str]:
    """Every mutant is caught, or mutants.yaml says why it can't be."""
    if options.skip_mutation:
        return
    path = Path(__file__).with_name("mutants.yaml")
    accepted = documents.read(path, ACCEPTED)
    chosen = _chosen({module.package: module for module in policies.judged}, options.only)
    tried, survivors = 0, list[mutate.Mutant]()
    for result in mutate.run(policies, chosen, options.workers):
        tried += result.tried
        survivors.extend(result.survivors)
    for mutant in mutate.unexplained(survivors, accepted, str(policies.folder)):
        yield f"{mutant.path}:{mutant.line}: survives: {mutant.label}"
    if options.only == "*":
        yield from _stale(accepted, survivors, policies.folder)
    print(f"  {tried:,} mutants, {tried - len(survivors):,} caught, {len(survivors):,} survived")


def _stale(accepted: Mapping[str, Mapping[str, str]], survivors: list[mutate.Mutant], folder: Path) -> Iterator[str]:
    alive = {(str(Path(mutant.path).relative_to(folder)), mutant.label) for mutant in survivors}
    for file, labels in accepted.items():
        for label in labels:
            if (file, label) not in alive:
                yield f"mutants.yaml: {file}: this mutant is caught by now: {label}"


def _chosen(found: Mapping[str, Module], glob: str) -> list[Module]:
    return [module for package, module in sorted(found.items()) if fnmatchcase(package, glob)]


_WITH_OPA: dict[str, Check] = {"opa fmt": _format, "opa check --strict": _strict, "opa test --coverage": _coverage}
_CHECKS: dict[str, Check] = {"lint": _lint, "can pass and fail": _can_pass_and_fail, "mutation": _mutation}

if servers.find_opa():
    _CHECKS = {**_WITH_OPA, **_CHECKS}
else:
    print(f"SKIPPED: {', '.join(_WITH_OPA)}: there is no OPA; `make servers` builds it")
    if os.environ.get("CI") == "true":
        sys.exit(1)

if __name__ == "__main__":
    sys.exit(main())
