"""Sorting in memory and over runs on disk gives the same, whatever the names hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence.sort import Sorter, first_part, keyed, last_part, line_of, number

KEYS = st.tuples(st.text(max_size=4), st.text(alphabet="a\0\x01\x02\udcff\n\U0001f600", max_size=4))


@given(KEYS, KEYS)
def test_keyed_lines_sort_as_their_tuples_do(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (keyed(one, b"") < keyed(other, b"")) == (one < other)


@given(KEYS, st.text().map(lambda text: text.replace("\0", "").encode("utf-8", "replace")))
def test_the_line_comes_out_as_it_went_in(parts: tuple[str, str], line: bytes) -> None:
    assert line_of(keyed(parts, line)) == line


def test_the_first_and_the_last_part_of_a_key_can_be_read() -> None:
    item = keyed(("state/a.jsonl.gz", "id\0with a nul", "", "pass"), b"{}")
    assert (first_part(item), last_part(item)) == (b"state/a.jsonl.gz", b"pass")


def test_numbers_sort_by_value_with_none_first() -> None:
    assert sorted(map(number, [10, 9, None, 0, 2_000_000_000])) == [*map(number, [None, 0, 9, 10, 2_000_000_000])]


@pytest.mark.parametrize("budget", [1, 500, 5_000, 1_000_000])
def test_the_order_does_not_depend_on_the_memory(tmp_path: Path, budget: int) -> None:
    items = [keyed((f"name\n{number * 7919 % 1000}",), b'{"line":%d}' % number) for number in range(1000)]
    sorter = Sorter(tmp_path / "spool", budget=budget, most_runs=5)
    for item in items:
        sorter.add(item)
    assert [*sorter.items()] == sorted(items)


def test_what_fits_the_budget_touches_no_disk(tmp_path: Path) -> None:
    sorter = Sorter(tmp_path / "spool", budget=1000)
    sorter.add(keyed(("a",), b"{}"))
    assert ([*sorter.items()], [*tmp_path.iterdir()]) == ([keyed(("a",), b"{}")], [])


def test_no_more_runs_than_allowed_are_on_disk(tmp_path: Path) -> None:
    sorter = Sorter(tmp_path / "spool", budget=1, most_runs=5)
    most = 0
    for index in range(100):
        sorter.add(keyed((number(index),), b"{}"))
        most = max(most, len([*(tmp_path / "spool").iterdir()]))
    assert most <= 5
