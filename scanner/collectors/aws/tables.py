"""The words in which the service modules say what is read and how: tables, no code that asks.

A service module (`s3.py`, `iam.py`) holds `KINDS`, nothing else. A `Kind` is listed with one `Call` and completed with
attributes, each a `Call` of its own or a `Row` of an answer that covers many resources at once. `Aws` runs the tables;
the permissions a scan needs are read from them too, so what is printed is what is asked.

Texts with braces are templates. They are filled from the listed item (`{UserName}`) and from what is known of the
account: `{partition}` and `{account}`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from scanner.model import Json

Transform: TypeAlias = Callable[[Json], Json]


class AnswerError(ValueError):
    """An answer that is not what the service's model promises: cut, unparsable, or without what must be in it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of one service, and how to read its answer. All pages are read where there are pages."""

    name: str
    """botocore's service and the API's operation: `s3control:GetPublicAccessBlock`."""
    result: str = ""
    """The key of the answer that is wanted; empty for the whole answer."""
    parameters: Mapping[str, Json] = field(default_factory=dict)
    """Texts in it, also inside lists, are templates."""
    absent: tuple[str, ...] = ()
    """Error codes by which the service says that there is none. Any other error leaves the attribute unread."""
    optional: bool = False
    """Whether an answer without `result` means that there is none. Otherwise such an answer is unusable."""
    requires: tuple[str, ...] = ()
    """Keys that the answer, or what `result` names, must have. A body that was cut can parse as an empty answer."""
    keeps: tuple[str, ...] = ()
    """The keys to keep of a whole answer; empty for all."""
    transform: Transform | None = None
    permission: str = ""
    """The IAM action where it isn't called like the operation, see the Service Authorization Reference."""
    page_size: int | None = None

    @property
    def service(self) -> str:
        return self.name.partition(":")[0]

    @property
    def operation(self) -> str:
        return self.name.partition(":")[2]

    @property
    def action(self) -> str:
        """The permission it takes: `s3:GetEncryptionConfiguration`."""
        return self.permission or self.name


@dataclass(frozen=True, slots=True)
class Job:
    """A call that starts something slow, repeated until the answer says that it is done."""

    call: Call
    done: Json
    """What `call` gives when the job is done."""


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """One answer about many resources: asked once an account, first of all, and kept until the scan ends."""

    call: Call
    """Gives a list of rows."""
    key: str
    """The field of a row that tells whose it is."""
    job: Job | None = None
    """What must be done before `call` can be made."""

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.job.call, self.call) if self.job else (self.call,)


@dataclass(frozen=True, slots=True)
class Row:
    """What a report says of one resource."""

    report: Report
    result: str = ""
    """The field of the row; empty for the whole row."""
    default: Json = None
    """What a row without the field says; IAM leaves out empty lists. None: such a row is unusable."""
    key: str = "{Arn}"
    transform: Transform | None = None


Source: TypeAlias = Call | Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of resource."""

    name: str
    """`aws.s3.bucket`."""
    listing: Call | None = None
    """What gives the items. None for the account itself: one item, `{"AccountId": …}`."""
    id: str
    title: str
    """Template of the resource's name."""
    attributes: Mapping[str, Source] = field(default_factory=dict)
    labels: Source | None = None
    """Gives a mapping of tag keys to values."""
    keeps: tuple[str, ...] | None = None
    """Fields of the listed item that become attributes; None for all."""
    parsed: Mapping[str, Transform] = field(default_factory=dict)
    """Fields of the listed item that are parsed."""
    regional: bool = False
    """Whether it is listed in every region, or once."""
    region: str = ""
    """Template of the region where the details are asked for; where it can't be filled, see `region_call`."""
    region_call: Call | None = None
    """Gives the region of an item whose listing doesn't."""
    once: bool = False
    """Whether several regions may list the same item, which is then taken once."""

    def wants(self, names: frozenset[str]) -> dict[str, Source]:
        """The attributes to read when `names` are wanted."""
        return {name: source for name, source in self.attributes.items() if {name, "*"} & names}

    def wants_labels(self, names: frozenset[str]) -> Source | None:
        """Where to read the labels, or None when they aren't wanted or come with nothing."""
        return self.labels if {"labels", "*"} & names else None

    def sources(self, names: frozenset[str]) -> list[Source]:
        """All that is read of each item when `names` are wanted."""
        labels = self.wants_labels(names)
        return [*self.wants(names).values(), *([labels] if labels else [])]

    def calls(self, names: frozenset[str]) -> list[Call]:
        """Every call that is made for it when `names` are wanted."""
        own = [call for call in (self.listing, self.region_call) if call]
        return own + [call for source in self.sources(names) for call in calls_of(source)]


Selection: TypeAlias = list[tuple[Kind, frozenset[str]]]
"""Kinds to read, each with the names that are wanted of it."""


def calls_of(source: Source) -> tuple[Call, ...]:
    """The calls behind an attribute."""
    return source.report.calls if isinstance(source, Row) else (source,)


def reports_of(selection: Selection) -> list[Report]:
    """The reports that are needed, each once; those that are jobs first, since they take time."""
    rows = [s for kind, names in selection for s in kind.sources(names) if isinstance(s, Row)]
    return sorted(dict.fromkeys(row.report for row in rows), key=lambda report: report.job is None)


def is_slow(kind: Kind, names: frozenset[str]) -> bool:
    """Whether it waits for a job."""
    return any(isinstance(source, Row) and source.report.job for source in kind.sources(names))


def policy(document: Json) -> Json:
    """A policy as JSON. botocore has decoded those of IAM already, except where it failed."""
    if isinstance(document, str):
        document = _json(document)
    if not isinstance(document, dict):
        raise AnswerError("the policy is not a JSON object")
    return document


def policies(entries: Json) -> Json:
    """`[{PolicyName, PolicyDocument}]` with the documents as JSON."""
    return [{**entry, "PolicyDocument": policy(entry.get("PolicyDocument"))} for entry in entries]


def tags(key: str, value: str) -> Transform:
    """Makes a mapping of a list of tags whose fields have these names."""

    def mapping(entries: Json) -> Json:
        if any(key not in entry for entry in entries):
            raise AnswerError(f"a tag has no {key}")
        return {entry[key]: entry.get(value, "") for entry in entries}

    return mapping


def table(content: Json) -> Json:
    """The rows of a CSV document, strings as they stand."""
    try:
        return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise AnswerError("the report is not CSV in UTF-8") from error


def _json(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnswerError("the policy is not JSON") from error
