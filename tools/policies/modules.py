"""All Rego of the project, parsed once: controls, libraries and the tests beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scanner import rego
from scanner.rego import Module


@dataclass(frozen=True)
class Policies:
    """A folder of policies."""

    folder: Path
    controls: Mapping[str, Module]
    """By package."""
    libraries: Mapping[str, Module]
    tests: Mapping[str, Module]
    """By the package they test."""

    @cached_property
    def judged(self) -> list[Module]:
        """Everything that must be tested, in order of package."""
        return sorted([*self.controls.values(), *self.libraries.values()], key=lambda module: module.package)

    def needed(self, module: Module) -> list[Module]:
        """The libraries that a module uses, those that they use included."""
        found: dict[str, Module] = {}
        waiting = [*module.libraries]
        while waiting:
            package = waiting.pop()
            if package not in found:
                found[package] = self.libraries[package]
                waiting.extend(self.libraries[package].libraries)
        return [found[package] for package in sorted(found)]

    def users(self, library: Module) -> list[Module]:
        """The controls that use a library, directly or through another."""
        return [control for control in self.controls.values() if library in self.needed(control)]


def read(folder: Path) -> Policies:
    """Parse every Rego file below a folder."""
    modules = [
        rego.parse(str(path), path.read_text(encoding="utf-8"), path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*.rego"))
    ]
    tests = {m.package.removesuffix("_test"): m for m in modules if m.name.endswith("_test.rego")}
    others = {m.package: m for m in modules if not m.name.endswith("_test.rego")}
    return Policies(
        folder,
        {package: m for package, m in others.items() if package.startswith("policies.")},
        {package: m for package, m in others.items() if package.startswith("lib.")},
        tests,
    )


def test_names(module: Module) -> list[str]:
    """Names of the tests of a test module."""
    return [name for name in module.rules if name.startswith("test_")]
