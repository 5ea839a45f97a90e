"""The OPA engine on a real server: one that it starts, and one that is there already."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from scanner.engines.opa import Opa
from scanner.engines.policies import Policies, failed
from scanner.errors import ConfigurationError, EngineError
from scanner.model import Answer, Finding, Task
from tests import servers

pytestmark = pytest.mark.opa

LIBRARY = """package lib.numbers

is_seventh(number) if number % 7 == 0
"""
SEVENS = """package policies.a.sevens

import data.lib.numbers

findings contains {"message": sprintf("%d is a multiple of seven", [input.n])} if numbers.is_seventh(input.n)
"""
ODD = """package policies.b.odd

default applies := false

applies if input.n % 2 == 1

findings contains {"message": "large", "path": ["n"], "expected": 200, "actual": input.n} if input.n > 200

unknowns contains "it is zero" if input.n == 0
"""
MODULES = {"a/sevens.rego": SEVENS, "b/odd.rego": ODD, "lib/numbers.rego": LIBRARY}
RULES = {"a.sevens": ("findings",), "b.odd": ("findings", "applies", "unknowns")}
TASKS = 250

Answers = Mapping[int, Mapping[str, Answer]]
Start = Callable[..., Opa]


def tasks(*more: str) -> Iterator[Task]:
    return (Task(json.dumps({"n": number}).encode(), (*more, *RULES)) for number in range(TASKS))


def judged(engine: Opa, given: Iterator[Task]) -> Answers:
    return {
        json.loads(task.input)["n"]: dict(zip(task.controls, said, strict=True)) for task, said in engine.judge(given)
    }


def expected() -> Answers:
    return {
        number: {
            "a.sevens": Answer((Finding(f"{number} is a multiple of seven"),) if number % 7 == 0 else ()),
            "b.odd": Answer(
                (Finding("large", ("n",), 200, number),) if number > 200 else (),
                applies=number % 2 == 1,
                unknowns=("it is zero",) if number == 0 else (),
            ),
        }
        for number in range(TASKS)
    }


def with_bad(body: str) -> Policies:
    bad = f'package policies.c.bad\n\nfindings contains {{"message": "bad"}} if {{\n\t{body}\n}}\n'
    return Policies({**MODULES, "c/bad.rego": bad}, {**RULES, "c.bad": ("findings",)})


def split(answers: Answers) -> tuple[Answers, Mapping[int, Answer]]:
    good = {number: {name: said[name] for name in RULES} for number, said in answers.items()}
    return good, {number: said["c.bad"] for number, said in answers.items()}


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts engines on a server of their own, and closes them."""
    binary = servers.opa()
    engines: list[Opa] = []

    def started(policies: Policies, *, timeout: float = 30.0) -> Opa:
        engines.append(Opa(policies, binary=binary, timeout=timeout))
        return engines[-1]

    yield started
    for engine in engines:
        engine.close()


@pytest.fixture
def url() -> Iterator[str]:
    """A server that is there already, with nothing in it."""
    binary = servers.opa()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    process = subprocess.Popen(
        [binary, "run", "--server", "--addr", address, "--log-level", "error", "--skip-version-check"],
        stderr=subprocess.DEVNULL,
    )
    host, port = address.split(":")
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                break
        time.sleep(0.02)
    yield f"http://{address}"
    process.kill()
    process.wait()


def test_every_task_is_answered_and_the_version_is_the_servers_own(start: Start) -> None:
    engine = start(Policies(MODULES, RULES))
    assert judged(engine, tasks()) == expected()
    assert (engine.name, engine.version) == ("opa", servers.OPA_VERSION)


def test_a_built_in_error_is_an_error_of_its_pair_only(start: Start) -> None:
    engine = start(with_bad('input.n == 50\n\tconcat("-", input.n) == "x"'))
    good, bad = split(judged(engine, tasks("c.bad")))
    assert good == expected()
    detail = "c/bad.rego:5:2: concat: operand 2 must be one of {set, array} but got number"
    assert bad == {number: failed(detail) if number == 50 else Answer() for number in range(TASKS)}


