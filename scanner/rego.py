"""Rego modules as values: parsed once, checked at load for what the embedded engine would only find out at run time.

Parsing is regorus's own (`get_ast_as_json`), so what is checked is what runs. `reads.py` follows the parsed rules to
see what a control looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from scanner.errors import PolicyError, nearest

Node: TypeAlias = Any
"""A node of regorus's syntax tree, as JSON."""

PUBLIC_RULES = ("findings", "applies", "unknowns")

_REFUSED = {
    "crypto": "differs between the engines",
    "io": "differs between the engines",
    "net.cidr_merge": "differs between the engines",
    "net.cidr_intersects": "differs between the engines",
    "net.lookup_ip_addr": "reaches the network",
    "array.flatten": "differs between the engines",
    "rego": "differs between the engines",
    "http.send": "reaches the network",
    "opa.runtime": "reads the environment",
    "json.match_schema": "differs between the engines",
    "json.verify_schema": "differs between the engines",
    "time.now_ns": "reads the clock; take input.now",
    "rand.intn": "gives another answer each time",
    "uuid.rfc4122": "gives another answer each time",
    "trace": "has no place in a control",
    "print": "has no place in a control",
}

_ARITIES = {
    0: "set",
    1: """abs array.reverse base64.decode base64.encode base64.is_valid base64url.decode base64url.encode ceil count
        floor glob.quote_meta hex.decode hex.encode intersection is_array is_boolean is_null is_number is_object is_set
        is_string json.is_valid json.marshal json.unmarshal lower max min net.cidr_is_valid object.keys object.union_n
        product regex.is_valid round semver.is_valid sort strings.reverse sum time.clock time.date
        time.parse_duration_ns time.parse_rfc3339_ns time.weekday to_number trim_space type_name union units.parse
        units.parse_bytes upper urlquery.decode urlquery.encode""",
    2: """array.concat bits.and bits.lsh bits.or bits.rsh bits.xor concat contains endswith format_int indexof indexof_n
        json.filter json.remove net.cidr_contains numbers.range object.filter object.remove object.subset object.union
        regex.match regex.split semver.compare split sprintf startswith strings.any_prefix_match
        strings.any_suffix_match strings.count strings.replace_n time.diff time.parse_ns trim trim_left trim_prefix
        trim_right trim_suffix walk""",
    3: """array.slice glob.match numbers.range_step object.get regex.find_all_string_submatch_n regex.find_n
        regex.replace replace substring""",
    4: "time.add_date",
}
_BUILTINS = {name: arity for arity, names in _ARITIES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed Rego file."""

    path: str
    """As errors name it: the file as the user can open it."""
    name: str
    """As the bundle names it: relative to its policies folder."""
    text: str
    package: str
    """`policies.aws.s3.block_public_access`, `lib.kubernetes.pods`."""
    imports: Mapping[str, tuple[str, ...]]
    """Alias -> imported path: `{"pods": ("data", "lib", "kubernetes", "pods")}`."""
    rules: Mapping[str, tuple[Node, ...]]
    """Rule name -> its definitions (`Spec` nodes)."""
    defaults: Mapping[str, Node]
    """Rule name -> the value of its `default`."""
    line: int
    """Of the package clause."""

    @property
    def libraries(self) -> frozenset[str]:
        """Packages of the library modules that it imports or names in full."""
        imported = {".".join(path[1:]) for path in self.imports.values() if path[:2] == ("data", "lib")}
        chains = {chain for node in walk([*self.rules.values(), *self.defaults.values()]) if (chain := dotted(node))}
        inner = {chain[:length] for chain in chains for length in range(len(chain))}
        named = {".".join(chain[1:-1]) for chain in chains - inner if chain[:2] == ("data", "lib")}
        return frozenset(imported | named)


def parse(path: str, text: str, name: str | None = None) -> Module:
    """Parse one file, called `name` in the bundle (`path` by default). Raises `PolicyError` with file and line when it
    is not Rego."""
    import regorus

    engine = regorus.Engine()
    try:
        engine.add_policy(path, text)
        tree = orjson.loads(engine.get_ast_as_json())[0]["ast"]
    except RuntimeError as error:
        raise _from_regorus(path, error) from None
    rules: dict[str, list[Node]] = {}
    defaults: dict[str, Node] = {}
    for rule in tree["rules"]:
        if "Default" in rule:
            defaults[_name(rule["Default"]["refr"])] = rule["Default"]["value"]
        else:
            rules.setdefault(_name(_head(rule["Spec"])["refr"]), []).append(rule["Spec"])
    source = text.encode()
    return Module(
        path=path,
        name=name or path,
        text=text,
        package=".".join(dotted(tree["package"]["refr"])),
        imports=dict(_imports(tree["imports"], source)),
        rules={name: tuple(specs) for name, specs in rules.items()},
        defaults=defaults,
        line=tree["package"]["span"]["line"],
    )


def metadata(module: Module) -> tuple[int, str]:
    """The `# METADATA` block above the package clause as YAML text, with the line where it begins; empty where there is
    none."""
    lines = module.text.splitlines()[: module.line - 1]
    if "# METADATA" not in lines:
        return module.line, ""
    start = lines.index("# METADATA") + 1
    block = [line.removeprefix("#").removeprefix(" ") for line in lines[start:] if line.startswith("#")]
    return start + 1, "\n".join(block)


def check(module: Module, library: Mapping[str, Module]) -> None:
    """Refuse what must not run: unknown functions, wrong arity, refused built-ins, `with`, data outside the libraries.

    `library` maps package to library module. Raises `PolicyError` with file and line.
    """
    for package in module.libraries:
        if package not in library:
            raise PolicyError(
                module.path, module.line, f"imports data.{package}, which is not there", hint=nearest(package, library)
            )
    for node in walk(list(module.rules.values())):
        if node.get("with_mods"):
            raise PolicyError(module.path, line_of(node), "`with` is for tests; a control judges `input` as it is")
        if "Call" in node:
            _check_call(module, node["Call"], library)
        if "NotExpr" in node:
            _check_negation(module, node["NotExpr"]["expr"])
        chain = dotted(node)
        if chain[:1] == ("data",) and len(chain) > 1 and chain[1] != "lib":
            raise PolicyError(
                module.path, line_of(node), f"reads {'.'.join(chain)}: a control depends on `input` and data.lib only"
            )


def _check_call(module: Module, call: Node, library: Mapping[str, Module]) -> None:
    name, line, given = ".".join(dotted(call["fcn"])), call["span"]["line"], len(call["params"])
    definition = function(module, call["fcn"], library)
    if definition is not None:
        expected = {len(_head(spec).get("args", ())) for spec in definition[1]}
        if given not in expected:
            raise PolicyError(
                module.path, line, f"{name} takes {' or '.join(map(str, sorted(expected)))} arguments, not {given}"
            )
        return
    for refused, why in _REFUSED.items():
        if name == refused or name.startswith(refused + "."):
            raise PolicyError(module.path, line, f"{name} is refused in a control: it {why}")
    if name not in _BUILTINS:
        raise PolicyError(
            module.path, line, f"unknown function {name}", hint=nearest(name, [*_BUILTINS, *module.rules])
        )
    if given != _BUILTINS[name]:
        raise PolicyError(module.path, line, f"{name} takes {_BUILTINS[name]} arguments, not {given}")


def _check_negation(module: Module, expression: Node) -> None:
    """OPA takes the operands of a call out of its negation: `not f(input.x)` is undefined, not true, without
    `input.x`."""
    ((form, inner),) = expression.items()
    operands = {
        "Call": inner.get("params", []),
        "Membership": [inner.get("value"), inner.get("collection")],
        "BoolExpr": [inner.get("lhs"), inner.get("rhs")] if inner.get("op") != "Eq" else [],
    }.get(form, [])
    for operand in operands:
        if operand and ("RefDot" in operand or "RefBrack" in operand):
            raise PolicyError(
                module.path,
                line_of(expression),
                "negates a test of a reference, which finds nothing when the reference is not there",
                hint="Put the test into a helper that is given the whole object, and negate that.",
            )


def function(module: Module, reference: Node, library: Mapping[str, Module]) -> tuple[Module, tuple[Node, ...]] | None:
    """The module and the definitions that a reference names, whether function or rule; None when it is something
    else."""
    chain = dotted(reference)
    if len(chain) == 1 and chain[0] in module.rules:
        return module, module.rules[chain[0]]
    if chain and chain[0] in module.imports:
        chain = module.imports[chain[0]] + chain[1:]
    if chain[:2] == ("data", "lib"):
        owner = library.get(".".join(chain[1:-1]))
        if owner and chain[-1] in owner.rules:
            return owner, owner.rules[chain[-1]]
    return None


def dotted(node: Node) -> tuple[str, ...]:
    """The steps of a plain reference (`a.b["c"]`), or an empty tuple when it is not one."""
    steps: list[str] = []
    while isinstance(node, dict):
        if "Var" in node:
            return (node["Var"]["value"], *reversed(steps))
        if "RefDot" in node:
            steps.append(node["RefDot"]["field"][1])
            node = node["RefDot"]["refr"]
        elif "RefBrack" in node and "String" in node["RefBrack"]["index"]:
            steps.append(node["RefBrack"]["index"]["String"]["value"])
            node = node["RefBrack"]["refr"]
        else:
            return ()
    return ()


def walk(node: Node) -> Iterator[dict[str, Any]]:
    """Every object of a syntax tree, outermost first."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            yield current
            stack.extend(reversed(list(current.values())))
        elif isinstance(current, list | tuple):
            stack.extend(reversed(current))


def line_of(node: Node) -> int:
    """The 1-based line where a node begins."""
    return next((inner["line"] for inner in walk(node) if "line" in inner), 1)


def first_error(
    engine: Any,  # noqa: ANN401 - a regorus engine, which has no types
    path: str,
    rule: str,
) -> PolicyError | None:
    """Evaluate one rule of a scratch engine; what regorus says, as an error with file and line, or None."""
    try:
        engine.eval_rule_as_json(rule)
    except RuntimeError as error:
        return _from_regorus(path, error)
    return None


def _from_regorus(path: str, error: RuntimeError) -> PolicyError:
    text = str(error)
    place = re.search(r"--> (?P<file>.*):(?P<line>\d+):\d+\n", text)
    message = re.search(r"^error: (?P<message>.*)$", text, re.MULTILINE)
    return PolicyError(
        place["file"] if place else path,
        int(place["line"]) if place else 1,
        message["message"] if message else text.split("\n\n", maxsplit=1)[0].strip(),
    )


def _head(spec: Node) -> Node:
    head: Node = next(iter(spec["head"].values()))
    return head


def _name(reference: Node) -> str:
    while "Var" not in reference:
        reference = next(iter(reference.values()))["refr"]
    return str(reference["Var"]["value"])


def _imports(nodes: list[Node], source: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in nodes:
        path = dotted(node["refr"])
        if path == ("rego", "v1"):
            continue
        alias = node.get("as")
        yield (source[alias["start"] : alias["end"]].decode() if alias else path[-1]), path
