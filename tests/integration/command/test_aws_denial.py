"""Each call of a scan is refused in turn: what a control can't know it does not say, and all else it says as before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from scanner import reporters
from scanner.collectors.aws import iam, kinds
from scanner.collectors.aws.tables import Call, Kind, Source, calls_of
from scanner.evidence.read import Reader
from scanner.link import JOINS
from scanner.model import Cause, Control, Finding, Outcome, Verdict, overlaps
from scanner.summary import exit_status, summarize
from tests.integration.aws.estate import HOME
from tests.integration.aws.faults import Answer, Wire, cut_off, denied, throttled
from tests.integration.command.conftest import FORMATS, REGIONS, Account, Bench, content, flat

pytestmark = pytest.mark.moto

_CALLS = {call.name: call for kind in kinds().values() for call in kind.calls(frozenset("*"))}

_OF_BUCKETS = frozenset(
    {
        "s3.access_logging_enabled",
        "s3.block_public_access",
        "s3.encrypted_with_kms",
        "s3.not_public",
        "s3.tls_required",
        "s3.versioning_enabled",
    }
)
_OPEN_BUCKETS = frozenset({"s3.not_public", "cloudtrail.bucket_not_public"})
_OF_TRAILS = frozenset(
    {
        "cloudtrail.bucket_not_public",
        "cloudtrail.encrypted_with_customer_key",
        "cloudtrail.log_validation_enabled",
        "cloudtrail.logs_exported",
    }
)
_WHAT_TRAILS_RECORD = frozenset({"cloudtrail.multi_region_logging_enabled", "s3.access_logging_enabled"})
_OF_CREDENTIALS = frozenset({"iam.root_user_unused", "iam.unused_credentials_disabled", "iam.user_mfa_enabled"})
_OF_USERS = frozenset(
    {
        "iam.access_keys_rotated",
        "iam.no_direct_user_policies",
        "iam.no_full_admin_policies",
        "iam.unused_credentials_disabled",
        "iam.user_mfa_enabled",
    }
)
_NEEDED_BY: Mapping[str, frozenset[str]] = {
    "cloudtrail:DescribeTrails": _OF_TRAILS | _WHAT_TRAILS_RECORD,
    "cloudtrail:GetEventSelectors": _WHAT_TRAILS_RECORD,
    "cloudtrail:GetTrailStatus": _WHAT_TRAILS_RECORD | {"cloudtrail.logs_exported"},
    "iam:GenerateCredentialReport": _OF_CREDENTIALS,
    "iam:GetAccountAuthorizationDetails": frozenset({"iam.no_direct_user_policies", "iam.no_full_admin_policies"}),
    "iam:GetAccountPasswordPolicy": frozenset({"iam.password_policy_strong"}),
    "iam:GetAccountSummary": frozenset({"iam.no_root_access_keys", "iam.root_mfa_enabled"}),
    "iam:GetCredentialReport": _OF_CREDENTIALS,
    "iam:ListAccessKeys": frozenset({"iam.access_keys_rotated"}),
    "iam:ListGroups": frozenset({"iam.no_full_admin_policies"}),
    "iam:ListPolicies": frozenset({"iam.no_full_admin_policies"}),
    "iam:ListRoles": frozenset({"iam.no_full_admin_policies", "iam.role_trust_restricted"}),
    "iam:ListUsers": _OF_USERS,
    "kms:DescribeKey": frozenset({"kms.not_pending_deletion", "kms.rotation_enabled"}),
    "kms:GetKeyPolicy": frozenset({"kms.not_public"}),
    "kms:GetKeyRotationStatus": frozenset({"kms.rotation_enabled"}),
    "kms:ListKeys": frozenset({"kms.not_pending_deletion", "kms.not_public", "kms.rotation_enabled"}),
    "kms:ListResourceTags": frozenset({"kms.not_pending_deletion"}),
    "s3:GetBucketAcl": _OPEN_BUCKETS,
    "s3:GetBucketEncryption": frozenset({"s3.encrypted_with_kms"}),
    "s3:GetBucketLocation": frozenset({"s3.access_logging_enabled"}),
    "s3:GetBucketLogging": frozenset({"s3.access_logging_enabled"}),
    "s3:GetBucketOwnershipControls": _OPEN_BUCKETS,
    "s3:GetBucketPolicy": _OPEN_BUCKETS | {"s3.tls_required"},
    "s3:GetBucketPolicyStatus": _OPEN_BUCKETS,
    "s3:GetBucketTagging": frozenset({"s3.access_logging_enabled", "s3.encrypted_with_kms", "s3.versioning_enabled"}),
    "s3:GetBucketVersioning": frozenset({"s3.versioning_enabled"}),
    "s3:GetPublicAccessBlock": _OPEN_BUCKETS | {"s3.block_public_access"},
    "s3:ListBuckets": _OF_BUCKETS | {"cloudtrail.bucket_not_public"},
    "s3control:GetPublicAccessBlock": frozenset({"s3.block_public_access", "s3.not_public"}),
}
"""Call -> the controls that can't be judged without it, all calls that a scan makes after it knows where it is."""

