"""What a scan of manifests costs: objects a second, CPU, memory, and where the time goes.

    python -m benchmarks.manifests [--objects 5000] [--memory]

Scans 5,000 generated objects, and the folder that `VOUCH_SAMPLES` names when it is set, each in a process of its own.
`--memory` scans a generated estate of 200,000 objects instead and reports the peak.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from scanner import catalog, scan
from scanner.collectors.manifests import Manifests
from scanner.engines.embedded import Embedded
from scanner.engines.policies import Policies
from scanner.evidence.bundle import Bundle, Policy
from scanner.interfaces import Collected
from scanner.model import Gap, Question, Resource, Skipped, Source, Verdict, Wanted
from scanner.model import Path as Steps

P = ParamSpec("P")
T = TypeVar("T")

_MEMORY_OBJECTS = 200_000

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{n}
  namespace: team-{team}
  labels: {{app: app-{n}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: app-{n}}}}}
  template:
    metadata: {{labels: {{app: app-{n}}}}}
    spec:
      serviceAccountName: app-{n}
      securityContext: {{runAsNonRoot: {safe}, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: main
          image: registry.example.com/team-{team}/app-{n}:1.{n}
          env: [{{name: LEVEL, value: info}}, {{name: PORT, value: "{port}"}}]
          ports: [{{containerPort: {port}}}]
          resources: {{requests: {{cpu: 100m, memory: 128Mi}}, limits: {{memory: {n}Mi}}}}
          securityContext: {{allowPrivilegeEscalation: {unsafe}, capabilities: {{drop: [ALL]}}}}
        - name: sidecar
          image: registry.example.com/mesh/proxy:2.{team}
          securityContext: {{privileged: {unsafe}, readOnlyRootFilesystem: true}}
"""

_OTHERS = (
    "apiVersion: v1\nkind: Service\nmetadata: {{name: app-{n}, namespace: team-{team}}}\n"
    "spec: {{selector: {{app: app-{n}}}, ports: [{{port: 80}}]}}\n",
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: app-{n}, namespace: team-{team}}}\n",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: app-{n}, namespace: team-{team}}}\n"
    "spec: {{podSelector: {{matchLabels: {{app: app-{n}}}}}, policyTypes: [Ingress]}}\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: app-{n}, namespace: team-{team}}}\n"
    'rules: [{{apiGroups: [""], resources: [configmaps, secrets], verbs: [get]}}]\n',
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: app-{n}, namespace: team-{team}}}\n"
    "roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: app-{n}}}\n"
    "subjects: [{{kind: ServiceAccount, name: app-{n}, namespace: team-{team}}}]\n",
    "apiVersion: v1\nkind: Namespace\nmetadata: {{name: team-{n}}}\n",
)


def documents(count: int) -> Iterator[str]:
    """Objects as a company has them: half of them Deployments of two containers, one in ten of those unsafe."""
    for n in range(count):
        values = {"n": n, "team": n % 40, "port": 8000 + n % 100, "safe": n % 20 != 0, "unsafe": n % 20 == 0}
        text = _DEPLOYMENT if n % 2 == 0 else _OTHERS[n // 2 % len(_OTHERS)]
        yield text.format(**{key: str(value).lower() for key, value in values.items()})


def estate(folder: Path, count: int, per_file: int = 50) -> Path:
    """Write a tree of generated files."""
    for number, text in enumerate(documents(count)):
        path = folder / f"team-{number // per_file}.yaml"
        with path.open("a") as file:
            file.write(f"{text}---\n")
    return folder


@dataclass
class Clock:
    """Seconds spent inside calls, by name."""

    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, function: Callable[P, T]) -> Callable[P, T]:
        """The function, with its time added up under `name`."""

        def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

        return wrapped


