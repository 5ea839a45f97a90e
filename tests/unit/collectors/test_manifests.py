"""Files of manifests, with every file and document accounted for."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from scanner.collectors.manifests import Manifests
from scanner.errors import ConfigurationError
from scanner.interfaces import Collected
from scanner.model import Cause, Gap, Question, Resource, Skipped, Source
from scanner.redact import Redactor

ALL = frozenset({"*"})
WANTED = {"kubernetes.core.Service": ALL, "kubernetes.core.Secret": ALL, "kubernetes.PodSpec": ALL}
REDACTOR = Redactor(b"a key for tests only, 32 bytes..")

SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mlflow
  namespace: ml
spec:
  template:
    metadata:
      labels: {app: mlflow}
    spec:
      containers:
        - name: main
          image: mlflow
          env:
            - name: DB_PASSWORD
              value: canary-7f3a9c
"""


def _collect(path: Path | str, text: bytes = b"") -> list[Collected]:
    source = Manifests(f"manifests:{path}", str(path), redactor=REDACTOR, stdin=io.BytesIO(text))
    return list(source.collect(WANTED))


def _write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def _skipped(found: list[Collected]) -> list[tuple[str, int | None, str]]:
    return [(Path(each.source.file).name, each.source.line, each.reason) for each in found if isinstance(each, Skipped)]


def _ids(found: list[Collected]) -> list[str]:
    return [each.id for each in found if isinstance(each, Resource)]


def test_a_service_is_collected_with_its_place_and_the_question_that_was_asked(tmp_path: Path) -> None:
    file = tmp_path / "web.yaml"
    file.write_text("# mine\n" + SERVICE + "  labels: {app: web, tier: 1}\n")
    resource, question = _collect(file)
    scope = f"manifests:{file}"
    assert resource == Resource(
        kind="kubernetes.core.Service",
        id="Service/default/web",
        name="web",
        scope=scope,
        attributes={
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web", "labels": {"app": "web", "tier": 1}},
        },
        labels={"app": "web"},
        source=Source(str(file), line=2),
    )
    assert isinstance(question, Question)
    parameters = {"path": str(file), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    assert replace(question, asked_at="") == Question(scope, "file", "read", parameters, None, "", "ok", items=1)


def test_a_deployment_is_seen_as_its_pods_and_its_secrets_are_gone(tmp_path: Path) -> None:
    _write(tmp_path, d_yaml=DEPLOYMENT)
    resource, question = _collect(tmp_path)
    container = {
        "name": "main",
        "image": "mlflow",
        "env": [{"name": "DB_PASSWORD", "value": REDACTOR.token("canary-7f3a9c")}],
    }
    credential = {"path": ["spec", "containers", 0, "env", 0, "value"], "pattern": "credential by its name"}
    assert resource == Resource(
        kind="kubernetes.PodSpec",
        id="Deployment/ml/mlflow",
        name="mlflow",
        scope=f"manifests:{tmp_path}",
        attributes={"metadata": {"namespace": "ml", "labels": {"app": "mlflow"}}, "spec": {"containers": [container]}},
        labels={"app": "mlflow"},
        facts={"credentials": [credential]},
        source=Source(f"{tmp_path}/d.yaml", line=1, prefix=("spec", "template")),
    )
    assert isinstance(question, Question)


def test_objects_of_kinds_that_nobody_asked_for_are_counted_only(tmp_path: Path) -> None:
    _write(tmp_path, a_yaml=SERVICE.replace("Service", "Endpoints") + "---\n" + SERVICE)
    found = _collect(tmp_path)
    assert _ids(found) == ["Service/default/web"]
    assert [each.items for each in found if isinstance(each, Question)] == [2]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: ml}", ["Service/ml/a"]),
        ("apiVersion: v1\nkind: Service\nmetadata: {generateName: a-}", ["Service/default/a-"]),
        ('{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}', ["Service/default/a"]),
        (
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}",
            ["Service/default/a"],
        ),
        ("apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}", ["Service/default/a"]),
        (f"{SERVICE}---\n{SERVICE.replace('web', 'b')}", ["Service/default/web", "Service/default/b"]),
    ],
)
def test_objects_have_ids_by_kind_namespace_and_name(tmp_path: Path, text: str, ids: list[str]) -> None:
    _write(tmp_path, a_yaml=text)
    assert _ids(_collect(tmp_path)) == ids