Key = tuple[str, str, str, str | None]
"""Control, kind, id and region; the id of what could not be listed is `*`."""

Said = tuple[Outcome, tuple[Finding, ...], Cause | None]
Verdicts = Mapping[Key, Said]


@pytest.fixture(scope="module")
def sound(account: Account, bench: Bench) -> Reader:
    """A scan in which nothing goes wrong."""
    return bench.scan(Wire().session)


def test_a_scan_makes_these_calls_and_no_other(sound: Reader) -> None:
    made = {question.operation for question in sound.questions()}
    assert made == _NEEDED_BY.keys() | {"sts:GetCallerIdentity"}


@pytest.mark.parametrize("name", sorted(_NEEDED_BY))
def test_what_a_refused_call_gives_is_unknown_with_the_permission_and_the_rest_as_before(
    bench: Bench, sound: Reader, name: str
) -> None:
    wire = Wire()
    wire.spoil(name, denied)
    before, after = verdicts(sound), verdicts(bench.scan(wire.session))

    assert after == refused(before, bench.selected.controls, _CALLS[name])
    assert passing(after) <= passing(before)
    assert changed(before, after) == {f"aws.{control}" for control in _NEEDED_BY[name]}


@pytest.mark.parametrize("fault", [denied, throttled, cut_off])
def test_without_an_identity_nothing_is_judged(bench: Bench, account: Account, fault: Answer) -> None:
    wire = Wire()
    wire.spoil("sts:GetCallerIdentity", fault)
    reader = bench.scan(wire.session)
    assert verdicts(reader) == {}
    assert [(gap.scope, gap.kind) for gap in reader.gaps()] == [("aws", "*")]


def test_without_the_list_of_regions_what_was_read_of_one_passes_for_no_account(bench: Bench, sound: Reader) -> None:
    wire = Wire()
    wire.spoil("ec2:DescribeRegions", denied)
    reader = bench.scan(wire.session, regions=())
    disturbed = verdicts(reader)

    regional = sorted(name for name, kind in kinds().items() if kind.regional)
    assert [(gap.kind, gap.region, gap.cause.permission) for gap in reader.gaps()] == [
        (kind, None, "ec2:DescribeRegions") for kind in regional
    ]
    assert passing(disturbed) < passing(verdicts(sound))
    assert outcomes_of(disturbed, "aws.cloudtrail.multi_region_logging_enabled") == {Outcome.UNKNOWN}


@pytest.mark.parametrize("fault", [throttled, cut_off])
@pytest.mark.parametrize("name", ["iam:ListRoles", "iam:ListPolicies"])
def test_a_list_that_breaks_off_keeps_the_verdicts_of_what_came_and_one_of_what_did_not(
    bench: Bench, sound: Reader, monkeypatch: pytest.MonkeyPatch, name: str, fault: Answer
) -> None:
    one_by_one(monkeypatch)
    wire = Wire()
    wire.spoil(name, fault, after=1)
    disturbed = verdicts(bench.scan(wire.session, regions=(HOME,)))

    (kind,) = [kind.name for kind in kinds().values() if kind.listing and kind.listing.name == name]
    of_kind = {key: said for key, said in disturbed.items() if key[1] == kind}
    came = {key: said for key, said in of_kind.items() if key[2] != "*"}
    missed = {control: said for (control, _, identity, _), said in of_kind.items() if identity == "*"}
    assert came.items() <= verdicts(sound).items()
    assert len({key[2] for key in came}) == 1
    assert missed.keys() == {control.id for control in bench.selected.controls.values() if kind in control.resources}
    assert {outcome for outcome, _, _ in missed.values()} == {Outcome.UNKNOWN}
    assert {cause.kind for _, _, cause in missed.values() if cause} == {"partial"}


@pytest.mark.parametrize(("kind", "fault"), [("throttled", throttled), ("unreachable", cut_off)])
@pytest.mark.parametrize("name", ["s3:ListBuckets", "cloudtrail:DescribeTrails", "s3:GetBucketPolicy"])
def test_a_call_that_is_throttled_or_cut_off_leaves_as_much_unknown_as_one_that_is_refused(
    bench: Bench, sound: Reader, name: str, kind: str, fault: Answer
) -> None:
    wire = Wire()
    wire.spoil(name, fault)
    before, after = verdicts(sound), verdicts(bench.scan(wire.session))

    assert outcomes(after) == outcomes(refused(before, bench.selected.controls, _CALLS[name]))
    causes = [cause for key, (_, _, cause) in after.items() if after[key] != before.get(key)]
    assert {(cause.kind, cause.permission) for cause in causes if cause} == {(kind, None)}


