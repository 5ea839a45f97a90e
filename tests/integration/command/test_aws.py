"""Scans of an AWS account through the command line: what is said of an estate that is known, and what never is."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import pytest

from scanner import catalog
from scanner.collectors.aws import Aws, kinds
from scanner.evidence.read import Reader
from scanner.link import Linker
from scanner.model import Cause, Gap, Json, Question, Resource
from tests.integration.aws.conftest import chain
from tests.integration.aws.estate import ABROAD, ACCOUNT, HOME, Estate, document, statement
from tests.integration.aws.faults import Wire, denied
from tests.integration.command.conftest import FORMATS, Account, content, flat
from tests.integration.command.vouch import Ended, bundle, vouch

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.moto

_REGIONS = ("--regions", HOME, "--regions", ABROAD)

Said = Mapping[str, Mapping[str, str]]
"""Control without `aws.` -> name of the resource -> outcome."""

_ESTATE: Said = {
    "cloudtrail.bucket_not_public": {"vouch-all": "pass", "vouch-stopped": "fail"},
    "cloudtrail.encrypted_with_customer_key": {"vouch-all": "pass", "vouch-stopped": "fail"},
    "cloudtrail.log_validation_enabled": {"vouch-all": "pass", "vouch-stopped": "fail"},
    "cloudtrail.logs_exported": {"vouch-all": "fail", "vouch-stopped": "fail"},
    "cloudtrail.multi_region_logging_enabled": {ACCOUNT: "pass"},
    "iam.access_keys_rotated": {"alice": "pass", "mallory": "pass"},
    "iam.no_direct_user_policies": {"alice": "pass", "mallory": "fail"},
    "iam.no_full_admin_policies": {
        "alice": "pass",
        "anyone": "pass",
        "deploy": "pass",
        "everything": "fail",
        "mallory": "fail",
        "read-closed": "not_applicable",
        "readers": "pass",
    },
    "iam.no_root_access_keys": {ACCOUNT: "pass"},
    "iam.password_policy_strong": {ACCOUNT: "pass"},
    "iam.role_trust_restricted": {"anyone": "fail", "deploy": "pass"},
    "iam.root_mfa_enabled": {ACCOUNT: "fail"},
    "iam.root_user_unused": {ACCOUNT: "unknown"},
    "iam.unused_credentials_disabled": {"alice": "pass", "mallory": "pass"},
    "iam.user_mfa_enabled": {"alice": "pass", "mallory": "fail"},
    "kms.not_pending_deletion": {"rotated": "pass", "plain": "pass", "signing": "pass", "doomed": "fail"},
    "kms.not_public": {"rotated": "pass", "plain": "pass", "signing": "pass", "doomed": "fail"},
    "kms.rotation_enabled": {
        "rotated": "pass",
        "plain": "fail",
        "signing": "not_applicable",
        "doomed": "not_applicable",
    },
    "s3.access_logging_enabled": {"vouch-closed": "pass", "vouch-logs": "fail", "vouch-open": "not_applicable"},
    "s3.block_public_access": {"vouch-closed": "pass", "vouch-logs": "pass", "vouch-open": "fail"},
    "s3.encrypted_with_kms": {"vouch-closed": "pass", "vouch-logs": "fail", "vouch-open": "fail"},
    "s3.not_public": {"vouch-closed": "pass", "vouch-logs": "pass", "vouch-open": "fail"},
    "s3.tls_required": {"vouch-closed": "pass", "vouch-logs": "fail", "vouch-open": "fail"},
    "s3.versioning_enabled": {"vouch-closed": "pass", "vouch-logs": "fail", "vouch-open": "not_applicable"},
}
_EMPTY_ACCOUNT = "222222222222"
_EMPTY: Said = {
    "cloudtrail.multi_region_logging_enabled": {_EMPTY_ACCOUNT: "fail"},
    "iam.no_root_access_keys": {_EMPTY_ACCOUNT: "pass"},
    "iam.password_policy_strong": {_EMPTY_ACCOUNT: "fail"},
    "iam.root_mfa_enabled": {_EMPTY_ACCOUNT: "fail"},
    "iam.root_user_unused": {_EMPTY_ACCOUNT: "unknown"},
}
_AGED: Said = {
    "iam.access_keys_rotated": {"alice": "pass", "mallory": "fail"},
    "iam.unused_credentials_disabled": {"alice": "fail", "mallory": "fail"},
}
"""Of the estate, where whatever has an age is too old."""

_NOT_IN_MOTO: Mapping[str, set[str]] = {
    # A trail delivers to no log group, and the root user has no keys, no second factor and no row in the report.
    "cloudtrail.logs_exported": {"pass"},
    "iam.no_root_access_keys": {"fail"},
    "iam.root_mfa_enabled": {"pass"},
    "iam.root_user_unused": {"pass", "fail"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the scan of the estate left its reports and its bundle."""
    return tmp_path_factory.mktemp("estate")


