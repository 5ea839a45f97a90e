"""What the tests of a control give it as `input`: taken while they run, so that any way of writing a test will do."""

from __future__ import annotations

import json

import regorus

from scanner.model import Json
from scanner.rego import Module
from tools.policies.modules import Policies, test_names

_PRINTED = "what-was-given"

_SPY = "".join(
    f"""
{rule} contains null if {{
	given := json.marshal(input)
	print("{_PRINTED}", given)
	false
}}
"""
    for rule in ("findings", "unknowns")
)


def given(policies: Policies, control: Module) -> list[Json]:
    """Every input that a control's tests give it, each once, in the order of the tests."""
    engine = regorus.Engine()
    engine.set_gather_prints(True)
    engine.add_policy(control.path, control.text + _SPY)
    for module in policies.needed(control):
        engine.add_policy(module.path, module.text)
    tests = policies.tests.get(control.package)
    if tests is None:
        return []
    engine.add_policy(tests.path, tests.text)
    for name in test_names(tests):
        engine.eval_rule(f"data.{tests.package}.{name}")
    texts = [line.split(_PRINTED, 1)[1].strip() for line in engine.take_prints() if _PRINTED in line]
    return [json.loads(text) for text in dict.fromkeys(texts)]
