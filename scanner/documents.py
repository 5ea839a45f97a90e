"""YAML files of ours, read strictly: an unknown key, a wrong type or a key given twice is an error with file, line and
mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from scanner.errors import ConfigurationError, nearest

T = TypeVar("T")


class _Loader(yaml.CSafeLoader):
    """The safe loader, but a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path, adapter: TypeAdapter[T]) -> T:
    """Read a file as `adapter` says. Raises `ConfigurationError` whose message begins with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 text ({error.reason} at byte {error.start})") from None
    return parse(text, adapter, str(path))


def parse(text: str, adapter: TypeAdapter[T], path: str, first_line: int = 1) -> T:
    """As `read`, for text that begins on `first_line` of the file `path`."""
    try:
        loaded = yaml.load(text, Loader=_Loader) or {}  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise ConfigurationError(f"{path}:{line}: {getattr(error, 'problem', None) or error}") from None
    try:
        return adapter.validate_python(loaded)
    except ValidationError as error:
        raise _explained(error, adapter, text, path, first_line) from None


def _explained(
    error: ValidationError, adapter: TypeAdapter[T], text: str, path: str, first_line: int
) -> ConfigurationError:
    # An unknown key first: a mistyped key is also reported as the missing one.
    problem = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    place = tuple(step for step in problem["loc"] if isinstance(step, str | int))
    line = first_line + _line(text, place)
    label = ".".join(map(str, place)) or "the file"
    if problem["type"] == "extra_forbidden":
        return ConfigurationError(f"{path}:{line}: unknown key {label}", hint=nearest(str(place[-1]), _keys(adapter)))
    return ConfigurationError(f"{path}:{line}: {label}: {problem['msg']}")


def _keys(adapter: TypeAdapter[T]) -> set[str]:
    """Every key that the form of the file knows, anywhere in it."""
    schema = adapter.json_schema()
    forms = [schema, schema.get("items", {}), *schema.get("$defs", {}).values()]
    return {key for form in forms for key in form.get("properties", {})}


def _line(text: str, place: tuple[str | int, ...]) -> int:
    """0-based line of the value at `place`, or of the nearest ancestor that is there."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = 0
    for step in place:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line