@pytest.fixture(scope="module")
def ended(account: Account, folder: Path) -> Ended:
    """The one full scan of the estate."""
    return scan(folder, chain(account.server), *written())


def test_the_verdicts_on_the_estate_are_what_is_known_of_it(ended: Ended, folder: Path, account: Account) -> None:
    records = lines(folder)
    assert outcomes(records, names(account.made)) == _ESTATE
    assert (ended.code, "Traceback" in ended.err) == (1, False)
    assert list(Reader(bundle(folder)).gaps()) == []


def test_the_bundle_of_an_account_verifies_and_gives_the_same_reports_again(ended: Ended, folder: Path) -> None:
    again = [part for name in FORMATS for part in ("--format", f"{name}:again.{name}")]
    assert vouch(folder, "evidence", "verify", bundle(folder)).code == 0
    assert vouch(folder, "report", bundle(folder), *again).code == 0
    for name in FORMATS:
        assert (folder / f"again.{name}").read_bytes() == (folder / f"out.{name}").read_bytes(), name


def test_what_moto_does_not_know_is_unknown_with_the_cause(ended: Ended, folder: Path) -> None:
    [unknown] = [record for record in lines(folder) if record["outcome"] == "unknown"]
    assert unknown["control"] == "aws.iam.root_user_unused"
    assert unknown["cause"] == {
        "kind": "not_in_source",
        "detail": "iam:GetCredentialReport has no row for it.",
        "permission": None,
    }


def test_an_empty_account_fails_where_something_must_be_there(account: Account, tmp_path: Path) -> None:
    ended = scan(tmp_path, another(account, _EMPTY_ACCOUNT), *written())
    records = lines(tmp_path)
    assert outcomes(records) == _EMPTY
    assert ended.code == 1
    [trails] = [record for record in records if record["control"] == "aws.cloudtrail.multi_region_logging_enabled"]
    assert [finding["message"] for finding in trails["findings"]] == ["the account has no trail"]
    assert trails["resource"] == {
        "kind": "aws.account",
        "id": f"arn:aws:iam::{_EMPTY_ACCOUNT}:root",
        "name": _EMPTY_ACCOUNT,
        "scope": f"aws:{_EMPTY_ACCOUNT}",
        "region": None,
        "count": 1,
    }


