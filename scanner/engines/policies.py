"""What an engine is given, and what its raw values mean: the same for every engine, so that both answer alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from scanner.model import Answer, Cause, Finding, Json

MAX_DEPTH = 127
"""Nesting of a document that both engines take. It is the limit of serde_json, which reads the input for regorus."""

CLEAN = Answer()
"""Applies, and nothing was found: by far the most frequent answer, so it is made once."""

_FIELDS = frozenset({"message", "path", "expected", "actual"})


@dataclass(frozen=True, slots=True)
class Policies:
    """All Rego of a scan."""

    modules: Mapping[str, str]
    """File -> text, of the controls and of the libraries that they use."""
    rules: Mapping[str, tuple[str, ...]]
    """Control -> which of `findings`, `applies` and `unknowns` it defines. Its package is `policies.<control>`."""


class MalformedAnswerError(ValueError):
    """A control's rule has a value of another form than docs/writing-controls.md allows."""


def answer(values: Mapping[str, Json]) -> Answer:
    """What the values of a control's rules mean; an undefined rule, or one that the control lacks, is not in `values`.

    A rule of the wrong form is an answer with `error`, because it can't be told what its author meant.
    """
    try:
        return Answer(
            findings=_findings(values.get("findings")),
            applies=values.get("applies", True) is True,
            unknowns=_unknowns(values.get("unknowns", [])),
        )
    except MalformedAnswerError as error:
        return failed(str(error))


def failed(detail: str, kind: str = "engine_error") -> Answer:
    """The answer for a control that could not be evaluated."""
    return Answer(error=Cause(kind, detail))


def is_too_deep(document: Json) -> bool:
    """Whether lists and objects in `document` are nested deeper than `MAX_DEPTH`."""
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [child for value in level for child in _children(value) if isinstance(child, (dict, list))]
    return bool(level)


def _children(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _findings(value: Json) -> tuple[Finding, ...]:
    if not isinstance(value, list):
        raise MalformedAnswerError(f"The rule findings is {_form(value)}, not a set of findings.")
    return tuple(sorted(map(_finding, value), key=_order))


def _order(finding: Finding) -> tuple[Json, ...]:
    """By path, as a reader meets them, then by all else: the engines yield a set in an order of their own."""
    path = [(isinstance(step, str), step) for step in finding.path]
    return (path, finding.message, orjson.dumps([finding.expected, finding.actual], option=orjson.OPT_SORT_KEYS))


def _finding(value: Json) -> Finding:
    if not isinstance(value, dict):
        raise MalformedAnswerError(f"A finding is {_form(value)}, not an object.")
    if unknown := value.keys() - _FIELDS:
        raise MalformedAnswerError(f"A finding has the unknown field {min(unknown)!r}.")
    message, path = value.get("message"), value.get("path", [])
    if not isinstance(message, str):
        raise MalformedAnswerError(f"The message of a finding is {_form(message)}, not a string.")
    if not isinstance(path, list) or any(type(step) not in (str, int) for step in path):
        raise MalformedAnswerError("The path of a finding is not a list of strings and whole numbers.")
    return Finding(message, tuple(path), value.get("expected"), value.get("actual"))


def _unknowns(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise MalformedAnswerError("The rule unknowns is not a set of strings.")
    return tuple(sorted(value))


def _form(value: Json) -> str:
    if value is None:
        return "undefined or null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list"}
    return names.get(type(value), "an object")
