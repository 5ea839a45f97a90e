"""What there is to judge by: controls, objectives, frameworks and parameters, read from `policies/` and `controls/`.

The folder is the registry: `policies/aws/s3/block_public_access.rego` is the control `aws.s3.block_public_access`. A
control reaches a framework's requirements only through its objectives, or where the framework's file names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from scanner import documents, reads, rego, resources
from scanner.errors import ConfigurationError, PolicyError, nearest
from scanner.model import SEVERITIES, Control, Framework, Json, Objective, Parameter, Requirement


@dataclass(frozen=True)
class Catalog:
    """All that a scan may judge by, or a selection of it (`select`)."""

    controls: Mapping[str, Control]
    """By id, in order of id."""
    objectives: Mapping[str, Objective]
    frameworks: Mapping[str, Framework]
    parameters: Mapping[str, Parameter]
    values: Mapping[str, Json]
    """Parameter name -> the value in force."""
    modules: Mapping[str, str]
    """Path relative to its policies folder -> text, of the controls and of the libraries they use."""

    @cached_property
    def requirements_by_control(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Control id -> framework id -> requirement ids, in the framework's order."""
        by_objective: dict[str, list[str]] = {}
        for control in self.controls.values():
            for objective in control.objectives:
                by_objective.setdefault(objective, []).append(control.id)
        found: dict[str, dict[str, list[str]]] = {control: {} for control in self.controls}
        for framework in self.frameworks.values():
            for requirement in framework.requirements:
                through = {
                    control for objective in requirement.objectives for control in by_objective.get(objective, ())
                }
                for name in through | (requirement.controls.keys() & self.controls.keys()):
                    found[name].setdefault(framework.id, []).append(requirement.id)
        return {name: {key: tuple(ids) for key, ids in sorted(links.items())} for name, links in found.items()}

    @cached_property
    def controls_by_requirement(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(framework id, requirement id) -> ids of the controls that evidence it."""
        found: dict[tuple[str, str], list[str]] = {}
        for control, links in self.requirements_by_control.items():
            for framework, ids in links.items():
                for requirement in ids:
                    found.setdefault((framework, requirement), []).append(control)
        return {key: tuple(sorted(controls)) for key, controls in found.items()}

    @property
    def rules(self) -> Mapping[str, tuple[str, ...]]:
        """Control id -> the public rules that it defines, as an engine wants them."""
        return {control.id: tuple(sorted(control.rules)) for control in self.controls.values()}

    @property
    def digest(self) -> str:
        """`sha256:…` over all controls as they stand, their parameters included."""
        return _sha256({control.id: control.digest for control in self.controls.values()})

    def select(
        self,
        *,
        frameworks: Sequence[str] = (),
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        severity: str | None = None,
    ) -> Catalog:
        """Only what bears on the frameworks, matches the globs and is at least so severe.

        Raises `ConfigurationError` for a framework or glob that names nothing.
        """
        chosen = {name: self.framework(name) for name in frameworks} or dict(self.frameworks)
        narrowed = replace(self, frameworks=chosen)
        ids = set(self.controls)
        if frameworks:
            ids = {control for control, links in narrowed.requirements_by_control.items() if links}
        if include:
            ids &= {control for glob in include for control in self.matching(glob)}
        ids -= {control for glob in exclude for control in self.matching(glob)}
        if severity:
            accepted = SEVERITIES[: SEVERITIES.index(severity) + 1]
            ids = {control for control in ids if self.controls[control].severity in accepted}
        controls = {control: self.controls[control] for control in sorted(ids)}
        used = {path for control in controls.values() for path in (control.path, *control.modules)}
        return replace(narrowed, controls=controls, modules={path: self.modules[path] for path in sorted(used)})

    def framework(self, name: str) -> Framework:
        """The framework of that id; `ConfigurationError` with the nearest name otherwise."""
        if name not in self.frameworks:
            known = ", ".join(self.frameworks)
            raise ConfigurationError(
                f"no framework {name!r}", hint=nearest(name, self.frameworks) or f"There are: {known}"
            )
        return self.frameworks[name]

    def control(self, name: str) -> Control:
        """The control of that id, or that was called so formerly; `ConfigurationError` with the nearest name
        otherwise."""
        for control in self.controls.values():
            if name == control.id or name in control.formerly:
                return control
        raise ConfigurationError(f"no control {name!r}", hint=nearest(name, self.controls))

    def matching(self, glob: str) -> list[str]:
        """Ids that a glob names (`aws.s3.*`); `ConfigurationError` when there is none."""
        if not any(character in glob for character in "*?["):
            return [self.control(glob).id]
        found = [control for control in self.controls if fnmatchcase(control, glob)]
        if not found:
            raise ConfigurationError(f"no control matches {glob!r}", hint=nearest(glob.strip("*."), self.controls))
        return found

    def describe(self) -> dict[str, Json]:
        """The catalog as the bundle keeps it, so that a report needs nothing else."""
        return {
            "controls": [self.describe_control(control) for control in self.controls.values()],
            "objectives": [asdict(objective) for objective in self.objectives.values()],
            "frameworks": [_plain(asdict(framework)) for framework in self.frameworks.values()],
            "parameters": dict(self.values),
        }

    def describe_control(self, control: Control) -> dict[str, Json]:
        """All that is known of one control."""
        return {
            "id": control.id,
            "title": control.title,
            "description": control.description,
            "severity": control.severity,
            "resources": list(control.resources),
            "objectives": list(control.objectives),
            "requirements": {name: list(ids) for name, ids in self.requirements_by_control[control.id].items()},
            "remediation": control.remediation,
            "references": list(control.references),
            "scope_note": control.scope_note,
            "formerly": list(control.formerly),
            "path": control.path,
            "modules": list(control.modules),
            "rules": sorted(control.rules),
            "reads": sorted(".".join(path) for path in control.reads),
            "digest": control.digest,
        }


def load(policies: Sequence[Path] = (), parameters: Path | None = None) -> Catalog:
    """Read everything: the shipped folders, more folders of controls beside them, and the user's parameters.

    Raises `PolicyError` for a control that must not run and `ConfigurationError` for any other file that is not right,
    both with file, line and mend.
    """
    folder = resources.folder("controls")
    objectives = _objectives(folder / "objectives.yaml")
    declared = _parameters(folder / "parameters.yaml")
    values = _values(parameters, declared)
    controls, modules = _controls([resources.folder("policies"), *policies], objectives, values)
    frameworks = {
        path.stem: _framework(path, objectives, controls) for path in sorted((folder / "frameworks").glob("*.yaml"))
    }
    return Catalog(controls, objectives, frameworks, declared, values, modules)


# Controls


class _Custom(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    severity: Literal["critical", "high", "medium", "low"]
    resources: list[str] = Field(min_length=1)
    objectives: list[str] = Field(min_length=1)
    remediation: str = Field(min_length=1)
    scope: str | None = None
    formerly: list[str] = []


class _Reference(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    ref: str
    description: str | None = None


class _Metadata(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    related_resources: list[_Reference] = []
    custom: _Custom


METADATA = TypeAdapter(_Metadata)


def _controls(
    folders: Sequence[Path], objectives: Mapping[str, Objective], values: Mapping[str, Json]
) -> tuple[dict[str, Control], dict[str, str]]:
    parsed = [module for folder in folders for module in _modules(folder)]
    library = {module.package: module for module in parsed if module.package.startswith("lib.")}
    controls: dict[str, Control] = {}
    for module in parsed:
        rego.check(module, library)
    _check_together(parsed)
    for module in parsed:
        if module.package not in library:
            control = _control(module, library, objectives, values)
            if control.id in controls:
                raise PolicyError(module.path, module.line, f"{control.id} is there already")
            controls[control.id] = control
    return dict(sorted(controls.items())), {module.name: module.text for module in parsed}


def _modules(folder: Path) -> Iterable[rego.Module]:
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: no such folder of policies")
    for path in sorted(folder.rglob("*.rego")):
        if not path.name.endswith("_test.rego"):
            yield rego.parse(str(path), path.read_text(encoding="utf-8"), path.relative_to(folder).as_posix())


def _check_together(modules: Sequence[rego.Module]) -> None:
    """Let regorus compile every public rule against an empty resource: it finds unsafe variables only when it
    evaluates."""
    import regorus

    engine = regorus.Engine()
    for module in modules:
        engine.add_policy(module.path, module.text)
    engine.set_input_json(b'{"attributes":{},"related":{},"labels":{},"facts":{},"parameters":{}}'.decode())
    for module in modules:
        for name in rego.PUBLIC_RULES:
            if name in module.rules and module.package.startswith("policies."):
                error = rego.first_error(engine, module.path, f"data.{module.package}.{name}")
                if error:
                    raise error


def _control(
    module: rego.Module,
    library: Mapping[str, rego.Module],
    objectives: Mapping[str, Objective],
    values: Mapping[str, Json],
) -> Control:
    identity = module.name.removesuffix(".rego").replace("/", ".")
    _check_form(module, identity)
    found = _metadata(module, objectives)
    rules = [name for name in rego.PUBLIC_RULES if name in module.rules]
    looks_at = reads.derive(module, rules, library)
    used = _libraries(module, library)
    control = Control(
        id=identity,
        title=found.title,
        description=found.description,
        severity=found.custom.severity,
        resources=tuple(found.custom.resources),
        objectives=tuple(found.custom.objectives),
        remediation=found.custom.remediation,
        path=module.name,
        digest="",
        rules=frozenset(rules),
        reads=looks_at,
        references=tuple(reference.ref for reference in found.related_resources),
        scope_note=found.custom.scope,
        formerly=tuple(found.custom.formerly),
        modules=tuple(sorted(used)),
    )
    for name in sorted(control.parameters - values.keys()):
        raise PolicyError(
            module.path,
            module.line,
            f"reads input.parameters.{name}, which is not declared",
            hint=nearest(name, values),
        )
    return replace(control, digest=_digest(control, module, used, values))


def _check_form(module: rego.Module, identity: str) -> None:
    def refuse(message: str) -> PolicyError:
        return PolicyError(module.path, module.line, message)

    if module.package != f"policies.{identity}":
        raise refuse(f"the package is {module.package}, but the path says policies.{identity}")
    if identity.count(".") != 2:
        raise refuse("a control lies in <provider>/<service>/<control>.rego")
    if "findings" not in module.rules:
        raise refuse("defines no `findings`")
    for name in module.rules:
        if name not in rego.PUBLIC_RULES and not name.startswith("_"):
            raise refuse(
                f"{name} is not one of {', '.join(rego.PUBLIC_RULES)}: a helper's name begins with an underscore"
            )
    if "applies" in module.rules and "applies" not in module.defaults:
        raise refuse("`applies` needs `default applies := false`: undefined would mean that it applies")


def _metadata(module: rego.Module, objectives: Mapping[str, Objective]) -> _Metadata:
    start, block = rego.metadata(module)
    if not block:
        raise PolicyError(
            module.path, module.line, "has no METADATA block above its package", hint="See docs/writing-controls.md."
        )
    found = documents.parse(block, METADATA, module.path, start)
    for name in found.custom.objectives:
        if name not in objectives:
            raise PolicyError(module.path, start, f"no objective {name!r}", hint=nearest(name, objectives))
    if ("applies" in module.rules) != (found.custom.scope is not None):
        raise PolicyError(
            module.path, start, "`applies` and custom.scope go together: what the control applies to, in words"
        )
    return found


def _libraries(module: rego.Module, library: Mapping[str, rego.Module]) -> dict[str, rego.Module]:
    """The library modules that a module uses, those that they use included, by path."""
    found: dict[str, rego.Module] = {}
    waiting = [*module.libraries]
    while waiting:
        used = library[waiting.pop()]
        if used.name not in found:
            found[used.name] = used
            waiting.extend(used.libraries)
    return found


def _digest(control: Control, module: rego.Module, used: Mapping[str, rego.Module], values: Mapping[str, Json]) -> str:
    """See docs/bundle.md, "Digest of a control"."""
    return _sha256(
        {
            "module": hashlib.sha256(module.text.encode()).hexdigest(),
            "libraries": {path: hashlib.sha256(found.text.encode()).hexdigest() for path, found in used.items()},
            "parameters": {name: values[name] for name in control.parameters},
        }
    )


def _sha256(value: Json) -> str:
    return "sha256:" + hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


# Objectives, frameworks, parameters


class _ObjectiveEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    statement: str


class _RequirementEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    title: str
    kind: Literal["automatable", "partially", "manual", "organisational", "withdrawn"]
    reason: str = ""
    objectives: list[str] = []
    controls: list[str] | dict[str, str] = []
    # The publishers' own columns.
    group: str | None = None
    category: str | None = None
    section: str | None = None
    part: str | None = None
    specification: str | None = None
    label: str | None = None
    family: str | None = None
    parent: str | None = None
    baselines: list[str] | None = None
    benchmark: str | None = None
    number: str | None = None
    assessment: str | None = None
    level: str | None = None
    since: str | None = None


class _FrameworkHead(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    name: str
    version: str
    publisher: str
    licence_note: str
    id_format: str = ""
    scope_note: str = ""
    source_note: str = ""


class _FrameworkFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    framework: _FrameworkHead
    requirements: list[_RequirementEntry]


class ParameterEntry(BaseModel):
    """One entry of controls/parameters.yaml."""

    model_config = ConfigDict(extra="forbid", strict=True)

    description: str
    type: Literal["integer", "number", "string", "boolean", "list"]
    default: Any
    unit: str | None = None


_OBJECTIVES = TypeAdapter(list[_ObjectiveEntry])
_FRAMEWORK = TypeAdapter(_FrameworkFile)
_PARAMETERS = TypeAdapter(dict[str, ParameterEntry])
_VALUES = TypeAdapter(dict[str, Any])
_TYPES: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "list": (list,),
}


def _objectives(path: Path) -> dict[str, Objective]:
    return {entry.id: Objective(entry.id, entry.statement) for entry in documents.read(path, _OBJECTIVES)}


def _framework(path: Path, objectives: Mapping[str, Objective], controls: Mapping[str, Control]) -> Framework:
    found = documents.read(path, _FRAMEWORK)
    head = found.framework
    if head.id != path.stem:
        raise ConfigurationError(f"{path}:1: the framework's id is {head.id}, but the file is called {path.name}")
    requirements = tuple(_requirement(path, entry, objectives, controls) for entry in found.requirements)
    return Framework(head.id, head.name, head.version, head.publisher, head.licence_note, requirements)


def _requirement(
    path: Path, entry: _RequirementEntry, objectives: Mapping[str, Objective], controls: Mapping[str, Control]
) -> Requirement:
    single = entry.controls if isinstance(entry.controls, dict) else dict.fromkeys(entry.controls, "")
    for names, known, word in ((entry.objectives, objectives, "objective"), (single, controls, "control")):
        for name in names:
            if name not in known:
                line = _line_naming(path, entry.id, name)
                raise ConfigurationError(f"{path}:{line}: {entry.id}: no {word} {name!r}", hint=nearest(name, known))
    columns = entry.model_dump(exclude_none=True, exclude={"id", "title", "kind", "reason", "objectives", "controls"})
    return Requirement(
        framework=path.stem,
        id=entry.id,
        title=entry.title,
        kind=entry.kind,
        reason=entry.reason,
        objectives=tuple(entry.objectives),
        controls=single,
        details=columns,
    )


def _line_naming(path: Path, requirement: str, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(
        (index for index, line in enumerate(lines) if f"id: {requirement}," in line or f"'{requirement}'" in line), 0
    )
    return next((index for index in range(start, len(lines)) if name in lines[index]), start) + 1


def _parameters(path: Path) -> dict[str, Parameter]:
    found = documents.read(path, _PARAMETERS)
    for name, entry in found.items():
        if not _fits(entry.default, entry.type):
            raise ConfigurationError(f"{path}: {name}: the default is not of type {entry.type}")
    return {
        name: Parameter(name, entry.description, entry.type, entry.default, entry.unit)
        for name, entry in sorted(found.items())
    }


def _values(path: Path | None, declared: Mapping[str, Parameter]) -> dict[str, Json]:
    given = documents.read(path, _VALUES) if path else {}
    for name, value in given.items():
        if name in declared and _fits(value, declared[name].type):
            continue
        place = f"{path}:{_line_naming(path, name, name) if path else 1}"
        if name not in declared:
            raise ConfigurationError(f"{place}: no parameter {name!r}", hint=nearest(name, declared))
        raise ConfigurationError(f"{place}: {name} must be of type {declared[name].type}, not {value!r}")
    return {name: given.get(name, parameter.default) for name, parameter in declared.items()}


def _fits(value: Json, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _plain(value: Json) -> Json:
    """Tuples as lists, so that what is written equals what is read back."""
    return orjson.loads(orjson.dumps(value))