def test_a_pair_that_takes_too_long_times_out_alone(start: Start) -> None:
    loop = "some a in numbers.range(1, 100000)\n\tsome b in numbers.range(1, 100000)\n\ta * b == -1"
    engine = start(with_bad(f"input.n == 50\n\t{loop}"), timeout=1)
    good, bad = split(judged(engine, tasks("c.bad")))
    assert good == expected()
    late = failed("No answer within 1 s.", "engine_timeout")
    assert bad == {number: late if number == 50 else Answer() for number in range(TASKS)}


def test_a_control_that_is_always_too_slow_is_asked_three_times_only(start: Start) -> None:
    loop = "some a in numbers.range(1, 100000)\n\tsome b in numbers.range(1, 100000)\n\ta * b == -1"
    engine = start(with_bad(loop), timeout=0.5)
    good, bad = split(judged(engine, tasks("c.bad")))
    assert good == expected()
    late = failed("No answer within 0.5 s.", "engine_timeout")
    out = failed(f"Not asked: this control hung or crashed 3 times in this run. {late.error.detail}", "engine_timeout")  # type: ignore[union-attr]
    assert list(bad.values()) == [late] * 3 + [out] * (TASKS - 3)


def test_a_rule_without_a_value_is_an_error_and_not_a_pass(start: Start) -> None:
    modules = {"a.rego": 'package policies.a\n\nfindings := {{"message": "x"}} if input.n == 1\n'}
    engine = start(Policies(modules, {"a": ("findings",)}))
    answers = [said for _, said in engine.judge([Task(b'{"n": 0}', ("a",)), Task(b'{"n": 1}', ("a",))])]
    undefined = failed("The rule findings is undefined or null, not a set of findings.")
    assert answers == [[undefined], [Answer((Finding("x"),))]]


@pytest.mark.parametrize("document", [b"[" * 128 + b"]" * 128, rb'{"name": "\ud800"}', b'{"n": 1e400}', b"{"])
def test_an_input_that_the_embedded_engine_cannot_read_is_refused_here_too(start: Start, document: bytes) -> None:
    engine = start(Policies(MODULES, RULES))
    ((_, answers),) = engine.judge([Task(document, tuple(RULES))])
    for answer in answers:
        assert answer.error and answer.error.detail.startswith("The input can't be read: ")


def test_whole_numbers_of_any_size_come_back_as_others_can_write_them(start: Start) -> None:
    echo = 'package policies.a\n\nfindings contains {"message": "x", "actual": input.n * 1000000000000}\n'
    engine = start(Policies({"a.rego": echo}, {"a": ("findings",)}))
    ((_, answers),) = engine.judge([Task(b'{"n": 123456789012345}', ("a",))])
    assert answers == [Answer((Finding("x", actual=123456789012345e12),))]


def test_no_controls_is_no_error(start: Start) -> None:
    engine = start(Policies({}, {}))
    task = Task(b"{}", ())
    assert list(engine.judge([task])) == [(task, [])]


def test_a_control_that_is_not_among_the_policies_is_refused(start: Start) -> None:
    engine = start(Policies(MODULES, RULES))
    with pytest.raises(EngineError, match=r"asked to judge by 'd\.other', which is not among the policies"):
        list(engine.judge([Task(b"{}", ("d.other",))]))


def test_a_server_that_dies_is_started_again(start: Start) -> None:
    engine = start(Policies(MODULES, RULES))
    answers: dict[int, Mapping[str, Answer]] = {}
    for task, said in engine.judge(tasks()):
        if len(answers) == 20:
            for pid in started_servers():
                os.kill(pid, signal.SIGKILL)
        answers[json.loads(task.input)["n"]] = dict(zip(task.controls, said, strict=True))
    assert answers == expected()