class TimedCollector:
    """A collector whose reading is timed."""

    def __init__(self, inner: Manifests, clock: Clock) -> None:
        self.inner = inner
        self.clock = clock
        self.source = inner.source
        self.locate: Callable[[Source, Steps], int | None] = clock.timed("lines", inner.locate)

    def collect(self, wanted: Wanted) -> Iterator[Collected]:
        """See `Collector.collect`."""
        items = self.inner.collect(wanted)
        following = self.clock.timed("parsing", lambda: next(items, None))
        while (item := following()) is not None:
            yield item


class TimedRecorder:
    """A bundle whose writing is timed, and which counts."""

    def __init__(self, inner: Bundle, clock: Clock) -> None:
        self.state: Callable[[Resource], str] = clock.timed("writing", inner.state)
        self.ledger: Callable[[Question | Gap | Skipped], None] = clock.timed("writing", inner.ledger)
        self._verdict = clock.timed("writing", inner.verdict)
        self._seal = clock.timed("writing", inner.seal)
        self.verdicts = 0

    def verdict(self, verdict: Verdict) -> None:
        """See `Recorder.verdict`."""
        self.verdicts += 1
        self._verdict(verdict)

    def seal(self, *, complete: bool, reason: str | None = None) -> None:
        """See `Recorder.seal`."""
        self._seal(complete=complete, reason=reason)


def measure(label: str, folder: Path) -> None:
    """Scan a folder and print what it cost."""
    started, clock = time.perf_counter(), Clock()
    selected = catalog.load()
    loaded = time.perf_counter() - started
    engine = Embedded(Policies(selected.modules, selected.rules), jobs=os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as place:
        now = "2026-01-01T00:00:00Z"
        policy = Policy(selected.modules, selected.describe(), selected.values)
        bundle = Bundle.create(Path(place), intent={"started_at": now, "sources": [str(folder)]}, policy=policy)
        recorder = TimedRecorder(bundle, clock)
        objects = 0

        def watch(_source: str, item: Collected) -> None:
            nonlocal objects
            objects += item.items if isinstance(item, Question) else 0

        scan.run(
            selected,
            [TimedCollector(Manifests("manifests:x", str(folder)), clock)],
            engine,
            recorder,
            now=now,
            watch=watch,
        )
        size = sum(path.stat().st_size for path in bundle.path.rglob("*") if path.is_file())
    engine.close()
    wall = time.perf_counter() - started
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = [usage.ru_utime + usage.ru_stime for usage in (own, workers)]
    rest = wall - loaded - sum(clock.seconds.values())
    shares = {"loading": loaded, **clock.seconds, "linking, judging and waiting": rest}
    print(f"{label}: {objects:,} objects, {recorder.verdicts:,} verdicts, {objects / wall:,.0f} objects/s")
    print(f"  wall {wall:.2f} s, CPU {cpu[0]:.2f} s + workers {cpu[1]:.2f} s = {sum(cpu):.2f} s")
    print(f"  CPU per verdict {sum(cpu) / max(recorder.verdicts, 1) * 1e6:.0f} µs")
    peaks = f"{own.ru_maxrss / 1024:.0f} MB + a worker {workers.ru_maxrss / 1024:.0f} MB"
    print(f"  peak {peaks}; bundle {size / 2**20:.1f} MB")
    print("  " + ", ".join(f"{name} {seconds / wall:.0%}" for name, seconds in shares.items()), flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.manifests")
    parser.add_argument("--objects", type=int, default=5_000)
    parser.add_argument("--memory", action="store_true", help=f"{_MEMORY_OBJECTS:,} objects, for the peak")
    options = parser.parse_args()
    samples = os.environ.get("VOUCH_SAMPLES")
    with tempfile.TemporaryDirectory() as place:
        count = _MEMORY_OBJECTS if options.memory else options.objects
        jobs = [(f"{count:,} generated", estate(Path(place), count))]
        if samples and not options.memory:
            jobs.append(("samples", Path(samples)))
        for label, folder in jobs:
            process = multiprocessing.get_context("spawn").Process(target=measure, args=(label, folder))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
