"""Bad input: exit 2, what is wrong and how to mend it, and never a stack trace."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.command.vouch import ESTATE, vouch


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["scan"], "name at least one source"),
        (["scan", "no-such-folder"], "no-such-folder"),
        (["scan", ".", "--framework", "hippa"], "Did you mean hipaa?"),
        (["scan", ".", "--control", "kubernetes.pod.no_privileged_container"], "no_privileged_containers?"),
        (["scan", ".", "--control", "nothing.*"], "no control matches 'nothing.*'"),
        (["scan", ".", "--format", "jsn"], "json"),
        (["scan", ".", "--format", "json", "--format", "text"], "two reports would go to standard output"),
        (["scan", ".", "--format", "json:nowhere/x.json"], "the folder nowhere does not exist"),
        (["scan", ".", "--severity", "hihg"], "hihg"),
        (["scan", ".", "--policies", "nowhere"], "nowhere: no such folder of policies"),
        (["scan", ".", "--parameters", "parameters.yaml"], "parameters.yaml:2: no parameter 'pod_aproved_registries'"),
        (["scan", ".", "--config", "config.yaml"], "config.yaml:1: unknown key fail_onn"),
        (["scan", ".", "--config", "missing.yaml"], "missing.yaml: No such file or directory"),
        (["scan", ".", "--opa-url", "http://127.0.0.1:1"], "--opa-url is for --engine opa"),
        (["scan", "azur:x"], "no source 'azur'"),
        (["scna", "."], "Did you mean scan?"),
        (["controls", "show", "aws.s3.not_pubic"], "Did you mean aws.s3.not_public?"),
        (["frameworks", "show", "gpdr"], "Did you mean gdpr?"),
        (["permissions", "manifests"], "manifests has no permissions to print"),
        (["report", "."], "bundle"),
        (["controls", "new", "Bad.Name"], "is not a control's name"),
    ],
)
def test_bad_input_is_exit_2_with_the_mend(tmp_path: Path, arguments: list[str], problem: str) -> None:
    (tmp_path / "parameters.yaml").write_text("# ours\npod_aproved_registries: []\n")
    (tmp_path / "config.yaml").write_text("fail_onn: high\n")
    ended = vouch(tmp_path, *arguments)
    assert ended.code == 2, ended.err
    assert problem in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "evidence").exists()


def test_a_control_of_the_users_that_must_not_run_is_named_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "controls" / "acme" / "pod"
    folder.mkdir(parents=True)
    (folder / "bad.rego").write_text("package policies.acme.pod.bad\n\nfindings contains 1 if {\n")
    ended = vouch(tmp_path, "scan", ESTATE, "--policies", "controls")
    assert ended.code == 2
    assert "controls/acme/pod/bad.rego:" in ended.err


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "vouch.yaml").write_text(
        f"sources: ['{ESTATE}']\ncontrol: [kubernetes.pod.no_host_pid]\nfail-on: none\n"
    )
    from_file = vouch(tmp_path, "scan", "--format", "jsonl")
    from_environment = vouch(tmp_path, "scan", "--format", "jsonl", env={"VOUCH_FAIL_ON": "high"})
    from_flag = vouch(tmp_path, "scan", "--format", "jsonl", "--fail-on", "none", env={"VOUCH_FAIL_ON": "high"})
    assert (from_file.code, from_environment.code, from_flag.code) == (0, 1, 0)
    assert {verdict["control"] for verdict in from_file.verdicts} == {"kubernetes.pod.no_host_pid", None}


def test_the_listing_commands_give_the_documented_json(tmp_path: Path) -> None:
    controls = json.loads(vouch(tmp_path, "controls", "list", "--format", "json").out)
    assert {"id", "title", "severity", "resources", "objectives", "requirements"} <= controls[0].keys()
    coverage = json.loads(vouch(tmp_path, "frameworks", "coverage", "--format", "json").out)
    assert {row["name"] for row in coverage} >= {"soc2", "hipaa", "iso27001", "gdpr"}
    for row in coverage:
        parts = ("testable", "manual", "organisational", "withdrawn")
        assert row["requirements"] == sum(row[part] for part in parts)
        assert 0 <= row["covered"] <= row["testable"]


def test_a_new_control_passes_its_own_test_and_a_scan_takes_it(tmp_path: Path) -> None:
    assert vouch(tmp_path, "controls", "new", "acme.pod.feature_enabled", "--policies", "ours").code == 0
    tested = vouch(tmp_path, "controls", "test", "--policies", "ours", "acme.*")
    assert (tested.code, tested.out) == (0, "3 passed, 0 failed\n")
    scanned = vouch(tmp_path, "scan", ESTATE, "--policies", "ours", "--control", "acme.*", "--format", "jsonl")
    assert {verdict["outcome"] for verdict in scanned.verdicts if verdict["control"]} == {"fail"}


def test_a_failing_test_of_a_control_is_named(tmp_path: Path) -> None:
    vouch(tmp_path, "controls", "new", "acme.pod.feature_enabled", "--policies", "ours")
    path = tmp_path / "ours" / "acme" / "pod" / "feature_enabled.rego"
    path.write_text(path.read_text().replace("== true", "== false"))
    tested = vouch(tmp_path, "controls", "test", "--policies", "ours", "acme.*")
    assert tested.code == 1
    assert "FAIL acme.pod.feature_enabled: test_compliant" in tested.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(tmp_path: Path, shell: str) -> None:
    ended = vouch(tmp_path, "completion", shell)
    assert ended.code == 0
    assert "_VOUCH_COMPLETE" in ended.out


def test_doctor_tells_what_works(tmp_path: Path) -> None:
    checks = {
        check["subject"]: check["state"] for check in json.loads(vouch(tmp_path, "doctor", "--format", "json").out)
    }
    assert (checks["engine embedded"], checks["controls"], checks["source aws"]) == ("ok", "ok", "missing")


def test_help_ends_with_two_examples_and_fits_a_screen(tmp_path: Path) -> None:
    for arguments in (["scan"], ["report"], ["controls", "list"], ["frameworks", "coverage"], ["evidence", "verify"]):
        text = vouch(tmp_path, *arguments, "--help").out
        assert len(text.splitlines()) <= 48, arguments
        assert all(line.split()[0] in ("vouch", "helm") for line in text.rstrip().splitlines()[-2:]), arguments


def test_the_version_is_told_without_importing_what_it_does_not_need() -> None:
    code = "import sys; from scanner.cli import run; run(['--version']); print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("pydantic", "boto3", "botocore", "jinja2", "regorus", "opa_client", "yaml"):
        assert f"'{heavy}'" not in loaded, heavy


def test_a_bug_is_exit_4_and_a_sentence_with_the_details_in_a_file(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['vouch', 'controls', 'list']; import scanner.catalog, scanner.cli;"
        "scanner.catalog.load = None; scanner.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"TMPDIR": str(tmp_path)}
    )
    assert done.returncode == 4
    assert done.stderr.startswith("vouch: this is a bug in vouch (TypeError)")
    assert "Traceback" not in done.stderr
    (details,) = tmp_path.glob("vouch-bug-*.txt")
    assert "Traceback" in details.read_text()
