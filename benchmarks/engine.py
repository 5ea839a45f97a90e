"""How fast the embedded engine judges pods, and what its worker process costs over regorus called bare.

    python -m benchmarks.engine [PODS]

Distinct generated pods, every control under `policies/kubernetes/pod`, one worker. Aims: 600 pods a second, and no more
than 1.5 times the time that regorus takes when it is called in this process for the same answers: rule by rule, and, as
the worker does it, with one rule that asks for all of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping

import orjson
import regorus

from scanner import catalog
from scanner.engines.embedded import Embedded
from scanner.engines.policies import Policies, answer
from scanner.model import Answer, Json, Task

_UNDEFINED = '"<undefined>"'
_ROUNDS = 3


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    policies = pod_policies()
    tasks = [Task(orjson.dumps(pod(number)), tuple(policies.rules)) for number in range(count)]
    size = sum(len(task.input) for task in tasks) / count
    print(f"{count} pods of {size:.0f} bytes on average, {len(policies.rules)} controls, best of {_ROUNDS} rounds")
    bare, expected = _best(lambda: list(judge_bare(policies, tasks)))
    together, same = _best(lambda: list(judge_bare_together(policies, tasks)))
    embedded = Embedded(policies, jobs=1)
    list(embedded.judge(tasks[:1]))
    judged, answers = _best(lambda: [answers for _, answers in embedded.judge(iter(tasks))])
    embedded.close()
    if embedded.replaced:
        sys.exit(f"{embedded.replaced} workers died")
    if not sorted(map(repr, answers)) == sorted(map(repr, expected)) == sorted(map(repr, same)):
        sys.exit("they do not answer alike")
    print(f"regorus bare, rule by rule:   {count / bare:6.0f} pods/s")
    print(f"regorus bare, all in one:     {count / together:6.0f} pods/s")
    print(f"Embedded.judge, one worker:   {count / judged:6.0f} pods/s")
    print(f"Embedded.judge takes {judged / bare:.2f} and {judged / together:.2f} times the time")


def pod_policies() -> Policies:
    """The shipped controls on pods, with the libraries they use."""
    selected = catalog.load().select(include=["kubernetes.pod.*"])
    return Policies(selected.modules, selected.rules)


def pod(number: int) -> Mapping[str, Json]:
    """A pod like those of a real estate: mostly in order, each tenth not, none like another."""
    return {
        "kind": "kubernetes.PodSpec",
        "scope": "cluster:benchmark",
        "region": None,
        "labels": {"app": f"app-{number % 97}", "team": f"team-{number % 13}"},
        "attributes": {
            "metadata": {
                "namespace": f"space-{number % 31}",
                "labels": {"app": f"app-{number % 97}"},
                "annotations": {},
            },
            "spec": {
                "serviceAccountName": f"app-{number}",
                "automountServiceAccountToken": False,
                "hostNetwork": number % 10 == 0,
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [_container(number, index) for index in range(1 + number % 3)],
                "initContainers": [_container(number, 9)] if number % 4 == 0 else [],
                "volumes": [
                    {"name": "scratch", "emptyDir": {}},
                    {"name": "settings", "configMap": {"name": f"settings-{number}"}},
                ],
            },
        },
        "related": {},
        "facts": {"credentials": []},
        "parameters": {"pod_approved_registries": ["registry.example.com"]},
    }


def _container(number: int, index: int) -> Mapping[str, Json]:
    return {
        "name": f"part-{index}",
        "image": f"registry.example.com/app-{number}:{'latest' if number % 10 == 1 else '1.4.2'}",
        "env": [{"name": f"SETTING_{key}", "value": f"value-{number}-{key}"} for key in range(4)],
        "ports": [{"containerPort": 8080 + index}],
        "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "256Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "privileged": number % 10 == 2,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}, {"name": "settings", "mountPath": "/settings"}],
    }


def judge_bare(policies: Policies, tasks: list[Task]) -> Iterator[list[Answer]]:
    """What the answers cost without a worker process, limits or deadlines."""
    engine = regorus.Engine()
    for path, text in policies.modules.items():
        engine.add_policy(path, text)
    wanted = {
        control: [(rule, f"data.policies.{control}.{rule}") for rule in rules]
        for control, rules in policies.rules.items()
    }
    for task in tasks:
        engine.set_input_json(task.input.decode())
        yield [_bare_answer(engine, wanted[control]) for control in task.controls]


def judge_bare_together(policies: Policies, tasks: list[Task]) -> Iterator[list[Answer]]:
    """The same with one rule that asks for all."""
    engine = regorus.Engine()
    for path, text in policies.modules.items():
        engine.add_policy(path, text)
    pairs = [(control, rule) for control, rules in policies.rules.items() for rule in rules]
    asked = ",\n".join(f"[value | value := data.policies.{control}.{rule}]" for control, rule in pairs)
    engine.add_policy("all", f"package all\n\nanswers := [\n{asked}\n]\n")
    for task in tasks:
        engine.set_input_json(task.input.decode())
        values: dict[str, dict[str, Json]] = {control: {} for control in task.controls}
        for (control, rule), value in zip(
            pairs, orjson.loads(engine.eval_rule_as_json("data.all.answers")), strict=True
        ):
            values[control].update({rule: value[0]} if value else {})
        yield [answer(values[control]) for control in task.controls]


def _bare_answer(engine: regorus.Engine, rules: list[tuple[str, str]]) -> Answer:
    texts = {rule: engine.eval_rule_as_json(path) for rule, path in rules}
    return answer({rule: orjson.loads(text) for rule, text in texts.items() if text != _UNDEFINED})


def _best(work: Callable[[], list[Json]]) -> tuple[float, list[Json]]:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


if __name__ == "__main__":
    main()
