"""The catalog: what is refused, with file and line, and how controls reach requirements."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner import catalog
from scanner.catalog import Catalog
from scanner.errors import ConfigurationError

_CONTROL = """\
# METADATA
# title: Widgets are on
# description: Every widget is on.
# custom:
#   severity: high
#   resources: [acme.widget]
#   objectives: [encryption-at-rest]
#   remediation: Turn it on.
package policies.acme.widget.on

findings contains finding if {
	not _is_on
	finding := {"message": "the widget is off", "path": ["on"], "expected": true}
}

_is_on if input.attributes.on == true
"""


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return catalog.load()


def write(folder: Path, text: str, name: str = "acme/widget/on.rego") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_of_controls_joins_the_shipped_ones(tmp_path: Path, shipped: Catalog) -> None:
    write(tmp_path, _CONTROL)
    found = catalog.load([tmp_path])
    assert found.controls.keys() - shipped.controls.keys() == {"acme.widget.on"}
    control = found.controls["acme.widget.on"]
    assert control.rules == {"findings"}
    assert ("attributes", "on", "**") in control.reads
    assert "A.8.24" in found.requirements_by_control[control.id]["iso27001"]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem", "hint"),
    [
        ("severity: high", "severity: hihg", 5, "custom.severity: Input should be", None),
        ("resources:", "resource:", 6, "unknown key custom.resource", "Did you mean resources?"),
        (
            "objectives: [encryption-at-rest]",
            "objectives: [encryption-at-rst]",
            2,
            "no objective",
            "encryption-at-rest",
        ),
        ("# METADATA\n", "", 8, "has no METADATA block", "writing-controls"),
        ("package policies.acme.widget.on", "package policies.acme.widget.off", 9, "but the path says", None),
        ("findings contains finding if {", "findings contains finding if", 14, "expecting identifier", None),
        ("input.attributes.on", "input.atributes.on", 16, "input.atributes is not a field of input", "attributes"),
        ("input.attributes.on", "input.parameters.on", 9, "reads input.parameters.on, which is not declared", None),
        (
            "input.attributes.on",
            "input.attributes[input.name]",
            16,
            "a key that is not known before it runs",
            "literal",
        ),
        ("input.attributes.on == true", "cuont(input.attributes.on) == 1", 16, "unknown function cuont", "count"),
        (
            "input.attributes.on == true",
            "count(input.attributes.on, 1) == 1",
            16,
            "count takes 1 arguments, not 2",
            None,
        ),
        ("input.attributes.on == true", "http.send({}).on == true", 16, "http.send is refused in a control", None),
        ("input.attributes.on == true", "time.now_ns() > 1", 16, "reads the clock; take input.now", None),
        ("input.attributes.on == true", "data.inventory.on == true", 16, "`input` and data.lib only", None),
        ("input.attributes.on == true", "data.lib.nothing.on == true", 9, "imports data.lib.nothing", None),
        ("not _is_on", 'not startswith(input.attributes.on, "a")', 12, "negates a test of a reference", "helper"),
        ("not _is_on", "not _is_on with input as {}", 12, "`with` is for tests", None),
        ("not _is_on", "not _is_on\n\tfoo == 1", 13, "use of undefined variable `foo` is unsafe", None),
        ("_is_on", "is_on", 9, "a helper's name begins with an underscore", None),
        ("_is_on if", "applies if true\n\n_is_on if", 9, "`applies` needs `default applies := false`", None),
    ],
)
def test_what_must_not_run_is_refused_with_file_line_and_mend(
    tmp_path: Path, old: str, new: str, line: int, problem: str, hint: str | None
) -> None:
    path = write(tmp_path, _CONTROL.replace(old, new))
    with pytest.raises(ConfigurationError) as refused:
        catalog.load([tmp_path])
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert problem in str(refused.value)
    assert (hint or "") in (refused.value.hint or "")


def test_a_control_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a", _CONTROL)
    path = write(tmp_path / "b", _CONTROL)
    with pytest.raises(ConfigurationError, match=r"acme\.widget\.on is there already") as refused:
        catalog.load([tmp_path / "a", tmp_path / "b"])
    assert str(refused.value).startswith(str(path))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such folder of policies"):
        catalog.load([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("pod_aproved_registries: []\n", ":1: no parameter 'pod_aproved_registries'", "pod_approved_registries"),
        ("pod_approved_registries: 3\n", ":1: pod_approved_registries must be of type list, not 3", ""),
        (
            "pod_approved_registries: [a]\npod_approved_registries: [b]\n",
            ":2: pod_approved_registries is given twice",
            "",
        ),
        ("- a\n", ":1: the file: Input should be a valid dictionary", ""),
        ("a: [\n", ":2: ", ""),
    ],
)
def test_a_wrong_parameters_file_is_refused_with_its_line(tmp_path: Path, text: str, problem: str, hint: str) -> None:
    path = write(tmp_path, text, "parameters.yaml")
    with pytest.raises(ConfigurationError) as refused:
        catalog.load(parameters=path)
    assert str(refused.value).startswith(f"{path}{problem}")
    assert hint in (refused.value.hint or "")


def test_parameters_change_the_digest_of_the_controls_that_read_them_and_of_no_other(
    tmp_path: Path, shipped: Catalog
) -> None:
    path = write(tmp_path, "pod_approved_registries: [registry.example]\n", "parameters.yaml")
    changed = catalog.load(parameters=path)
    assert {name for name, control in changed.controls.items() if control.digest != shipped.controls[name].digest} == {
        name for name, control in shipped.controls.items() if "pod_approved_registries" in control.parameters
    }


def test_requirements_come_only_through_objectives_or_a_named_exception(shipped: Catalog) -> None:
    for framework in shipped.frameworks.values():
        for requirement in framework.requirements:
            through = {
                control.id
                for control in shipped.controls.values()
                if set(control.objectives) & set(requirement.objectives)
            }
            linked = shipped.controls_by_requirement.get((framework.id, requirement.id), ())
            assert set(linked) == through | set(requirement.controls)


def test_all_twelve_frameworks_list_every_requirement_and_no_manual_one_is_linked(shipped: Catalog) -> None:
    counts = {name: len(framework.requirements) for name, framework in shipped.frameworks.items()}
    assert counts == {
        "ccpa": 22,
        "cis": 1180,
        "eu_ai_act": 44,
        "gdpr": 95,
        "hipaa": 102,
        "iso27001": 123,
        "iso42001": 62,
        "nist80053": 1196,
        "nist_ai_rmf": 72,
        "nist_csf2": 106,
        "pci_dss": 280,
        "soc2": 61,
    }
    untestable = {
        (requirement.framework, requirement.id)
        for framework in shipped.frameworks.values()
        for requirement in framework.requirements
        if not requirement.testable
    }
    assert not untestable & shipped.controls_by_requirement.keys()


def test_a_selection_holds_what_was_asked_for_and_the_modules_it_needs(shipped: Catalog) -> None:
    found = shipped.select(frameworks=["hipaa"], include=["aws.s3.*"], exclude=["aws.s3.not_public"], severity="high")
    assert found.controls
    assert all(name.startswith("aws.s3.") and name != "aws.s3.not_public" for name in found.controls)
    assert all(control.severity in ("critical", "high") for control in found.controls.values())
    assert set(found.frameworks) == {"hipaa"}
    assert set(found.modules) == {
        path for control in found.controls.values() for path in (control.path, *control.modules)
    }


@pytest.mark.parametrize(
    ("selection", "problem", "hint"),
    [
        ({"frameworks": ["hippa"]}, "no framework 'hippa'", "hipaa"),
        ({"include": ["aws.s3.not_pubic"]}, "no control 'aws.s3.not_pubic'", "aws.s3.not_public"),
        ({"exclude": ["aws.sss.*"]}, "no control matches 'aws.sss.*'", ""),
    ],
)
def test_an_unknown_name_offers_the_nearest(
    shipped: Catalog, selection: dict[str, list[str]], problem: str, hint: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        shipped.select(**selection)  # type: ignore[arg-type]
    assert str(refused.value) == problem
    assert hint in (refused.value.hint or "")
