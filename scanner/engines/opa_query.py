"""What the two halves of the OPA engine agree on: `opa.py` decides what to ask, `opa_server.py` asks it."""

from __future__ import annotations

from typing import Protocol

from scanner.model import Cause, Json

ENTRY = "vouch_entry"
"""Package and module of the generated rule `answers`."""


class QueryError(Exception):
    """A request was not answered, and some pair in it may be to blame."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.detail)
        self.cause = cause


class Server(Protocol):
    """An OPA that holds the policies and the generated rule."""

    def version(self) -> str:
        """Of OPA, as it says itself."""
        ...

    def query(self, tasks: list[Json]) -> Json:
        """The value of the generated rule for `[{"input": …, "controls": […]}, …]`.

        Raises `QueryError` when some pair may be to blame, `EngineError` when there is no server any more.
        """
        ...

    def close(self) -> None:
        """Stop it, or leave it as it was. May be called twice."""
        ...
