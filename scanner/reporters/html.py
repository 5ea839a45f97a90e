"""The HTML report: one file for an auditor, an executive and an engineer, that opens anywhere and asks no network.

The first screen, completeness, method and terms are rendered here, by Jinja, from `_html_page`; the long tables come
from packed data (`_html_data`) that the page's own script unfolds. Templates, style, script and wording are in
reports/html/.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from scanner import resources
from scanner.interfaces import Evidence
from scanner.model import Json
from scanner.reporters._html_data import Table, pack, printed
from scanner.reporters._html_page import Page
from scanner.summary import summarize

_SCRIPTS = ("parts", "data", "tables", "view", "papers", "print", "router")
"""Files of reports/html/script/, in the order in which they are joined."""


def write(evidence: Evidence, out: BinaryIO) -> None:
    """See `Reporter.write`."""
    words: Mapping[str, Json] = json.loads(_text("words.json"))
    page = Page(evidence, summarize(evidence), Table.of(evidence), words)
    out.write(_render(page.shown(), pack(page.data())).encode())


def _render(report: Mapping[str, Json], data: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    style, script = _text("report.css"), _script()
    environment = Environment(
        loader=FileSystemLoader(_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html").render(
        report=printed(report),
        # Ours, and base64: nothing in them came from a scan.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=Markup(data),  # noqa: S704
        policy=_content_security_policy(style, script),
    )


def _content_security_policy(style: str, script: str) -> str:
    """Only this style and this script, no connection to anywhere, and no HTML made from text."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash_source(style)}",
            f"script-src {_hash_source(script)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash_source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _script() -> str:
    """All scripts as one, closed in itself, without indentation, lines of comment and needless line ends."""
    joined = "\n".join(_text(f"script/{name}.js") for name in _SCRIPTS)
    # No string of ours spans lines and comments have lines of their own, so nothing but code is touched.
    dense = re.sub(r"^(?:\s*//.*\n|\s+)", "", joined, flags=re.MULTILINE)
    dense = re.sub(r"(?<=[;,{(\[])\n", "", dense)
    return f'(() => {{\n"use strict";\n{dense}}})();'


def _text(name: str) -> str:
    return (_folder() / name).read_text(encoding="utf-8")


def _folder() -> Path:
    return resources.folder("reports") / "html"
