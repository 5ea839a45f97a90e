"""The folder is the registry of formats, and entry points add to it."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from scanner import reporters
from scanner.errors import ConfigurationError
from scanner.reporters import jsonl


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another distribution's format, and one that would take a shipped name."""
    points = EntryPoints(EntryPoint(name, "scanner.reporters.jsonl", reporters.GROUP) for name in ("siem", "text"))
    monkeypatch.setattr(reporters, "entry_points", lambda group: points.select(group=group))


def test_formats_are_the_modules_of_the_folder() -> None:
    assert {"json", "jsonl", "text"} <= {*reporters.names()}
    assert not {"records", "__init__"} & {*reporters.names()}


@pytest.mark.usefixtures("added")
def test_another_distribution_adds_a_format() -> None:
    assert "siem" in reporters.names()
    assert reporters.load("siem") is jsonl


@pytest.mark.usefixtures("added")
def test_a_shipped_format_cannot_be_replaced() -> None:
    assert getattr(reporters.load("text"), "__name__", None) == "scanner.reporters.text"


def test_an_unknown_format_offers_the_nearest() -> None:
    with pytest.raises(ConfigurationError) as caught:
        reporters.load("jsnl")
    assert (str(caught.value), caught.value.hint) == ("there is no report format 'jsnl'", "Did you mean jsonl?")
