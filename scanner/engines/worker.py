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
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson
import regorus

_LENGTH = struct.Struct(">I")
_REPLY_SECONDS = 0.2
"""A slower batch is answered in parts: the parent then knows that the worker is alive, and redoes less if it dies."""
_ERROR_CHARACTERS = 4000
_UNDEFINED = '"<undefined>"'
_SILENT = {"findings": ("[]",), "applies": ("true", _UNDEFINED), "unknowns": ("[]",)}
"""Values that need no mention; texts as regorus writes them, so the usual answer is not even parsed."""


class _Judge:
    """One engine with all policies."""

    def __init__(self, modules: dict[str, str], controls: list[tuple[str, list[str]]]) -> None:
        self._modules = modules
        self._rules = [
            [(rule, f"data.policies.{control}.{rule}", _SILENT[rule]) for rule in rules] for control, rules in controls
        ]
        self._engine = self._load()

    def _load(self) -> regorus.Engine:
        engine = regorus.Engine()
        for path, text in self._modules.items():
            engine.add_policy(path, text)
        return engine

    def judge(self, document: str, controls: list[int]) -> Iterator[tuple[int, dict[str, Any], str | None]]:
        """Yield position, values and error of each control that has something to say."""
        try:
            self._engine.set_input_json(document)
        except (RuntimeError, UnicodeError) as error:
            # The engine still holds the previous input now: whatever it would say is about another resource.
            reason = f"error: The input cannot be read: {error}"
            yield from ((position, {}, reason) for position in range(len(controls)))
            return
        for position, control in enumerate(controls):
            values, failure = self._evaluate(document, control)
            if values or failure:
                yield position, values, failure

    def _evaluate(self, document: str, control: int) -> tuple[dict[str, Any], str | None]:
        try:
            texts = [
                (rule, self._engine.eval_rule_as_json(path), silent) for rule, path, silent in self._rules[control]
            ]
            if all(text in silent for _, text, silent in texts):
                return {}, None
            return {rule: orjson.loads(text) for rule, text, _ in texts if text != _UNDEFINED}, None
        except (RuntimeError, orjson.JSONDecodeError) as error:
            return {}, str(error)[:_ERROR_CHARACTERS] or "error: unknown"
        except BaseException as error:
            # pyo3's PanicException can't be imported, and is no Exception. The engine may be in any state after it.
            if type(error).__name__ != "PanicException":
                raise
            self._engine = self._load()
            self._engine.set_input_json(document)
            return {}, f"error: The engine panicked: {error}"[:_ERROR_CHARACTERS]


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
    # macOS knows the limit and refuses it.
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
