"""`kubernetes.PodSpec`: one view of every pod and of every workload's pod template, so that a control is written once.

Where the templates of a kind lie is a table of paths. Only true pod templates are in it: a KServe ServingRuntime, an
Argo Workflow's steps and a SparkApplication hold some fields of a pod and not the others, so no control could be met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanner.model import Cause, Json, Path

KIND = "kubernetes.PodSpec"


@dataclass(frozen=True, slots=True)
class Place:
    """Where pod templates lie in an object."""

    path: Path
    """To the template; `*` is any key or index."""
    label: str = ""
    """Tells several templates of one object apart; joined with what the `*`s stand for."""
    is_inline: bool = False
    """The pod's spec itself lies at `path`, without a template around it, mixed with fields of the owner's own."""
    is_optional: bool = False
    """The owner works without it."""


_TEMPLATE = (Place(("spec", "template")),)


def _replicas(field: str) -> tuple[Place, ...]:
    return (Place(("spec", field, "*", "template")),)


def _ray(*path: str) -> tuple[Place, ...]:
    return (
        Place(("spec", *path, "headGroupSpec", "template"), "head"),
        Place(("spec", *path, "workerGroupSpecs", "*", "template"), "workers", is_optional=True),
    )


_PLACES: Mapping[str, tuple[Place, ...]] = {
    "core.Pod": (Place(()),),
    "core.PodTemplate": (Place(("template",)),),
    "core.ReplicationController": _TEMPLATE,
    "apps.Deployment": _TEMPLATE,
    "apps.StatefulSet": _TEMPLATE,
    "apps.DaemonSet": _TEMPLATE,
    "apps.ReplicaSet": _TEMPLATE,
    "batch.Job": _TEMPLATE,
    "batch.CronJob": (Place(("spec", "jobTemplate", "spec", "template")),),
    "apps.openshift.io.DeploymentConfig": _TEMPLATE,
    "argoproj.io.Rollout": _TEMPLATE,
    "serving.knative.dev.Service": _TEMPLATE,
    "serving.knative.dev.Configuration": _TEMPLATE,
    "serving.knative.dev.Revision": (Place(()),),
    "serving.kserve.io.InferenceService": (
        # Without containers the pod is made from a ServingRuntime, and there is no spec to judge here.
        Place(("spec", "predictor"), "predictor", is_inline=True, is_optional=True),
        Place(("spec", "transformer"), "transformer", is_inline=True, is_optional=True),
        Place(("spec", "explainer"), "explainer", is_inline=True, is_optional=True),
    ),
    "machinelearning.seldon.io.SeldonDeployment": (
        Place(("spec", "predictors", "*", "componentSpecs", "*"), is_optional=True),
    ),
    "kubeflow.org.Notebook": _TEMPLATE,
    "kubeflow.org.PyTorchJob": _replicas("pytorchReplicaSpecs"),
    "kubeflow.org.TFJob": _replicas("tfReplicaSpecs"),
    "kubeflow.org.MPIJob": _replicas("mpiReplicaSpecs"),
    "kubeflow.org.XGBoostJob": _replicas("xgbReplicaSpecs"),
    "kubeflow.org.PaddleJob": _replicas("paddleReplicaSpecs"),
    "kubeflow.org.JAXJob": _replicas("jaxReplicaSpecs"),
    "trainer.kubeflow.org.TrainingRuntime": (
        Place(("spec", "template", "spec", "replicatedJobs", "*", "template", "spec", "template")),
    ),
    "trainer.kubeflow.org.ClusterTrainingRuntime": (
        Place(("spec", "template", "spec", "replicatedJobs", "*", "template", "spec", "template")),
    ),
    "jobset.x-k8s.io.JobSet": (Place(("spec", "replicatedJobs", "*", "template", "spec", "template")),),
    "leaderworkerset.x-k8s.io.LeaderWorkerSet": (
        Place(("spec", "leaderWorkerTemplate", "leaderTemplate"), "leader", is_optional=True),
        Place(("spec", "leaderWorkerTemplate", "workerTemplate"), "worker"),
    ),
    "ray.io.RayCluster": _ray(),
    "ray.io.RayService": _ray("rayClusterConfig"),
    "ray.io.RayJob": (
        *_ray("rayClusterSpec"),
        Place(("spec", "submitterPodTemplate"), "submitter", is_optional=True),
    ),
}
"""Group and kind -> its templates."""

_CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")

_FORMS: tuple[tuple[tuple[str, ...], type], ...] = (
    (("securityContext",), dict),
    (("securityContext", "seccompProfile"), dict),
    (("volumes",), list),
    (("resources",), dict),
    (("os",), dict),
)
"""Path below the pod spec -> what stands there. The API server refuses anything else; a file may hold it."""

_CONTAINER_FORMS: tuple[tuple[tuple[str, ...], type], ...] = (
    (("securityContext",), dict),
    (("securityContext", "capabilities"), dict),
    (("securityContext", "capabilities", "add"), list),
    (("securityContext", "capabilities", "drop"), list),
    (("securityContext", "seccompProfile"), dict),
    (("securityContext", "windowsOptions"), dict),
    (("ports",), list),
    (("resources",), dict),
    (("resources", "limits"), dict),
)
"""The same below each container."""

_MALFORMED = Cause("unparseable", "the value has not the form that Kubernetes accepts there")


@dataclass(frozen=True, slots=True)
class Template:
    """One pod template of an object."""

    prefix: Path
    """From the object to the template."""
    label: str
    """Empty when the object has only this one."""
    attributes: Mapping[str, Json]
    """`{"metadata": {"namespace", "labels", "annotations"}, "spec": PodSpec}`; what is absent has no key."""
    unread: Mapping[str, Cause]
    """What is there and can't be a pod's."""
    is_inline: bool

    def credentials(self, found: Sequence[Mapping[str, Json]]) -> list[Json]:
        """Those of the object's credentials that lie in this template, with paths into `attributes`."""
        depth = len(self.prefix)
        inside = [each for each in found if tuple(each["path"][:depth]) == self.prefix]
        lead = ["spec"] if self.is_inline else []
        moved = [{**each, "path": lead + each["path"][depth:]} for each in inside]
        return [each for each in moved if each["path"][0] in ("metadata", "spec")]