def test_closing_leaves_no_process_and_no_folder(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    engine = start(Policies(MODULES, RULES))
    assert (len(started_servers()), len(list(tmp_path.iterdir()))) == (1, 1)
    engine.close()
    engine.close()
    assert (started_servers(), list(tmp_path.iterdir())) == (set(), [])


def test_a_started_server_answers_only_who_knows_its_token(start: Start) -> None:
    import requests

    start(Policies(MODULES, RULES))
    (pid,) = started_servers()
    command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    address = command[command.index("--addr") + 1]
    policy = "package policies.a.sevens\n\nfindings contains 1 if false\n"
    assert requests.put(f"http://{address}/v1/policies/a/sevens.rego", data=policy, timeout=5).status_code == 401
    assert requests.get(f"http://{address}/v1/data", timeout=5).status_code == 401


def test_policies_that_do_not_compile_are_refused_with_the_place(start: Start) -> None:
    with pytest.raises(EngineError, match=r"c/bad\.rego:4: rego_type_error: undefined function unheard_of"):
        start(with_bad("unheard_of(1)"))
    assert started_servers() == set()


def test_a_server_that_is_there_is_left_as_it_was(url: str) -> None:
    import requests

    other = "package other\n\nallow := true\n"
    requests.put(f"{url}/v1/policies/other", data=other, timeout=5).raise_for_status()
    engine = Opa(Policies(MODULES, RULES), url=url)
    assert judged(engine, tasks()) == expected()
    assert engine.version == servers.OPA_VERSION
    assert policies_of(url) == {
        "other",
        "vouch/a/sevens.rego",
        "vouch/b/odd.rego",
        "vouch/lib/numbers.rego",
        "vouch/vouch_entry.rego",
    }
    engine.close()
    engine.close()
    assert policies_of(url) == {"other"}


def test_what_a_killed_scan_left_behind_is_replaced(url: str) -> None:
    loud = SEVENS.replace("multiple of seven", "thing of yesterday")
    left = Opa(Policies({**MODULES, "a/sevens.rego": loud, "d.rego": "package policies.d\n"}, RULES), url=url)
    engine = Opa(Policies(MODULES, RULES), url=url)
    assert judged(engine, tasks()) == expected()
    engine.close()
    assert policies_of(url) == set()
    left.close()


def test_a_server_that_has_such_packages_of_its_own_is_refused(url: str) -> None:
    import requests

    requests.put(f"{url}/v1/policies/mine", data="package lib.strings\n\na := 1\n", timeout=5).raise_for_status()
    with pytest.raises(ConfigurationError, match="has a policy mine in the package lib, which Vouch uses"):
        Opa(Policies(MODULES, RULES), url=url)
    assert policies_of(url) == {"mine"}


def test_a_server_refuses_policies_that_do_not_compile_and_is_left_as_it_was(url: str) -> None:
    with pytest.raises(
        EngineError, match=r"does not take the policies: c/bad\.rego:4:2: undefined function unheard_of"
    ):
        Opa(with_bad("unheard_of(1)"), url=url)
    assert policies_of(url) == set()


@pytest.mark.parametrize("wrong", ["localhost:8181", "ftp://localhost", "http://localhost/opa"])
def test_what_is_no_url_of_a_server_is_a_configuration_error(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="is not the URL of an OPA"):
        Opa(Policies(MODULES, RULES), url=wrong)


def test_no_server_at_a_url_is_a_configuration_error() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(ConfigurationError, match=f"no OPA answers at {url}"):
            Opa(Policies(MODULES, RULES), url=url)


def test_no_program_is_a_configuration_error_with_a_hint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("opa") is None
    with pytest.raises(ConfigurationError, match="there is no OPA") as raised:
        Opa(Policies(MODULES, RULES))
    assert raised.value.hint and "--engine embedded" in raised.value.hint


def policies_of(url: str) -> set[str]:
    import requests

    return {policy["id"] for policy in requests.get(f"{url}/v1/policies", timeout=5).json()["result"]}


def started_servers() -> set[int]:
    """OPA servers that an engine in this process has started."""
    found = set()
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            if "--authorization" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                found.add(int(pid))
    return found
