"""A real Chromium for the tests in this folder; where there is none they skip, with the reason, and fail in CI."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TypeAlias

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, ViewportSize, sync_playwright

from scanner.interfaces import Evidence
from scanner.reporters import html
from tests.servers import tools_cache
from tools.setup_browser import AXE_VERSION

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_ADVICE = "`python tools/setup_browser.py` says how to get it"


@dataclass
class Opened:
    """A report in the browser, with all that went wrong or out since it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    """Addresses asked for, but the report's own."""
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Errors of scripts and of the content security policy."""

    def go(self, target: str) -> None:
        """Follow a hash as a link would."""
        self.page.evaluate("target => { location.hash = target }", target)
        name = re.split("[/?]", target, maxsplit=1)[0]
        self.page.wait_for_selector(f"#{name}:not([hidden])")

    def arrives(self, target: str) -> None:
        """Wait for a hash, as the table writes it a moment after the last key."""
        self.page.wait_for_url(lambda url: url.endswith(target))

    def shown(self) -> str:
        """The text that a reader sees in the section on screen."""
        return self.page.inner_text("main > section:not([hidden])")

    def rows(self) -> list[str]:
        """The table on screen, a string per row."""
        return self.page.locator("main > section:not([hidden]) .frame tbody tr:visible").all_inner_texts()

    @property
    def hash(self) -> str:
        return str(self.page.evaluate("location.hash"))


Open: TypeAlias = Callable[..., Opened]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: `VOUCH_CHROMIUM`, or the one on the path."""
    program = shutil.which(os.environ.get("VOUCH_CHROMIUM") or "chromium")
    if not program:
        missing("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core: `VOUCH_AXE`, or what tools/setup_browser.py fetched."""
    fetched = tools_cache() / f"axe-core-{AXE_VERSION}" / "axe.min.js"
    path = Path(os.environ.get("VOUCH_AXE") or fetched)
    if not path.is_file():
        missing("there is no axe-core")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def open_report(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Writes a report and opens it: `open_report(evidence, "#hash", width=…, height=…, dark=…, script=…)`."""
    pages: list[Page] = []

    def opened(
        evidence: Evidence,
        target: str = "",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        script: bool = True,
    ) -> Opened:
        path = tmp_path / "report.html"
        with path.open("wb") as out:
            html.write(evidence, out)
        page = browser.new_page(
            viewport=ViewportSize(width=width, height=height),
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        pages.append(page)
        report = Opened(page)
        _watch(report, path.as_uri())
        page.goto(path.as_uri() + target)
        if script:
            page.wait_for_selector("body[data-ready]", state="attached")
        return report

    yield opened
    for page in pages:
        page.close()


def _watch(report: Opened, address: str) -> None:
    def dialog(opened: Dialog) -> None:
        report.dialogs.append(opened.message)
        opened.dismiss()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            report.errors.append(message.text)

    def request(asked: Request) -> None:
        if asked.url.partition("#")[0] != address:
            report.requests.append(asked.url)

    report.page.on("dialog", dialog)
    report.page.on("console", console)
    report.page.on("request", request)
    report.page.on("pageerror", lambda error: report.errors.append(str(error)))


def missing(reason: str) -> NoReturn:
    """Skip, or fail in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; {_ADVICE}")
    pytest.skip(f"{reason}; {_ADVICE}")
