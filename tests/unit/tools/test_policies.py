"""The checks of the policies find what they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner import rego
from tools.policies import inputs, lint, modules, mutate

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

findings contains {"message": "off", "path": ["on"]} if {
	not _is_on
	input.attributes.size > 3
}

_is_on if input.attributes.on == true
"""

_TEST = """\
package policies.acme.widget.on_test

import data.policies.acme.widget.on as control

test_on if control.findings == set() with input as {"attributes": {"on": true, "size": 4}}

test_off if {
	control.findings == {{"message": "off", "path": ["on"]}} with input as {"attributes": {"on": false, "size": 4}}
}

test_small if control.findings == set() with input as {"attributes": {"on": false, "size": 3}}

test_nothing if control.findings == set() with input as {"attributes": {}}
"""


def folder(tmp_path: Path, control: str = _CONTROL, test: str | None = _TEST) -> modules.Policies:
    place = tmp_path / "acme" / "widget"
    place.mkdir(parents=True, exist_ok=True)
    (place / "on.rego").write_text(control)
    if test is not None:
        (place / "on_test.rego").write_text(test)
    return modules.read(tmp_path)


def survivors(policies: modules.Policies) -> list[str]:
    (result,) = mutate.run(policies, policies.judged, workers=1)
    return [mutant.label for mutant in result.survivors]


def test_every_kind_of_change_is_made() -> None:
    labels = {mutant.label for mutant in mutate.mutants(rego.parse("on.rego", _CONTROL))}
    assert {
        "not _is_on -> true",
        "not -> (nothing)",
        "input.attributes.size > 3 -> true",
        "> -> >=",
        "3 -> 4",
        "== -> !=",
        "true -> false",
        "_is_on if input.attributes.on == true -> (nothing)",
        "off -> off mutated",
    } <= labels


def test_a_control_whose_conditions_are_all_tested_leaves_no_survivor(tmp_path: Path) -> None:
    assert survivors(folder(tmp_path)) == []


def test_a_condition_that_no_test_needs_survives(tmp_path: Path) -> None:
    weak = _TEST.replace('"size": 3', '"size": 1')
    assert survivors(folder(tmp_path, test=weak)) == ["> -> >="]


def test_a_survivor_that_is_explained_is_accepted(tmp_path: Path) -> None:
    policies = folder(tmp_path, test=_TEST.replace('"size": 3', '"size": 1'))
    (result,) = mutate.run(policies, policies.judged, workers=1)
    explained = {"acme/widget/on.rego": {"> -> >=": "sizes are never 3"}}
    assert mutate.unexplained(result.survivors, explained, str(tmp_path)) == []
    assert mutate.unexplained(result.survivors, {}, str(tmp_path)) == list(result.survivors)


def test_the_inputs_of_the_tests_are_all_found(tmp_path: Path) -> None:
    policies = folder(tmp_path)
    (control,) = policies.controls.values()
    assert inputs.given(policies, control) == [
        {"attributes": {"on": True, "size": 4}},
        {"attributes": {"on": False, "size": 4}},
        {"attributes": {"on": False, "size": 3}},
        {"attributes": {}},
    ]


@pytest.mark.parametrize(
    ("control", "test", "problem"),
    [
        (_CONTROL, None, "has no tests beside it"),
        (_CONTROL, _TEST.replace("test_small", "small").replace("test_nothing", "nothing"), "has fewer than 3 tests"),
        (_CONTROL.replace("Turn it on.", "Turn it on"), _TEST, "the remediation does not end in a full stop"),
        (_CONTROL.replace("are on\n", "are on.\n"), _TEST, "the title ends in a full stop"),
        (_CONTROL + "\n_never if true\n", _TEST, "_never is never used"),
        (_CONTROL + "\n# TODO later\n", _TEST, "holds a note to do something later"),
        (_CONTROL, _TEST.replace("with input as", "with data.x as"), "`with` may only replace input"),
    ],
)
def test_bad_form_is_named(tmp_path: Path, control: str, test: str | None, problem: str) -> None:
    found = list(lint.lint(folder(tmp_path, control, test)))
    assert [line for line in found if problem in line], found


def test_good_form_has_no_problem(tmp_path: Path) -> None:
    assert list(lint.lint(folder(tmp_path))) == []
