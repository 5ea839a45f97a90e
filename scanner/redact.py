"""Takes secrets out of what was read, before anything is hashed, judged or written.

A value becomes a token, `redacted:hmac-sha256:<16 hex>`, keyed with a key that never enters a bundle: equal values have
equal tokens, and nobody can try guesses against them. What a control needs to know of what is gone (this looks like a
credential) is noted beside it.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import orjson

from scanner.errors import ConfigurationError
from scanner.model import Json
from scanner.model import Path as Steps

KEY_VARIABLE = "VOUCH_REDACTION_KEY"
_SHORTEST_KEY = 16
_TOKEN = re.compile(r"redacted:hmac-sha256:[0-9a-f]{16}")


def load_key(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> bytes:
    """The key of this user: `VOUCH_REDACTION_KEY`, or the file at `path`, which is made with mode 0600 when missing.

    `path` is by default `vouch/redaction.key` in `XDG_CONFIG_HOME`. Where no file can be kept, the key is good for this
    process only, and tokens of two scans can't be compared. Raises `ConfigurationError` for a key that is too short.
    """
    if value := environment.get(KEY_VARIABLE):
        return _long_enough(value.encode(), KEY_VARIABLE)
    folder = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "vouch"
    path = path or folder / "redaction.key"
    try:
        if not path.exists():
            _create(path, secrets.token_hex(32).encode())
        return _long_enough(path.read_bytes().strip(), str(path))
    except OSError:
        return secrets.token_bytes(32)


def _create(path: Path, key: bytes) -> None:
    """Written aside and linked, so that a second process sees the whole key or none, and the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _long_enough(key: bytes, where: str) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise ConfigurationError(
            f"{where}: a redaction key has at least {_SHORTEST_KEY} bytes", hint="openssl rand -hex 32 makes one"
        )
    return key


# --- what a credential looks like


class _Form(NamedTuple):
    marks: tuple[str, ...]
    """One of these is in every credential of the form, in lower case: cheap to look for before the expression is."""
    expression: str


