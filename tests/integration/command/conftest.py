"""What the tests of the AWS source share: moto's server, and the estate in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.integration.aws.conftest import lead_to, moto_server, reset
from tests.integration.aws.estate import Estate, build

__all__ = ["moto_server"]


@dataclass(frozen=True, slots=True)
class Account:
    """An account that holds the estate."""

    server: str
    made: Estate


@pytest.fixture(scope="module")
def account(moto_server: str) -> Iterator[Account]:
    """The account to which boto3's standard chain leads; a module only reads it."""
    with pytest.MonkeyPatch.context() as environment:
        lead_to(moto_server, environment)
        reset(moto_server)
        yield Account(moto_server, build(moto_server))