def test_every_report_says_what_was_refused_and_which_permission_would_close_it(
    bench: Bench, account: Account, tmp_path: Path
) -> None:
    wire = Wire()
    wire.spoil("s3:ListBuckets", denied)
    wire.spoil("iam:GetAccountSummary", denied)
    reader = bench.scan(wire.session)
    for name in FORMATS:
        out = tmp_path / f"out.{name}"
        with out.open("wb") as file:
            reporters.load(name).write(reader, file)
        said = flat(content(out))
        for permission in ("s3:ListAllMyBuckets", "iam:GetAccountSummary"):
            assert permission in said, (name, permission)
        for call in ("s3:ListBuckets", "iam:GetAccountSummary"):
            assert f"{call} was refused: AccessDenied." in said, (name, call)


def test_what_was_refused_makes_a_scan_incomplete_where_the_user_says_so(bench: Bench, account: Account) -> None:
    wire = Wire()
    wire.spoil("iam:ListRoles", denied)
    summary = summarize(bench.scan(wire.session))
    controls = [control for control in bench.selected.controls.values() if "aws.iam.role" in control.resources]
    unknown = len(controls) + 1  # and the root user, of whom moto tells nothing
    assert exit_status(summary, fail_on="none")[0] == 0
    assert exit_status(summary, fail_on="none", strict=True) == (
        3,
        f"incomplete: 1 gap and {unknown} unknown verdicts under --strict",
    )
    assert exit_status(summary, fail_on="none", min_coverage=99)[0] == 3


def verdicts(reader: Reader) -> dict[Key, Said]:
    """All verdicts of a bundle, without what is the same in each or changes by asking."""
    read = {key_of(verdict): (verdict.outcome, verdict.findings, verdict.cause) for verdict in reader.verdicts()}
    assert sum(1 for _ in reader.verdicts()) == len(read)
    return read


def key_of(verdict: Verdict) -> Key:
    return verdict.control, verdict.resource.kind, verdict.resource.id, verdict.resource.region


def passing(said: Verdicts) -> set[tuple[str, str]]:
    """What passes on what, wherever that lies."""
    return {(control, identity) for (control, _, identity, _), (outcome, *_) in said.items() if outcome is Outcome.PASS}


def changed(before: Verdicts, after: Verdicts) -> set[str]:
    """Controls of which something else is said, wherever the thing lies of which it is said."""
    old, new = ({(key[:3], repr(said)) for key, said in each.items()} for each in (before, after))
    return {control for (control, *_), _ in old ^ new}


def outcomes(said: Verdicts) -> dict[Key, Outcome]:
    return {key: outcome for key, (outcome, _, _) in said.items()}


def outcomes_of(said: Verdicts, control: str) -> set[Outcome]:
    return {outcome for key, (outcome, _, _) in said.items() if key[0] == control}


def refused(sound: Verdicts, controls: Mapping[str, Control], call: Call) -> dict[Key, Said]:
    """What is left of a sound scan when a call is refused, going by the tables, the joins and what controls read."""
    unknown: Said = (
        Outcome.UNKNOWN,
        (),
        Cause("access_denied", f"{call.name} was refused: {code_of(call)}.", call.action),
    )
    lost = [path for kind in kinds().values() for path in lost_of(kind, call)]
    unlisted = {kind for kind, path in lost if not path}
    left = {
        placed(key, call): unknown if needs(controls[key[0]], key[1], lost) else said
        for key, said in sound.items()
        if key[1] not in unlisted
    }
    missed = {
        (control.id, kind, "*", region): unknown
        for control in controls.values()
        for kind in unlisted & set(control.resources)
        for region in (REGIONS if kinds()[kind].regional else (None,))
    }
    return {**left, **missed}


def code_of(call: Call) -> str:
    return "AccessDeniedException" if call.service in ("kms", "cloudtrail") else "AccessDenied"


def lost_of(kind: Kind, call: Call) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Kind and path of all that the call gives; no path for the list of the kind itself."""
    if kind.listing and kind.listing.name == call.name:
        yield kind.name, ()
    sources: list[tuple[tuple[str, ...], Source]] = [
        (("attributes", name), kind.attributes[name]) for name in kind.attributes
    ]
    if kind.labels:
        sources.append((("labels",), kind.labels))
    for path, source in sources:
        if call.name in {each.name for each in calls_of(source)}:
            yield kind.name, path
    if kind.region_call and kind.region_call.name == call.name:
        yield kind.name, ("region",)


def needs(control: Control, kind: str, lost: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether a control on a kind reads any of what is lost, of the thing itself or of one that is joined."""
    paths = [path for of, path in lost if of == kind]
    for join in (join for join in JOINS if join.onto == kind):
        paths += [("related", join.name, *(("*", *path) if path else ())) for of, path in lost if of in join.kinds]
    return any(overlaps(read, path) for read in control.reads for path in paths)


def placed(key: Key, call: Call) -> Key:
    """A bucket whose region is not told has none."""
    control, kind, identity, region = key
    place = kinds()[kind].region_call
    return control, kind, identity, None if place and place.name == call.name else region


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each page of IAM's lists hold one item, as far as moto has pages."""
    tables = [replace(kind, listing=replace(kind.listing, page_size=1)) for kind in iam.KINDS if kind.listing]
    monkeypatch.setattr(iam, "KINDS", tuple(tables))
