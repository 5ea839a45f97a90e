"""Each call of the tables is spoiled in turn: what it reads is unread or a gap, and everything else as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pytest

from scanner.collectors.aws import Aws, kinds
from scanner.collectors.aws.tables import Call, Kind, Row, calls_of
from scanner.model import Cause, Gap, Question, Resource
from tests.integration.aws.conftest import lead_to, reset
from tests.integration.aws.estate import ABROAD, ACCOUNT, HOME, build, settled
from tests.integration.aws.faults import Answer, Wire, cut_off, denied, halved, throttled

pytestmark = pytest.mark.moto

_ALL = {name: frozenset("*") for name in kinds()}
_CALLS = {call.name: call for kind in kinds().values() for call in kind.calls(frozenset("*"))}
_FAULTS: Mapping[str, Answer] = {
    "access_denied": denied,
    "throttled": throttled,
    "unreachable": cut_off,
    "invalid_answer": halved,
}

# botocore takes XML of S3 that can't be parsed for a failure of the service and tries again.
_TAKEN_FOR_FAILURES = {name for name in _CALLS if name.startswith("s3:")} - {
    "s3:GetBucketPolicy",
    "s3:GetBucketLocation",
}

Known = tuple[dict[str, Resource], set[Gap]]


@pytest.fixture(scope="module")
def server(moto_server: str) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environment:
        lead_to(moto_server, environment)
        reset(moto_server)
        build(moto_server)
        yield moto_server


@pytest.fixture(scope="module")
def sound(server: str) -> dict[str, Resource]:
    """What a scan reads when nothing goes wrong."""
    resources, gaps, _ = scan(Wire())
    assert gaps == set()
    return resources


@pytest.mark.parametrize("fault", _FAULTS)
@pytest.mark.parametrize("name", sorted(_CALLS))
def test_what_a_spoiled_call_reads_is_unread_and_the_rest_as_before(
    sound: dict[str, Resource], name: str, fault: str
) -> None:
    wire = Wire()
    wire.spoil(name, _FAULTS[fault])
    resources, gaps, questions = scan(wire)

    cause = the_cause(question for question in questions if question.operation == name)
    assert cause.kind == (fault if fault != "invalid_answer" or name not in _TAKEN_FOR_FAILURES else "unreachable")
    assert cause.permission == (_CALLS[name].action if fault == "access_denied" else None)
    assert (resources, gaps) == without(sound, name, cause)


@pytest.mark.parametrize("fault", _FAULTS)
def test_without_an_identity_there_is_one_gap_and_nothing_more(server: str, fault: str) -> None:
    wire = Wire()
    wire.spoil("sts:GetCallerIdentity", _FAULTS[fault])
    resources, gaps, questions = scan(wire)

    [gap] = gaps
    assert (resources, len(questions)) == ({}, 1)
    assert (gap.scope, gap.kind, gap.region, gap.cause.kind) == ("aws", "*", None, fault)


@pytest.mark.parametrize("fault", _FAULTS)
def test_without_a_list_of_regions_one_is_read_and_every_regional_kind_has_a_gap(
    sound: dict[str, Resource], fault: str
) -> None:
    wire = Wire()
    wire.spoil("ec2:DescribeRegions", _FAULTS[fault])
    resources, gaps, _ = scan(wire, regions=())

    assert {resource.region for resource in resources.values() if kinds()[resource.kind].regional} == {HOME}
    assert {(gap.kind, gap.region, gap.cause.kind) for gap in gaps} == {
        ("aws.kms.key", None, fault),
        ("aws.cloudtrail.trail", None, fault),
    }
    assert all(gap.cause.detail.endswith(f"Of all regions only {HOME} was read.") for gap in gaps)


@pytest.mark.parametrize("fault", _FAULTS)
def test_two_scans_of_the_same_failure_say_the_same(server: str, fault: str) -> None:
    said = []
    for _ in range(2):
        wire = Wire()
        wire.spoil("s3:GetBucketPolicy", _FAULTS[fault])
        resources, gaps, questions = scan(wire)
        said.append((resources, gaps, {replace(question, asked_at="") for question in hashable(questions)}))
    assert said[0] == said[1]


def scan(wire: Wire, regions: tuple[str, ...] = (HOME, ABROAD)) -> tuple[dict[str, Resource], set[Gap], list[Question]]:
    """All that is collected of all kinds: resources by id, gaps, questions."""
    collected = list(Aws("aws", regions=regions, session=wire.session).collect(_ALL))
    resources = [settled(one) for one in collected if isinstance(one, Resource)]
    by_id = {resource.id: resource for resource in resources}
    assert len(by_id) == len(resources)
    gaps = {one for one in collected if isinstance(one, Gap)}
    return by_id, gaps, [one for one in collected if isinstance(one, Question)]


def hashable(questions: Iterable[Question]) -> Iterator[Question]:
    """The questions with parameters that a set can hold."""
    return (replace(question, parameters=repr(question.parameters)) for question in questions)  # type: ignore[arg-type]


def the_cause(questions: Iterable[Question]) -> Cause:
    """What the ledger says of a call that was spoiled each time, in the words that the resources are to hold."""
    [(operation, error)] = {(question.operation, question.error) for question in questions}
    assert error is not None
    assert "4711" not in error
    kind = next(kind for kind, words in _WORDS.items() if words in error)
    return Cause(kind, error, _CALLS[operation].action if kind == "access_denied" else None)


_WORDS = {
    "access_denied": "was refused: ",
    "throttled": "was throttled: ",
    "unreachable": "got no answer from http://127.0.0.1:",
    "invalid_answer": "got an answer that can't be used: ",
}


def without(sound: dict[str, Resource], name: str, cause: Cause) -> Known:
    """What is left of a sound scan when a call gives nothing, as the tables have it."""
    listed = {kind.name for kind in kinds().values() if kind.listing and kind.listing.name == name}
    left = {
        identity: _spoiled(resource, kinds()[resource.kind], name, cause)
        for identity, resource in sound.items()
        if resource.kind not in listed
    }
    places = {kind: (HOME, ABROAD) if kinds()[kind].regional else (None,) for kind in listed}
    gaps = {Gap(f"aws:{ACCOUNT}", kind, cause, region) for kind in listed for region in places[kind]}
    return left, gaps


def _spoiled(resource: Resource, kind: Kind, name: str, cause: Cause) -> Resource:
    lost = {path for path, source in _sources(kind) if name in {call.name for call in calls_of(source)}}
    unread = {**resource.unread, **dict.fromkeys(lost, cause)}
    attributes = {key: value for key, value in resource.attributes.items() if f"attributes.{key}" not in lost}
    resource = replace(
        resource, unread=unread, attributes=attributes, labels={} if "labels" in lost else resource.labels
    )
    if kind.region_call and kind.region_call.name == name:
        return replace(resource, region=None, unread={**unread, "region": cause})
    return resource


def _sources(kind: Kind) -> Iterator[tuple[str, Call | Row]]:
    yield from ((f"attributes.{key}", source) for key, source in kind.attributes.items())
    if kind.labels:
        yield "labels", kind.labels
