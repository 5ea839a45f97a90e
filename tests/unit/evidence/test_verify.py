"""Whatever is done to a bundle after it was sealed shows."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785

from scanner.evidence.bundle import Bundle
from scanner.evidence.verify import NOT_PROVEN, Result, Status, verify
from scanner.model import Json
from tests import fuzz
from tests.unit.evidence import sample

VERDICTS = "verdicts.jsonl.gz"
PODS = "state/manifests:deploy/kubernetes.PodSpec.jsonl.gz"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def test_a_sealed_bundle_verifies(bundle: Path) -> None:
    assert verify(bundle) == Result(
        Status.VERIFIED,
        complete=True,
        trust="L1 hashes match",
        manifest_digest=f"sha256:{hashlib.sha256((bundle / 'manifest.json').read_bytes()).hexdigest()}",
        not_proven=NOT_PROVEN,
    )


def test_a_bundle_of_an_interrupted_scan_verifies_and_is_not_complete(tmp_path: Path) -> None:
    result = verify(sample.write(tmp_path, complete=False, reason="interrupted"))
    assert (result.status, result.complete, result.reason) == (Status.VERIFIED, False, "interrupted")


def test_a_bundle_of_a_killed_scan_cannot_be_verified_and_says_that_it_is_incomplete(tmp_path: Path) -> None:
    Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    result = verify(tmp_path / f"{sample.NAME}.partial")
    assert (result.status, result.complete, result.reason) == (
        Status.CANNOT_VERIFY,
        False,
        "the scan was stopped before it could seal its evidence",
    )


def test_random_changed_bytes_all_show(bundle: Path) -> None:
    chance = random.Random(6962)
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    for number in range(fuzz.rounds(300)):
        file = files[number % len(files)]
        data = file.read_bytes()
        at = chance.randrange(len(data))
        changed = (data[at] + chance.randrange(1, 256)) % 256
        file.write_bytes(data[:at] + bytes([changed]) + data[at + 1 :])
        assert verify(bundle).status is Status.MISMATCH, f"byte {at} of {file.name} made {changed}"
        file.write_bytes(data)
    assert verify(bundle).status is Status.VERIFIED


def test_every_file_that_is_missing_shows(bundle: Path) -> None:
    for file in [path for path in bundle.rglob("*") if path.is_file() and path.name != "manifest.json"]:
        data = file.read_bytes()
        file.unlink()
        assert verify(bundle).problems == (f"{file.relative_to(bundle)} is missing",)
        file.write_bytes(data)


def test_without_its_manifest_nothing_can_be_verified(bundle: Path) -> None:
    (bundle / "manifest.json").unlink()
    assert verify(bundle).status is Status.CANNOT_VERIFY


def test_what_is_no_bundle_cannot_be_verified(tmp_path: Path) -> None:
    assert [verify(tmp_path / name).status for name in ("missing", ".")] == [Status.CANNOT_VERIFY] * 2


def test_the_recipe_for_strangers_gives_the_root_of_the_manifest(bundle: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "bundle.md").read_text()
    _, recipe = page.split("```python\n")
    answer = subprocess.run(
        [sys.executable, "-I", "-c", recipe.split("```")[0]], cwd=bundle, capture_output=True, text=True, check=True
    )
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert f"sha256:{answer.stdout.strip()}" == manifest["merkle"]["state"]["root"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda bundle: (bundle / "note.txt").write_text("hello"), "note.txt is not in the manifest"),
        (
            lambda bundle: (bundle / "state" / "note.txt").write_text("hello"),
            "state/note.txt is not in the manifest",
        ),
        (
            lambda bundle: _edit(bundle / VERDICTS, lambda lines: lines[:-1]),
            f"{VERDICTS} has ",
        ),
        (
            lambda bundle: (bundle / "collection/ledger.jsonl").write_bytes(
                b"".join(reversed((bundle / "collection/ledger.jsonl").read_bytes().splitlines(keepends=True)))
            ),
            "collection/ledger.jsonl was changed: its digest is not the manifest's",
        ),
        (
            lambda bundle: (bundle / "manifest.json").write_text("{}"),
            "manifest.json is not the one that manifest.sha256 names",
        ),
    ],
)
def test_added_cut_and_reordered_files_show(bundle: Path, change: Callable[[Path], object], problem: str) -> None:
    change(bundle)
    result = verify(bundle)
    assert result.status is Status.MISMATCH
    assert [text.startswith(problem) for text in result.problems] == [True]


@pytest.mark.parametrize("make", [os.symlink, lambda _target, path: os.mkfifo(path)])
def test_links_and_devices_are_refused(bundle: Path, make: Callable[[Path, Path], None]) -> None:
    file = bundle / "collection/gaps.jsonl"
    outside = bundle.parent / "gaps.jsonl"
    shutil.move(file, outside)
    make(outside, file)
    assert verify(bundle).problems == ("collection/gaps.jsonl is a link or a device; a bundle holds plain files",)


def test_a_folder_that_is_a_link_is_refused(bundle: Path) -> None:
    outside = bundle.parent / "elsewhere"
    shutil.move(bundle / "state", outside)
    (bundle / "state").symlink_to(outside)
    assert verify(bundle).problems == ("state is a link or a device; a bundle holds plain files",)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "state/../../outside"])
def test_names_in_the_manifest_that_lead_outside_are_refused(bundle: Path, name: str) -> None:
    _forge(bundle, lambda manifest: manifest["files"].update({name: {"sha256": "0" * 64, "size": 0}}))
    result = verify(bundle)
    assert (result.status, [text.endswith("names files outside the bundle, or none") for text in result.problems]) == (
        Status.CANNOT_VERIFY,
        [True],
    )


@pytest.mark.parametrize(
    ("field", "forge"),
    [
        ("counts", lambda manifest: manifest["counts"]["verdicts"].update({"fail": 2, "pass": 4})),
        ("counts", lambda manifest: manifest["counts"].update({"gaps": 0})),
        ("merkle", lambda manifest: manifest["merkle"]["verdicts"].update({"root": "sha256:00"})),
        ("merkle", lambda manifest: manifest["merkle"]["state"].update({"leaves": 8})),
        ("merkle", lambda manifest: manifest["merkle"]["ledger"].update({"root": "sha256:00"})),
        ("observed", lambda manifest: manifest["observed"].pop("aws:111122223333")),
        ("policy_digest", lambda manifest: manifest.update({"policy_digest": "sha256:00"})),
        ("sources", lambda manifest: manifest.update({"sources": ["aws"]})),
        ("started_at", lambda manifest: manifest.pop("started_at")),
    ],
)
def test_a_manifest_that_claims_what_the_files_do_not_show_is_found_out(
    bundle: Path, field: str, forge: Callable[[dict[str, Json]], object]
) -> None:
    _forge(bundle, forge)
    assert verify(bundle).problems == (f"the manifest's {field} is not what the files say",)


@pytest.mark.parametrize(
    ("name", "edit", "problem"),
    [
        (VERDICTS, lambda lines: lines[::-1], f"{VERDICTS}:2 is out of order"),
        (
            VERDICTS,
            lambda lines: [lines[0].replace(b"6564", b"6565"), *lines[1:]],
            f"{VERDICTS}:1 is by a control that is not in policy/catalog.json",
        ),
        (
            PODS,
            lambda lines: [line.replace(b'"image":"a:1"', b'"image":"a:2"') for line in lines],
            f"{VERDICTS}:6 is about a resource that is not in the state",
        ),
        (
            PODS,
            lambda lines: [line.replace(b"deploy", b"elsewhere") for line in lines],
            f"{PODS} holds a kubernetes.PodSpec of",
        ),
    ],
)
def test_files_that_do_not_agree_are_found_out_even_with_all_digests_made_anew(
    bundle: Path, name: str, edit: Callable[[list[bytes]], list[bytes]], problem: str
) -> None:
    _edit(bundle / name, edit)
    data = (bundle / name).read_bytes()
    _forge(
        bundle,
        lambda manifest: manifest["files"].update(
            {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}}
        ),
    )
    result = verify(bundle)
    assert result.status is Status.MISMATCH
    assert [text for text in result.problems if text.startswith(problem)]


def test_a_line_that_would_fill_the_memory_is_refused(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.evidence.files.LONGEST_LINE", 100)
    result = verify(bundle)
    assert (result.status, "one is too long" in result.problems[0]) == (Status.CANNOT_VERIFY, True)


def test_of_very_many_problems_the_first_hundred_are_told(bundle: Path) -> None:
    for number in range(150):
        (bundle / f"{number:03}").write_text("")
    assert (len(verify(bundle).problems), verify(bundle).problems[-1]) == (101, "and 50 more")


def _forge(bundle: Path, forge: Callable[[dict[str, Json]], object]) -> None:
    """Change the manifest as someone would who knows the format: canonical again, with a digest that fits."""
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    forge(manifest)
    data = rfc8785.dumps(manifest)
    (bundle / "manifest.json").write_bytes(data)
    (bundle / "manifest.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  manifest.json\n")


def _edit(file: Path, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    file.write_bytes(gzip.compress(b"".join(edit(gzip.decompress(file.read_bytes()).splitlines(keepends=True)))))