def test_what_is_too_old_fails_by_the_users_own_threshold(account: Account, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text("iam_access_key_max_age_days: -1\niam_credential_unused_max_days: -1\n")
    selected = [part for control in _AGED for part in ("--control", f"aws.{control}")]
    ended = scan(tmp_path, chain(account.server), "--parameters", "old.yaml", "--format", "jsonl", *selected)
    assert outcomes(ended.verdicts) == _AGED


def test_every_control_was_seen_to_pass_and_to_fail_but_for_what_moto_cannot_say() -> None:
    seen: dict[str, set[str]] = {control: set() for control in _ESTATE}
    for said in (_ESTATE, _EMPTY, _AGED):
        for control, by_name in said.items():
            seen[control].update(by_name.values())
    assert seen.keys() == {control.removeprefix("aws.") for control in selected("aws.*").controls}
    missing = {control: {"pass", "fail"} - outcomes for control, outcomes in seen.items()}
    assert {control: outcomes for control, outcomes in missing.items() if outcomes} == _NOT_IN_MOTO


def test_a_bucket_is_judged_with_the_public_access_block_of_its_account(account: Account, tmp_path: Path) -> None:
    control = boto3.client("s3control", HOME, endpoint_url=account.server)
    # The account's host name would lead elsewhere.
    control.meta.events.register(
        "before-call", lambda params, **_: params.update(url=_at(account.server, params["url"]))
    )
    settings = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=settings)  # type: ignore[arg-type]
    try:
        ended = scan(tmp_path, chain(account.server), "--control", "aws.*.*public*", "--format", "jsonl")
    finally:
        control.delete_public_access_block(AccountId=ACCOUNT)

    everything = {"vouch-closed": "pass", "vouch-logs": "pass", "vouch-open": "pass"}
    assert outcomes(ended.verdicts, names(account.made)) == {
        "s3.block_public_access": everything,
        "s3.not_public": everything,
        # A trail's bucket may lie in another account, so only its own settings count.
        "cloudtrail.bucket_not_public": _ESTATE["cloudtrail.bucket_not_public"],
        "kms.not_public": _ESTATE["kms.not_public"],
    }


def test_one_control_reads_what_it_needs_and_nothing_else(account: Account, tmp_path: Path) -> None:
    scan(tmp_path, chain(account.server), "--control", "aws.s3.block_public_access")
    asked = {question.operation for question in Reader(bundle(tmp_path)).questions()}
    assert asked == {
        "sts:GetCallerIdentity",
        "s3:ListBuckets",
        "s3:GetBucketLocation",
        "s3:GetPublicAccessBlock",
        "s3control:GetPublicAccessBlock",
    }


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--fail-on", "none"], 0, "threshold met"),
        (["--fail-on", "none", "--strict"], 3, "0 gaps and 1 unknown verdict under --strict"),
        (["--fail-on", "none", "--min-coverage", "100"], 3, "is below 100 %"),
        (["--fail-on", "none", "--min-coverage", "90"], 0, "threshold met"),
    ],
)
def test_what_could_not_be_told_counts_where_the_user_says_so(
    account: Account, tmp_path: Path, options: list[str], code: int, why: str
) -> None:
    ended = scan(tmp_path, chain(account.server), "--no-evidence", "--control", "aws.iam.*", *options)
    assert (ended.code, why in ended.err) == (code, True), ended.err