@pytest.mark.parametrize(
    ("version", "kind", "wanted", "resource_id"),
    [
        (
            "rbac.authorization.k8s.io/v1",
            "ClusterRole",
            "kubernetes.rbac.authorization.k8s.io.ClusterRole",
            "ClusterRole/a",
        ),
        ("rbac.authorization.k8s.io/v1", "Role", "kubernetes.rbac.authorization.k8s.io.Role", "Role/default/a"),
        ("v1", "Namespace", "kubernetes.core.Namespace", "Namespace/a"),
        ("example.com/v1", "Thing", "kubernetes.example.com.Thing", "Thing/a"),
        ("apps/v1", "Deployment", "kubernetes.apps.Deployment", "Deployment/default/a"),
    ],
)
def test_kinds_are_named_by_group(tmp_path: Path, version: str, kind: str, wanted: str, resource_id: str) -> None:
    _write(tmp_path, a_yaml=f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n")
    found = list(Manifests("", str(tmp_path), redactor=REDACTOR).collect({wanted: ALL}))
    assert [(each.kind, each.id) for each in found if isinstance(each, Resource)] == [(wanted, resource_id)]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "empty document"),
        ("# only a comment\n", 2, "empty document"),
        ("~", 1, "empty document"),
        ("just text", 1, "not a Kubernetes object"),
        ("a: 1", 1, "not a Kubernetes object"),
        ("apiVersion: v1\nmetadata: {name: a}", 1, "not a Kubernetes object"),
        ("apiVersion: 1\nkind: Service", 1, "not a Kubernetes object"),
        ("# c\napiVersion: v1\nkind: Service", 2, "object without a name"),
        ("apiVersion: v1\nkind: Service\nmetadata: [name]", 1, "object without a name"),
        ("- op: add\n  path: /spec\n  value: 1", 1, "Kustomize patch"),
        ("apiVersion: v1\nkind: Service\n$patch: delete\nmetadata: {name: a}", 1, "Kustomize patch"),
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component", 1, "Kustomize file"),
        ("apiVersion: v1\nkind: List\nitems: []", 1, "empty list"),
        ("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: []}", 4, "list in a list"),
        ("apiVersion: v1\nkind: List\nitems:\n\n- 1", 5, "not a Kubernetes object"),
        (
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}",
            1,
            "custom resource definition",
        ),
    ],
)
def test_what_is_no_object_is_named(tmp_path: Path, text: str, line: int, reason: str) -> None:
    _write(tmp_path, a_yaml=text)
    found = _collect(tmp_path)
    assert _skipped(found) == [("a.yaml", line, reason)]
    assert [type(each) for each in found] == [Skipped, Question]


def test_files_are_told_apart_by_the_kustomization_beside_them(tmp_path: Path) -> None:
    _write(
        tmp_path,
        kustomization_yaml="resources: [web.yaml]\npatches: [{path: patch.yaml}, {patch: 'a: 1\n'}]\n"
        "patchesStrategicMerge: [merge.yaml, web.yaml]\nconfigurations: [names.yaml]\n"
        "configMapGenerator: [{name: c, files: [k=content.yaml]}]\nreplacements: [{path: replace.yaml}]\n",
        web_yaml=SERVICE,
        patch_yaml=SERVICE,
        merge_yaml=DEPLOYMENT,
        names_yaml="nameReference: []",
        content_yaml="a: 1",
        replace_yaml="- source: {}",
        other_yaml="a: 1",
    )
    found = _collect(tmp_path)
    assert _ids(found) == ["Service/default/web"]
    assert _skipped(found) == [
        ("content.yaml", 1, "Kustomize file"),
        ("kustomization.yaml", 1, "Kustomize file"),
        ("merge.yaml", 1, "Kustomize patch"),
        ("names.yaml", 1, "Kustomize file"),
        ("other.yaml", 1, "not a Kubernetes object"),
        ("patch.yaml", 1, "Kustomize patch"),
        ("replace.yaml", 1, "Kustomize file"),
    ]


