"""YAML read as kubectl reads it, and where each value stands."""

from __future__ import annotations

import io
import time
from pathlib import Path

import orjson
import pytest

from scanner.collectors import kubernetes_yaml
from scanner.collectors.kubernetes_yaml import MAX_DEPTH, Document, UnreadableError, documents, lines, load
from scanner.model import Json

_VECTORS = Path(__file__).parents[1] / "data" / "kubectl_yaml" / "vectors.jsonl"


def _read(text: str) -> Json:
    return load(Document(0, 1, text.encode()))


def _problem(text: str | bytes) -> tuple[str, int]:
    with pytest.raises(UnreadableError) as caught:
        load(Document(0, 1, text.encode() if isinstance(text, str) else text))
    return caught.value.problem, caught.value.line


def _split(text: str) -> list[tuple[int, int, str]]:
    return [(each.index, each.line, each.text.decode()) for each in documents(io.BytesIO(text.encode()))]


def _answer(text: str) -> bytes:
    """Canonical bytes, so that true and 1, or 1 and 1.0, are not taken for equal."""
    try:
        return orjson.dumps({"json": _read(text)}, option=orjson.OPT_SORT_KEYS)
    except UnreadableError:
        return orjson.dumps({"refused": True})


def test_every_document_is_read_as_kubectl_reads_it() -> None:
    vectors = [orjson.loads(line) for line in _VECTORS.read_bytes().splitlines()]
    different = []
    for vector in vectors:
        text = vector.pop("yaml")
        if _answer(text) != orjson.dumps(vector, option=orjson.OPT_SORT_KEYS):
            different.append((text, vector, _answer(text)))
    assert different == []
    assert len(vectors) > 1000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("privileged: yes", {"privileged": True}),
        ("privileged: y", {"privileged": True}),
        ("hostNetwork: Off", {"hostNetwork": False}),
        ("defaultMode: 0400", {"defaultMode": 256}),
        ("defaultMode: 0o400", {"defaultMode": 256}),
        ("time: 1:30", {"time": "1:30"}),
        ("day: 2001-01-01", {"day": "2001-01-01"}),
        ("on: 1", {"true": 1}),
        ("3.4028235e38: 1", {"3.4028235e+38": 1}),
        (f"a: {'1' * 5000}", {"a": "1" * 5000}),
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ('{"replicas": 1.0, "big": 1e3, "half": 0.5}', {"replicas": 1, "big": 1000, "half": 0.5}),
        ('{"emoji": "\\ud83d\\ude00"}', {"emoji": "😀"}),
    ],
)
def test_what_other_parsers_read_differently(text: str, value: Json) -> None:
    assert orjson.dumps(_read(text)) == orjson.dumps(value)


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 'the key "a" is there twice', 3),
        ('{"a": 1,\n "a": 2}', 'the key "a" is there twice', 1),
        ("a:\n  - b\n c: d\n", "did not find expected key", 3),
        ("a: 1\n...\nb: 2\n", "did not find expected <document start>", 3),
        ("a: *b\n", "an alias names an anchor that is not there", 1),
        ("a: &b [*b]\n", "an anchor's value contains itself", 1),
        ("\n~: 1\n", "a key is null or a number too large", 2),
        ("[a]: 1\n", "a key is a list or a mapping", 1),
        ("a: .inf\n", "a number is infinite or not a number, which JSON can't hold", 1),
        ("a: !!int x\n", "a value is not what its tag !!int says", 1),
        ("a: !!binary '*'\n", "a !!binary value is not base64", 1),
        ("a:\n  <<: 1\n", "a merge key needs a mapping or a list of mappings", 2),
        ("a: \x01\n", "there is a character that YAML does not allow", 1),
        (b"a: 1\nb: \xff\n", "it is not UTF-8", 2),
    ],
)
def test_what_kubectl_refuses_is_refused_with_the_line(text: str | bytes, problem: str, line: int) -> None:
    assert _problem(text) == (problem, line)


def test_aliases_that_expand_without_bound_are_refused_within_a_second() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 30)]
    began = time.monotonic()
    problem, _ = _problem("\n".join(["l0: &l0 [x, x, x, x, x, x, x, x, x, x]", *levels]))
    assert problem == "its aliases expand to far more than the document itself"
    assert time.monotonic() - began < 1


def test_an_anchor_used_many_times_is_no_attack() -> None:
    text = "a: &x {k: v}\nb: [" + ", ".join(["*x"] * 50) + "]\n"
    assert _read(text) == {"a": {"k": "v"}, "b": [{"k": "v"}] * 50}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "- " * 100_000, "a: [" + "[" * 300 + "]" * 301])
