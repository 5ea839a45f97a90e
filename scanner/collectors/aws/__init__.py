"""Reads one AWS account: runs the tables of the service modules beside this one.

`aws.<service>.<thing>` is described in `<service>.py`; nothing else has to be said of it anywhere.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from scanner.collectors.aws.calls import Asker, Caller, Clients, Clock, Reply
from scanner.collectors.aws.crew import Crew, Reading
from scanner.collectors.aws.reader import Reader
from scanner.collectors.aws.redaction import Redaction
from scanner.collectors.aws.tables import Call, Kind, Report, Row, Selection, reports_of
from scanner.errors import ConfigurationError, nearest
from scanner.interfaces import Collected
from scanner.model import Cause, Gap, Json, Path, Question, Source, Wanted
from scanner.redact import Redactor, load_key

if TYPE_CHECKING:
    from botocore.session import Session

_IDENTITY = Call("sts:GetCallerIdentity", requires=("Account", "Arn"), keeps=("Account", "Arn"))
_REGIONS = Call("ec2:DescribeRegions", "Regions")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")


def _now() -> datetime:
    return datetime.now(UTC)


class Aws:
    """Reads the account that the credentials belong to. See `Collector`."""

    def __init__(
        self,
        source: str,
        *,
        profile: str | None = None,
        regions: Sequence[str] = (),
        jobs: int = 8,
        clock: Clock = _now,
        session: Session | None = None,
        redactor: Redactor | None = None,
    ) -> None:
        self.source = source
        self._profile = profile
        self._regions = tuple(dict.fromkeys(regions))
        """Regions to read instead of all that are enabled."""
        self._jobs = jobs
        self._clock = clock
        self._session = session
        """Where credentials and settings come from instead of boto3's standard chain."""
        self._redactor = redactor

    def collect(self, wanted: Wanted) -> Iterator[Collected]:
        """See `Collector.collect`."""
        redacted = Redaction(self._redactor or Redactor(load_key()))
        # Closed with this one, so that a reader who leaves ends the scan.
        with closing(self._collect(wanted)) as items:
            for item in items:
                yield redacted(item)

    def locate(self, source: Source, path: Path) -> int | None:
        """See `Collector.locate`: no file was read."""
        return None

    def _collect(self, wanted: Wanted) -> Generator[Collected, None, None]:
        selection, missing = _select(wanted)
        if not selection and not missing:
            return
        session = self._session or _session(self._profile)
        _check_regions(session, self._regions)
        asker = Asker(Clients(session, self._jobs), self._clock)
        identity = asker.ask(_IDENTITY, asker.clients.home, {})
        yield from _ledger(identity)
        if identity.cause:
            yield Gap("aws", "*", identity.cause)
            return
        caller = Caller(identity.value["Account"], identity.value["Arn"])
        yield from (Gap(caller.scope, kind, _uncollected(kind)) for kind in missing)
        yield from self._read(replace(asker, caller=caller), caller, selection)

    def _read(self, asker: Asker, caller: Caller, selection: Selection) -> Iterator[Collected]:
        crew = Crew(self._jobs)
        try:
            # Reports come first into the queue: what waits for them is behind them and can't block them.
            reports = {
                report: crew.begin(partial(_report, asker, caller, report, selection))
                for report in reports_of(selection)
            }
            regions = self._regions or (yield from _enabled_regions(asker, caller, selection))
            reader = Reader(asker, caller, frozenset(self._regions), reports)
            yield from crew.run(deque(reader.steps(selection, regions)))
        finally:
            asker.stopped.set()
            crew.close()


def kinds() -> dict[str, Kind]:
    """Every kind that can be collected."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {kind.name: kind for module in modules for kind in _kinds_of(module)}


def permissions(wanted: Wanted) -> dict[str, Json]:
    """The IAM policy document that allows exactly the calls that collecting `wanted` makes."""
    selection, _ = _select(wanted)
    calls = [call for kind, names in selection for call in kind.calls(names)]
    if selection:
        calls.append(_IDENTITY)
    if any(kind.regional for kind, _ in selection):
        calls.append(_REGIONS)
    services: dict[str, set[str]] = {}
    for call in calls:
        services.setdefault(call.action.partition(":")[0], set()).add(call.action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": f"Read{service.title()}", "Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
            for service, actions in sorted(services.items())
        ],
    }


def _select(wanted: Wanted) -> tuple[Selection, list[str]]:
    """The kinds to read with the names that are wanted of each, and the AWS kinds that aren't in the tables."""
    asked = sorted(kind for kind in wanted if kind.startswith("aws."))
    found = {kind: _kind(kind) for kind in asked}
    selection = [(kind, wanted[name]) for name, kind in found.items() if kind]
    return selection, [name for name, kind in found.items() if not kind]


def _kind(name: str) -> Kind | None:
    return next((kind for kind in _kinds_of(name.split(".")[1]) if kind.name == name), None)


def _kinds_of(module: str) -> tuple[Kind, ...]:
    """The kinds of a service; only its own tables are imported."""
    name = f"{__name__}.{module}"
    if not module.isidentifier() or not importlib.util.find_spec(name):
        return ()
    found: tuple[Kind, ...] = getattr(importlib.import_module(name), "KINDS", ())
    return found


def _session(profile: str | None) -> Session:
    """boto3's standard chain, without loading what boto3 adds to botocore."""
    from botocore.exceptions import ConfigParseError, ProfileNotFound
    from botocore.session import Session

    session = Session(profile=profile)
    try:
        session.get_scoped_config()
        session.get_config_variable("max_attempts")
    except ProfileNotFound as error:
        hint = nearest(str(session.profile), session.available_profiles)
        raise ConfigurationError(f"there is no AWS profile {session.profile}", hint=hint) from error
    except (ConfigParseError, ValueError) as error:
        raise ConfigurationError(f"the AWS configuration can't be read: {error}") from error
    return session


def _check_regions(session: Session, regions: Iterable[str]) -> None:
    """Raises `ConfigurationError` for what can't be the name of a region."""
    for region in regions:
        if not _REGION.fullmatch(region):
            hint = nearest(region, session.get_available_regions("ec2"))
            raise ConfigurationError(f"{region!r} is not the name of an AWS region", hint=hint)


def _enabled_regions(asker: Asker, caller: Caller, selection: Selection) -> Generator[Collected, None, tuple[str, ...]]:
    """The regions to read: all that the account has on, or the one at hand when that is not told."""
    regional = [kind.name for kind, _ in selection if kind.regional]
    home = asker.clients.home
    if not regional:
        return (home,)
    reply = asker.ask(_REGIONS, home, caller.known)
    yield from _ledger(reply)
    if reply.cause:
        detail = f"{reply.cause.detail} Of all regions only {home} was read."
        yield from (Gap(caller.scope, kind, replace(reply.cause, detail=detail)) for kind in regional)
        return (home,)
    return tuple(sorted(region["RegionName"] for region in reply.value if region.get("OptInStatus") != "not-opted-in"))


def _report(asker: Asker, caller: Caller, report: Report, selection: Selection) -> Reading:
    sources = [source for kind, names in selection for source in kind.sources(names)]
    fields = frozenset(row.result for row in sources if isinstance(row, Row) and row.report is report)
    rows = asker.report(report, asker.clients.home, caller.known, fields)
    return Reading(rows.questions, rows=rows)


def _ledger(reply: Reply) -> Iterator[Question]:
    if reply.question:
        yield reply.question


def _uncollected(kind: str) -> Cause:
    return Cause("unsupported", f"{kind} is not among the kinds that this version collects.")
