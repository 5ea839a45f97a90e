"""What the browser tests need is fetched where it can be, and said aloud where it can't."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tools import setup_browser


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_what_cannot_be_had_is_named_and_fails_only_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    assert setup_browser.main() == code
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == [
        f"SKIPPED: no axe-core {setup_browser.AXE_VERSION}",
        "SKIPPED: no chromium",
        "SKIPPED: no pdftotext",
    ]


def test_axe_is_taken_out_of_what_npm_packs_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / f"axe-core-{setup_browser.AXE_VERSION}.tgz"
    with tarfile.open(archive, "w:gz") as package:
        member = tarfile.TarInfo("package/axe.min.js")
        member.size = 6
        package.addfile(member, io.BytesIO(b"axe={}"))
    npm = tmp_path / "npm"
    npm.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n/bin/cp {archive} .\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first, second = setup_browser.axe(), setup_browser.axe()
    assert (first, first.read_bytes()) == (second, b"axe={}")
    assert (tmp_path / "calls").read_text() == f"pack --silent axe-core@{setup_browser.AXE_VERSION}\n"