def test_a_chart_s_files_and_templates_are_named_and_its_plain_objects_are_read(tmp_path: Path) -> None:
    _write(
        tmp_path,
        chart__Chart_yaml="apiVersion: v2\nname: x\n",
        chart__values_yaml="replicas: 1",
        chart__templates__web_yaml="{{- if .Values.web }}\n" + SERVICE + "{{- end }}\n",
        chart__templates__plain_yaml=SERVICE,
    )
    found = _collect(tmp_path)
    assert _ids(found) == ["Service/default/web"]
    assert _skipped(found) == [
        ("Chart.yaml", 1, "Helm chart file"),
        ("values.yaml", 1, "Helm chart file"),
        ("web.yaml", 1, "Helm template"),
    ]


def test_a_broken_document_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    _write(tmp_path, a_yaml=f"{SERVICE}---\na: 1\na: 2\n---\nname: {{{{ x }}}}\n---\n{SERVICE}")
    found = _collect(tmp_path)
    assert _ids(found) == ["Service/default/web"] * 2
    file = f"{tmp_path}/a.yaml"
    assert [each for each in found if isinstance(each, Gap)] == [
        Gap(
            f"manifests:{tmp_path}",
            "*",
            Cause("unparseable", 'line 7: the key "a" is there twice'),
            source=Source(file, 7, 1),
        ),
        Gap(
            f"manifests:{tmp_path}",
            "*",
            Cause(
                "unparseable",
                "line 9: a key is a list or a mapping; it looks like a template: render it and scan what comes out",
            ),
            source=Source(file, 9, 2),
        ),
    ]


def test_a_file_that_is_not_text_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1\nb: \xff\xfe\n")
    gaps = [each for each in _collect(tmp_path) if isinstance(each, Gap)]
    assert [(gap.cause, gap.source) for gap in gaps] == [
        (Cause("unparseable", "line 2: it is not UTF-8"), Source(f"{tmp_path}/a.yaml", 2))
    ]


def test_a_file_that_vanishes_or_is_closed_is_a_gap_and_a_question_without_digest(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "nothing")
    gap, question = _collect(tmp_path)
    scope, detail = f"manifests:{tmp_path}", "the file can't be read: No such file or directory"
    assert gap == Gap(scope, "*", Cause("unreachable", detail), source=Source(f"{tmp_path}/a.yaml"))
    assert isinstance(question, Question)
    assert (question.status, question.error, question.items) == ("FileNotFoundError", detail, 0)
    assert question.parameters == {"path": f"{tmp_path}/a.yaml", "sha256": None}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_a_gap(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        assert [each for each in _collect(tmp_path) if isinstance(each, Gap)] == [
            Gap(
                f"manifests:{tmp_path}",
                "*",
                Cause("access_denied", "the folder can't be listed: Permission denied"),
                source=Source(str(closed)),
            )
        ]
    finally:
        closed.chmod(0o700)


def test_folders_are_walked_in_order_without_hidden_ones_and_links_in_circles(tmp_path: Path) -> None:
    _write(tmp_path, b__x_yaml=SERVICE, a__y_yaml=SERVICE, __git__z_yaml="")
    _write(tmp_path / ".git", z_yaml=SERVICE)
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "notes.txt").write_text("x")
    files = [each.parameters["path"] for each in _collect(tmp_path / "a") if isinstance(each, Question)]
    assert files == [f"{tmp_path}/a/y.yaml", f"{tmp_path}/a/again/b/x.yaml"]
    assert Counter(_ids(_collect(tmp_path))) == {"Service/default/web": 2}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "no such file or folder"),
        (lambda path: path.mkdir(), "there is no YAML or JSON file in this folder"),
    ],
)
def test_a_source_with_nothing_to_read_is_the_user_s_error(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "deploy"
    make(path)
    with pytest.raises(ConfigurationError, match=message):
        _collect(path)


def test_a_single_file_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "rendered").write_text(SERVICE)
    assert _ids(_collect(tmp_path / "rendered")) == ["Service/default/web"]


