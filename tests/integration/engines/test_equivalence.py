"""Both engines say the same of every shipped control: on the inputs of its tests, and on those damaged at random.

The inputs are taken from the tests while they run, see tools/policies/inputs.py.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from scanner import catalog
from scanner.engines.embedded import Embedded
from scanner.engines.opa import Opa
from scanner.engines.policies import Policies
from scanner.interfaces import Engine
from scanner.model import Answer, Json, Task
from tests import fuzz, servers
from tools.policies import modules
from tools.policies.inputs import given

pytestmark = pytest.mark.opa

POLICIES = Path(__file__).parents[3] / "policies"
MUTANTS = fuzz.rounds(2_000)
SEED = 20

Inputs = Mapping[str, Sequence[Json]]
"""Control -> inputs, each once."""
Outcome = tuple[str, bool, bool, bool]


@pytest.fixture(scope="module")
def policies() -> Policies:
    shipped = catalog.load()
    return Policies(shipped.modules, shipped.rules)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """What the tests of each control give it; a control whose tests give nothing has an empty resource."""
    read = modules.read(POLICIES)
    return {
        package.removeprefix("policies."): given(read, control) or [{"attributes": {}}]
        for package, control in read.controls.items()
    }


def test_on_the_inputs_of_the_tests(policies: Policies, inputs: Inputs) -> None:
    tasks = [Task(_document(given), (control,)) for control, several in inputs.items() for given in several]
    assert len(tasks) >= len(policies.rules)
    outcomes = _differences(policies, tasks)
    # A control that neither engine can evaluate on its own tests would be equal, too.
    assert {control for control, outcome in outcomes if outcome[0] == "error"} == set()


def test_on_damaged_inputs(policies: Policies, inputs: Inputs) -> None:
    tasks = list(_mutants(policies, inputs))
    assert len({task.input for task in tasks}) >= MUTANTS
    outcomes = _differences(policies, tasks)
    # Damage that changes nothing would prove nothing.
    assert len({outcome for _, outcome in outcomes}) >= 4


def _differences(policies: Policies, tasks: Sequence[Task]) -> set[tuple[str, Outcome]]:
    """All outcomes by control; fails where the engines differ."""
    embedded, opa = Embedded(policies), Opa(policies, binary=servers.opa())
    try:
        ours, theirs = _judged(embedded, tasks), _judged(opa, tasks)
    finally:
        embedded.close()
        opa.close()
    different = [pair for pair in ours if _outcome(ours[pair]) != _outcome(theirs[pair])]
    counts = Counter(control for control, _ in different)
    smallest = [
        f"{pair[0]}\n  input     {pair[1].decode()}\n  embedded  {ours[pair]}\n  opa       {theirs[pair]}"
        for pair in sorted(different, key=lambda pair: len(pair[1]))[:5]
    ]
    assert not different, "\n".join([f"{len(different)} of {len(ours)} differ: {dict(counts)}", *smallest])
    return {(control, _outcome(answer)) for (control, _), answer in ours.items()}


def _judged(engine: Engine, tasks: Sequence[Task]) -> Mapping[tuple[str, bytes], Answer]:
    answers = {
        (control, task.input): answer
        for task, said in engine.judge(tasks)
        for control, answer in zip(task.controls, said, strict=True)
    }
    assert answers.keys() == {(control, task.input) for task in tasks for control in task.controls}
    return answers


def _outcome(answer: Answer) -> Outcome:
    if answer.error:
        return ("error", False, False, False)
    return ("judged", answer.applies, bool(answer.findings), bool(answer.unknowns))


def _document(given: Json) -> bytes:
    return json.dumps(given, sort_keys=True).encode()


def _mutants(policies: Policies, inputs: Inputs) -> Iterator[Task]:
    """Each damaged input is for all controls of the same folder: what one expects is hostile to its neighbour."""
    chance = random.Random(SEED)
    originals = [(control, given) for control, several in inputs.items() for given in several]
    seen: set[bytes] = set()
    while len(seen) < MUTANTS:
        control, given = chance.choice(originals)
        document = _document(_damaged(given, chance))
        if document not in seen:
            seen.add(document)
            folder = control.rpartition(".")[0]
            yield Task(document, tuple(name for name in policies.rules if name.rpartition(".")[0] == folder))


_VALUES: tuple[Json, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**63, 2**64, 10**30, 1e300, [], {}, [[]], [{}], [None], {"": None}),
    *("", " ", "0", "true", "*", "é\u202e\U0001f600\u0000", "2024-02-30T25:61:00Z", "a" * 300, "%s%d", "::/0", "-1Gi"),
)


def _damaged(given: Json, chance: random.Random) -> Json:
    """A copy with one to four places damaged; it stays an object, as every input is."""
    damaged = copy.deepcopy(given)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if places := list(_places(damaged)):
            _damage(*chance.choice(places), chance)
    return damaged


def _places(value: Json) -> Iterator[tuple[Json, Json]]:
    """Every place in `value`, as the list or object that holds it and the index or key there."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


def _damage(holder: Json, key: Json, chance: random.Random) -> None:
    value = holder[key]
    kind = chance.choice(("drop", "replace", "replace", "nest", "swap", "rename", "repeat", "empty"))
    if kind == "drop":
        del holder[key]
    elif kind == "swap":
        other = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        holder[key], holder[other] = holder[other], value
    elif kind == "rename" and isinstance(holder, dict):
        holder[chance.choice((key.upper(), key + "s", "*", ""))] = holder.pop(key)
    elif kind == "repeat" and isinstance(value, list):
        holder[key] = value + value
    elif kind == "empty" and isinstance(value, (dict, list, str)):
        holder[key] = type(value)()
    elif kind == "nest":
        holder[key] = chance.choice(([value], {"a": value}, [value, None]))
    else:
        holder[key] = copy.deepcopy(chance.choice(_VALUES))
