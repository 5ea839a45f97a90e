"""Scans of manifests through the command line: outcomes, exit codes, equal reports, nothing lost, nothing leaked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from scanner.evidence.read import Reader
from tests.integration.command.vouch import ESTATE, bundle, command, environment, vouch

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: registry.example.com/web:1
      securityContext:
        privileged: yes
"""

_SAFE = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {hostPID: no, containers: [{name: web, image: "a:1"}]}
"""

_SAMPLES = os.environ.get("VOUCH_SAMPLES")


def test_the_example_estate_shows_every_outcome(tmp_path: Path) -> None:
    ended = vouch(tmp_path, "scan", ESTATE, "--format", "jsonl")
    assert ended.code == 1
    assert {verdict["outcome"] for verdict in ended.verdicts} == {"pass", "fail", "unknown", "not_applicable"}
    assert "1 gap" not in ended.err
    (gap,) = [verdict for verdict in ended.verdicts if verdict["control"] is None]
    assert gap["cause"]["kind"] == "unparseable"
    assert (Path(gap["source"]["file"]).name, gap["source"]["line"]) == ("broken.yaml", 6)


def test_a_finding_names_file_line_expected_and_actual(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(_POD)
    ended = vouch(
        tmp_path, "scan", "pod.yaml", "--format", "jsonl", "--control", "kubernetes.pod.no_privileged_containers"
    )
    (verdict,) = ended.verdicts
    assert verdict["source"] == {"file": "pod.yaml", "line": 9}
    assert verdict["findings"] == [
        {
            "message": "container web runs privileged",
            "path": ["spec", "containers", 0, "securityContext", "privileged"],
            "expected": False,
            "actual": True,
        }
    ]
    assert verdict["resource"] == {
        "kind": "kubernetes.PodSpec",
        "id": "Pod/shop/web",
        "name": "web",
        "scope": "manifests:pod.yaml",
        "region": None,
        "count": 1,
    }


def test_standard_input_a_path_and_a_named_source_are_the_same_scan(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(_POD)
    runs = [
        vouch(tmp_path, "scan", "-", "--format", "jsonl", "--no-evidence", stdin=_POD),
        vouch(tmp_path, "scan", "pod.yaml", "--format", "jsonl", "--no-evidence"),
        vouch(tmp_path, "scan", "manifests:pod.yaml", "--format", "jsonl", "--no-evidence"),
    ]
    outcomes = [[(verdict["control"], verdict["outcome"]) for verdict in run.verdicts] for run in runs]
    assert outcomes[0] == outcomes[1] == outcomes[2] != []
    assert not (tmp_path / "evidence").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["--fail-on", "critical"], 1, "failing at critical"),
        (["--fail-on", "none"], 0, "threshold met"),
        (["--fail-on", "none", "--strict"], 3, "under --strict"),
        (["--fail-on", "none", "--min-coverage", "100"], 3, "is below 100 %"),
        (["--control", "kubernetes.ingress.tls_required"], 3, "nothing was judged"),
        (["--control", "kubernetes.pod.no_host_pid"], 0, "threshold met"),
    ],
)
def test_the_exit_code_says_how_it_went_and_one_line_says_why(
    tmp_path: Path, arguments: list[str], code: int, why: str
) -> None:
    (tmp_path / "pod.yaml").write_text(_POD)
    ended = vouch(tmp_path, "scan", "pod.yaml", *arguments)
    assert ended.code == code
    assert ended.err.splitlines()[-1].startswith(f"exit {code}: ")
    assert why in ended.err.splitlines()[-1]


def test_reports_from_the_bundle_equal_the_scans_own(tmp_path: Path) -> None:
    formats = ("text", "json", "jsonl", "html")
    asked = [part for name in formats for part in ("--format", f"{name}:first.{name}")]
    vouch(tmp_path, "scan", ESTATE, *asked)
    again = [part for name in formats for part in ("--format", f"{name}:again.{name}")]
    assert vouch(tmp_path, "report", bundle(tmp_path), *again).code == 0
    for name in formats:
        assert (tmp_path / f"first.{name}").read_bytes() == (tmp_path / f"again.{name}").read_bytes(), name


def test_two_scans_of_the_same_state_differ_in_times_and_run_id_only(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        # One redaction key, as on one machine.
        vouch(folder, "scan", ESTATE, env={"XDG_CONFIG_HOME": str(tmp_path / "config")})
        time.sleep(1.1)
    states = [
        {path.relative_to(bundle(folder)): path.read_bytes() for path in bundle(folder).rglob("state/**/*.gz")}
        for folder in folders
    ]
    assert states[0] == states[1] != {}
    merkle = [Reader(bundle(folder)).manifest["merkle"]["state"] for folder in folders]
    assert merkle[0] == merkle[1]


def test_a_bundle_verifies_and_a_changed_one_does_not(tmp_path: Path) -> None:
    vouch(tmp_path, "scan", ESTATE)
    place = bundle(tmp_path)
    verified = vouch(tmp_path, "evidence", "verify", place)
    assert (verified.code, verified.out.splitlines()[0]) == (0, f"VERIFIED: {place}")
    (path, *_) = sorted(place.rglob("*.rego"))
    path.write_bytes(path.read_bytes() + b"\n")
    changed = vouch(tmp_path, "evidence", "verify", place)
    assert (changed.code, changed.out.splitlines()[0]) == (1, f"MISMATCH: {place}")
    assert path.name in changed.out


def test_every_record_has_the_form_that_the_schema_tells(tmp_path: Path) -> None:
    schema = json.loads(vouch(tmp_path, "schema", "verdict").out)
    validator = Draft202012Validator(schema)
    for verdict in vouch(tmp_path, "scan", ESTATE, "--format", "jsonl").verdicts:
        assert list(validator.iter_errors(verdict)) == []


_LOOPS = """\
# METADATA
# title: Never ends
# description: It counts for minutes.
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [secure-configuration]
#   remediation: None.
package policies.acme.pod.never_ends

