"""The HTML report in a real browser: what it shows, how it is moved in, what it refuses, how it prints."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Open, Opened, missing
from tests.e2e.estate import SHOWN, Estate
from tests.unit.evidence import sample

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECTIONS = (
    "summary",
    "completeness",
    "requirements",
    "controls",
    "deviations",
    "unknowns",
    "gaps",
    "skipped",
    "method",
    "terms",
    "control/kubernetes.pod.no_privileged",
    "requirement/demo/A.3",
)


def test_the_first_screen_answers_without_scrolling(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path))
    answers = [
        "2 of 6 controls have exceptions.",
        "3 results are unknown and 3 things could not be read",
        "No exceptions noted in 1 of 7 that a scan can show",
        "L1: digests recorded, not signed.",
        "vouch evidence verify evidence/20261124T100000Z-01234567",
        "That the sources told the truth.",
    ]
    bottoms = [report.page.get_by_text(text).first.bounding_box() for text in answers]
    assert [box is not None and box["y"] + box["height"] <= 900 for box in bottoms] == [True] * len(answers)


def test_names_that_attack_the_page_are_text(open_report: Open) -> None:
    report = open_report(Estate(5))
    for section in SECTIONS:
        report.go(section)
    report.go("control/kubernetes.pod.no_privileged")
    assert f"thing-0{SHOWN}" in report.shown()
    report.go("deviations")
    assert f"owner: {SHOWN}" in report.shown()
    report.page.emulate_media(media="print")
    report.page.pdf()
    assert (report.dialogs, report.requests, report.errors) == ([], [], [])
    assert report.page.locator("script, img, iframe, object").count() == 1  # the page's own script
    assert report.page.locator("a[href^='javascript:']").count() == 0
    assert report.page.title().endswith(SHOWN)


def test_no_request_leaves_the_page(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path))
    for section in SECTIONS:
        report.go(section)
    assert (report.requests, report.errors) == ([], [])
    with pytest.raises(Exception, match="Failed to fetch"):
        report.page.evaluate("fetch('https://example.com/')")


def test_search_and_filters_are_in_the_address(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path), "#deviations")
    report.page.get_by_label("Search").fill("mlflow")
    report.arrives("#deviations?q=mlflow")
    report.page.get_by_label("Result").select_option("fail")
    assert report.hash == "#deviations?q=mlflow&result=fail"
    assert [row.count("Deployment/ml/mlflow") for row in report.rows()] == [1]
    again = open_report(sample.evidence(tmp_path / "again"), report.hash)
    assert again.rows() == report.rows()
    assert again.page.get_by_label("Search").input_value() == "mlflow"
    again.page.get_by_role("button", name="Clear").click()
    again.arrives("#deviations")
    assert len(again.rows()) == 4


def test_the_back_button_returns_to_the_table_as_it_was(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path), "#requirements?result=exceptions")
    rows = report.rows()
    report.page.get_by_role("link", name="A.3").click()
    report.page.wait_for_selector("#requirement:not([hidden])")
    assert report.page.inner_text("#requirement-title") == "A.3 Requirement A.3"
    report.page.go_back()
    report.page.wait_for_selector("#requirements:not([hidden])")
    assert (report.hash, report.rows(), len(rows)) == ("#requirements?result=exceptions", rows, 2)


def test_every_requirement_is_listed_whatever_a_scan_can_show(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path), "#requirements?framework=demo")
    results = [row.split("\n")[0] + " " + row.split("\t")[-1].strip().split("\n")[0] for row in report.rows()]
    assert results == [
        "A.1 No exceptions",
        "A.2 Not assessed",
        "A.3 Exceptions",
        "A.4 Unknown",
        "A.5 Exceptions",
        "A.6 Unknown",
        "A.7 Not assessed",
        "B.1 Manual",
        "B.2 Organisational",
        "B.3 Withdrawn",
    ]


def test_a_workpaper_holds_what_an_auditor_needs_to_do_it_again(open_report: Open, tmp_path: Path) -> None:
    evidence = sample.evidence(tmp_path)
    report = open_report(evidence, "#control/aws.s3.tls_required")
    terms = report.page.locator("#control .paper > dt").all_inner_texts()
    values = report.page.locator("#control .paper > dd").all_inner_texts()
    paper = dict(zip(terms, values, strict=True))
    assert paper == {
        "Control": "aws.s3.tls_required",
        "Procedure": "Tls required, on every resource.",
        "Source": "aws.s3.bucket\naws:111122223333",
        "Population": "1 resource, every one that was listed, no sample; 1 gap may hide more",
        "Results": "Unknown: 2",
        "Objectives": "Nobody can do more than they must. least-privilege",
        "Requirements": "Demonstration Standard: A.4\nOther Benchmark: 1.2",
        "Remedy": "Set it so that this holds: tls required.",
        "References": "https://kubernetes.io/docs/concepts/security/",
        "Rule": f"aws/s3/tls_required.rego\n{sample.CONTROLS[2]['digest']}",
        "Policy as run": evidence.manifest["policy_digest"],
        "Bundle": evidence.manifest_digest,
        "Verify": "vouch evidence verify evidence/20261124T100000Z-01234567",
    }
    assert "s3:GetBucketPolicy" in report.shown()


def test_tables_turn_page_by_page_and_sort(open_report: Open) -> None:
    report = open_report(Estate(120, attack="x"), "#deviations")
    assert report.page.locator("#deviations [role=status]").inner_text() == "1–50 of 420"
    report.page.get_by_role("button", name="Next").first.click()
    report.arrives("#deviations?page=2")
    assert report.page.locator("#deviations [role=status]").inner_text() == "51–100 of 420"
    report.page.get_by_role("button", name="Resource and place").click()
    report.arrives("#deviations?sort=resource")
    assert [row.split("thing-")[1].split("x")[0] for row in report.rows()[:8]] == ["0"] * 7 + ["3"]
    report.page.get_by_role("button", name="Resource and place").click()
    report.arrives("#deviations?sort=-resource")
    assert [row.split("thing-")[1].split("x")[0] for row in report.rows()[:8]] == ["119"] * 7 + ["116"]
    assert report.page.evaluate("document.activeElement.dataset.sort") == "resource"


def test_all_of_it_works_by_keyboard(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path))
    keyboard = report.page.keyboard
    keyboard.press("Tab")
    assert _focused(report) == "Skip to content"
    keyboard.press("Enter")
    assert report.page.evaluate("document.activeElement.id") == "content"
    report.page.get_by_role("link", name="Deviations").focus()
    keyboard.press("Enter")
    report.page.wait_for_selector("#deviations:not([hidden])")
    assert report.page.evaluate("document.activeElement.id") == "deviations-title"
    keyboard.press("Tab")
    keyboard.type("network")
    report.arrives("#deviations?q=network")
    assert len(report.rows()) == 1
    report.page.get_by_role("link", name="Default deny").focus()
    keyboard.press("Enter")
    report.page.wait_for_selector("#control:not([hidden])")
    assert _focused(report) == "Default deny"


def test_an_address_that_leads_nowhere_says_so(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path), "#control/no.such")
    assert "This report has no such control." in report.shown()
    report.go("requirement/demo/%E0%A4%A")
    assert "This report has no such requirement." in report.shown()
    report.page.evaluate("location.hash = 'nowhere'")
    report.page.wait_for_selector("#summary:not([hidden])")
    assert report.errors == []


def test_without_scripts_the_page_still_says_where_we_stand(open_report: Open, tmp_path: Path) -> None:
    report = open_report(sample.evidence(tmp_path), script=False)
    visible = report.page.locator("h1:visible").all_inner_texts()
    assert visible == [
        "Compliance evidence for aws:111122223333 and manifests:deploy",
        "Completeness",
        "Method and limits",
        "Terms",
    ]
    assert report.page.locator("noscript p").is_visible()


def test_print_has_every_requirement_and_deviation_not_one_page_of_them(open_report: Open, tmp_path: Path) -> None:
    report = open_report(Estate(120, attack="x"))
    printed = _print(report, tmp_path / "all.pdf")
    assert [printed.count("Requirement A."), printed.count("Requirement B."), printed.count("Requirement 1.")] == [
        7,
        3,
        3,
    ]
    deviations = printed[printed.index("Every finding, one row each") : printed.index("What could not be judged,")]
    assert deviations.count("expected") == 420
    assert printed.count("Prepared by") == len(sample.CONTROLS)
    assert report.page.locator("[data-printed]").count() == 0


def test_a_control_prints_alone_as_a_workpaper_to_sign(open_report: Open, tmp_path: Path) -> None:
    report = open_report(Estate(120, attack="x"), "#control/kubernetes.pod.no_privileged")
    printed = _print(report, tmp_path / "one.pdf")
    assert [printed.count("Prepared by"), printed.count("Reviewed by"), printed.count("Terms")] == [1, 1, 0]
    assert printed.count("expected") == 60


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_violation(open_report: Open, tmp_path: Path, axe: str, width: int, dark: bool) -> None:
    report = open_report(sample.evidence(tmp_path), width=width, dark=dark)
    report.page.evaluate(axe)
    found = {}
    for section in SECTIONS:
        report.go(section)
        found[section] = _violations(report)
    assert found == {section: [] for section in SECTIONS}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_violation_in_many_frameworks(
    open_report: Open, tmp_path: Path, axe: str, width: int, dark: bool
) -> None:
    evidence = sample.evidence(tmp_path)
    frameworks = [{**sample.FRAMEWORKS[0], "id": f"f{number}", "name": f"Standard {number}"} for number in range(12)]
    evidence.catalog = {**evidence.catalog, "frameworks": frameworks}
    report = open_report(evidence, width=width, dark=dark)
    report.page.evaluate(axe)
    assert report.page.locator("table.standing tbody tr").count() == 12
    assert _violations(report) == []


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_nothing_is_wider_than_the_screen(open_report: Open, width: int) -> None:
    report = open_report(Estate(5), width=width)
    overflow = {}
    for section in SECTIONS:
        report.go(section)
        overflow[section] = report.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow == dict.fromkeys(SECTIONS, 0)


def _violations(report: Opened) -> list[tuple[str, str, str]]:
    """What axe finds, with the size of targets, which it leaves out unless asked."""
    found = report.page.evaluate("axe.run(document, {rules: {'target-size': {enabled: true}}})")
    return [
        (violation["id"], str(node["target"]), node["failureSummary"])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _focused(report: Opened) -> str:
    return str(report.page.evaluate("document.activeElement.textContent"))


def _print(report: Opened, path: Path) -> str:
    """The text of the report as printed."""
    if not shutil.which("pdftotext"):
        missing("there is no pdftotext (poppler-utils)")
    report.page.pdf(path=path, prefer_css_page_size=True)
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
