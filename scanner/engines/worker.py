"""A process of its own that evaluates Rego with regorus, so that `embedded.py` can kill it.

Run as a file, never imported: it needs nothing but the standard library, orjson and regorus, and must start fast.

Frames in both directions are a big-endian 32-bit length and that many bytes.

* The first frame is a JSON object, `{"modules", "controls", "memory_bytes", "task_seconds"}`. The reply is `{}`, or
  `{"refused": text}`.
* Every further frame is a batch: a length, a JSON list `[[bytes of input, [number of a control, …]], …]` of that
  length, then the inputs one after the other. Replies are `{"done": n, "notable": [[task, position, values, error],
  …]}`: the next `n` tasks of the batch are answered, and every pair of theirs that is not listed applies and found
  nothing. A batch may be answered by several replies.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import orjson
import regorus

_LENGTH = struct.Struct(">I")
_REPLY_SECONDS = 0.2
"""A slower batch is answered in parts: the parent then knows that the worker is alive, and redoes less if it dies."""
_ERROR_CHARACTERS = 4000
_SIGHTINGS = 3
_MAX_GROUPS = 256
_MAX_ERRORS = 3


class _EvaluationError(Exception):
    """A rule has no value because evaluating it failed; says why in regorus's words."""


class _Judge:
    """One engine with all policies.

    Controls that are asked together again and again (those of one kind of resource) get one generated rule that asks
    them all: within one evaluation regorus computes a library's rule once, over several it does so each time. Where
    that fails, only asking each control alone can tell which it was.
    """

    def __init__(self, modules: dict[str, str], controls: list[tuple[str, list[str]]]) -> None:
        self._modules = modules
        self._rules = [rules for _, rules in controls]
        self._expressions = [_expression(control, rules) for control, rules in controls]
        self._sightings: Counter[tuple[int, ...]] = Counter()
        self._errors: Counter[int] = Counter()
        self._load()

    def _load(self) -> None:
        self._engine = regorus.Engine()
        for path, text in self._modules.items():
            self._engine.add_policy(path, text)
        self._engine.add_policy("alone", _entry("alone", self._expressions))
        self._groups: dict[tuple[int, ...], str] = {}

    def judge(self, document: str, controls: list[int]) -> Iterator[tuple[int, dict[str, Any], str | None]]:
        """Yield position, values and error of each control that has something to say."""
        try:
            self._engine.set_input_json(document)
        except (RuntimeError, UnicodeError) as error:
            # The engine still holds the previous input now: whatever it would say is about another resource.
            yield from ((at, {}, f"error: The input can't be read: {error}") for at in range(len(controls)))
            return
        known = self._ask_together(document, tuple(controls))
        for at, control in enumerate(controls):
            try:
                values = known[control] if control in known else self._ask_alone(document, control)
            except _EvaluationError as error:
                yield at, {}, str(error)
                continue
            rules = self._rules[control]
            if not all(map(_is_silent, rules, values)):
                yield at, {rule: value[0] for rule, value in zip(rules, values, strict=True) if value}, None

    def _ask_together(self, document: str, controls: tuple[int, ...]) -> dict[int, list[list[Any]]]:
        """The values of the controls' rules, or nothing of all of them when one fails."""
        controls = tuple(control for control in controls if self._errors[control] < _MAX_ERRORS)
        rule = self._group(controls)
        if rule is None:
            return {}
        try:
            return dict(zip(controls, self._evaluate(document, rule), strict=True))
        except _EvaluationError:
            return {}

    def _ask_alone(self, document: str, control: int) -> list[list[Any]]:
        try:
            return self._evaluate(document, f"data.vouch_alone.answers_{control}")
        except _EvaluationError:
            self._errors[control] += 1
            raise

    def _group(self, controls: tuple[int, ...]) -> str | None:
        if controls in self._groups:
            return self._groups[controls]
        self._sightings[controls] += 1
        if len(controls) < 2 or len(self._groups) == _MAX_GROUPS or self._sightings[controls] < _SIGHTINGS:
            return None
        name = f"group_{len(self._groups)}"
        self._engine.add_policy(name, _entry(name, [_array(self._expressions[control] for control in controls)]))
        self._groups[controls] = f"data.vouch_{name}.answers_0"
        return self._groups[controls]

    def _evaluate(self, document: str, rule: str) -> list[Any]:
        try:
            values: list[Any] = orjson.loads(self._engine.eval_rule_as_json(rule))
        except (RuntimeError, orjson.JSONDecodeError) as error:
            raise _EvaluationError(str(error)[:_ERROR_CHARACTERS]) from None
        except BaseException as error:
            # pyo3's PanicException can't be imported, and is no Exception. The engine may be in any state after it.
            if type(error).__name__ != "PanicException":
                raise
            self._load()
            self._engine.set_input_json(document)
            raise _EvaluationError(f"error: The engine panicked: {error}"[:_ERROR_CHARACTERS]) from None
        return values


