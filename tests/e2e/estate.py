"""Evidence made for the browser: names that attack the page, and as many verdicts as are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner.model import Cause, Finding, Gap, Json, Outcome, Question, ResourceRef, Skipped, Source, Verdict
from tests.unit.evidence import sample

ATTACK = (
    "</script></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'`${alert(3)}&amp;"
    "\u2028\u2029\u202egnp\u2066\ufeff\x00\x1b[2J\udce9/?#%ZZ%2F+=a,b"
)
SHOWN = (
    "</script></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'`${alert(3)}&amp;"
    "⟨U+2028⟩⟨U+2029⟩⟨U+202E⟩gnp⟨U+2066⟩⟨U+FEFF⟩⟨U+0000⟩⟨U+001B⟩[2J⟨U+DCE9⟩/?#%ZZ%2F+=a,b"
)
"""How the page writes `ATTACK`: what can't be seen has a name."""

_OUTCOMES = (Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN, Outcome.WAIVED)


class Estate:
    """See `Evidence`. `count` resources, each judged by every control, with `attack` in every text of the scan."""

    def __init__(self, count: int, attack: str = ATTACK) -> None:
        self.count = count
        self.attack = attack
        self.manifest_digest = "sha256:11"
        self.manifest: Mapping[str, Json] = {
            "complete": False,
            "reason": attack,
            "run_id": sample.RUN_ID,
            "started_at": sample.NOW,
            "finished_at": sample.NOW,
            "sources": [attack],
            "selection": {"framework": [attack], "severity": None},
            "engine": {"name": attack, "version": attack},
            "policy_digest": "sha256:00",
            "observed": {attack: {attack: count}},
        }
        references = [f"javascript:alert(4)//{attack}"]
        self.catalog: Mapping[str, Json] = {
            **sample.CATALOG,
            "controls": [
                {**one, "title": f"{one['title']}{attack}", "references": references} for one in sample.CONTROLS
            ],
            "frameworks": [{**one, "name": f"{one['name']}{attack}"} for one in sample.FRAMEWORKS],
        }

    def verdicts(self) -> Iterator[Verdict]:
        return (self._verdict(control, number) for control in sample.CONTROLS for number in range(self.count))

    def gaps(self) -> Iterator[Gap]:
        yield Gap(self.attack, self.attack, self._cause(), self.attack, Source(self.attack, 3))

    def skipped(self) -> Iterator[Skipped]:
        yield Skipped(Source(self.attack, 1), self.attack)

    def questions(self) -> Iterator[Question]:
        yield Question(self.attack, self.attack, self.attack, {}, self.attack, sample.NOW, self.attack)

    def _verdict(self, control: Mapping[str, Json], number: int) -> Verdict:
        outcome = _OUTCOMES[number % len(_OUTCOMES)]
        found = outcome in (Outcome.FAIL, Outcome.WAIVED)
        return Verdict(
            control=control["id"],
            resource=ResourceRef(self.attack, f"thing-{number}{self.attack}", self.attack, self.attack, self.attack),
            outcome=outcome,
            evaluated_at=sample.NOW,
            control_digest=control["digest"],
            resource_digest="sha256:22",
            findings=(Finding(self.attack, (self.attack, 0), self.attack, {self.attack: self.attack}),)
            if found
            else (),
            cause=self._cause() if outcome is Outcome.UNKNOWN else None,
            source=Source(self.attack, number + 1),
            waiver={"owner": self.attack} if outcome is Outcome.WAIVED else None,
        )

    def _cause(self) -> Cause:
        return Cause("access_denied", self.attack, self.attack)
