"""What a control reads of `input`, derived from its parsed Rego: helpers, functions and libraries followed.

The rules are run over abstract values: where a value comes from instead of what it is. A value is a set of items, each
one of

* `Place`: a path into `input`,
* `Text`: a literal string,
* `Many`: a collection of the program's own (a set rule, a comprehension, an array) with what its elements may be,
* `Fields`: an object of the program's own, key by key.

Two kinds of looking are told apart. To pass through a place reads only that it is there: `("attributes", "spec")`. To
use its value (compare it, hand it to a built-in, put it into a finding) reads all that lies below: `("attributes",
"spec", "**")`. What can't be followed, such as iterating over `input.attributes` itself, is refused: a scanner that
does not know what a control reads can't tell when it must answer `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from scanner.errors import PolicyError, nearest
from scanner.model import ReadPath
from scanner.rego import Module, Node, dotted, function, line_of

INPUT_FIELDS = (
    "kind",
    "id",
    "name",
    "scope",
    "region",
    "labels",
    "attributes",
    "related",
    "facts",
    "parameters",
    "now",
)

_FOLLOWED_BY_NAME: frozenset[ReadPath] = frozenset({(), ("attributes",), ("related",), ("parameters",)})
"""Places whose keys must be literal."""


@dataclass(frozen=True, slots=True)
class Place:
    path: ReadPath


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Many:
    elements: Value


@dataclass(frozen=True, slots=True)
class Fields:
    fields: tuple[tuple[str, Value], ...]


Value: TypeAlias = frozenset[Place | Text | Many | Fields]
_NOTHING: Value = frozenset()


def derive(module: Module, rules: Iterable[str], library: Mapping[str, Module]) -> frozenset[ReadPath]:
    """All that the named rules of a module look at. Raises `PolicyError` for a reference that can't be followed."""
    reader = _Reader(library)
    for name in rules:
        reader.use(reader.rule(module, module.rules[name]), module, module.rules[name][0])
    return frozenset(reader.reads)


class _Reader:
    """One run over one control; collects `reads` as it goes."""

    def __init__(self, library: Mapping[str, Module]) -> None:
        self.library = library
        self.reads: set[ReadPath] = set()
        self._known: dict[tuple[str, int, tuple[Value, ...]], Value] = {}

    def rule(self, module: Module, specs: tuple[Node, ...], arguments: tuple[Value, ...] = ()) -> Value:
        """The value of a rule, or of a function called with `arguments`."""
        key = (module.path, id(specs), arguments)
        if key not in self._known:
            self._known[key] = _NOTHING
            parts = [_Body(self, module).definition(spec, arguments) for spec in specs]
            self._known[key] = frozenset().union(*parts)
        return self._known[key]

    def use(self, value: Value, module: Module, node: Node) -> None:
        """Note that a value is looked at, with all that lies below it."""
        for item in value:
            if isinstance(item, Place):
                if item.path in _FOLLOWED_BY_NAME:
                    self._refuse(item.path, module, node)
                self.reads.add((*item.path, "**"))
            elif isinstance(item, Many):
                self.use(item.elements, module, node)
            elif isinstance(item, Fields):
                for _, field in item.fields:
                    self.use(field, module, node)

    def step(self, value: Value, key: Value | str | None, module: Module, node: Node) -> Value:
        """What lies below `value` at a literal key, at a key known as text, or (None) at any key."""
        keys: list[str | None] = [key] if isinstance(key, str) or key is None else _texts(key)
        found: set[Place | Text | Many | Fields] = set()
        for item in value:
            for name in keys:
                if isinstance(item, Place):
                    found.add(self._below(item.path, name, module, node))
                elif isinstance(item, Many):
                    found |= item.elements
                elif isinstance(item, Fields):
                    found.update(*(field for label, field in item.fields if name in (None, label)))
        return frozenset(found)

    def _below(self, path: ReadPath, key: str | None, module: Module, node: Node) -> Place:
        if key is None and path in _FOLLOWED_BY_NAME:
            self._refuse(path, module, node)
        if not path and key not in INPUT_FIELDS:
            message = f"input.{key} is not a field of input"
            raise PolicyError(module.path, line_of(node), message, hint=nearest(str(key), INPUT_FIELDS))
        below = (*path, key or "*")
        self.reads.add(below)
        return Place(below)

    def _refuse(self, path: ReadPath, module: Module, node: Node) -> None:
        place = ".".join(("input", *path))
        raise PolicyError(
            module.path,
            line_of(node),
            f"{place} is used as a whole or with a key that is not known before it runs",
            hint=f"Name the keys of {place}, or iterate over a literal set of them.",
        )


