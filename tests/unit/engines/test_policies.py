"""What the values of a control's rules mean."""

from __future__ import annotations

import pytest

from scanner.engines.policies import CLEAN, MAX_DEPTH, answer, failed, is_too_deep
from scanner.model import Answer, Finding, Json


def test_nothing_found_is_a_clean_answer() -> None:
    assert answer({"findings": []}) == CLEAN == Answer()
    assert answer({"findings": [], "applies": True, "unknowns": []}) == CLEAN


def test_a_finding_keeps_what_the_control_says_and_has_no_path_by_default() -> None:
    finding = {"message": "off", "path": ["spec", 0, "on"], "expected": True, "actual": {"a": [1]}}
    assert answer({"findings": [{"message": "bare"}, finding]}) == Answer(
        findings=(Finding("bare"), Finding("off", ("spec", 0, "on"), True, {"a": [1]}))
    )


def test_findings_are_in_the_same_order_whatever_the_order_of_the_engine() -> None:
    findings = [
        {"message": "b", "path": ["y", 10]},
        {"message": "a", "path": ["y", 10], "actual": 2},
        {"message": "a", "path": ["y", 10], "actual": 1},
        {"message": "b", "path": ["y", 9]},
        {"message": "b", "path": ["y", "x"]},
        {"message": "z"},
    ]
    given = answer({"findings": findings})
    assert given == answer({"findings": findings[::-1]})
    assert given.findings == (
        Finding("z"),
        Finding("b", ("y", 9)),
        Finding("a", ("y", 10), actual=1),
        Finding("a", ("y", 10), actual=2),
        Finding("b", ("y", 10)),
        Finding("b", ("y", "x")),
    )


@pytest.mark.parametrize("value", [False, None, 1, "true", []])
def test_applies_that_is_defined_and_not_true_does_not_apply(value: Json) -> None:
    assert answer({"findings": [], "applies": value}) == Answer(applies=False)


def test_unknowns_are_sorted_and_stand_beside_the_findings() -> None:
    assert answer({"findings": [{"message": "a"}], "unknowns": ["b", "a"]}) == Answer(
        findings=(Finding("a"),), unknowns=("a", "b")
    )


@pytest.mark.parametrize(
    ("values", "detail"),
    [
        ({}, "The rule findings is undefined or null, not a set of findings."),
        ({"findings": None}, "The rule findings is undefined or null, not a set of findings."),
        ({"findings": True}, "The rule findings is a boolean, not a set of findings."),
        ({"findings": {"message": "a"}}, "The rule findings is an object, not a set of findings."),
        ({"findings": ["a"]}, "A finding is a string, not an object."),
        ({"findings": [{"path": []}]}, "The message of a finding is undefined or null, not a string."),
        ({"findings": [{"message": 1}]}, "The message of a finding is a number, not a string."),
        ({"findings": [{"message": "a", "expect": 1}]}, "A finding has the unknown field 'expect'."),
        (
            {"findings": [{"message": "a", "path": "x"}]},
            "The path of a finding is not a list of strings and whole numbers.",
        ),
        (
            {"findings": [{"message": "a", "path": [True]}]},
            "The path of a finding is not a list of strings and whole numbers.",
        ),
        (
            {"findings": [{"message": "a", "path": [0.5]}]},
            "The path of a finding is not a list of strings and whole numbers.",
        ),
        ({"findings": [], "unknowns": [1]}, "The rule unknowns is not a set of strings."),
        ({"findings": [], "unknowns": "why"}, "The rule unknowns is not a set of strings."),
    ],
)
def test_a_rule_of_the_wrong_form_is_an_error_and_never_a_pass(values: Json, detail: str) -> None:
    assert answer(values) == failed(detail)


def test_depth_is_counted_through_lists_and_objects() -> None:
    def nested(depth: int) -> Json:
        value: Json = []
        for number in range(depth - 1):
            value = [value, 1] if number % 2 else {"a": 1, "b": value}
        return value

    assert not is_too_deep(nested(MAX_DEPTH))
    assert is_too_deep(nested(MAX_DEPTH + 1))
    assert not is_too_deep("text")
