"""Tells Kubernetes objects from all else that YAML files hold, and names them.

Shared by every source of objects: what a file holds and what an API server lists have the same kinds and ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from scanner.collectors import pods
from scanner.collectors.kubernetes_yaml import Line
from scanner.model import Json, Skipped, Source

EMPTY = "empty document"
NOT_AN_OBJECT = "not a Kubernetes object"
NAMELESS = "object without a name"
EMPTY_LIST = "empty list"
NESTED_LIST = "list in a list"
KUSTOMIZE_FILE = "Kustomize file"
KUSTOMIZE_PATCH = "Kustomize patch"
HELM_TEMPLATE = "Helm template"
HELM_FILE = "Helm chart file"
DEFINITION = "custom resource definition"

DEFINITION_KIND = "apiextensions.k8s.io.CustomResourceDefinition"
_KUSTOMIZE_GROUP = "kustomize.config.k8s.io"
_CLUSTER_SCOPED: Mapping[str, frozenset[str]] = {
    "core": frozenset({"Namespace", "Node", "PersistentVolume", "ComponentStatus"}),
    "rbac.authorization.k8s.io": frozenset({"ClusterRole", "ClusterRoleBinding"}),
    "storage.k8s.io": frozenset({"StorageClass", "VolumeAttachment", "VolumeAttributesClass", "CSIDriver", "CSINode"}),
    "scheduling.k8s.io": frozenset({"PriorityClass"}),
    "node.k8s.io": frozenset({"RuntimeClass"}),
    "networking.k8s.io": frozenset({"IngressClass", "IPAddress", "ServiceCIDR"}),
    "apiextensions.k8s.io": frozenset({"CustomResourceDefinition"}),
    "apiregistration.k8s.io": frozenset({"APIService"}),
    "admissionregistration.k8s.io": frozenset(
        {
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        }
    ),
    "certificates.k8s.io": frozenset({"CertificateSigningRequest", "ClusterTrustBundle"}),
    "flowcontrol.apiserver.k8s.io": frozenset({"FlowSchema", "PriorityLevelConfiguration"}),
    "resource.k8s.io": frozenset({"DeviceClass", "DeviceTaintRule", "ResourceSlice"}),
    "authentication.k8s.io": frozenset({"SelfSubjectReview", "TokenReview"}),
    "authorization.k8s.io": frozenset({"SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"}),
    "internal.apiserver.k8s.io": frozenset({"StorageVersion"}),
    "storagemigration.k8s.io": frozenset({"StorageVersionMigration"}),
    "trainer.kubeflow.org": frozenset({"ClusterTrainingRuntime"}),
}
"""Group -> kinds without a namespace (`kubectl api-resources --namespaced=false`), and those that `pods` knows."""
_BUILT_IN = frozenset({"core", "apps", "batch", "autoscaling", "policy", "extensions"})


@dataclass(frozen=True, slots=True)
class KubernetesObject:
    """One object as it was written."""

    kind: str
    """Group and kind: `apps.Deployment`, `core.Pod`."""
    id: str
    """`Deployment/ml/mlflow`, or `ClusterRole/reader` without a namespace."""
    name: str
    namespace: str | None
    """None for what has none, or may have none."""
    value: Mapping[str, Json]
    source: Source


def objects(value: Json, source: Source, lines: Callable[[], Line | None]) -> Iterator[KubernetesObject | Skipped]:
    """What a document holds: an object, the objects of a list, or what it is instead.

    `lines` looks up where the items of a list stand; it is called only for a list.
    """
    if value is None:
        yield Skipped(source, EMPTY)
    elif is_list(value):
        yield from _items(value, source, lines)
    else:
        yield _object(value, source)


def is_list(value: Json) -> bool:
    """Whether it is a `List`, or a list of one kind as an API server answers (`PodList`)."""
    return (
        isinstance(value, dict)
        and isinstance(kind := value.get("kind"), str)
        and kind.endswith("List")
        and "items" in value
        and isinstance(value["items"], list | None)
    )


def _items(
    value: Mapping[str, Json], source: Source, lines: Callable[[], Line | None]
) -> Iterator[KubernetesObject | Skipped]:
    items = value["items"]
    if not items:
        yield Skipped(source, EMPTY_LIST)
        return
    found = lines()
    kind = value["kind"].removesuffix("List")
    for index, item in enumerate(items):
        line = found.nearest(("items", index)) if found else source.line
        at = replace(source, item=index, line=line)
        if is_list(item):
            yield Skipped(at, NESTED_LIST)
        elif isinstance(item, dict) and kind and "kind" not in item:
            # The items of a `PodList` leave out what its kind says already.
            yield _object({"apiVersion": value.get("apiVersion"), "kind": kind, **item}, at)
        else:
            yield _object(item, at)


def _object(value: Json, source: Source) -> KubernetesObject | Skipped:
    if not isinstance(value, dict):
        return Skipped(source, KUSTOMIZE_PATCH if _is_json_patch(value) else NOT_AN_OBJECT)
    version, kind = value.get("apiVersion"), value.get("kind")
    if not (isinstance(version, str) and version and isinstance(kind, str) and kind):
        return Skipped(source, NOT_AN_OBJECT)
    group = version.rpartition("/")[0] or "core"
    if group == _KUSTOMIZE_GROUP:
        return Skipped(source, KUSTOMIZE_FILE)
    if "$patch" in value:
        return Skipped(source, KUSTOMIZE_PATCH)
    metadata = value["metadata"] if isinstance(value.get("metadata"), dict) else {}
    name = metadata.get("name") or metadata.get("generateName")
    if not (isinstance(name, str) and name):
        return Skipped(source, NAMELESS)
    full = f"{group}.{kind}"
    namespace = _namespace(full, group, metadata)
    object_id = "/".join((kind, name) if namespace is None else (kind, namespace, name))
    return KubernetesObject(full, object_id, name, namespace, value, source)


def _namespace(kind: str, group: str, metadata: Mapping[str, Json]) -> str | None:
    """The namespace that it would be applied to, `default` where it says none; None where it may have none at all."""
    if kind.rpartition(".")[2] in _CLUSTER_SCOPED.get(group, ()):
        return None
    namespace = metadata.get("namespace")
    if isinstance(namespace, str) and namespace:
        return namespace
    is_namespaced = group in _BUILT_IN or group.endswith(".k8s.io") or pods.bears_pods(kind)
    return "default" if is_namespaced else None


def _is_json_patch(value: Json) -> bool:
    """RFC 6902, as Kustomize takes it."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and "op" in each and "path" in each for each in value)
    )
