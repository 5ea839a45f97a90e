"""`vouch.yaml`: the options of `vouch scan` in a file. Flags win over the environment (`VOUCH_*`), which wins over the
file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from scanner import documents
from scanner.model import Json

DEFAULT = Path("vouch.yaml")


class Configuration(BaseModel):
    """Every key is the name of a flag; a repeatable flag takes a list."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    sources: list[str] = Field(default=[], description="What to scan: scheme[:target], or a path.")
    framework: list[str] = Field(default=[], description="Only controls that bear on these frameworks.")
    control: list[str] = Field(default=[], description="Only controls that match these globs.")
    exclude: list[str] = Field(default=[], description="Not the controls that match these globs.")
    severity: Literal["critical", "high", "medium", "low"] | None = Field(
        default=None, description="At least so severe."
    )
    format: list[str] = Field(default=[], description="Reports: NAME[:PATH].")
    evidence: str | None = Field(default=None, description="Folder of bundles.")
    fail_on: Literal["critical", "high", "medium", "low", "none"] | None = Field(
        default=None, alias="fail-on", description="Severity from which a finding gives exit code 1."
    )
    strict: bool | None = Field(default=None, description="Any gap gives exit code 3.")
    min_coverage: float | None = Field(
        default=None, alias="min-coverage", ge=0, le=100, description="Percent of pairs that must have been judged."
    )
    engine: Literal["embedded", "opa"] | None = Field(default=None, description="What evaluates Rego.")
    opa_url: str | None = Field(default=None, alias="opa-url", description="A running OPA server.")
    policies: list[str] = Field(default=[], description="More folders of controls.")
    parameters: str | None = Field(default=None, description="File of parameter values.")
    regions: list[str] = Field(default=[], description="AWS regions, instead of all enabled ones.")
    jobs: int | None = Field(default=None, ge=1, description="Worker processes and requests on their way at once.")
    timeout: float | None = Field(default=None, gt=0, description="Seconds for one control on one resource.")


CONFIGURATION = TypeAdapter(Configuration)


def read(path: Path | None) -> dict[str, Json]:
    """The options that a file sets, by the name of the option's variable; empty when there is no file and none was
    named.

    Raises `ConfigurationError` with file and line.
    """
    if path is None and not DEFAULT.is_file():
        return {}
    return documents.read(path or DEFAULT, CONFIGURATION).model_dump(exclude_unset=True)
