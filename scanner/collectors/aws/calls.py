"""Asks AWS what the tables say and writes down each question: clients, pages, jobs, and answers as plain JSON.

Nothing here raises for what AWS or the network does: a `Reply` has a value, or a cause why there is none.
"""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

from scanner.collectors.aws.causes import cause_of, code_of, errors
from scanner.collectors.aws.tables import AnswerError, Call, Job, Report, Row
from scanner.model import Cause, Json, Question

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.config import Config
    from botocore.session import Session

Clock: TypeAlias = Callable[[], datetime]
Known: TypeAlias = Mapping[str, Json]
"""What templates are filled from."""

_ATTEMPTS = 5
_POLLS = 30
_LONGEST_POLL = 5.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as `sts:GetCallerIdentity` tells."""

    account: str
    arn: str

    @property
    def scope(self) -> str:
        return f"aws:{self.account}"

    @property
    def known(self) -> dict[str, Json]:
        """What templates may use of the account."""
        return {"partition": self.arn.split(":")[1], "account": self.account}


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a call, or of one of its pages."""

    value: Json = None
    """None when there is none, and when there is a cause."""
    question: Question | None = None
    """With the last page only."""
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A report that was read, or why it wasn't."""

    rows: Mapping[str, Mapping[str, Json]]
    cause: Cause | None = None
    questions: tuple[Question, ...] = ()


class Clients:
    """One client for each service and region, built when it is first needed."""

    def __init__(self, session: Session, connections: int) -> None:
        self.home: str = session.get_config_variable("region") or "us-east-1"
        """Where global services are asked, and what says which regions there are."""
        self._session = session
        self._config = _config(session, connections)
        self._clients: dict[tuple[str, str], BaseClient] = {}
        self._building = threading.Lock()

    def get(self, service: str, region: str) -> BaseClient:
        """Raises what `errors()` names when the configuration allows no such client."""
        client = self._clients.get((service, region))
        if client is None:
            # Building isn't thread-safe, and is all computation: the lock holds up nobody whom Python wouldn't.
            with self._building:
                client = self._clients.get((service, region)) or self._build(service, region)
                self._clients[service, region] = client
        return client

    def _build(self, service: str, region: str) -> BaseClient:
        from botocore.exceptions import EndpointConnectionError

        try:
            client: BaseClient = self._session.create_client(service, region_name=region, config=self._config)
        except ValueError as error:
            raise EndpointConnectionError(endpoint_url=f"of {service}", error=error) from error
        if "amazonaws" not in client.meta.endpoint_url:
            client.meta.events.register("before-call", partial(_keep_host, client.meta.endpoint_url))
        return client


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks on behalf of one caller."""

    clients: Clients
    clock: Clock
    caller: Caller | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    """Set when nobody waits for answers any more."""

    def ask(self, call: Call, region: str, known: Known) -> Reply:
        """The whole answer, lists of all pages joined."""
        value: Json = None
        reply = Reply()
        for reply in self.pages(call, region, known):
            if reply.value is not None:
                value = reply.value if value is None else value + reply.value
        return replace(reply, value=None if reply.cause else value)

    def pages(self, call: Call, region: str, known: Known) -> Iterator[Reply]:
        """The answer page by page, then a reply with the question and, where it was cut short, the cause."""
        asked = Question(self._scope, "", call.name, {}, self._principal, timestamp(self.clock()), "ok", pages=0)
        try:
            client = self.clients.get(call.service, region)
            asked = replace(asked, endpoint=client.meta.endpoint_url, parameters=fill(call.parameters, known))
            for answer in _answers(client, call, asked.parameters):
                value = _read(call, answer)
                asked = replace(asked, pages=asked.pages + 1, items=asked.items + _size(value))
                yield Reply(value)
        except errors() as error:
            yield _failed(call, asked, error)
        else:
            yield Reply(question=asked)

    def report(self, report: Report, region: str, known: Known, fields: frozenset[str]) -> Rows:
        """All rows by their key, with `fields` only (all where one of them is empty)."""
        replies = [*self._run(report.job, region, known)] if report.job else []
        if not (replies and replies[-1].cause):
            replies.append(self.ask(report.call, region, known))
        questions = tuple(reply.question for reply in replies if reply.question)
        rows = {
            row[report.key]: row if "" in fields else {name: row[name] for name in fields & row.keys()}
            for row in replies[-1].value or []
            if row.get(report.key)
        }
        return Rows(rows, replies[-1].cause, questions)

    def _run(self, job: Job, region: str, known: Known) -> Iterator[Reply]:
        """A reply for each time that was asked, the last with a cause when the job wasn't done."""
        for poll in range(_POLLS):
            reply = self.ask(job.call, region, known)
            yield reply
            if reply.cause or reply.value == job.done:
                return
            if self.stopped.wait(min(0.1 * 2**poll, _LONGEST_POLL)):
                break
        yield Reply(cause=Cause("timed_out", f"{job.call.name} was not done after {_POLLS} times."))

    @property
    def _scope(self) -> str:
        return self.caller.scope if self.caller else "aws"

    @property
    def _principal(self) -> str | None:
        return self.caller.arn if self.caller else None


