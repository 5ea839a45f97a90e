"""What the tests of the AWS source share: moto's server, the estate in it, and scans without a process of their own."""

from __future__ import annotations

import gzip
import itertools
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from botocore.session import Session

from scanner import __version__, catalog, scan
from scanner.catalog import Catalog
from scanner.collectors.aws import Aws
from scanner.engines.embedded import Embedded
from scanner.engines.policies import Policies
from scanner.evidence.bundle import Bundle, Policy
from scanner.evidence.read import Reader
from scanner.interfaces import Engine
from tests.integration.aws.conftest import lead_to, moto_server, reset
from tests.integration.aws.estate import ABROAD, HOME, Estate, build

__all__ = ["moto_server"]

NOW = "2026-01-02T03:04:05Z"
"""The clock of those scans."""

REGIONS = (HOME, ABROAD)

FORMATS = ("text", "json", "jsonl", "html")


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


@dataclass(frozen=True, slots=True)
class Bench:
    """A catalog and an engine that are made once for all scans."""

    selected: Catalog
    engine: Engine
    folder: Path
    numbers: Iterator[int]

    def scan(self, session: Session, regions: tuple[str, ...] = REGIONS) -> Reader:
        """The bundle of a scan of the account to which this session leads."""
        intent = {
            "run_id": f"{next(self.numbers):08x}{0:024x}",
            "started_at": NOW,
            "tool": {"name": "vouch", "version": __version__},
            "sources": ["aws"],
            "selection": {"control": ["aws.*"]},
            "engine": {"name": self.engine.name, "version": self.engine.version},
        }
        policy = Policy(self.selected.modules, self.selected.describe(), self.selected.values)
        bundle = Bundle.create(self.folder, intent=intent, policy=policy)
        collector = Aws("aws", regions=regions, session=session)
        scan.run(self.selected, [collector], self.engine, bundle, now=NOW)
        return Reader(bundle.path)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    selected = catalog.load().select(include=["aws.*"])
    rules = {control.id: tuple(sorted(control.rules)) for control in selected.controls.values()}
    with closing(Embedded(Policies(selected.modules, rules), jobs=1)) as engine:
        yield Bench(selected, engine, tmp_path_factory.mktemp("bundles"), itertools.count())


def content(path: Path) -> str:
    """The text of a file, with what is packed in it unpacked."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data).decode()
    text = data.decode()
    packed = re.findall(r"H4sI[A-Za-z0-9+/=]{100,}", text) if path.suffix == ".html" else []
    assert bool(packed) == (path.suffix == ".html")
    return "\n".join([text, *(gzip.decompress(b64decode(each)).decode() for each in packed)])


def flat(text: str) -> str:
    """The text without its line breaks and indents."""
    return " ".join(text.split())
