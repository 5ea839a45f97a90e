"""The whole program on one page: collect, link, judge, record. Reports come from the sealed bundle afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from scanner.catalog import Catalog
from scanner.interfaces import Collected, Collector, Engine, Recorder
from scanner.judge import Judge
from scanner.link import Linker
from scanner.model import Gap, Path, Resource

Watch = Callable[[str, Collected], None]
"""Told of everything as it comes: the source it is from and the thing itself."""


class Interrupted(KeyboardInterrupt):
    """The user, or the system, asked the scan to stop."""

    def __init__(self, signal: int) -> None:
        super().__init__()
        self.signal = signal


def run(
    catalog: Catalog,
    collectors: Sequence[Collector],
    engine: Engine,
    recorder: Recorder,
    *,
    now: str,
    watch: Watch = lambda _source, _item: None,
) -> None:
    """Judge what the collectors find by the catalog's controls, and seal the record, also when it is interrupted or
    fails.

    `now` is the scan's clock, RFC 3339 in UTC. Raises what the parts raise, after sealing.
    """
    linker = Linker(catalog.controls)
    sources: dict[str, Collector] = {}

    def locate(resource: Resource, path: Path) -> int | None:
        source = resource.source
        return sources[resource.scope].locate(source, path) if source else None

    judge = Judge(catalog.controls, catalog.values, engine, now=now, locate=locate)

    def linked() -> Iterator[Resource]:
        for collector in collectors:
            for item in collector.collect(linker.wanted):
                watch(collector.source, item)
                if isinstance(item, Resource):
                    sources[item.scope] = collector
                    yield from linker.add(item)
                    continue
                recorder.ledger(item)
                if isinstance(item, Gap):
                    linker.gap(item)
                    judge.gap(item, recorder.verdict)
        yield from linker.finish()

    reason: str | None = "the scanner failed"
    try:
        judge.judge(((resource, recorder.state(resource)) for resource in linked()), recorder.verdict)
        reason = None
    except KeyboardInterrupt:
        reason = "interrupted"
        raise
    finally:
        recorder.seal(complete=reason is None, reason=reason)
