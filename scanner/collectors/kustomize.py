"""What Kustomize and Helm say of the YAML files around them: which are patches, settings or templates, not objects."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scanner.collectors import kubernetes_yaml
from scanner.collectors.kubernetes_yaml import UnreadableError
from scanner.model import Json

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_RESOURCES = ("resources", "bases", "components", "generators", "transformers", "validators")
_SETTINGS = ("configurations", "crds")
_CHART = "Chart.yaml"


class Kustomize:
    """Which files are named in a set of kustomizations, and as what."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._patches: set[Path] = set()
        self._settings: set[Path] = set()
        resources: set[Path] = set()
        for file in files:
            kustomization, folder = _read(file), file.parent
            self._patches |= _resolved(folder, _patches(kustomization))
            self._settings |= _resolved(folder, _named(kustomization, _SETTINGS))
            self._settings |= _resolved(folder, _contents(kustomization))
            resources |= _resolved(folder, _named(kustomization, _RESOURCES))
        self._patches -= resources

    def is_patch(self, file: Path) -> bool:
        """Whether a kustomization applies it as a patch, and none takes it as a resource."""
        return _real(file) in self._patches

    def is_settings(self, file: Path) -> bool:
        """Whether it is a kustomization, or one reads it as settings or as the content of something."""
        return file.name in NAMES or _real(file) in self._settings


def is_chart_template(file: Path) -> bool:
    """Whether it lies in the `templates` of a Helm chart."""
    return any(folder.name == "templates" and (folder.parent / _CHART).is_file() for folder in file.parents)


def is_chart_file(file: Path) -> bool:
    """Whether it lies in the top folder of a Helm chart, as `values.yaml` does."""
    return (file.parent / _CHART).is_file()


def _read(file: Path) -> Mapping[str, Json]:
    """A kustomization; empty when it can't be read, which is told when its turn comes as a file."""
    try:
        with file.open("rb") as stream:
            value = kubernetes_yaml.load(next(kubernetes_yaml.documents(stream)))
    except (OSError, UnreadableError):
        return {}
    return value if isinstance(value, dict) else {}


def _named(kustomization: Mapping[str, Json], fields: Iterable[str]) -> Iterator[Json]:
    for field in fields:
        value = kustomization.get(field)
        yield from value if isinstance(value, list) else ()


def _patches(kustomization: Mapping[str, Json]) -> Iterator[Json]:
    """Paths in `patchesStrategicMerge`, and `path` in `patches` and `patchesJson6902`."""
    yield from _named(kustomization, ("patchesStrategicMerge",))
    for patch in _named(kustomization, ("patches", "patchesJson6902")):
        yield patch.get("path") if isinstance(patch, dict) else None


def _contents(kustomization: Mapping[str, Json]) -> Iterator[Json]:
    """Files that become values of ConfigMaps and Secrets (`name=file` or `file`), and files of `replacements`."""
    for generator in _named(kustomization, ("configMapGenerator", "secretGenerator")):
        files = generator.get("files") if isinstance(generator, dict) else None
        yield from (str(name).rpartition("=")[2] for name in files) if isinstance(files, list) else ()
    for replacement in _named(kustomization, ("replacements",)):
        yield replacement.get("path") if isinstance(replacement, dict) else None


def _resolved(folder: Path, names: Iterable[Json]) -> set[Path]:
    """Inline patches and addresses are no paths."""
    return {_real(folder / name) for name in names if isinstance(name, str) and "\n" not in name and "://" not in name}


def _real(file: Path) -> Path:
    return Path(os.path.abspath(file))  # noqa: PTH100 - links stay links, `..` goes
