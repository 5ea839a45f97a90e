"""What a control reads is derived from its Rego, whatever way it takes to get there."""

from __future__ import annotations

import pytest

from scanner import reads, rego
from scanner.errors import PolicyError
from scanner.model import overlaps

_LIBRARY = """package lib.demo

first(list) := list[0]

containers[[field, index]] := container if {
	some field in {"containers", "initContainers"}
	some index
	container := input.attributes.spec[field][index]
}

_unused if input.attributes.Never
"""


def derived(body: str) -> set[str]:
    """The reads of a control with that body, those of its `findings` only."""
    library = rego.parse("lib/demo.rego", _LIBRARY)
    module = rego.parse("a/b/c.rego", f"package policies.a.b.c\n\nimport data.lib.demo\n\n{body}\n")
    rego.check(module, {library.package: library})
    return {".".join(path) for path in reads.derive(module, ["findings"], {library.package: library})}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "findings contains 1 if input.attributes.A.b",
            {"attributes", "attributes.A", "attributes.A.b", "attributes.A.b.**"},
        ),
        ('findings contains 1 if input["attributes"]["A"]', {"attributes", "attributes.A", "attributes.A.**"}),
        ("findings contains 1 if { x := input.attributes; x.A }", {"attributes", "attributes.A", "attributes.A.**"}),
        ("findings contains 1 if { x := input.attributes.A }", {"attributes", "attributes.A"}),
        (
            "findings contains 1 if { y := x.A; x := input.attributes; y }",
            {"attributes", "attributes.A", "attributes.A.**"},
        ),
        (
            'findings contains 1 if { some key in {"A", "B"}; input.attributes[key] }',
            {"attributes", "attributes.A", "attributes.A.**", "attributes.B", "attributes.B.**"},
        ),
        (
            '_keys := {"A"}\nfindings contains 1 if { some key in _keys; input.attributes[key] }',
            {"attributes", "attributes.A", "attributes.A.**"},
        ),
        (
            "findings contains 1 if not _on\n_on if input.attributes.A",
            {"attributes", "attributes.A", "attributes.A.**"},
        ),
        (
            "findings contains 1 if _on(input)\n_on(x) if x.attributes.A",
            {"attributes", "attributes.A", "attributes.A.**"},
        ),
        (
            "findings contains 1 if { some x in input.attributes.A; x.b > 1 }",
            {"attributes", "attributes.A", "attributes.A.*", "attributes.A.*.b", "attributes.A.*.b.**"},
        ),
        (
            "findings contains 1 if demo.first(input.attributes.A).b",
            {"attributes", "attributes.A", "attributes.A.*", "attributes.A.*.b", "attributes.A.*.b.**"},
        ),
        (
            'findings contains 1 if object.get(input.attributes, ["A", "b"], 0) == 1',
            {"attributes", "attributes.A", "attributes.A.b", "attributes.A.b.**"},
        ),
        ("findings contains 1 if count(input.attributes.A) > 1", {"attributes", "attributes.A", "attributes.A.**"}),
        (
            "findings contains 1 if { x := [y | some y in input.attributes.A]; x[_].b }",
            {"attributes", "attributes.A", "attributes.A.*", "attributes.A.*.b", "attributes.A.*.b.**"},
        ),
        (
            'findings contains 1 if { x := {"in": input.attributes.A, "out": input.attributes.B}; x["in"].c }',
            {"attributes", "attributes.A", "attributes.B", "attributes.A.c", "attributes.A.c.**"},
        ),
        (
            "findings contains 1 if every x in input.attributes.A { x.b }",
            {"attributes", "attributes.A", "attributes.A.*", "attributes.A.*.b", "attributes.A.*.b.**"},
        ),
        ("findings contains input.attributes.A", {"attributes", "attributes.A", "attributes.A.**"}),
        ('findings contains 1 if input.now > "2026"', {"now", "now.**"}),
    ],
)
def test_every_way_to_a_value_is_followed(body: str, expected: set[str]) -> None:
    assert derived(body) == expected


def test_library_rules_are_followed_and_only_those_that_are_used() -> None:
    found = derived("findings contains 1 if { some path, container in demo.containers; container.image }")
    assert {path for path in found if path.endswith("**")} == {
        "attributes.spec.containers.*.image.**",
        "attributes.spec.initContainers.*.image.**",
    }
    assert not any("Never" in path for path in found)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("findings contains 1 if { some x in input.attributes; x }", "input.attributes is used as a whole"),
        ("findings contains 1 if input.attributes[_] == 1", "input.attributes is used as a whole"),
        ("findings contains 1 if count(input) > 1", "input is used as a whole"),
        ("findings contains 1 if { walk(input.attributes, x); x }", "input.attributes is used as a whole"),
        ("findings contains 1 if input.attributes[input.name]", "input.attributes is used as a whole"),
        ('findings contains 1 if input.attributes[lower("A")]', "input.attributes is used as a whole"),
        ("findings contains input", "input is used as a whole"),
        ('findings contains 1 if { x := {"a": input.attributes}; x.a[_] }', "input.attributes is used as a whole"),
        ("findings contains 1 if input.atributes.A", "input.atributes is not a field of input"),
        ("findings contains 1 if input.review.object", "input.review is not a field of input"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_line(body: str, problem: str) -> None:
    with pytest.raises(PolicyError) as refused:
        derived(body)
    assert problem in str(refused.value)
    assert str(refused.value).startswith("a/b/c.rego:5:")


@pytest.mark.parametrize(
    ("read", "unread", "needed"),
    [
        ("attributes.Policy.Statement.**", "attributes.Policy", True),
        ("attributes.Policy", "attributes.Policy", True),
        ("attributes", "attributes.Policy", False),
        ("attributes.Acl.**", "attributes.Policy", False),
        ("attributes.spec.**", "attributes.spec.containers", True),
        ("related.account.*.attributes", "related.account.*.attributes.Policy", False),
        ("related.account.*.attributes.Policy.**", "related.account.*.attributes.Policy", True),
        ("related.account.*.attributes.Policy.**", "related.account", True),
        ("related.account", "related.trails", False),
    ],
)
def test_a_read_needs_what_lies_on_its_way_and_below_what_it_uses(read: str, unread: str, needed: bool) -> None:
    assert overlaps(tuple(read.split(".")), unread.split(".")) is needed