_FORMS: Mapping[str, _Form] = {
    "AWS access key": _Form(("akia", "asia"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "AWS secret access key": _Form(
        ("aws_secret", "awssecret"), r"(?i:aws_?secret_?access_?key)[\"'\s:=]{1,5}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
    ),
    "GitHub token": _Form(
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        r"\bgh[pousr]_[A-Za-z0-9]{36,255}|\bgithub_pat_[A-Za-z0-9_]{60,255}",
    ),
    "GitLab token": _Form(
        ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glagent-", "gloas-", "glsoat-"),
        r"\bgl(?:pat|dt|rt|cbt|ptt|agent|oas|soat)-[A-Za-z0-9_-]{20,255}",
    ),
    "Slack token": _Form(
        ("xox", "hooks.slack.com"),
        r"\bxox[abeprs]-[A-Za-z0-9-]{10,255}|hooks\.slack\.com/services/T\w{6,}/B\w{6,}/\w{16,}",
    ),
    "Google API key": _Form(("aiza",), r"\bAIza[0-9A-Za-z_-]{35}"),
    "Anthropic API key": _Form(("sk-ant-",), r"\bsk-ant-[A-Za-z0-9_-]{20,255}"),
    # A digit and a capital are asked for: `sk-platform-engineering-admins` is a name.
    "OpenAI API key": _Form(
        ("sk-",),
        r"(?<![\w-])sk-(?=[\w-]{0,255}[0-9])(?=[\w-]{0,255}[A-Z])(?:[a-z]{2,10}-)?[A-Za-z0-9_-]{20,255}",
    ),
    "Hugging Face token": _Form(("hf_",), r"\bhf_[A-Za-z0-9]{30,255}"),
    "private key": _Form(
        ("private key-----",),
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)",
    ),
    "JSON web token": _Form(("eyj",), r"(?<![\w-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    "password in a URL": _Form(("://",), r"(?<=://)[^\s/@:\"']{0,255}:[^\s/@\"'$<{]{1,1024}(?=@)"),
}
"""Name -> the form that its issuer gives it (their documentation), or that a standard does (RFC 7468, 7519, 3986)."""

_NAMES = tuple(_FORMS)


@lru_cache(maxsize=256)
def _expression(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for these forms, whose group tells which it was; None for no form."""
    if not names:
        return None
    return re.compile("|".join(f"(?P<form{_NAMES.index(name)}>{_FORMS[name].expression})" for name in names))


def _known(text: str) -> re.Pattern[str] | None:
    """What finds the credentials that can be in `text`: only the forms that left a mark there."""
    lower = text.lower()
    return _expression(tuple(name for name, form in _FORMS.items() if any(mark in lower for mark in form.marks)))


_PASSWORDS = frozenset({"password", "passwd", "passphrase", "passcode", "pwd"})
_SECRETS = frozenset({"token", "secret", "apikey", "accesskey", "secretkey", "privatekey", "credential", "credentials"})
_KEYS = frozenset(
    {"api", "access", "secret", "private", "encryption", "signing", "auth", "account", "master", "shared"}
)
"""`key` alone is any key; after one of these it is a secret one."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_NOT_LITERAL = re.compile(
    r"""
    \s*\Z                                           # nothing
    | [$<{%]                                        # $(REFERENCE), ${REFERENCE}, <placeholder>, {{ template }}
    | \.{0,2}/ | ~/                                 # a path
    | [a-z][a-z0-9+.-]*://                          # an address; a password in it has a pattern of its own
    | (?:true|false|yes|no|on|off|none|null|nil)\Z  # a switch
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?[a-zA-Z]?\Z")
_NAME = re.compile(r"[a-z]+(?:[-._/][a-z0-9]+)+\Z")
"""The name of an object: `database-credentials`, `kube-system/token`."""

_OPTION = re.compile(r"--?[A-Za-z][\w.-]*\Z")
_VALUE = r"""(?P<value>\\?"[^"]*"|'[^']*'|[^\s"';&|]+)"""
_ASSIGNMENTS = (
    re.compile(r"""(?<![\w.-])(?P<name>-{0,2}[A-Za-z_][\w.-]*)(?P<sign>\\?["']?[=:]\s*)""" + _VALUE),
    re.compile(r"(?<![\w.-])(?P<name>--?[A-Za-z][\w.-]*)(?P<sign>\s+)(?!-)" + _VALUE),
)
"""`API_KEY='x'`, `--password=x`, `"password": "x"`; and `--token x`.

Begun only where a word begins, or a long word would be tried from each of its letters.
"""
_TELLING: tuple[str, ...] = ('"env":', '"args":', '"command":', '"stringdata":', "last-applied-configuration", "key")
_TELLING += tuple(sorted(_PASSWORDS | _SECRETS))
"""In lower case: without any of these, and without a mark, an object has nothing to take out."""
_CREDENTIAL = "credential by its name"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@lru_cache(maxsize=4096)
def _kind_of_name(name: str) -> str | None:
    """What a name says its value is: "password", "secret" or neither. The last word decides: `tokenPath` is a path."""
    words = [word.lower() for word in _WORD.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return None
    if words[-1] in _PASSWORDS:
        return "password"
    is_secret = words[-1] in _SECRETS or (words[-1] == "key" and len(words) > 1 and words[-2] in _KEYS)
    return "secret" if is_secret else None


def _may_be_secret(name: str, value: str) -> bool:
    """Whether a literal is taken out going by its name: in doubt it is."""
    return _kind_of_name(name) is not None and not (_NOT_LITERAL.match(value) or _TOKEN.fullmatch(value))


def _is_credential(name: str, value: str) -> bool:
    """Whether a literal is called a credential going by its name: few false alarms count for more than the last hit."""
    if not _may_be_secret(name, value):
        return False
    return _kind_of_name(name) == "password" or not (_NUMBER.match(value) or _NAME.match(value))


def _by_name(name: str, value: str) -> str | None:
    return _CREDENTIAL if _is_credential(name, value) else None


def _in_assignments(text: str) -> str | None:
    found = (match for form in _ASSIGNMENTS for match in form.finditer(text))
    credential = any(_is_credential(match["name"], match["value"].strip("\"'\\")) for match in found)
    return _CREDENTIAL if credential else None


def pattern_of(value: str, known: re.Pattern[str] | None = None) -> str | None:
    """The name of the first known form of credential in `value`, or None."""
    known = known or _known(value)
    match = known.search(value) if known else None
    return _NAMES[int(str(match.lastgroup).removeprefix("form"))] if match else None


def _is_telling(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _TELLING)


# --- taking them out


@dataclass(frozen=True, slots=True)
class Redacted:
    """What may be kept of an object."""

    value: Json
    credentials: Sequence[Mapping[str, Json]]
    """`{"path": [...], "pattern": "AWS access key"}` for each literal that looks like a credential."""


class Redactor:
    """Replaces secret values by tokens. Inputs are never changed; what holds no secret is returned as it is."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, value: str) -> str:
        """`redacted:hmac-sha256:<16 hex>`, the same for the same value and key."""
        return f"redacted:hmac-sha256:{hmac.digest(self._key, value.encode(errors='replace'), 'sha256').hex()[:16]}"

    def text(self, value: str) -> str:
        """Free text with every credential in it masked: for error details and for parameters in the ledger."""
        return self.mask(self._assigned(value))

    def kubernetes(self, kind: str, value: Json) -> Redacted:
        """An object of `kind` (`core.Secret`, `apps.Deployment`) without its secrets."""
        text = orjson.dumps(value).decode()
        known = _known(text)
        if not (known or kind in _WHOLE or _is_telling(text)):
            return Redacted(value, ())
        walk = _Walk(self, _WHOLE.get(kind, frozenset()), known)
        return Redacted(walk.value(value, (), ""), tuple(walk.credentials))

    def mask(self, value: str, known: re.Pattern[str] | None = None) -> str:
        """`value` with every known form of credential masked."""
        known = known or _known(value)
        return known.sub(lambda match: self.token(match.group()), value) if known else value

    def _assigned(self, value: str) -> str:
        """Masks the values of assignments and options whose name says that they are secret."""
        for form in _ASSIGNMENTS:
            value = form.sub(self._mask, value)
        return value

    def _mask(self, match: re.Match[str]) -> str:
        literal = match["value"].strip("\"'\\")
        if not _may_be_secret(match["name"], literal):
            return match.group()
        return match["name"] + match["sign"] + self.token(literal)


_WHOLE: Mapping[str, frozenset[str]] = {
    "core.Secret": frozenset({"data", "stringData"}),
    "core.ConfigMap": frozenset({"data", "binaryData"}),
}
"""Group and kind -> fields whose values are all taken out. No control reads any key of a ConfigMap yet."""


@dataclass(slots=True)
class _Walk:
    """One pass over one object."""

    redactor: Redactor
    whole: frozenset[str]
    known: re.Pattern[str] | None
    """What finds the known forms of credentials that can be in the object; None when there are none."""
    credentials: list[dict[str, Json]] = field(default_factory=list)

    def value(self, value: Json, path: Steps, name: str) -> Json:
        """`value` without secrets; `name` is the key that it stands under."""
        if isinstance(value, str):
            return self._string(value, path, name)
        if isinstance(value, dict):
            return self._mapping(value, path)
        if isinstance(value, list):
            if name in ("args", "command"):
                return self._arguments(value, path)
            item = self._variable if name == "env" else self.value
            return [item(below, (*path, index), name) for index, below in enumerate(value)]
        if type(value) in (int, float) and _kind_of_name(name) == "password":
            return self._token(str(value), path, _CREDENTIAL)
        return value

    def _mapping(self, value: Mapping[str, Json], path: Steps) -> dict[str, Json]:
        result = {}
        for key, below in value.items():
            at = (*path, key)
            if key == "stringData" or (not path and key in self.whole):
                kept = self._all(below, at)
            elif key == _LAST_APPLIED and isinstance(below, str):
                kept = self.redactor.token(below)
            else:
                kept = self.value(below, at, key)
            result[self._masked(key)] = kept
        return result

    def _string(self, value: str, path: Steps, name: str) -> str:
        pattern = self._pattern_of(value)
        if _may_be_secret(name, value):
            return self._token(value, path, pattern or _by_name(name, value))
        if pattern is None:
            return value
        self._note(path, pattern)
        return self._masked(value)

    def _variable(self, value: Json, path: Steps, name: str) -> Json:
        """An environment variable: its literal is taken out whatever it is."""
        if not isinstance(value, dict) or not isinstance(value.get("value"), (str, int, float)):
            return self.value(value, path, name)
        literal, variable = str(value["value"]), str(value.get("name", ""))
        pattern = self._pattern_of(literal) or _by_name(variable, literal)
        rest = {key: below for key, below in value.items() if key != "value"}
        redacted = self._mapping(rest, path)
        return {**redacted, "value": self._token(literal, (*path, "value"), pattern) if literal else literal}

    def _all(self, value: Json, path: Steps) -> Json:
        """Every scalar below is taken out. What a Secret holds is where it belongs; elsewhere credentials are noted."""
        if isinstance(value, dict):
            return {self._masked(key): self._all(below, (*path, key)) for key, below in value.items()}
        if isinstance(value, list):
            return [self._all(below, (*path, index)) for index, below in enumerate(value)]
        if value is None or isinstance(value, bool) or value == "":
            return value
        literal, name = str(value), str(path[-1])
        found = self._pattern_of(literal) or _by_name(name, literal)
        return self._token(literal, path, found if "stringData" not in self.whole else None)

    def _arguments(self, values: Sequence[Json], path: Steps) -> list[Json]:
        """A command line: `--password=x`, `--password x` as one argument or two, and the same inside `sh -c`."""
        result: list[Json] = []
        option = ""
        for index, value in enumerate(values):
            at = (*path, index)
            if not isinstance(value, str):
                result.append(self.value(value, at, ""))
            elif option and not value.startswith("-") and _may_be_secret(option, value):
                result.append(self._token(value, at, self._pattern_of(value) or _by_name(option, value)))
            else:
                result.append(self._argument(value, at))
            option = value if isinstance(value, str) and _OPTION.match(value) else ""
        return result

    def _argument(self, value: str, path: Steps) -> str:
        pattern = self._pattern_of(value) or _in_assignments(value)
        if pattern is not None:
            self._note(path, pattern)
        return self.redactor.text(value)

    def _pattern_of(self, value: str) -> str | None:
        return pattern_of(value, self.known) if self.known else None

    def _masked(self, value: str) -> str:
        return self.redactor.mask(value, self.known) if self.known else value

    def _token(self, value: str, path: Steps, pattern: str | None) -> str:
        if pattern is not None:
            self._note(path, pattern)
        return self.redactor.token(value)

    def _note(self, path: Steps, pattern: str) -> None:
        self.credentials.append({"path": list(path), "pattern": pattern})