class _Expired(BaseHTTPRequestHandler):
    """A service that knows the caller's token no more."""

    def do_POST(self) -> None:
        body = (
            b"<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>"
            b"<Message>The security token included in the request is expired</Message></Error></ErrorResponse>"
        )
        self.send_response(403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


@pytest.fixture
def expired() -> Iterator[str]:
    """The address of that service."""
    server = HTTPServer(("127.0.0.1", 0), _Expired)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


_NOWHERE = "http://127.0.0.1:1"
_NO_KEYS = "sts:GetCallerIdentity was refused because of the credentials: NoCredentials."
_NO_ANSWER = f"sts:GetCallerIdentity got no answer from {_NOWHERE}: EndpointConnection."
_OLD_TOKEN = "sts:GetCallerIdentity was refused because of the credentials: ExpiredToken."


@pytest.mark.parametrize(
    ("case", "kind", "detail"),
    [
        ("no credentials", "credentials", _NO_KEYS),
        ("nobody at the endpoint", "unreachable", _NO_ANSWER),
        ("expired token", "credentials", _OLD_TOKEN),
    ],
)
def test_an_account_that_cannot_be_read_is_a_gap_in_every_output_and_exit_3(
    expired: str, tmp_path: Path, case: str, kind: str, detail: str
) -> None:
    settings = {
        "no credentials": {**chain(_NOWHERE), "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "nobody at the endpoint": chain(_NOWHERE),
        "expired token": chain(expired),
    }
    ended = scan(tmp_path, settings[case], *written())

    assert (ended.code, "nothing was judged" in ended.err, "Traceback" in ended.err) == (3, True, False), ended.err
    assert list(Reader(bundle(tmp_path)).gaps()) == [Gap("aws", "*", Cause(kind, detail))]
    said = [record for record in lines(tmp_path) if record["cause"]]
    assert [(record["outcome"], record["cause"]["detail"]) for record in said] == [("unknown", detail)]
    for name in FORMATS:
        assert detail in flat(content(tmp_path / f"out.{name}")), name


def test_an_unknown_profile_is_exit_2_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile production]\nregion = eu-west-1\n")
    settings = {**chain(_NOWHERE), "AWS_CONFIG_FILE": str(tmp_path / "config")}
    ended = vouch(tmp_path, "scan", "aws:prodction", env=settings)
    assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert "there is no AWS profile prodction" in ended.err
    assert "Did you mean production?" in ended.err


_HOSTILE_ACCOUNT = "333333333333"
_KEY = "AKIA" + "CANARY" + "Z" * 10
_PASSWORD = "correct-horse-canary"
_GITHUB = "ghp_" + "canary" * 6
_PRIVATE = "-----BEGIN RSA PRIVATE KEY-----\ncanarycanarycanary\n-----END RSA PRIVATE KEY-----"
_CANARIES = (_KEY, _PASSWORD, _GITHUB, "canarycanarycanary")
_MARKUP = "<img src=x onerror=alert(1)>\x1b[31m\u202e"


def test_no_credential_and_no_markup_that_is_written_into_an_account_leaves_it(
    account: Account, tmp_path: Path
) -> None:
    settings = another(account, _HOSTILE_ACCOUNT)
    plant(account.server, settings)
    ended = scan(tmp_path, settings, "--verbose", *written())
    assert ended.code == 1

    everything = {path.relative_to(tmp_path): content(path) for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    everything |= {Path("stdout"): ended.out, Path("stderr"): ended.err}
    assert [(path, canary) for path, text in everything.items() for canary in _CANARIES if canary in text] == []
    # The bundle keeps what AWS told as it is, what is shown of it doesn't.
    shown = {path: text for path, text in everything.items() if "evidence" not in path.parts}
    assert [path for path, text in shown.items() if "\x1b" in text or "\u202e" in text] == []
    assert "<img src=x" not in (tmp_path / "out.html").read_text()
    # All of it was read, or none of this would show anything.
    state = "".join(text for path, text in everything.items() if "state" in path.parts)
    assert len(re.findall(r"redacted:hmac-sha256:[0-9a-f]{16}", state)) >= 9
    for name in FORMATS:
        assert "redacted:hmac-sha256:" in flat(content(tmp_path / f"out.{name}")), name
        assert "<img src=x onerror=alert(1)>" in flat(content(tmp_path / f"out.{name}")), name


def plant(server: str, settings: Mapping[str, str]) -> None:
    """Make an account whose owners write credentials and markup wherever they can."""
    session = boto3.Session(
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=settings["AWS_SESSION_TOKEN"],
        region_name=HOME,
    )
    _write_to_bucket(session.client("s3", endpoint_url=server))
    _write_to_identities(session.client("iam", endpoint_url=server))
    tags = [{"TagKey": "secret", "TagValue": _PASSWORD}]
    session.client("kms", endpoint_url=server).create_key(Description=f"was {_PRIVATE}", Tags=tags)  # type: ignore[arg-type]


def _write_to_bucket(s3: S3Client) -> None:
    s3.create_bucket(Bucket="vouch-canary")
    s3.put_bucket_tagging(
        Bucket="vouch-canary",
        Tagging={"TagSet": [{"Key": "note", "Value": _KEY}, {"Key": "db-password", "Value": _PASSWORD}]},
    )
    anyone = statement("Allow", "s3:*", "*", Sid=_KEY, Principal="*")
    s3.put_bucket_policy(Bucket="vouch-canary", Policy=document(anyone))


def _write_to_identities(iam: IAMClient) -> None:
    iam.create_user(UserName=f"=1+{_KEY}", Tags=[{"Key": "token", "Value": _GITHUB}])
    iam.put_user_policy(
        UserName=f"=1+{_KEY}", PolicyName="x", PolicyDocument=document(statement("Allow", "*", "*", Sid=_KEY))
    )
    whoever = {"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML", "Principal": {"Federated": _MARKUP}}
    iam.create_role(
        RoleName="canary",
        AssumeRolePolicyDocument=document(whoever),
        Description=f"</script> password={_PASSWORD}",
        Tags=[{"Key": "note", "Value": f"use {_GITHUB}"}],
    )


@pytest.mark.parametrize(
    "globs",
    [["aws.*"], ["aws.s3.*"], ["aws.iam.user_mfa_enabled"], ["aws.kms.rotation_enabled", "aws.cloudtrail.*"]],
)
def test_with_the_permissions_that_are_printed_and_no_other_everything_is_read(
    account: Account, tmp_path: Path, globs: list[str]
) -> None:
    options = [part for glob in globs for part in ("--control", glob)]
    printed = json.loads(vouch(tmp_path, "permissions", "aws", *options).out)
    allowed = {action for statement in printed["Statement"] for action in statement["Action"]}

    actions = {call.name: call.action for kind in kinds().values() for call in kind.calls(frozenset("*"))}
    wire = Wire()
    for name, action in actions.items():
        if action not in allowed:
            wire.spoil(name, denied)
    collected = list(Aws("aws", session=wire.session).collect(Linker(selected(*globs).controls).wanted))

    assert [one for one in collected if isinstance(one, Gap)] == []
    assert {one for one in collected if isinstance(one, Question) and one.error} == set()
    unread = {cause.kind for one in collected if isinstance(one, Resource) for cause in one.unread.values()}
    assert unread <= {"not_in_source"}
    assert {actions.get(request, request) for request in wire.requests} == allowed
    assert printed["Version"] == "2012-10-17"
    assert {(statement["Effect"], statement["Resource"]) for statement in printed["Statement"]} == {("Allow", "*")}
    assert all(statement["Sid"].isalnum() for statement in printed["Statement"])


def scan(folder: Path, settings: Mapping[str, str], *arguments: str) -> Ended:
    """Scan the account to which the settings lead, in the two regions that hold anything."""
    return vouch(folder, "scan", "aws", *_REGIONS, *arguments, env=settings)


def written() -> list[str]:
    """The options that write a report of each format into a file."""
    return [part for name in FORMATS for part in ("--format", f"{name}:out.{name}")]


def lines(folder: Path) -> list[dict[str, Json]]:
    """The records of the jsonl report that was written."""
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]


def another(account: Account, number: str) -> dict[str, str]:
    """The environment of somebody who took a role in another account of the same server."""
    role = f"arn:aws:iam::{number}:role/auditor"
    sts = boto3.client("sts", HOME, endpoint_url=account.server)
    given = sts.assume_role(RoleArn=role, RoleSessionName="audit")["Credentials"]
    return {
        **chain(account.server),
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def selected(*globs: str) -> catalog.Catalog:
    return catalog.load().select(include=globs)


def names(made: Estate) -> dict[str, str]:
    """ARN of each key -> what the estate calls it."""
    return {
        made.rotated_key: "rotated",
        made.plain_key: "plain",
        made.signing_key: "signing",
        made.doomed_key: "doomed",
    }


def outcomes(records: Sequence[Mapping[str, Json]], known: Mapping[str, str] | None = None) -> Said:
    """What is said of which resource by which control; each is said once."""
    said: dict[str, dict[str, str]] = {}
    for record in records:
        resource = record["resource"]
        name = (known or {}).get(resource["id"], resource["name"])
        by_name = said.setdefault(record["control"].removeprefix("aws."), {})
        assert name not in by_name
        by_name[name] = record["outcome"]
    return said


def _at(server: str, url: str) -> str:
    """The same path at the server."""
    return server + urlsplit(url).path