def bears_pods(kind: str) -> bool:
    """Whether objects of this kind (`apps.Deployment`) hold pod templates."""
    return kind in _PLACES


def templates(kind: str, value: Mapping[str, Json], namespace: str | None) -> Iterator[Template]:
    """The pod templates of an object of `kind`, in the order of the table.

    A template that must be there and isn't, or is no mapping, comes with `attributes.spec` in `unread`: its controls
    are unknown, not passed over.
    """
    for place in _PLACES.get(kind, ()):
        for prefix, label, template in _find(value, place):
            yield Template(
                prefix, label, _attributes(template, place, namespace), _unread(template, place), place.is_inline
            )


def _find(value: Json, place: Place) -> Iterator[tuple[Path, str, Json]]:
    """(prefix, label, template); the template is None where one must be and isn't."""
    found = False
    for prefix, template in _walk(value, place.path, ()):
        if place.is_inline and not (isinstance(template, dict) and "containers" in template):
            continue
        found = True
        stars = [str(step) for step, pattern in zip(prefix, place.path, strict=True) if pattern == "*"]
        yield prefix, "/".join([*filter(None, [place.label]), *stars]), template
    if not found and not place.is_optional:
        yield tuple(step for step in place.path if step != "*"), place.label, None


def _walk(value: Json, path: Path, prefix: Path) -> Iterator[tuple[Path, Json]]:
    if not path:
        yield prefix, value
        return
    for step, below in _steps(value, path[0]):
        yield from _walk(below, path[1:], (*prefix, step))


def _steps(value: Json, step: str | int) -> Sequence[tuple[str | int, Json]]:
    if isinstance(value, dict):
        return list(value.items()) if step == "*" else [(step, value[step])] if step in value else []
    if isinstance(value, list) and step == "*":
        return list(enumerate(value))
    return []


def _attributes(template: Json, place: Place, namespace: str | None) -> dict[str, Json]:
    metadata: dict[str, Json] = {} if namespace is None else {"namespace": namespace}
    if not isinstance(template, dict):
        return {"metadata": metadata}
    own = {} if place.is_inline else template.get("metadata")
    if isinstance(own, dict):
        metadata |= {key: own[key] for key in ("labels", "annotations") if own.get(key) is not None}
    spec = template if place.is_inline else template.get("spec")
    return {"metadata": metadata, "spec": spec} if isinstance(spec, dict) else {"metadata": metadata}


def _unread(template: Json, place: Place) -> dict[str, Cause]:
    spec = template.get("spec") if isinstance(template, dict) and not place.is_inline else template
    if not isinstance(spec, dict):
        return {"attributes.spec": Cause("unparseable", "there is no pod spec where this kind has one")}
    wrong = [path for path, form in _FORMS if not _has_form(spec, path, form)]
    for field in _CONTAINER_LISTS:
        if not _is_list_of_mappings(spec.get(field)):
            wrong.append((field,))
            continue
        for index, container in enumerate(spec.get(field) or []):
            wrong += [
                (field, str(index), *path) for path, form in _CONTAINER_FORMS if not _has_form(container, path, form)
            ]
    return {".".join(("attributes.spec", *path)): _MALFORMED for path in wrong}


def _has_form(value: Json, path: tuple[str, ...], form: type) -> bool:
    """Whether what stands at a path is absent or of the form that the API server would accept."""
    for step in path:
        if not isinstance(value, dict):
            return True
        value = value.get(step)
    return value is None or isinstance(value, form)


def _is_list_of_mappings(value: Json) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(item, dict) for item in value))