class _Body:
    """The variables of one rule, comprehension or function call."""

    def __init__(self, reader: _Reader, module: Module, variables: dict[str, Value] | None = None) -> None:
        self.reader = reader
        self.module = module
        self.variables: dict[str, Value] = dict(variables or {})

    def definition(self, spec: Node, arguments: tuple[Value, ...]) -> Value:
        """The value of one definition of a rule."""
        ((form, head),) = spec["head"].items()
        for pattern, argument in zip(head.get("args", ()), arguments, strict=False):
            self.bind(pattern, argument)
        assigned = head.get("assign")
        results: list[Value] = []
        for body in spec["bodies"] or [None]:
            inner = _Body(self.reader, self.module, self.variables)
            if body:
                inner.statements(body["query"]["stmts"])
            own = (body or {}).get("assign") or assigned
            results.append(inner.head(form, head, own))
        return frozenset().union(*results)

    def head(self, form: str, head: Node, assigned: Node | None) -> Value:
        if form == "Set" and head.get("key"):
            return frozenset({Many(self.value(head["key"]))})
        value = self.value(assigned["value"]) if assigned else _NOTHING
        if "RefBrack" in head["refr"]:
            self.use(head["refr"]["RefBrack"]["index"])
            return frozenset({Many(value)})
        return value

    def statements(self, statements: list[Node]) -> None:
        """Rego's order is free: run the statements until no variable learns anything new."""
        before: dict[str, Value] | None = None
        while before != self.variables:
            before = dict(self.variables)
            for statement in statements:
                self.literal(statement["literal"])

    def literal(self, literal: Node) -> None:
        ((form, node),) = literal.items()
        if form == "SomeIn":
            collection = self.value(node["collection"])
            self.bind(node["value"], self.reader.step(collection, None, self.module, literal))
            if node["key"]:
                self.bind(node["key"], _keys(collection))
        elif form == "Every":
            collection = self.value(node["domain"])
            inner = _Body(self.reader, self.module, self.variables)
            inner.assign(self.text(node["value"]), self.reader.step(collection, None, self.module, literal))
            if node["key"]:
                inner.assign(self.text(node["key"]), _keys(collection))
            inner.statements(node["query"]["stmts"])
        elif form in ("Expr", "NotExpr"):
            self.use(node["expr"])

    def use(self, node: Node) -> None:
        """Evaluate an expression whose value matters."""
        self.reader.use(self.value(node), self.module, node)

    def value(self, node: Node) -> Value:
        """Where the value of an expression comes from."""
        ((form, inner),) = node.items()
        method = getattr(self, f"_{form.lower()}", None)
        if method is not None:
            result: Value = method(inner, node)
            return result
        for child in _children(inner):
            self.use(child)
        return _NOTHING

    def bind(self, pattern: Node, value: Value) -> None:
        """Give the variables of a pattern what `value` holds."""
        ((form, inner),) = pattern.items()
        if form == "Var":
            if inner["value"] in self.module.rules or inner["value"] in ("input", "data"):
                self.use(pattern)
            self.assign(inner["value"], value)
        elif form == "Array":
            for item in inner["items"]:
                self.bind(item, self.reader.step(value, None, self.module, pattern))
        elif form == "Object":
            for _, key, item in inner["fields"]:
                self.bind(item, self.reader.step(value, self.value(key), self.module, pattern))
        else:
            self.use(pattern)
            self.reader.use(value, self.module, pattern)

    def assign(self, name: str, value: Value) -> None:
        if name != "_":
            self.variables[name] = self.variables.get(name, _NOTHING) | value

    def text(self, span: Node) -> str:
        return self.module.text.encode()[span["start"] : span["end"]].decode()

    # One method for each form of expression whose value can lead back to `input`.

    def _string(self, node: Node, _whole: Node) -> Value:
        return frozenset({Text(node["value"])})

    _rawstring = _string

    def _var(self, node: Node, whole: Node) -> Value:
        name = node["value"]
        if name in self.variables:
            return self.variables[name]
        if name == "input":
            return frozenset({Place(())})
        return self._rule_named(whole)

    def _rule_named(self, reference: Node) -> Value:
        found = function(self.module, reference, self.reader.library)
        return self.reader.rule(*found) if found else _NOTHING

    def _refdot(self, node: Node, whole: Node) -> Value:
        if function(self.module, whole, self.reader.library):
            return self._rule_named(whole)
        return self.reader.step(self.value(node["refr"]), node["field"][1], self.module, whole)

    def _refbrack(self, node: Node, whole: Node) -> Value:
        index = self.value(node["index"])
        self.reader.use(index, self.module, node["index"])
        return self.reader.step(self.value(node["refr"]), index, self.module, whole)

    def _array(self, node: Node, _whole: Node) -> Value:
        items = [self.value(item) for item in node["items"]]
        return frozenset({Many(frozenset().union(*items))}) if items else _NOTHING

    _set = _array

    def _object(self, node: Node, _whole: Node) -> Value:
        fields: dict[str, Value] = {}
        for _, key, item in node["fields"]:
            for name in _texts(self.value(key)):
                fields[name or "*"] = fields.get(name or "*", _NOTHING) | self.value(item)
        return frozenset({Fields(tuple(sorted(fields.items(), key=lambda field: field[0])))})

    def _arraycompr(self, node: Node, _whole: Node) -> Value:
        inner = _Body(self.reader, self.module, self.variables)
        inner.statements(node["query"]["stmts"])
        if "key" in node:
            inner.use(node["key"])
        return frozenset({Many(inner.value(node.get("term") or node["value"]))})

    _setcompr = _objectcompr = _arraycompr

    def _assignexpr(self, node: Node, _whole: Node) -> Value:
        right = self.value(node["rhs"])
        self.bind(node["lhs"], right)
        if node["op"] == "Eq":
            self.bind(node["rhs"], self.value(node["lhs"])) if "Var" in node["rhs"] else self.reader.use(
                right, self.module, node["lhs"]
            )
        return _NOTHING

    def _binexpr(self, node: Node, _whole: Node) -> Value:
        return self.value(node["lhs"]) | self.value(node["rhs"])

    def _call(self, node: Node, whole: Node) -> Value:
        arguments = tuple(self.value(parameter) for parameter in node["params"])
        found = function(self.module, node["fcn"], self.reader.library)
        if found:
            return self.reader.rule(*found, arguments)
        name = ".".join(dotted(node["fcn"]))
        if name == "object.get":
            return self._object_get(node, arguments, whole)
        if name in ("array.concat", "object.union"):
            return arguments[0] | arguments[1]
        for argument in arguments:
            self.reader.use(argument, self.module, whole)
        return _NOTHING

    def _object_get(self, node: Node, arguments: tuple[Value, ...], whole: Node) -> Value:
        subject, key, default = arguments
        steps: list[Value] = [key]
        if "Array" in node["params"][1]:
            steps = [self.value(item) for item in node["params"][1]["Array"]["items"]]
        for step in steps:
            subject = self.reader.step(subject, step, self.module, whole)
        return subject | default


def _texts(value: Value) -> list[str | None]:
    """The literal strings a key may be; `[None]` (any key) when it may be something else."""
    texts = [item.value for item in value if isinstance(item, Text)]
    return [*texts] if texts and len(texts) == len(value) else [None]


def _keys(collection: Value) -> Value:
    """What the keys of a collection may be: known only for objects of the program's own."""
    labels = [label for item in collection if isinstance(item, Fields) for label, _ in item.fields]
    known = all(isinstance(item, Fields) for item in collection)
    return frozenset(Text(label) for label in labels) if known else _NOTHING


def _children(node: Node) -> list[Node]:
    """The expressions directly inside a node of no special meaning (comparisons, arithmetic, membership, minus)."""
    names = ("lhs", "rhs", "expr", "key", "value", "collection")
    return [node[name] for name in names if isinstance(node, dict) and isinstance(node.get(name), dict)]