findings contains {"message": "never", "path": []} if {
	is_object(input.attributes.spec)
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a * b == -1
}
"""


def test_a_control_that_hangs_is_unknown_and_the_others_are_judged(tmp_path: Path) -> None:
    folder = tmp_path / "controls" / "acme" / "pod"
    folder.mkdir(parents=True)
    (folder / "never_ends.rego").write_text(_LOOPS)
    (tmp_path / "pod.yaml").write_text(_SAFE)
    asked = ["--policies", "controls", "--control", "*.pod.n*", "--timeout", "1", "--format", "jsonl"]
    ended = vouch(tmp_path, "scan", "pod.yaml", *asked)
    by_control = {verdict["control"]: verdict for verdict in ended.verdicts}
    assert by_control["acme.pod.never_ends"]["outcome"] == "unknown"
    assert by_control["acme.pod.never_ends"]["cause"]["kind"] == "engine_timeout"
    assert by_control["kubernetes.pod.no_host_pid"]["outcome"] == "pass"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_scan_is_sealed_as_incomplete_and_verifies(tmp_path: Path, number: int, code: int) -> None:
    # Standard input stays open, so the scan waits for more until it is told to stop.
    process = subprocess.Popen(
        command(["scan", "-"]),
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("evidence/*.partial/intent.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err
    place = bundle(tmp_path)
    manifest = json.loads((place / "manifest.json").read_text())
    assert (manifest["complete"], manifest["reason"]) == (False, "interrupted")
    verified = vouch(tmp_path, "evidence", "verify", place)
    assert verified.code == 0
    assert "incomplete" in verified.out


_CANARY = "correct-horse-battery-staple-canary"

_SECRETS = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: s
  namespace: shop
  annotations: {{kubectl.kubernetes.io/last-applied-configuration: '{{"data":"{_CANARY}"}}'}}
stringData: {{password: {_CANARY}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: c, namespace: shop}}
data: {{config.ini: "password={_CANARY}"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: d, namespace: shop}}
spec:
  template:
    spec:
      containers:
        - name: a
          image: a:1
          command: [serve, --password={_CANARY}, --api-key, {_CANARY}]
          args: ["--url", "https://user:{_CANARY}@example.com/"]
          env: [{{name: PLAIN, value: {_CANARY}}}, {{name: DATABASE_PASSWORD, value: {_CANARY}}}]
---
apiVersion: acme.example/v1
kind: Widget
metadata: {{name: w, namespace: shop}}
spec: {{auth: {{password: {_CANARY}, apiToken: {_CANARY}}}}}
"""

