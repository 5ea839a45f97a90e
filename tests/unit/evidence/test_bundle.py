"""A bundle written and read back: whole, in order, the same bytes for the same state, and never half claimed."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import random
from pathlib import Path

import pytest
import rfc8785

from scanner.errors import BundleError, EvidenceError
from scanner.evidence.bundle import Bundle, Policy
from scanner.evidence.codec import resource_from, resource_line, verdict_from, verdict_line
from scanner.evidence.files import is_inside, lines, state_name
from scanner.evidence.read import Reader
from scanner.evidence.verify import Status, verify
from scanner.model import Cause, Gap, Json, Outcome, Resource, ResourceRef, Skipped, Verdict
from tests.unit.evidence import sample


def test_all_that_was_recorded_is_read_back(tmp_path: Path) -> None:
    evidence = sample.evidence(tmp_path)
    digests = {resource.id: _digest(resource) for resource in sample.RESOURCES}
    assert [*evidence.verdicts()] == sorted(sample.verdicts(digests), key=lambda verdict: verdict.order)
    assert sorted(evidence.resources(), key=lambda resource: resource.id) == sorted(
        sample.RESOURCES, key=lambda resource: resource.id
    )
    assert [*evidence.questions()] == [*sample.QUESTIONS]
    assert {*evidence.gaps()} == {*sample.GAPS}
    assert [skipped.source.file for skipped in evidence.skipped()] == [
        "deploy/chart/templates/a.yaml",
        "deploy/chart/templates/b.yaml",
        "deploy/empty.yaml",
        "deploy/values.yaml",
    ]
    assert (evidence.catalog, evidence.parameters) == (sample.CATALOG, sample.POLICY.parameters)
    assert evidence.modules() == sample.POLICY.modules


def test_the_folder_holds_what_the_format_says(tmp_path: Path) -> None:
    bundle = sample.write(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in sorted(bundle.rglob("*")) if path.is_file()] == [
        f"{sample.NAME}/{name}"
        for name in (
            "collection/gaps.jsonl",
            "collection/ledger.jsonl",
            "collection/skipped.jsonl",
            "intent.json",
            "manifest.json",
            "manifest.sha256",
            "policy/catalog.json",
            "policy/parameters.json",
            "policy/rego/kubernetes/pod/no_privileged.rego",
            "policy/rego/lib/kubernetes/pods.rego",
            "state/aws:111122223333/aws.account.jsonl.gz",
            "state/aws:111122223333/aws.kms.key.jsonl.gz",
            "state/aws:111122223333/aws.s3.bucket.jsonl.gz",
            "state/manifests:deploy/kubernetes.PodSpec.jsonl.gz",
            "state/manifests:deploy/kubernetes.core.Namespace.jsonl.gz",
            "verdicts.jsonl.gz",
        )
    ]


def test_the_manifest_says_what_was_intended_and_what_came_of_it(tmp_path: Path) -> None:
    bundle = sample.write(tmp_path)
    manifest = json.loads((bundle / "manifest.json").read_text())
    files, merkle, policy_digest = (manifest.pop(name) for name in ("files", "merkle", "policy_digest"))
    assert manifest == {
        **sample.INTENT,
        "format": "vouch-bundle",
        "version": 1,
        "finished_at": "2026-11-24T10:05:00Z",
        "complete": True,
        "reason": None,
        "observed": {
            "aws:111122223333": {"aws.account": 1, "aws.kms.key": 1, "aws.s3.bucket": 1},
            "manifests:deploy": {"kubernetes.PodSpec": 3, "kubernetes.core.Namespace": 1},
        },
        "counts": {
            "resources": 7,
            "questions": 2,
            "gaps": 3,
            "skipped": 4,
            "verdicts": {"pass": 3, "fail": 3, "waived": 1, "unknown": 3, "not_applicable": 1},
        },
    }
    assert {name: tree["leaves"] for name, tree in merkle.items()} == {"ledger": 2, "state": 7, "verdicts": 11}
    assert files["verdicts.jsonl.gz"] == {
        "sha256": hashlib.sha256((bundle / "verdicts.jsonl.gz").read_bytes()).hexdigest(),
        "size": (bundle / "verdicts.jsonl.gz").stat().st_size,
    }
    assert policy_digest == json.loads((bundle / "intent.json").read_text())["policy_digest"]


def test_the_manifest_is_canonical_and_its_digest_can_be_checked_with_sha256sum(tmp_path: Path) -> None:
    bundle = sample.write(tmp_path)
    data = (bundle / "manifest.json").read_bytes()
    assert data == rfc8785.dumps(json.loads(data))
    assert (bundle / "manifest.sha256").read_text() == f"{hashlib.sha256(data).hexdigest()}  manifest.json\n"


def test_the_digest_of_a_resource_is_that_of_its_stored_line(tmp_path: Path) -> None:
    bundle = sample.write(tmp_path)
    with gzip.open(bundle / state_name(sample.BUCKET.scope, sample.BUCKET.kind)) as file:
        line = file.read().removesuffix(b"\n")
    assert f"sha256:{hashlib.sha256(line).hexdigest()}" == _digest(sample.BUCKET)


@pytest.mark.parametrize("budget", [1, 2_000, 1 << 20])
def test_two_scans_of_one_state_give_the_same_bytes_in_whatever_order_and_memory(tmp_path: Path, budget: int) -> None:
    first = sample.write(tmp_path / "first")
    bundle = Bundle.create(
        tmp_path / "second", intent={**sample.INTENT, "run_id": "f" * 32}, policy=sample.POLICY, budget=budget
    )
    shuffle = random.Random(budget).sample
    rest: list[Gap | Skipped] = [*sample.GAPS, *sample.SKIPPED]
    for entry in (*sample.QUESTIONS, *shuffle(rest, len(rest))):
        bundle.ledger(entry)
    digests = {resource.id: bundle.state(resource) for resource in shuffle(sample.RESOURCES, 7)}
    for verdict in shuffle(sample.verdicts(digests), 11):
        bundle.verdict(verdict)
    bundle.seal(complete=True)
    differing = {name for name, data in _files(first).items() if _files(bundle.path)[name] != data}
    assert differing == {"intent.json", "manifest.json", "manifest.sha256"}


def test_what_is_intended_is_on_disk_before_anything_is_asked(tmp_path: Path) -> None:
    Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    partial = tmp_path / f"{sample.NAME}.partial"
    assert json.loads((partial / "intent.json").read_text()).items() >= sample.INTENT.items()
    assert (partial / "policy/rego/lib/kubernetes/pods.rego").read_text() == "package lib.kubernetes.pods\n"
    assert not (tmp_path / sample.NAME).exists()


def test_questions_of_a_scan_that_is_killed_are_on_disk(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    bundle.ledger(sample.QUESTIONS[0])
    assert len([*lines(tmp_path / f"{sample.NAME}.partial" / "collection/ledger.jsonl")]) == 1


def test_a_last_question_that_was_cut_in_the_middle_is_left_out(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    bundle.ledger(sample.QUESTIONS[0])
    with (tmp_path / f"{sample.NAME}.partial" / "collection/ledger.jsonl").open("ab") as file:
        file.write(b'{"asked_at":"2026-11')
    bundle.seal(complete=False, reason="interrupted")
    assert [*Reader(bundle.path).questions()] == [sample.QUESTIONS[0]]
    assert verify(bundle.path).status is Status.VERIFIED


def test_an_unsealed_bundle_is_not_read(tmp_path: Path) -> None:
    Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    with pytest.raises(BundleError, match="incomplete: the scan was stopped before it could seal"):
        Reader(tmp_path / f"{sample.NAME}.partial")


def test_a_scan_that_was_interrupted_is_sealed_with_the_reason(tmp_path: Path) -> None:
    manifest = Reader(sample.write(tmp_path, complete=False, reason="interrupted")).manifest
    assert (manifest["complete"], manifest["reason"]) == (False, "interrupted")


def test_two_scans_at_once_do_not_meet(tmp_path: Path) -> None:
    intent = {name: value for name, value in sample.INTENT.items() if name != "run_id"}
    bundles = [Bundle.create(tmp_path, intent=intent, policy=sample.POLICY) for _ in range(2)]
    for bundle in bundles:
        bundle.seal(complete=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(bundle.path.name for bundle in bundles)


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvidenceError) as caught:
        Bundle.create(tmp_path / "file", intent=sample.INTENT, policy=sample.POLICY)
    assert str(caught.value) == f"cannot write the evidence to {tmp_path / 'file'}: Not a directory"
    assert caught.value.exit_code == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_one_clear_sentence(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY, budget=1)
    spool = tmp_path / f"{sample.NAME}.partial" / "spool" / "verdicts"
    spool.mkdir(parents=True)
    (spool / "0").symlink_to("/dev/full")
    with pytest.raises(EvidenceError) as caught:
        bundle.verdict(sample.verdicts({resource.id: "sha256:00" for resource in sample.RESOURCES})[0])
    assert str(caught.value) == f"cannot write the evidence to {tmp_path}: No space left on device"
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC


def test_a_module_whose_path_leads_out_of_the_bundle_is_refused(tmp_path: Path) -> None:
    policy = Policy(modules={"../../escape.rego": "package escape\n"}, catalog={}, parameters={})
    with pytest.raises(EvidenceError, match="cannot be named"):
        Bundle.create(tmp_path, intent=sample.INTENT, policy=policy)
    assert not (tmp_path / "escape.rego").exists()


@pytest.mark.parametrize(
    ("scope", "kind", "name"),
    [
        ("aws:111122223333", "aws.s3.bucket", "state/aws:111122223333/aws.s3.bucket.jsonl.gz"),
        ("manifests:a/../b c", "kubernetes.core.Pod", "state/manifests:a%2F..%2Fb%20c/kubernetes.core.Pod.jsonl.gz"),
        ("..", ".", "state/%2E%2E/%2E.jsonl.gz"),
        ("", "", "state/%/%.jsonl.gz"),
        ("manifests:caf\udce9", "x\0y\n", "state/manifests:caf%ED%B3%A9/x%00y%0A.jsonl.gz"),
    ],
)
def test_scopes_and_kinds_are_one_step_of_a_path_each(scope: str, kind: str, name: str) -> None:
    assert state_name(scope, kind) == name
    assert is_inside(name)


def test_long_scopes_are_cut_and_stay_apart() -> None:
    one, other = (state_name("manifests:" + "deep/" * 80 + end, "k") for end in "ab")
    assert one != other
    assert all(len(step) <= 200 for step in one.split("/"))


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../a", "a/../b", "a//b", "./a", "a/", "a\\b", "a\0b", "a\nb"])
def test_names_that_lead_outside_or_cannot_be_seen_are_refused(name: str) -> None:
    assert not is_inside(name)


def test_a_name_that_is_not_utf_8_reaches_the_bundle(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path, intent={**sample.INTENT, "sources": ["caf\udce9"]}, policy=sample.POLICY)
    resource = Resource("kubernetes.core.Pod", "Pod/x", "x", "manifests:caf\udce9", {"serial": 2**70})
    digest = bundle.state(resource)
    reference = ResourceRef(resource.kind, resource.id, resource.name, resource.scope)
    bundle.verdict(Verdict("a.b", reference, Outcome.PASS, sample.NOW, "sha256:00", digest))
    bundle.seal(complete=True)
    evidence = Reader(bundle.path)
    assert evidence.manifest["sources"] == ["caf\\udce9"]
    assert [verdict.resource.scope for verdict in evidence.verdicts()] == ["manifests:caf\\udce9"]


def test_lines_read_back_as_they_were_written() -> None:
    verdict = Verdict(
        "a.b",
        ResourceRef("k", "i", "n", "s"),
        Outcome.UNKNOWN,
        sample.NOW,
        "sha256:00",
        None,
        cause=Cause("throttled", "slow down"),
        reused_from="sha256:11",
    )
    assert verdict_from(json.loads(verdict_line(verdict))) == verdict
    assert resource_from(json.loads(resource_line(sample.BUCKET))) == sample.BUCKET


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "it has no manifest.json"),
        ("{", "manifest.json is damaged"),
        ("[]", "it holds no object"),
        ("{}", "is not an evidence bundle of vouch"),
        ('{"format": "vouch-bundle", "version": 2}', "is of form 2, this vouch reads up to 1"),
        ('{"format": "vouch-bundle", "version": 1}', "names files outside the bundle, or none"),
        ('{"format": "vouch-bundle", "version": 1, "files": {"../x": {}}}', "names files outside the bundle, or none"),
        ('{"format": "vouch-bundle", "version": 1, "files": {}}', "catalog.json cannot be read"),
    ],
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(BundleError, match=message):
        Reader(tmp_path)


def test_a_folder_of_bundles_offers_the_newest(tmp_path: Path) -> None:
    bundle = sample.write(tmp_path)
    with pytest.raises(BundleError) as caught:
        Reader(tmp_path)
    assert caught.value.hint == f"It holds bundles; the newest is {bundle}."


@pytest.mark.parametrize(
    "data",
    [b"no gzip", gzip.compress(b'{"control": 1}\n', mtime=0), gzip.compress(b"{}", mtime=0)[:-4]],
    ids=["no gzip", "another record", "cut short"],
)
def test_a_damaged_file_is_named(tmp_path: Path, data: bytes) -> None:
    bundle = sample.write(tmp_path)
    (bundle / "verdicts.jsonl.gz").write_bytes(data)
    with pytest.raises(BundleError, match=r"verdicts\.jsonl\.gz.* is damaged"):
        [*Reader(bundle).verdicts()]


def _digest(resource: Resource) -> str:
    return f"sha256:{hashlib.sha256(resource_line(resource)).hexdigest()}"


def _files(bundle: Path) -> dict[str, Json]:
    return {str(path.relative_to(bundle)): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