def _expression(control: str, rules: list[str]) -> str:
    """Rego for the values of a control's rules: a list for each, of its value or, where it is undefined, empty."""
    values = (f"[value | value := data.policies.{control}.{rule}]" for rule in rules)
    return _array(values)


def _array(items: Iterable[str]) -> str:
    """One item a line: regorus refuses lines of more than 1024 characters."""
    return "[\n" + ",\n".join(items) + "\n]"


def _entry(name: str, expressions: list[str]) -> str:
    rules = (f"answers_{number} := {expression}" for number, expression in enumerate(expressions))
    return "\n".join((f"package vouch_{name}", *rules))


def _is_silent(rule: str, value: list[Any]) -> bool:
    """Whether it needs no mention: it applies, or nothing was found."""
    return (not value or value[0] is True) if rule == "applies" else value == [[]]


class _Replies:
    """Collects what is to be said of a batch and sends it, in parts when the batch takes long."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._start()

    def _start(self) -> None:
        self._done, self._notable, self._since = 0, list[list[Any]](), time.monotonic()

    def add(self, notable: list[list[Any]]) -> None:
        self._done += 1
        self._notable += notable
        if time.monotonic() - self._since > _REPLY_SECONDS:
            self.send()

    def send(self) -> None:
        if self._done:
            _write(self._out, {"done": self._done, "notable": self._notable})
        self._start()


def main() -> None:
    """Serve until standard input ends, which it also does when the parent dies."""
    source, out = sys.stdin.buffer, sys.stdout.buffer
    setup = orjson.loads(_read(source) or sys.exit())
    _limit_memory(setup["memory_bytes"])
    try:
        judge = _Judge(setup["modules"], setup["controls"])
    except RuntimeError as error:
        _write(out, {"refused": str(error)[:_ERROR_CHARACTERS]})
        return
    _write(out, {})
    replies = _Replies(out)
    while frame := _read(source):
        for number, (document, controls) in enumerate(_tasks(frame)):
            # Left at its default, the alarm ends the process: nobody would if the parent died while a control loops.
            signal.setitimer(signal.ITIMER_REAL, setup["task_seconds"])
            notable = [[number, *said] for said in judge.judge(document, controls)]
            signal.setitimer(signal.ITIMER_REAL, 0)
            replies.add(notable)
        replies.send()


def _tasks(frame: bytes) -> Iterator[tuple[str, list[int]]]:
    (length,) = _LENGTH.unpack_from(frame)
    start = _LENGTH.size + length
    for size, controls in orjson.loads(frame[_LENGTH.size : start]):
        yield frame[start : start + size].decode(errors="surrogateescape"), controls
        start += size


def _limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not every system lets the limit be set; the deadline still holds there.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _read(source: BinaryIO) -> bytes:
    head = source.read(_LENGTH.size)
    return source.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""


def _write(out: BinaryIO, value: object) -> None:
    payload = orjson.dumps(value)
    out.write(_LENGTH.pack(len(payload)) + payload)
    out.flush()


if __name__ == "__main__":
    main()
