"""`vouch doctor`: what this installation can do, and what each source could read, without judging anything."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

from scanner import __version__, catalog
from scanner.cli import output
from scanner.errors import ScannerError

_PATIENCE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    subject: str
    state: str
    """`ok`, `missing` (something optional) or `broken` (a scan would fail)."""
    detail: str


@click.command(epilog="\b\nExamples:\n  vouch doctor\n  vouch doctor --format json")
@output.format_option
def command(form: str) -> int:
    """Tell what this installation can do: Python, engines, controls, credentials, what each source could read."""
    checks = [check for look in _LOOKS for check in look()]
    if form == "json":
        output.print_json([{"subject": c.subject, "state": c.state, "detail": c.detail} for c in checks])
    else:
        output.table([(check.subject, check.state, check.detail) for check in checks], ("what", "state", "detail"))
    return ScannerError.exit_code if any(check.state == "broken" for check in checks) else 0


def _python() -> Iterator[Check]:
    yield Check("vouch", "ok", __version__)
    yield Check("python", "ok", f"{platform.python_version()} on {platform.system().lower()} {platform.machine()}")


def _embedded() -> Iterator[Check]:
    try:
        import regorus
    except ImportError as error:
        yield Check("engine embedded", "broken", f"{error}; install vouch-scanner again")
        return
    engine = regorus.Engine()
    engine.add_policy("doctor.rego", "package doctor\n\nanswer := 42\n")
    works = engine.eval_rule("data.doctor.answer") == 42
    yield Check("engine embedded", "ok" if works else "broken", f"regorus {version('gordon-to-regorus')}")


def _opa() -> Iterator[Check]:
    binary = shutil.which("opa")
    if binary is None:
        yield Check("engine opa", "missing", "no opa on the PATH; --engine opa needs it, or --opa-url")
        return
    said = subprocess.run([binary, "version"], capture_output=True, text=True, timeout=30, check=False).stdout
    yield Check("engine opa", "ok", f"{binary}, {said.splitlines()[0] if said else 'does not tell its version'}")


def _controls() -> Iterator[Check]:
    try:
        found = catalog.load()
    except ScannerError as error:
        yield Check("controls", "broken", str(error))
        return
    yield Check("controls", "ok", f"{len(found.controls)} controls, {len(found.frameworks)} frameworks")


def _manifests() -> Iterator[Check]:
    yield Check("source manifests", "ok", "Kubernetes objects in files, folders and standard input")


def _aws() -> Iterator[Check]:
    """The credentials that botocore finds, whose they are, and what a scan would read with them."""
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.session import Session

    from scanner.collectors import aws

    reads = f"{len(aws.kinds())} kinds: {', '.join(sorted(aws.kinds()))}"
    patience = Config(
        connect_timeout=_PATIENCE_SECONDS, read_timeout=_PATIENCE_SECONDS, retries={"total_max_attempts": 1}
    )
    try:
        session = Session()
        credentials = session.get_credentials()
        if credentials is None:
            yield Check("source aws", "missing", f"no credentials found; with them it reads {reads}")
            return
        region = session.get_config_variable("region") or "us-east-1"
        client: Any = session.create_client("sts", region_name=region, config=patience)
        caller = client.get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        yield Check("source aws", "broken", f"the credentials do not work: {type(error).__name__}")
        return
    yield Check(
        "source aws", "ok", f"{caller['Arn']} by {credentials.method}; it reads {reads}; see: vouch permissions aws"
    )


def _evidence() -> Iterator[Check]:
    here = Path.cwd()
    writable = os.access(here, os.W_OK)
    free = shutil.disk_usage(here).free // 2**20
    yield Check("evidence folder", "ok" if writable else "missing", f"{here}, {free:,} MB free")


def _extras() -> Iterator[Check]:
    for package in ("boto3", "opa-python-client"):
        try:
            yield Check(package, "ok", version(package))
        except PackageNotFoundError:
            yield Check(package, "broken", "not installed; install vouch-scanner again")


_LOOKS: tuple[Callable[[], Iterator[Check]], ...] = (
    _python,
    _embedded,
    _opa,
    _controls,
    _extras,
    _manifests,
    _aws,
    _evidence,
)
