"""Makes resources of the tables: lists the items of a kind and reads of each what is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial

from scanner.collectors.aws.calls import Asker, Caller, Known, Reply, Rows, fill, pick
from scanner.collectors.aws.causes import cause_of
from scanner.collectors.aws.crew import Reading, Step
from scanner.collectors.aws.tables import AnswerError, Call, Kind, Report, Selection, Source, is_slow
from scanner.model import Cause, Gap, Json, Question, Resource


@dataclass(frozen=True, slots=True)
class _Listing:
    """One kind in one region."""

    kind: Kind
    names: frozenset[str]
    """What is wanted of each item."""
    region: str
    """Where it is listed; for a global kind the region that is asked."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing that was listed."""

    listing: _Listing
    id: str
    title: str
    fields: Mapping[str, Json]
    known: Known


class Reader:
    """The steps that a crew takes; each may be taken on any thread."""

    def __init__(
        self,
        asker: Asker,
        caller: Caller,
        regions: frozenset[str],
        reports: Mapping[Report, Future[Reading]],
    ) -> None:
        self._asker = asker
        self._caller = caller
        self._regions = regions
        """Regions outside of which nothing is wanted; empty for all."""
        self._reports = reports
        self._seen: dict[tuple[str, str], object] = {}

    def steps(self, selection: Selection, regions: Sequence[str]) -> Iterator[Step]:
        """The first step of each listing; kinds that wait for a job come last."""
        home = (self._asker.clients.home,)
        for kind, names in sorted(selection, key=lambda selected: is_slow(*selected)):
            for region in regions if kind.regional else home:
                yield self._first(_Listing(kind, names, region))

    def _first(self, listing: _Listing) -> Step:
        call = listing.kind.listing
        if call is None:
            return partial(self._read, self._item(listing, {"AccountId": self._caller.account}))
        return partial(self._turn, listing, call, self._asker.pages(call, listing.region, self._caller.known))

    def _turn(self, listing: _Listing, call: Call, pages: Iterator[Reply]) -> Reading:
        """The next page: a step for each of its items."""
        reply = next(pages)
        if reply.question:
            return Reading((reply.question, *self._cut_short(listing, reply.question, reply.cause)))
        try:
            items = [self._item(listing, fields) for fields in reply.value]
        except AnswerError as error:
            return Reading((self._gap(listing, cause_of(error, call)),))
        return Reading(
            items=tuple(partial(self._read, item) for item in items),
            rest=partial(self._turn, listing, call, pages),
        )

    def _item(self, listing: _Listing, fields: Mapping[str, Json]) -> _Item:
        kind, known = listing.kind, {**self._caller.known, **fields}
        return _Item(listing, fill(kind.id, known), fill(kind.title, known), fields, known)

    def _cut_short(self, listing: _Listing, question: Question, cause: Cause | None) -> Iterator[Gap]:
        """What a listing leaves open that didn't come to its end; the cause is another when a part of it was read."""
        if cause and question.pages:
            read = f"{_count(question.items, 'item')} on {_count(question.pages, 'page')}"
            detail = f"{cause.detail} Before that came {read}."
            cause = Cause("partial", detail, cause.permission)
        if cause:
            yield self._gap(listing, cause)

    def _gap(self, listing: _Listing, cause: Cause) -> Gap:
        region = listing.region if listing.kind.regional else None
        return Gap(self._caller.scope, listing.kind.name, cause, region)

    def _read(self, item: _Item) -> Reading:
        """The resource and the questions that were asked for it."""
        kind = item.listing.kind
        if kind.once and not self._is_first(kind.name, item.id):
            return Reading()
        region = self._place(item)
        questions = [region.question] if region.question else []
        if self._is_elsewhere(kind, region.value):
            return Reading(tuple(questions))
        attributes, unread = _listed(item)
        if region.cause:
            unread["region"] = region.cause
        resource = Resource(
            kind.name, item.id, item.title, self._caller.scope, attributes, region=region.value, unread=unread
        )
        return self._with_details(item, resource, questions)

    def _with_details(self, item: _Item, resource: Resource, questions: list[Question]) -> Reading:
        attributes, unread = dict(resource.attributes), dict(resource.unread)
        labels: Mapping[str, str] = {}
        for path, source in _details(item.listing):
            reply = self._detail(source, resource.region or item.listing.region, item.known)
            questions += [reply.question] if reply.question else []
            if reply.cause:
                unread[path] = reply.cause
            elif path == "labels":
                labels = reply.value or {}
            elif reply.value is not None:
                attributes[path.removeprefix("attributes.")] = reply.value
        whole = replace(resource, attributes=attributes, unread=unread, labels=labels)
        return Reading((*questions, whole))

    def _is_first(self, kind: str, identity: str) -> bool:
        # Several threads may come with the same item; dict.setdefault lets only one of them in.
        mine = object()
        return self._seen.setdefault((kind, identity), mine) is mine

    def _is_elsewhere(self, kind: Kind, region: str | None) -> bool:
        """Whether a thing that is listed once for all regions lies in one that isn't wanted."""
        return bool(self._regions and region and not kind.regional and region not in self._regions)

    def _place(self, item: _Item) -> Reply:
        """The region an item lies in; none for one that is global."""
        kind, listed_in = item.listing.kind, item.listing.region
        try:
            if kind.region:
                return Reply(fill(kind.region, item.known))
        except AnswerError:
            if kind.region_call:
                return self._asker.ask(kind.region_call, listed_in, item.known)
        return Reply(listed_in if kind.regional else None)

    def _detail(self, source: Source, region: str, known: Known) -> Reply:
        if isinstance(source, Call):
            return self._asker.ask(source, region, known)
        return pick(source, self._reports[source.report].result().rows or Rows({}), known)


def _details(listing: _Listing) -> Iterator[tuple[str, Source]]:
    """What is read of each item, by the path it has in the resource."""
    for name, source in listing.kind.wants(listing.names).items():
        yield f"attributes.{name}", source
    labels = listing.kind.wants_labels(listing.names)
    if labels:
        yield "labels", labels


def _listed(item: _Item) -> tuple[dict[str, Json], dict[str, Cause]]:
    """The attributes that came with the listing, and those of them that can't be parsed."""
    kind = item.listing.kind
    attributes = {name: item.fields[name] for name in item.fields if kind.keeps is None or name in kind.keeps}
    unread: dict[str, Cause] = {}
    for name in kind.parsed.keys() & attributes.keys():
        try:
            attributes[name] = kind.parsed[name](attributes[name])
        except AnswerError as error:
            del attributes[name]
            unread[f"attributes.{name}"] = Cause("invalid_answer", f"{name} can't be used: {error}.")
    return attributes, unread


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
