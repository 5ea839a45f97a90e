"""The embedded engine with controls that loop, crash, exhaust memory, panic and err: only they pay for it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from scanner.engines import process
from scanner.engines.embedded import Embedded
from scanner.engines.policies import Policies, failed
from scanner.errors import EngineError
from scanner.model import Answer, Cause, Finding, Task

TASKS = 300
GUILTY = 50
TIMEOUT = 0.5

SEVENS = 'findings contains {"message": sprintf("%d is a multiple of seven", [input.n])} if input.n % 7 == 0'
ODD = """default applies := false

applies if input.n % 2 == 1

findings contains {"message": "too large", "path": ["n"], "expected": 200, "actual": input.n} if input.n > 200

unknowns contains "it is zero" if input.n == 0"""
GOOD = {"a.sevens": SEVENS, "b.odd": ODD, "c.never": "findings contains 1 if input.n < 0"}

LOOPS = """some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a * b == -1"""
EXHAUSTS_MEMORY = 'concat("", [s | some i in numbers.range(1, 100000000); s := sprintf("%d", [i])]) == "x"'
RECURS = "deeper(1) == 0"
DEEPER = "\ndeeper(x) := y if y := deeper(x + 1)"

Answers = Mapping[int, Mapping[str, Answer]]


def control(condition: str, *, guilty: str = f"input.n == {GUILTY}") -> str:
    return f'findings contains {{"message": "bad"}} if {{\n\t{guilty}\n\t{condition}\n}}\n'


def policies(rules: Mapping[str, str]) -> Policies:
    return Policies(
        {f"{name}.rego": f"package policies.{name}\n\n{text}\n" for name, text in rules.items()},
        {
            name: tuple(rule for rule in ("findings", "applies", "unknowns") if f"\n{rule} " in f"\n{text}")
            for name, text in rules.items()
        },
    )


def tasks(controls: Sequence[str], count: int = TASKS) -> Iterator[Task]:
    return (Task(json.dumps({"n": number}).encode(), tuple(controls)) for number in range(count))


def judged(engine: Embedded, given: Iterator[Task]) -> Answers:
    """Answers by number and control; each task must come once."""
    answers: dict[int, dict[str, Answer]] = {}
    for task, said in engine.judge(given):
        number = json.loads(task.input)["n"]
        assert number not in answers
        answers[number] = dict(zip(task.controls, said, strict=True))
    return answers


def judged_with(bad: str, *, jobs: int = 2) -> tuple[Answers, Mapping[int, Answer], int]:
    """The answers of the good controls, of the bad one, and how many workers it cost."""
    rules = {"a.sevens": GOOD["a.sevens"], "b.bad": bad, "b.odd": GOOD["b.odd"], "c.never": GOOD["c.never"]}
    engine = Embedded(policies(rules), jobs=jobs, timeout=TIMEOUT)
    try:
        answers = judged(engine, tasks(tuple(rules)))
    finally:
        engine.close()
    good = {number: {name: said[name] for name in GOOD} for number, said in answers.items()}
    return good, {number: said["b.bad"] for number, said in answers.items()}, engine.replaced


@pytest.fixture(scope="module")
def expected() -> Answers:
    """What the good controls say, computed here and not by an engine."""

    def of(number: int) -> Mapping[str, Answer]:
        large = (Finding("too large", ("n",), 200, number),) if number > 200 else ()
        sevens = (Finding(f"{number} is a multiple of seven"),) if number % 7 == 0 else ()
        zero = ("it is zero",) if number == 0 else ()
        return {
            "a.sevens": Answer(sevens),
            "b.odd": Answer(large, applies=number % 2 == 1, unknowns=zero),
            "c.never": Answer(),
        }

    return {number: of(number) for number in range(TASKS)}


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_task_is_answered_once_in_the_order_of_its_controls_and_no_worker_is_lost(
    expected: Answers, jobs: int
) -> None:
    engine = Embedded(policies(GOOD), jobs=jobs)
    assert judged(engine, tasks(tuple(GOOD))) == expected
    assert judged(engine, tasks(tuple(reversed(GOOD)))) == expected
    assert judged(engine, tasks(())) == {number: {} for number in range(TASKS)}
    engine.close()
    assert engine.replaced == 0


@pytest.mark.parametrize(
    ("bad", "kind", "detail"),
    [
        (control(LOOPS), "engine_timeout", "No answer within 0.5 s."),
        (control(EXHAUSTS_MEMORY), "engine_crash", "The engine ran out of memory (512 MiB)."),
        (control(RECURS) + DEEPER, "engine_crash", "The engine's process ended (SIGSEGV)."),
        (control('concat("-", input.n) == "x"'), "engine_error", "concat` expects"),
        (control("unheard_of(1) == 1"), "engine_error", "b.bad.rego:5:15: could not find function unheard_of"),
        (control("object.subset([1], [])"), "engine_error", "The engine panicked: window size must be non-zero"),
    ],
    ids=["loop", "memory", "recursion", "built-in error", "undefined function", "panic"],
)
def test_only_the_guilty_pair_is_an_error(expected: Answers, bad: str, kind: str, detail: str) -> None:
    good, answers, _ = judged_with(bad)
    assert good == expected
    error = answers[GUILTY].error
    assert error and error.kind == kind
    assert detail in error.detail
    assert {number: answer for number, answer in answers.items() if number != GUILTY} == {
        number: Answer() for number in range(TASKS) if number != GUILTY
    }


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("bad", "cause"),
    [
        (control(LOOPS, guilty="true"), Cause("engine_timeout", "No answer within 0.5 s.")),
        (control(RECURS, guilty="true") + DEEPER, Cause("engine_crash", "The engine's process ended (SIGSEGV).")),
    ],
    ids=["loop", "recursion"],
)
def test_a_control_that_is_always_bad_is_asked_a_few_times_only(
    expected: Answers, bad: str, cause: Cause, jobs: int
) -> None:
    good, answers, replaced = judged_with(bad, jobs=jobs)
    assert good == expected
    out = f"Not asked: this control hung or crashed 3 times in this run. {cause.detail}"
    asked = [number for number, answer in answers.items() if answer == Answer(error=cause)]
    assert 3 <= len(asked) < 3 + 2 * jobs
    assert [answer for number, answer in sorted(answers.items()) if number not in asked] == [
        failed(out, cause.kind)
    ] * (TASKS - len(asked))
    assert replaced < 20


def test_a_control_that_always_errs_costs_no_worker(expected: Answers) -> None:
    good, answers, replaced = judged_with(control("1 / (input.n - input.n) == 0", guilty="true"))
    assert good == expected
    assert set(answers.values()) == {failed("b.bad.rego:5:7: divide by zero")}
    assert replaced == 0


def test_a_malformed_answer_is_an_error(expected: Answers) -> None:
    good, answers, _ = judged_with("findings := input.n")
    assert good == expected
    assert set(answers.values()) == {failed("The rule findings is a number, not a set of findings.")}


def test_a_rule_with_the_value_that_regorus_writes_for_undefined_is_not_undefined() -> None:
    _, answers, _ = judged_with('findings contains 1 if false\n\napplies := "<undefined>"')
    assert set(answers.values()) == {Answer(applies=False)}


def test_a_worker_that_someone_kills_loses_no_answer(expected: Answers) -> None:
    engine = Embedded(policies(GOOD), jobs=2)
    answers: dict[int, Mapping[str, Answer]] = {}
    killed = 0
    for task, said in engine.judge(tasks(tuple(GOOD))):
        answers[json.loads(task.input)["n"]] = dict(zip(task.controls, said, strict=True))
        # Once, since an input whose worker ends twice is taken for the cause; and while there are tasks not yet sent.
        if len(answers) == 1:
            for pid in children():
                os.kill(pid, signal.SIGKILL)
                killed += 1
    engine.close()
    assert answers == expected
    assert killed > 0
    assert engine.replaced > 0


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        (b"[" * 128 + b"]" * 128, "recursion limit exceeded"),
        (b"[" * 1_000_000, "recursion limit exceeded"),
        (rb'{"name": "\ud800"}', "unexpected end of hex escape"),
        (b'{"name": "\xff"}', "surrogates not allowed"),
        (b'{"n": 1e400}', "number out of range"),
        (b"{", "EOF while parsing"),
    ],
)
def test_an_input_that_cannot_be_read_is_not_judged_as_the_one_before_it(document: bytes, detail: str) -> None:
    engine = Embedded(policies(GOOD), jobs=1)
    before, after = (Task(json.dumps({"n": number}).encode(), ("a.sevens", "c.never")) for number in (7, 14))
    given = [before, Task(document, ("a.sevens", "c.never")), after]
    (_, first), (_, second), (_, third) = engine.judge(given)
    engine.close()
    assert [first, third] == [
        [Answer((Finding("7 is a multiple of seven"),)), Answer()],
        [Answer((Finding("14 is a multiple of seven"),)), Answer()],
    ]
    for answer in second:
        assert answer.error and answer.error.kind == "engine_error"
        assert answer.error.detail.startswith("The input can't be read: ")
        assert detail in answer.error.detail


def test_an_input_as_deep_as_can_be_read_crashes_nothing() -> None:
    deep = b'{"n":' * 100 + b"[" * 27 + b"]" * 27 + b"}" * 100
    echo = 'findings contains {"message": json.marshal(input), "actual": input}'
    engine = Embedded(policies({"echo": echo}), jobs=1)
    ((_, (answer,)),) = engine.judge([Task(deep, ("echo",))])
    engine.close()
    assert answer == Answer((Finding(deep.decode(), (), None, json.loads(deep)),))
    assert engine.replaced == 0


def test_an_input_too_large_for_the_memory_strikes_no_control_out() -> None:
    engine = Embedded(policies(GOOD), jobs=1, memory_bytes=128 << 20)
    huge = Task(json.dumps({"n": [{"a": number} for number in range(1_500_000)]}).encode(), tuple(GOOD))
    small = Task(b'{"n": 7}', tuple(GOOD))
    answers = [said for _, said in engine.judge([huge, huge, huge, huge, small])]
    engine.close()
    crashed = failed("The engine ran out of memory (128 MiB).", "engine_crash")
    assert sorted(answers, key=lambda said: said[0].error is None) == [[crashed] * 3] * 4 + [
        [Answer((Finding("7 is a multiple of seven"),)), Answer(), Answer()]
    ]


def test_tasks_are_taken_only_as_workers_have_room() -> None:
    taken = 0

    def counted() -> Iterator[Task]:
        nonlocal taken
        for task in tasks(tuple(GOOD), 100_000):
            taken += 1
            yield task

    engine = Embedded(policies(GOOD), jobs=1)
    answers = engine.judge(counted())
    next(answers)
    # Two batches are on their way; on a slow machine both are answered, and two more sent, before an answer is out.
    assert taken <= 4 * 64
    # As a caller that stops listening does: the generator is closed when nobody holds it any more.
    del answers
    assert children() == set()


def test_a_source_that_pauses_longer_than_the_deadline_times_nothing_out(expected: Answers) -> None:
    def pausing() -> Iterator[Task]:
        for number, task in enumerate(tasks(tuple(GOOD))):
            if number in (70, 200):
                time.sleep(2 * TIMEOUT)
            yield task

    engine = Embedded(policies(GOOD), jobs=2, timeout=TIMEOUT)
    assert judged(engine, pausing()) == expected
    engine.close()
    assert engine.replaced == 0


def test_a_source_that_breaks_off_leaves_an_engine_that_works(expected: Answers) -> None:
    def breaking() -> Iterator[Task]:
        yield from tasks(tuple(GOOD), 100)
        raise KeyboardInterrupt

    engine = Embedded(policies(GOOD))
    with pytest.raises(KeyboardInterrupt):
        judged(engine, breaking())
    assert judged(engine, tasks(tuple(GOOD))) == expected
    engine.close()


def test_closing_leaves_no_process_and_may_be_done_twice() -> None:
    engine = Embedded(policies(GOOD), jobs=2)
    judged(engine, tasks(tuple(GOOD)))
    assert len(children()) == 2
    engine.close()
    engine.close()
    assert children() == set()


def test_a_control_that_is_not_among_the_policies_is_refused() -> None:
    engine = Embedded(policies(GOOD))
    with pytest.raises(EngineError, match=r"asked to judge by 'd\.other', which is not among the policies"):
        judged(engine, tasks(("d.other",), 1))
    engine.close()


def test_policies_that_do_not_parse_are_refused_with_the_place() -> None:
    engine = Embedded(policies({"a.broken": "findings contains if"}))
    with pytest.raises(EngineError, match=r"refuses the policies: a\.broken\.rego:3:\d+: "):
        judged(engine, tasks(("a.broken",), 1))
    engine.close()


def test_a_worker_that_cannot_start_is_an_error_and_not_an_endless_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "worker.py"
    broken.write_text("import no_such_module\n")
    monkeypatch.setattr(process, "_WORKER", broken)
    engine = Embedded(policies(GOOD))
    with pytest.raises(EngineError, match=r"exit code 1: ModuleNotFoundError: No module named 'no_such_module'"):
        judged(engine, tasks(tuple(GOOD)))
    engine.close()
    assert children() == set()


def test_workers_end_when_the_parent_is_killed_even_while_a_control_loops(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        from scanner.engines.embedded import Embedded
        from scanner.engines.policies import Policies
        from scanner.model import Task

        engine = Embedded(Policies({"a": sys.argv[1]}, {"a": ("findings",)}), jobs=1, timeout=2)
        next(engine.judge([Task(b'{"n": 1}', ("a",)), Task(b'{"n": 50}', ("a",))]))
        """
    )
    text = "package policies.a\n" + control(LOOPS)
    parent = subprocess.Popen([sys.executable, "-c", script, text], cwd=Path(__file__).parents[3])
    until = time.monotonic() + 20
    while not (workers := children(parent.pid)) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    assert len(workers) == 1
    (worker,) = workers
    while is_running(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(worker)


def children(of: int | None = None) -> set[int]:
    """Engine workers started by this process that have not been waited for; other tests have servers of their own."""
    pid = of or os.getpid()
    found = (task / "children" for task in Path(f"/proc/{pid}/task").iterdir())
    return {int(child) for path in found for child in path.read_text().split() if not _is_other_program(child)}


def _is_other_program(pid: str) -> bool:
    """Whether it runs something else than a worker; what has ended, and was not waited for, has no command line."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return True
    return bool(command) and "worker.py" not in command


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
