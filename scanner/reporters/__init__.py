"""Report formats. The folder is the registry: a module here with a `write` is a format of the module's name.

Other distributions add formats as modules through entry points of the group `vouch.reporters`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from scanner.errors import ConfigurationError, nearest
from scanner.interfaces import Reporter

GROUP = "vouch.reporters"
"""Entry points of formats from elsewhere; each names a module."""

_NOT_FORMATS = frozenset({"records"})
"""Modules that formats share."""


def names() -> tuple[str, ...]:
    """Every format there is, sorted; nothing is imported."""
    return tuple(sorted(_shipped() | _added().keys()))


def load(name: str) -> Reporter:
    """The format of that name; a shipped one wins over an added one. Raises `ConfigurationError` for no such."""
    if name in _shipped():
        return cast(Reporter, import_module(f"{__name__}.{name}"))
    if (added := _added().get(name)) is not None:
        return cast(Reporter, added.load())
    known = names()
    raise ConfigurationError(
        f"there is no report format {name!r}", hint=nearest(name, known) or f"One of: {', '.join(known)}."
    )


def _shipped() -> frozenset[str]:
    modules = {module.name for module in pkgutil.iter_modules(__path__)}
    return frozenset(name for name in modules - _NOT_FORMATS if not name.startswith("_"))


def _added() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
