"""The oracle engine: a real OPA server, started here or reached by URL, asked through opa-python-client.

One request asks a batch of tasks through one generated rule. OPA answers such a request as a whole or not at all, so
where a batch fails it is asked again control by control, and where a control fails pair by pair, until only the guilty
pair is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from scanner.engines.batches import Strikes, gather
from scanner.engines.opa_query import ENTRY, QueryError, Server
from scanner.engines.policies import Policies, answer, failed, is_too_deep
from scanner.errors import EngineError
from scanner.model import Answer, Json, Task

_BATCH_TASKS = 100


@dataclass(slots=True, eq=False)
class _Job:
    """A task with the answers that are known, by control."""

    task: Task
    document: Json
    answers: dict[str, Answer] = field(default_factory=dict)


_Asked = list[tuple[_Job, tuple[str, ...]]]


class Opa:
    """See `interfaces.Engine`. For one thread."""

    name = "opa"

    def __init__(
        self, policies: Policies, *, url: str | None = None, binary: str | None = None, timeout: float = 30.0
    ) -> None:
        """Start `binary`, by default the `opa` on the path; or, given a `url`, hand the policies to the server there.

        `timeout` is for one request, in seconds. Raises `ConfigurationError` when there is no such server or program,
        `EngineError` when it does not take the policies.
        """
        # The client takes 0.2 s to import, which only those shall wait for who use it.
        from scanner.engines.opa_server import PushedServer, StartedServer

        self._controls = policies.rules.keys()
        modules = {**policies.modules, f"{ENTRY}.rego": _entry(policies)}
        self._server: Server = PushedServer(url, modules, timeout) if url else StartedServer(binary, modules, timeout)
        self._strikes = Strikes()
        self.version = self._server.version()

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        """See `Engine.judge`."""
        source = iter(tasks)
        while batch := gather(source, _BATCH_TASKS):
            jobs = [_Job(task, None) for task in batch]
            self._ask([(job, job.task.controls) for job in jobs if self._read(job)])
            for job in jobs:
                yield job.task, [job.answers[control] for control in job.task.controls]

    def close(self) -> None:
        """See `Engine.close`."""
        self._server.close()

    def _read(self, job: _Job) -> bool:
        """Parse the input; what the embedded engine could not take is refused here too."""
        if unknown := set(job.task.controls) - self._controls:
            raise EngineError(f"asked to judge by {min(unknown)!r}, which is not among the policies")
        try:
            job.document = orjson.loads(job.task.input)
            reason = "it is nested too deeply" if is_too_deep(job.document) else None
        except orjson.JSONDecodeError as error:
            reason = str(error)
        if reason:
            refusal = failed(f"The input can't be read: {reason}")
            job.answers = dict.fromkeys(job.task.controls, refusal)
        return reason is None

    def _ask(self, asked: _Asked) -> None:
        """Set the answers of all pairs of `asked`."""
        asked = [(job, self._without_struck_out(job, controls)) for job, controls in asked]
        asked = [(job, controls) for job, controls in asked if controls]
        if not asked:
            return
        try:
            rows = self._server.query([{"input": job.document, "controls": controls} for job, controls in asked])
        except QueryError as error:
            self._narrow(asked, error)
            return
        _check(asked, rows)
        for (job, controls), row in zip(asked, rows, strict=True):
            job.answers.update(zip(controls, map(answer, row), strict=True))

    def _without_struck_out(self, job: _Job, controls: tuple[str, ...]) -> tuple[str, ...]:
        out = {control: known for control in controls if (known := self._strikes.answer(control))}
        job.answers.update(out)
        return tuple(control for control in controls if control not in out)

    def _narrow(self, asked: _Asked, error: QueryError) -> None:
        (job, controls), *others = asked
        if others or len(controls) > 1:
            for part in _parts(asked):
                self._ask(part)
            return
        job.answers[controls[0]] = Answer(error=error.cause)
        if error.cause.kind != "engine_error":
            self._strikes.add(controls[0], error.cause)


def _parts(asked: _Asked) -> Iterator[_Asked]:
    """Each control for all jobs; where there is only one, each job."""
    controls = sorted({control for _, controls in asked for control in controls})
    if len(controls) == 1:
        yield from ([pair] for pair in asked)
        return
    for control in controls:
        yield [(job, (control,)) for job, theirs in asked if control in theirs]


def _check(asked: _Asked, rows: Json) -> None:
    """OPA leaves out what is undefined, and what is left out would read as a pass."""
    given = [[values["control"] for values in row] for row in rows]
    if given != [list(controls) for _, controls in asked]:
        raise EngineError("OPA answered other pairs than it was asked")


def _entry(policies: Policies) -> str:
    """The module that asks for all controls of all tasks at once.

    Each control has an object of its own by name, which holds `control` even where all rules are undefined.
    """
    lines = [
        f"package {ENTRY}",
        "answers := [row | some task in input.tasks; row := row_of(task.controls) with input as task.input]",
        "row_of(controls) := [values[control] | some control in controls]",
        # So that `values` is there without any control, too.
        'values[""].control := ""',
    ]
    for control, rules in policies.rules.items():
        name = orjson.dumps(control).decode()
        lines.append(f"values[{name}].control := {name}")
        lines += [f"values[{name}].{rule} := data.policies.{control}.{rule}" for rule in rules]
    return "\n".join(lines) + "\n"
