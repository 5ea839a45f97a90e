"""The default engine: regorus in worker processes that are killed and replaced when a control hangs or crashes them.

regorus has no limit of time or memory, and a control can crash it. So the parent never waits for a worker without a
deadline. When one is killed or dies, what it had not answered is asked again in *careful* mode: first the input alone,
then one control at a time, so that only the guilty pair is answered with an error. docs/adr/0008-embedded-engine.md
says what was measured.
"""

from __future__ import annotations

import struct
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import orjson

from scanner.engines.batches import Strikes, gather
from scanner.engines.policies import CLEAN, Policies, answer, failed
from scanner.engines.process import Process, wait
from scanner.errors import EngineError
from scanner.model import Answer, Cause, Task

_DISTRIBUTION = "gordon-to-regorus"
_LENGTH = struct.Struct(">I")
_BATCH_TASKS = 64
_IN_FLIGHT = 2
"""Batches per worker: one that it works on, and one so that it needn't wait for the parent."""
_START_SECONDS = 60.0
_START_ATTEMPTS = 3
_ERROR_CHARACTERS = 300


@dataclass(slots=True, eq=False)
class _Job:
    """A task with the answers that are known."""

    task: Task
    answers: list[Answer | None]

    @property
    def open(self) -> tuple[int, ...]:
        return tuple(position for position, known in enumerate(self.answers) if known is None)


@dataclass(slots=True, eq=False)
class _Batch:
    """What a worker is asked in one frame: positions of controls, for each of some jobs."""

    parts: list[tuple[_Job, tuple[int, ...]]]
    probe: bool = False
    """Ask for no control at all, only whether the worker survives the input."""
    answered: int = 0
    crashes: int = 0

    @property
    def is_single(self) -> bool:
        """Whether only one pair, or one input, can be to blame."""
        return self.probe or (len(self.parts) == 1 and len(self.parts[0][1]) == 1)


@dataclass(slots=True, eq=False)
class _Worker:
    process: Process
    ready: bool = False
    batches: deque[_Batch] = field(default_factory=deque)
    """In flight, in the order in which they will be answered."""
    since: float = field(default_factory=time.monotonic)
    """When it was last seen to move."""