def test_standard_input_is_read_and_located_in() -> None:
    source = Manifests("-", "-", redactor=REDACTOR, stdin=io.BytesIO(f"{SERVICE}---\n{DEPLOYMENT}".encode()))
    found = list(source.collect(WANTED))
    service, pods = (each for each in found if isinstance(each, Resource))
    assert (service.source, service.scope) == (Source("-", 1), "manifests:-")
    assert pods.source == Source("-", 6, 1, prefix=("spec", "template"))
    assert source.locate(pods.source, ("spec", "containers", 0, "image")) == 18


def test_a_value_is_located_in_the_file_it_came_from(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        SERVICE
        + "---\napiVersion: v1\nkind: List\nitems:\n  - "
        + "\n    ".join(DEPLOYMENT.splitlines())
        + "\n---\napiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: i}\n"
        + "spec:\n  predictor:\n    serviceAccountName: x\n    containers:\n      - image: y\n"
    )
    source = Manifests("", str(tmp_path), redactor=REDACTOR)
    found = [each.source for each in source.collect(WANTED) if isinstance(each, Resource)]
    places = [place for place in found if place is not None]
    assert [(each.document, each.item, each.line, each.prefix) for each in places] == [
        (0, None, 1, ()),
        (1, 0, 9, ("spec", "template")),
        (2, None, 26, ("spec", "predictor")),
    ]
    assert source.locate(places[0], ("metadata", "name")) == 4
    assert source.locate(places[1], ("spec", "containers", 0, "image")) == 21
    assert source.locate(places[1], ("spec", "hostNetwork")) == 18
    assert source.locate(places[2], ("spec", "containers", 0, "image")) == 33
    (tmp_path / "a.yaml").write_text("a: [")
    assert source.locate(places[0], ("metadata", "name")) == 1


def test_no_canary_survives(tmp_path: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: canary-7f3a9c}\n"
    github = "ghp_" + "a1B2" * 9
    (tmp_path / "a.yaml").write_text(f"{secret}---\n{DEPLOYMENT}---\n{SERVICE.replace('web', github)}")
    found = orjson.dumps(_collect(tmp_path)).decode()
    assert "canary-7f3a9c" not in found
    assert github not in found
    assert found.count("redacted:hmac-sha256:") == 5


def test_a_long_stream_of_documents_is_read_one_by_one() -> None:
    class Endless(io.RawIOBase):
        """Documents without end."""

        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += 1
            return f"---\n{SERVICE}".encode()

    stream = Endless()
    source = Manifests("-", "-", redactor=REDACTOR, stdin=stream)  # type: ignore[arg-type]
    found: Iterator[Collected] = source.collect(WANTED)
    assert [type(next(found)) for _ in range(100)] == [Resource] * 100
    assert stream.given < 10_000


@pytest.mark.parametrize("sample", ["ai-platform", "kubeflow"])
def test_real_platforms_are_read_with_every_file_accounted_for(sample: str) -> None:
    folder = Path(os.environ.get("VOUCH_SAMPLES", "samples"), sample)
    if not folder.is_dir():
        pytest.skip("VOUCH_SAMPLES does not name the folder with real samples")
    found = _collect(folder)
    files = {str(file) for file in folder.rglob("*") if file.suffix in (".yaml", ".yml", ".json")}
    assert {each.parameters["path"] for each in found if isinstance(each, Question)} == files
    assert [each for each in found if isinstance(each, Gap)] == []