def pick(row: Row, rows: Rows, known: Known) -> Reply:
    """What a report says of the resource that `known` describes."""
    if rows.cause:
        return Reply(cause=rows.cause)
    call = row.report.call
    try:
        found = rows.rows.get(fill(row.key, known))
        if found is None:
            return Reply(cause=Cause("not_in_source", f"{call.name} has no row for it."))
        value = found.get(row.result, row.default) if row.result else found
        if value is None:
            raise AnswerError(f"a row has no {row.result}")
        return Reply(row.transform(value) if row.transform else value)
    except AnswerError as error:
        return Reply(cause=cause_of(error, call))


def fill(template: Json, known: Known) -> Json:
    """The template with its gaps filled; raises `AnswerError` where `known` lacks one."""
    if isinstance(template, Mapping):
        return {key: fill(value, known) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, known) for value in template]
    if not isinstance(template, str):
        return template
    try:
        return template.format_map(known)
    except KeyError as error:
        raise AnswerError(f"an item has no {error.args[0]}") from error


def plain(value: Json) -> Json:
    """As JSON: times in ISO 8601 and UTC, bytes in base64, what is null left out."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return timestamp(value)
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def timestamp(moment: datetime) -> str:
    """`2026-01-02T03:04:05Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _config(session: Session, connections: int) -> Config:
    from botocore.config import Config

    attempts = session.get_config_variable("max_attempts") or _ATTEMPTS
    # botocore gives its own default as if it had been configured, so the configuration is looked at itself.
    configured = os.environ.get("AWS_RETRY_MODE") or session.get_scoped_config().get("retry_mode")
    mode: Literal["adaptive", "standard"] = "standard" if configured == "standard" else "adaptive"
    return Config(
        retries={"mode": mode, "total_max_attempts": attempts},
        max_pool_connections=connections,
        connect_timeout=5,
        read_timeout=30,
        # By path all buckets of a region share its connections; by host name each bucket would need its own.
        s3={"addressing_style": "path"},
    )


def _keep_host(endpoint: str, params: dict[str, Json], **_: Json) -> None:
    """Some operations put the account before the host's name, which only AWS's own names allow."""
    params["url"] = urlsplit(params["url"])._replace(netloc=urlsplit(endpoint).netloc).geturl()


def _answers(client: BaseClient, call: Call, parameters: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    from botocore import xform_name

    method = xform_name(call.operation)
    if client.can_paginate(method):
        paging = {"PageSize": call.page_size} if call.page_size else {}
        yield from client.get_paginator(method).paginate(**parameters, PaginationConfig=paging)
    else:
        yield getattr(client, method)(**parameters)


def _read(call: Call, answer: dict[str, Json]) -> Json:
    """What the call wants of an answer, as plain JSON; None when there is none."""
    value: Json = {key: item for key, item in answer.items() if key != "ResponseMetadata"}
    if call.result:
        if call.result not in answer and not call.optional:
            raise AnswerError(f"it has no {call.result}")
        value = answer.get(call.result)
    for key in call.requires:
        if key not in value:
            raise AnswerError(f"it has no {key}")
    if call.keeps:
        value = {key: value[key] for key in call.keeps if key in value}
    return plain(call.transform(value) if call.transform else value)


def _size(value: Json) -> int:
    return len(value) if isinstance(value, list) else int(value is not None)


def _failed(call: Call, asked: Question, error: Exception) -> Reply:
    code = code_of(error)
    if code in call.absent:
        return Reply(question=replace(asked, status=code, pages=1))
    cause = cause_of(error, call, asked.endpoint)
    return Reply(question=replace(asked, status=code, error=cause.detail), cause=cause)