class Embedded:
    """See `interfaces.Engine`. For one thread; one `judge` at a time."""

    name = "embedded"

    def __init__(
        self, policies: Policies, *, jobs: int = 2, timeout: float = 5.0, memory_bytes: int = 512 << 20
    ) -> None:
        """Start nothing yet. `timeout` is for one control on one input, in seconds; `memory_bytes` for one worker."""
        self.version = version(_DISTRIBUTION)
        self._jobs = jobs
        self._timeout = timeout
        self._memory_bytes = memory_bytes
        self._numbers = {control: number for number, control in enumerate(policies.rules)}
        self._setup = orjson.dumps(
            {
                "modules": dict(policies.modules),
                "controls": list(policies.rules.items()),
                "memory_bytes": memory_bytes,
                # Only for a worker whose parent is gone or blocked: the parent's own deadline comes first.
                "task_seconds": 2 * timeout + 1,
            }
        )
        self.replaced = 0
        """Workers that had to be killed, or died."""
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._strikes = Strikes()
        self._waiting: deque[_Batch] = deque()
        self._finished: list[_Job] = []

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        """See `Engine.judge`."""
        source = iter(tasks)
        try:
            while True:
                self._feed(source)
                yield from self._take_finished()
                if not any(worker.batches for worker in self._workers):
                    return
                self._look()
        finally:
            self._abandon()

    def close(self) -> None:
        """See `Engine.close`."""
        for worker in self._workers:
            worker.process.kill()
        self._workers.clear()

    def _abandon(self) -> None:
        """Forget what is under way: the caller has stopped listening, or all is done and there is nothing to forget."""
        for worker in [worker for worker in self._workers if worker.batches]:
            worker.process.kill()
            self._workers.remove(worker)
        self._waiting.clear()
        self._finished.clear()

    def _take_finished(self) -> Iterator[tuple[Task, Sequence[Answer]]]:
        finished, self._finished = self._finished, []
        for job in finished:
            yield job.task, [known for known in job.answers if known is not None]

    # Handing out work

    def _feed(self, source: Iterator[Task]) -> None:
        while self._has_room() and (batch := self._next(source)):
            self._send(self._least_busy(), batch)

    def _has_room(self) -> bool:
        return len(self._workers) < self._jobs or any(len(worker.batches) < _IN_FLIGHT for worker in self._workers)

    def _least_busy(self) -> _Worker:
        least = min(self._workers, key=lambda worker: len(worker.batches), default=None)
        if least and (not least.batches or len(self._workers) == self._jobs):
            return least
        worker = _Worker(Process(self._setup))
        self._workers.append(worker)
        return worker

    def _next(self, source: Iterator[Task]) -> _Batch | None:
        """What to ask next, or None when there is nothing left."""
        while batch := self._waiting.popleft() if self._waiting else self._gather(source):
            batch.parts = [part for part in map(self._without_struck_out, batch.parts) if part[1]]
            if batch.parts:
                return batch
        return None

    def _gather(self, source: Iterator[Task]) -> _Batch | None:
        jobs = [_Job(task, [None] * len(task.controls)) for task in gather(source, _BATCH_TASKS)]
        return _Batch([(job, job.open) for job in jobs]) if jobs else None

    def _without_struck_out(self, part: tuple[_Job, tuple[int, ...]]) -> tuple[_Job, tuple[int, ...]]:
        job, positions = part
        if self._strikes:
            for position in positions:
                job.answers[position] = self._strikes.answer(job.task.controls[position])
            positions = tuple(position for position in positions if job.answers[position] is None)
        if not positions:
            self._finish_if_complete(job)
        return job, positions

    def _finish_if_complete(self, job: _Job) -> None:
        if None not in job.answers:
            self._finished.append(job)

    def _send(self, worker: _Worker, batch: _Batch) -> None:
        if not worker.batches and worker.ready:
            worker.since = time.monotonic()
        worker.batches.append(batch)
        worker.process.send(self._frame(batch))

    def _frame(self, batch: _Batch) -> bytes:
        numbers = self._numbers
        try:
            asked = [
                (len(job.task.input), [numbers[job.task.controls[at]] for at in positions if not batch.probe])
                for job, positions in batch.parts
            ]
        except KeyError as error:
            raise EngineError(f"asked to judge by {error}, which is not among the policies") from error
        head = orjson.dumps(asked)
        return b"".join((_LENGTH.pack(len(head)), head, *(job.task.input for job, _ in batch.parts)))

    # Taking answers

    def _look(self) -> None:
        """Wait until a worker has moved or is late, and deal with that."""
        now = time.monotonic()
        busy = [worker for worker in self._workers if worker.batches]
        wait([worker.process for worker in busy], max(0.0, min(self._deadline(worker) for worker in busy) - now))
        for worker in busy:
            self._attend(worker)

    def _deadline(self, worker: _Worker) -> float:
        return worker.since + (self._timeout if worker.ready else _START_SECONDS)

    def _attend(self, worker: _Worker) -> None:
        # Read first: the caller may have kept us away for long, while the answer has been waiting in the pipe.
        moved = worker.process.pump()
        for frame in worker.process.frames():
            self._receive(worker, orjson.loads(frame))
        now = time.monotonic()
        if moved:
            worker.since = now
        elif worker.process.ended:
            self._bury(worker)
        elif now > self._deadline(worker):
            self._bury(worker, Cause("engine_timeout", f"No answer within {self._timeout:g} s."))

    def _receive(self, worker: _Worker, reply: dict[str, Any]) -> None:
        if not worker.ready:
            self._welcome(worker, reply)
            return
        batch = worker.batches[0]
        for number, at, values, error in reply["notable"]:
            job, positions = batch.parts[number]
            job.answers[positions[at]] = failed(_sentence(error)) if error else answer(values)
        start = batch.answered
        batch.answered += reply["done"]
        for job, positions in batch.parts[start : batch.answered]:
            self._settle(batch, job, positions)
        if batch.answered == len(batch.parts):
            worker.batches.popleft()

    def _welcome(self, worker: _Worker, reply: dict[str, Any]) -> None:
        if refused := reply.get("refused"):
            raise EngineError(
                f"The embedded engine refuses the policies: {_sentence(refused)}",
                hint="`vouch controls lint` names the file and line.",
            )
        worker.ready = True
        self._failed_starts = 0

    def _settle(self, batch: _Batch, job: _Job, positions: tuple[int, ...]) -> None:
        if batch.probe:
            self._waiting.extendleft(_Batch([(job, (position,))]) for position in reversed(positions))
            return
        for position in positions:
            if job.answers[position] is None:
                job.answers[position] = CLEAN
        self._finish_if_complete(job)

    # Workers that die or hang

    def _bury(self, worker: _Worker, cause: Cause | None = None) -> None:
        """Remove a worker, killing it if need be; `cause` is for one that hangs."""
        end = worker.process.kill()
        self._workers.remove(worker)
        self.replaced += 1
        if not worker.ready:
            self._count_failed_start(worker, end)
            self._waiting.extendleft(reversed(worker.batches))
            return
        blamed = worker.batches.popleft()
        self._waiting.extendleft(reversed(worker.batches))
        self._blame(blamed, cause or self._cause_of_death(end, worker.process.said))

    def _count_failed_start(self, worker: _Worker, end: str) -> None:
        self._failed_starts += 1
        if self._failed_starts >= _START_ATTEMPTS:
            said = worker.process.said.decode(errors="replace").strip().rpartition("\n")[2]
            raise EngineError(
                f"The embedded engine does not start ({end}{': ' if said else ''}{said})",
                hint=f"Check that {_DISTRIBUTION} is installed and that {_size(self._memory_bytes)} is enough for it.",
            )

    def _cause_of_death(self, end: str, said: bytes) -> Cause:
        if end == "SIGALRM":
            return Cause("engine_timeout", f"No answer within {self._timeout:g} s.")
        if b"memory allocation" in said or b"MemoryError" in said:
            return Cause("engine_crash", f"The engine ran out of memory ({_size(self._memory_bytes)}).")
        return Cause("engine_crash", f"The engine's process ended ({end}).")

    def _blame(self, batch: _Batch, cause: Cause) -> None:
        """Find the guilty pair among those that `batch` left unanswered, or answer it when there is only one."""
        if not batch.is_single:
            parts = batch.parts[batch.answered :]
            self._waiting.extend(_Batch([part], probe=True) for part in parts)
        elif cause.kind == "engine_crash" and not batch.crashes:
            # Someone else may have killed it: the out-of-memory killer, an operator.
            batch.crashes += 1
            self._waiting.appendleft(batch)
        else:
            ((job, positions),) = batch.parts
            for position in positions:
                job.answers[position] = Answer(error=cause)
            if not batch.probe:
                self._strikes.add(job.task.controls[positions[0]], cause)
            self._finish_if_complete(job)


def _sentence(error: str) -> str:
    """What regorus says, without the source lines that it draws: `policies/a.rego:7:3: error: divide by zero`."""
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    place = next((line.removeprefix("-->").strip() for line in lines if line.startswith("-->")), "")
    what = next((line.removeprefix("error: ") for line in lines if line.startswith("error: ")), lines[-1])
    return (f"{place}: {what}" if place else what)[:_ERROR_CHARACTERS]


def _size(count: int) -> str:
    return f"{count >> 20} MiB"
