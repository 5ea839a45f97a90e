"""Pods and pod templates of all kinds in one view."""

from __future__ import annotations

import pytest

from scanner.collectors.pods import Template, bears_pods, templates
from scanner.model import Cause, Json, Path

SPEC: Json = {"containers": [{"name": "main", "image": "x"}]}
MALFORMED = Cause("unparseable", "the value has not the form that Kubernetes accepts there")
NO_SPEC = {"attributes.spec": Cause("unparseable", "there is no pod spec where this kind has one")}


def _nested(path: Path, value: Json) -> Json:
    """`value` at `path`; a number is an index in a list."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _found(kind: str, value: Json) -> list[tuple[Path, str]]:
    return [(each.prefix, each.label) for each in templates(kind, value, "ml")]


@pytest.mark.parametrize(
    ("kind", "prefix", "label"),
    [
        ("core.Pod", (), ""),
        ("core.PodTemplate", ("template",), ""),
        ("core.ReplicationController", ("spec", "template"), ""),
        ("apps.Deployment", ("spec", "template"), ""),
        ("apps.StatefulSet", ("spec", "template"), ""),
        ("apps.DaemonSet", ("spec", "template"), ""),
        ("apps.ReplicaSet", ("spec", "template"), ""),
        ("batch.Job", ("spec", "template"), ""),
        ("batch.CronJob", ("spec", "jobTemplate", "spec", "template"), ""),
        ("apps.openshift.io.DeploymentConfig", ("spec", "template"), ""),
        ("argoproj.io.Rollout", ("spec", "template"), ""),
        ("serving.knative.dev.Service", ("spec", "template"), ""),
        ("serving.knative.dev.Revision", (), ""),
        ("kubeflow.org.Notebook", ("spec", "template"), ""),
        ("kubeflow.org.PyTorchJob", ("spec", "pytorchReplicaSpecs", "Master", "template"), "Master"),
        ("kubeflow.org.TFJob", ("spec", "tfReplicaSpecs", "PS", "template"), "PS"),
        ("kubeflow.org.MPIJob", ("spec", "mpiReplicaSpecs", "Launcher", "template"), "Launcher"),
        ("kubeflow.org.XGBoostJob", ("spec", "xgbReplicaSpecs", "Worker", "template"), "Worker"),
        ("kubeflow.org.PaddleJob", ("spec", "paddleReplicaSpecs", "Worker", "template"), "Worker"),
        ("kubeflow.org.JAXJob", ("spec", "jaxReplicaSpecs", "Worker", "template"), "Worker"),
        ("jobset.x-k8s.io.JobSet", ("spec", "replicatedJobs", 0, "template", "spec", "template"), "0"),
        (
            "trainer.kubeflow.org.ClusterTrainingRuntime",
            ("spec", "template", "spec", "replicatedJobs", 0, "template", "spec", "template"),
            "0",
        ),
        ("leaderworkerset.x-k8s.io.LeaderWorkerSet", ("spec", "leaderWorkerTemplate", "workerTemplate"), "worker"),
        ("ray.io.RayCluster", ("spec", "headGroupSpec", "template"), "head"),
        ("ray.io.RayService", ("spec", "rayClusterConfig", "headGroupSpec", "template"), "head"),
        ("ray.io.RayJob", ("spec", "rayClusterSpec", "headGroupSpec", "template"), "head"),
        ("machinelearning.seldon.io.SeldonDeployment", ("spec", "predictors", 0, "componentSpecs", 0), "0/0"),
    ],
)
def test_each_kind_has_its_templates_where_its_api_has_them(kind: str, prefix: Path, label: str) -> None:
    value = _nested(prefix, {"metadata": {"labels": {"a": "b"}, "name": "left out"}, "spec": SPEC})
    attributes = {"metadata": {"namespace": "ml", "labels": {"a": "b"}}, "spec": SPEC}
    assert list(templates(kind, value, "ml")) == [Template(prefix, label, attributes, {}, is_inline=False)]
    assert bears_pods(kind)


def test_a_cluster_of_several_groups_has_a_template_for_each() -> None:
    template = {"template": {"spec": SPEC}}
    value = {"spec": {"headGroupSpec": template, "workerGroupSpecs": [template, template]}}
    assert _found("ray.io.RayCluster", value) == [
        (("spec", "headGroupSpec", "template"), "head"),
        (("spec", "workerGroupSpecs", 0, "template"), "workers/0"),
        (("spec", "workerGroupSpecs", 1, "template"), "workers/1"),
    ]


def test_an_inference_service_has_a_pod_where_it_names_containers() -> None:
    value = {"spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}}}, "transformer": SPEC}}
    assert list(templates("serving.kserve.io.InferenceService", value, "ml")) == [
        Template(
            ("spec", "transformer"), "transformer", {"metadata": {"namespace": "ml"}, "spec": SPEC}, {}, is_inline=True
        )
    ]


def test_an_object_without_namespace_has_a_view_without_one() -> None:
    (found,) = templates("core.Pod", {"metadata": {"annotations": {"a": "b"}}, "spec": SPEC}, None)
    assert found.attributes == {"metadata": {"annotations": {"a": "b"}}, "spec": SPEC}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("core.Pod", {}),
        ("core.Pod", {"spec": None}),
        ("core.Pod", {"spec": "x", "metadata": "y"}),
        ("apps.Deployment", {}),
        ("apps.Deployment", {"spec": {"template": []}}),
        ("apps.Deployment", {"spec": "x"}),
        ("batch.CronJob", {"spec": {"jobTemplate": {"spec": 1}}}),
        ("kubeflow.org.PyTorchJob", {"spec": {"pytorchReplicaSpecs": "x"}}),
        ("kubeflow.org.PyTorchJob", {"spec": {"pytorchReplicaSpecs": {"Master": {"template": 1}}}}),
    ],
)
def test_a_template_that_is_missing_or_malformed_is_unread_and_not_passed_over(kind: str, value: Json) -> None:
    (found,) = templates(kind, value, "ml")
    assert (found.attributes, found.unread) == ({"metadata": {"namespace": "ml"}}, NO_SPEC)


@pytest.mark.parametrize("containers", ["x", {"name": "main"}, ["x"], [None]])
def test_containers_that_are_none_are_unread(containers: Json) -> None:
    (found,) = templates("core.Pod", {"spec": {"containers": [], "initContainers": containers}}, "ml")
    assert found.unread == {"attributes.spec.initContainers": MALFORMED}


@pytest.mark.parametrize(
    ("spec", "unread"),
    [
        ({"volumes": {"name": "x"}}, ["volumes"]),
        ({"securityContext": "privileged"}, ["securityContext"]),
        ({"securityContext": {"seccompProfile": []}}, ["securityContext.seccompProfile"]),
        ({"containers": [{}, {"securityContext": 1}]}, ["containers.1.securityContext"]),
        ({"initContainers": [{"ports": "80"}]}, ["initContainers.0.ports"]),
        (
            {"containers": [{"securityContext": {"capabilities": {"add": "ALL", "drop": ["ALL"]}}}]},
            ["containers.0.securityContext.capabilities.add"],
        ),
        ({"volumes": None, "securityContext": None, "containers": [{"ports": None}]}, []),
    ],
)
def test_what_the_api_server_would_refuse_is_unread_at_its_place(spec: Json, unread: list[str]) -> None:
    (found,) = templates("core.Pod", {"spec": spec}, "ml")
    assert found.unread == {f"attributes.spec.{path}": MALFORMED for path in unread}


def test_credentials_of_an_object_are_handed_to_the_template_they_lie_in() -> None:
    value = {
        "spec": {"headGroupSpec": {"template": {"spec": SPEC}}, "workerGroupSpecs": [{"template": {"spec": SPEC}}]}
    }
    inside = [*("spec", "workerGroupSpecs", 0, "template"), "spec", "containers", 0, "env", 0, "value"]
    credentials: list[dict[str, Json]] = [
        {"path": inside, "pattern": "p"},
        {"path": ["metadata", "annotations", "x"], "pattern": "p"},
    ]
    assert [each.credentials(credentials) for each in templates("ray.io.RayCluster", value, "ml")] == [
        [],
        [{"path": ["spec", "containers", 0, "env", 0, "value"], "pattern": "p"}],
    ]


def test_kinds_without_true_templates_have_none() -> None:
    assert not bears_pods("core.Service")
    assert list(templates("core.Service", {"spec": {"template": {"spec": SPEC}}}, "ml")) == []
