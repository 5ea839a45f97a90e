"""Sources: what a user names becomes a collector. The modules of a source are imported only when it is named.

Other distributions add sources through entry points of the group `vouch.collectors`: a function of the form of `Open`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from scanner.errors import ConfigurationError, nearest
from scanner.interfaces import Collector
from scanner.model import Wanted

GROUP = "vouch.collectors"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user says of how to collect."""

    jobs: int = 8
    """Requests on their way at once, per source."""
    regions: tuple[str, ...] = ()
    """AWS regions; all enabled ones when empty."""


class Open(Protocol):
    """Makes the collector of one source."""

    def __call__(self, source: str, target: str, settings: Settings) -> Collector:
        """`source` is what the user wrote, `target` what stands behind its scheme (may be empty)."""
        ...


def _manifests(source: str, target: str, settings: Settings) -> Collector:
    from scanner.collectors.manifests import Manifests

    if not target:
        raise ConfigurationError(f"{source}: name a file or folder", hint="vouch scan manifests:deploy/")
    if target != "-" and not Path(target).exists():
        raise ConfigurationError(f"{source}: there is no such file or folder")
    return Manifests(source, target)


def _aws(source: str, target: str, settings: Settings) -> Collector:
    from scanner.collectors.aws import Aws

    return Aws(source, profile=target or None, regions=settings.regions, jobs=settings.jobs)


_SOURCES: Mapping[str, Open] = {"manifests": _manifests, "aws": _aws}


def names() -> list[str]:
    """Every scheme there is."""
    return sorted({*_SOURCES, *(point.name for point in entry_points(group=GROUP))})


def split(source: str) -> tuple[str, str]:
    """Scheme and target of a source: a bare path, and `-`, mean manifests.

    Raises `ConfigurationError` for a scheme that there is none of.
    """
    scheme, colon, target = source.partition(":")
    if scheme in names():
        return scheme, target
    if colon and scheme.isalnum():
        raise ConfigurationError(
            f"{source}: no source {scheme!r}", hint=nearest(scheme, names()) or f"There are: {', '.join(names())}"
        )
    return "manifests", source


def open_source(source: str, settings: Settings) -> Collector:
    """The collector of a source as the user wrote it. Raises `ConfigurationError` when there is none of that scheme."""
    scheme, target = split(source)
    shipped = _SOURCES.get(scheme)
    if shipped:
        return shipped(source, target, settings)
    (point,) = entry_points(group=GROUP, name=scheme)
    added: Open = point.load()
    return added(source, target, settings)


def permissions(scheme: str, wanted: Wanted) -> Mapping[str, object]:
    """The least permissions that collecting `wanted` needs, in the provider's own form.

    Raises `ConfigurationError` for a source that needs none or has no such form.
    """
    if scheme == "aws":
        from scanner.collectors import aws

        return aws.permissions(wanted)
    raise ConfigurationError(f"{scheme} has no permissions to print", hint="There are: aws")
