"""Takes credentials out of what AWS tells, before anyone sees it: people put them into tags, descriptions and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scanner.encoding import encode
from scanner.interfaces import Collected
from scanner.model import Json, Question, Resource
from scanner.redact import Redactor

_FREE_TEXT = "Description"
"""The field in which a word before it can give a password away."""

_IDENTIFIER = "AccessKeyId"
"""The field that has the form of a credential and only names one: who is to rotate a key must know which it is."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """Gives back what may be handed out of each thing that was collected."""

    redactor: Redactor

    def __call__(self, item: Collected) -> Collected:
        """The item without credentials; equal ones have equal tokens, so that what belonged together still does."""
        match item:
            case Resource():
                return self._resource(item)
            case Question():
                # The name of the caller's role session is free text of whoever began it.
                principal = self.redactor.mask(item.principal) if item.principal else None
                return replace(item, parameters=self._content(item.parameters), principal=principal)
            case _:
                return item

    def _resource(self, resource: Resource) -> Resource:
        return replace(
            resource,
            id=self.redactor.mask(resource.id),
            name=self.redactor.mask(resource.name),
            attributes=self._content(resource.attributes),
            labels=self._labels(resource.labels),
        )

    def _labels(self, labels: Mapping[str, str]) -> Mapping[str, str]:
        """Tags: the key can say that the value is secret, and so can a word in the value."""
        texts = {key: self.redactor.text(value) for key, value in labels.items()}
        kept: Mapping[str, str] = self.redactor.kubernetes("", texts).value
        return kept

    def _content(self, value: Mapping[str, Json]) -> Mapping[str, Json]:
        content: Mapping[str, Json] = value if self._is_clean(value) else self._value(value, "")
        return content

    def _is_clean(self, value: Mapping[str, Json]) -> bool:
        """Whether there is nothing to take out, told at once for the most."""
        text = encode(value).decode()
        # An escape can hide where a word begins, and free text is read by other rules.
        return "\\" not in text and f'"{_FREE_TEXT}":' not in text and self.redactor.mask(text) == text

    def _value(self, value: Json, name: str) -> Json:
        """A value that stands under the key `name`."""
        if isinstance(value, str):
            return self._text(value, name)
        if isinstance(value, Mapping):
            return {self.redactor.mask(key): self._value(below, key) for key, below in value.items()}
        if isinstance(value, list):
            return [self._value(below, name) for below in value]
        return value

    def _text(self, value: str, name: str) -> str:
        if name == _IDENTIFIER:
            return value
        return self.redactor.text(value) if name == _FREE_TEXT else self.redactor.mask(value)