_ALL_KINDS = """\
# METADATA
# title: Uses all
# description: Reads everything so that everything is collected.
# custom:
#   severity: low
#   resources:
#     - kubernetes.core.Secret
#     - kubernetes.core.ConfigMap
#     - kubernetes.apps.Deployment
#     - kubernetes.acme.example.Widget
#     - kubernetes.PodSpec
#   objectives: [secure-configuration]
#   remediation: None.
package policies.acme.all.reads

findings contains finding if {
	some path in {["metadata"], ["spec"], ["data"], ["stringData"]}
	value := object.get(_parts, path, null)
	value != null
	finding := {"message": sprintf("%v", [value]), "path": path}
}

_parts := {name: value |
	some name in {"metadata", "spec", "data", "stringData"}
	value := input.attributes[name]
}
"""


def test_no_secret_reaches_any_output(tmp_path: Path) -> None:
    folder = tmp_path / "controls" / "acme" / "all"
    folder.mkdir(parents=True)
    (folder / "reads.rego").write_text(_ALL_KINDS)
    (tmp_path / "secrets.yaml").write_text(_SECRETS)
    formats = [part for name in ("text", "json", "jsonl", "html") for part in ("--format", f"{name}:out.{name}")]
    ended = vouch(tmp_path, "scan", "secrets.yaml", "--policies", "controls", "--verbose", *formats)
    assert ended.code == 1
    reader = Reader(bundle(tmp_path))
    read = {resource.kind for resource in reader.resources()}
    assert {"kubernetes.core.Secret", "kubernetes.core.ConfigMap", "kubernetes.PodSpec"} <= read
    assert not any(_CANARY in str(resource) for resource in reader.resources())
    assert not any(_CANARY in str(verdict) for verdict in reader.verdicts())
    assert _CANARY not in ended.out + ended.err
    for name in ("text", "json", "jsonl", "html"):
        assert _CANARY not in (tmp_path / f"out.{name}").read_text(errors="replace"), name


_HOSTILE = r"""
apiVersion: v1
kind: Pod
metadata:
  name: "<img src=x onerror=alert(1)>\e[31m\u202e"
  namespace: "=HYPERLINK(1)"
spec:
  hostPID: true
  containers: [{name: "</script><script>alert(1)</script>\e]0;x\a", image: "a:1", securityContext: {privileged: true}}]
"""


def test_hostile_names_are_text_in_every_output(tmp_path: Path) -> None:
    (tmp_path / "hostile.yaml").write_text(_HOSTILE)
    ended = vouch(tmp_path, "scan", "hostile.yaml", "--format", "text", "--format", "html:out.html")
    assert "\x1b" not in ended.out + ended.err
    assert "\u202e" not in ended.out + ended.err
    page = (tmp_path / "out.html").read_text()
    assert "<img src=x" not in page
    assert "<script>alert" not in page


def test_a_full_disk_is_exit_4_and_a_sentence(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("/dev/full is not there")
    (tmp_path / "pod.yaml").write_text(_POD)
    ended = vouch(tmp_path, "scan", "pod.yaml", "--format", "json:/dev/full")
    assert ended.code == 4
    assert "Traceback" not in ended.err
    assert "No space left on device" in ended.err


@pytest.mark.parametrize("sample", ["ai-platform", "kubeflow"])
def test_real_platforms_are_scanned_without_a_crash(tmp_path: Path, sample: str) -> None:
    if not _SAMPLES:
        pytest.skip("set VOUCH_SAMPLES to a folder of real manifests")
    ended = vouch(tmp_path, "scan", Path(_SAMPLES, sample), "--format", "json")
    assert ended.code == 1
    report = json.loads(ended.out)
    files = [path for path in Path(_SAMPLES, sample).rglob("*") if path.suffix in (".yaml", ".yml", ".json")]
    named = {question.parameters["path"] for question in Reader(bundle(tmp_path)).questions()}
    assert len(named) == len(files)
    assert report["summary"]["outcomes"]["pass"] > 0