def test_nesting_without_end_is_refused_and_crashes_nothing(text: str) -> None:
    problem, _ = _problem(text)
    assert "nest" in problem


def test_as_deep_as_allowed_is_read() -> None:
    value = _read("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    depth = 1
    while value:
        (value,) = value
        depth += 1
    assert depth == MAX_DEPTH


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a: 1\n---\nb: 2\n", [(0, 1, "a: 1\n"), (1, 3, "b: 2\n")]),
        ("---\na: 1\n--- # next\nb: 2", [(0, 2, "a: 1\n"), (1, 4, "b: 2")]),
        ("# licence\n\n---\na: 1\n", [(0, 4, "a: 1\n")]),
        ("a: |\n  ---\n---\n", [(0, 1, "a: |\n  ---\n"), (1, 4, "")]),
        ("", [(0, 1, "")]),
        ("---\n---\na: 1\n", [(0, 2, ""), (1, 3, "a: 1\n")]),
        ("a: 1\r\n---\r\nb: 2\r\n", [(0, 1, "a: 1\r\n"), (1, 3, "b: 2\r\n")]),
    ],
)
def test_documents_are_split_where_kubectl_splits_them(text: str, pieces: list[tuple[int, int, str]]) -> None:
    assert _split(text) == pieces


def test_a_separator_with_content_is_refused_as_kubectl_refuses_it() -> None:
    first, second = documents(io.BytesIO(b"a: 1\n--- {b: 2}\nc: 3\n"))
    assert load(first) == {"a": 1}
    with pytest.raises(UnreadableError, match="more than a comment"):
        load(second)


def test_documents_are_read_one_by_one() -> None:
    class Endless:
        """Three lines, again and again."""

        def __init__(self) -> None:
            self.read = 0

        def readline(self, limit: int = -1, /) -> bytes:
            self.read += 1
            return (b"---\n", b"a: 1\n", b"b: 2\n")[self.read % 3]

    stream = Endless()
    reader = documents(stream)
    assert [load(next(reader)) for _ in range(3)] == [{"a": 1, "b": 2}] * 3
    assert stream.read < 20


_TEXT = """\
# a comment
kind: Pod
spec:
  containers:
    - name: one
      image: a
    - {name: two, image: b}
  base: &base
    x: 1
  derived:
    <<: *base
    z: 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 2),
        (("kind",), 2),
        (("spec",), 3),
        (("spec", "containers"), 4),
        (("spec", "containers", 0), 5),
        (("spec", "containers", 0, "image"), 6),
        (("spec", "containers", 1, "image"), 7),
        (("spec", "containers", 0, "securityContext", "privileged"), 5),
        (("spec", "containers", 2), 4),
        (("spec", "derived", "x"), 9),
        (("spec", "derived", "z"), 12),
    ],
)
def test_a_path_has_the_line_of_its_key_or_of_what_is_nearest(path: tuple[str | int, ...], line: int) -> None:
    assert lines(Document(0, 1, _TEXT.encode())).nearest(path) == line


def test_lines_of_json_are_found_too() -> None:
    found = lines(Document(0, 10, b'{\n "a": [\n  1,\n  {"b": 2}\n ]\n}'))
    assert [found.nearest(path) for path in (("a",), ("a", 0), ("a", 1, "b"))] == [11, 12, 13]


def test_the_first_line_is_that_of_the_first_key() -> None:
    found = [each.first_line for each in documents(io.BytesIO(b"# one\n\n  # two\na: 1\n---\n\nb: 2\n"))]
    assert found == [4, 7]


def test_a_long_line_of_comment_signs_takes_no_time() -> None:
    began = time.monotonic()
    (document,) = documents(io.BytesIO(b"#" * 100_000 + b"\na: 1\n"))
    assert (document.first_line, document.is_blank) == (2, False)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("text", [b"a: " + b"x" * 2_000_000, b"a: 1\n" * 400_000])
def test_a_document_beyond_the_limit_is_refused_and_the_next_one_read(
    text: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes_yaml, "MAX_DOCUMENT", 1 << 20)
    large, small = documents(io.BytesIO(text + b"\n---\nb: 2\n"))
    with pytest.raises(UnreadableError, match="larger than 1 MB"):
        load(large)
    assert (large.text, load(small)) == (b"", {"b": 2})


def test_json_without_end_in_depth_is_refused() -> None:
    assert _problem("[" * 300 + "]" * 300) == ("it is nested more than 200 levels deep", 1)
