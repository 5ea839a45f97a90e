"""OPA servers with our policies: one that is started for this scan, or one that is there already.

A started server listens on the loopback interface and answers only who knows its token, because whoever reaches it
could change the policies. It loads them all at once. A server that is there already takes them only one by one, and
compiles everything anew with each: 200 modules take 20 seconds, and as long again to remove.
"""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import orjson
import requests
from opa_client.errors import DeletePolicyError, RegoParseError
from opa_client.opa import OpaClient

from scanner.engines.opa_query import ENTRY, QueryError
from scanner.errors import ConfigurationError, EngineError
from scanner.model import Cause, Json

_START_SECONDS = 60.0
_START_ATTEMPTS = 3
_STOP_SECONDS = 5.0
_PREFIX = "vouch/"
_OURS = ("policies", "lib", ENTRY)
_STRICT = {"strict-builtin-errors": "true"}
_MODULE = "{}.rego"
_AUTHORISATION = """package system.authz

default allow := false

allow if input.identity == "{token}"
"""


class StartedServer:
    """A server of our own. See `opa.Server`."""

    def __init__(self, binary: str | None, modules: Mapping[str, str], timeout: float) -> None:
        self._binary = _find(binary)
        self._timeout = timeout
        self._token = secrets.token_hex(32)
        # Files are numbered: whatever the modules are called, they stay in this folder.
        self._paths = {_MODULE.format(number): path for number, path in enumerate(modules)}
        self._folder = tempfile.TemporaryDirectory(prefix="vouch-opa-")
        self._log = Path(self._folder.name) / "log"
        bundle = Path(self._folder.name) / "bundle"
        bundle.mkdir()
        for name, path in self._paths.items():
            (bundle / name).write_text(modules[path], encoding="utf-8")
        (bundle / "authorisation.rego").write_text(_AUTHORISATION.format(token=self._token), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None
        self._client: OpaClient | None = None
        try:
            self._start()
        except EngineError:
            self.close()
            raise

    def version(self) -> str:
        """See `opa.Server`."""
        return _version(self._client)

    def query(self, tasks: list[Json]) -> Json:
        """See `opa.Server`. A server that died is started again."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        try:
            return _query(self._client, tasks, self._named)
        except requests.ConnectionError as error:
            raise QueryError(Cause("engine_crash", f"OPA broke off: {self._last_words()}")) from error

    def close(self) -> None:
        """End the server and remove its folder."""
        self._stop()
        self._folder.cleanup()

    def _start(self) -> None:
        self._stop()
        for _ in range(_START_ATTEMPTS):
            # Someone else may take the port before OPA does.
            if self._try_to_start(_free_port()):
                return
        raise EngineError(
            f"OPA does not start: {self._last_words()}", hint="`vouch controls lint` checks the controls."
        )

    def _try_to_start(self, port: int) -> bool:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(self._binary, "run", "--server", "--addr", f"127.0.0.1:{port}", "--bundle", "bundle"),
                    *("--authentication", "token", "--authorization", "basic"),
                    *("--log-level", "error", "--skip-version-check"),
                ],
                cwd=self._folder.name,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us: we end the server when what is under way is dealt with.
                start_new_session=True,
            )
        self._client = OpaClient(host="127.0.0.1", port=port, token=self._token, retries=0, timeout=self._timeout)
        until = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < until:
            if self._client.check_health():
                return True
            time.sleep(0.02)
        return False

    def _stop(self) -> None:
        if self._client:
            self._client.close_connection()
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._client = self._process = None

    def _named(self, file: str) -> str:
        return self._paths.get(Path(file).name, file)

    def _last_words(self) -> str:
        said = self._log.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
        for name, path in self._paths.items():
            said = said.replace(f"bundle/{name}", path)
        return said or "it said nothing"


class PushedServer:
    """A server that is there already: policies are put under `vouch/` and removed again. See `opa.Server`.

    For one scan at a time. A server that has packages of the same names is refused, because OPA would merge the rules.
    """

    def __init__(self, url: str, modules: Mapping[str, str], timeout: float) -> None:
        self._url = url
        self._client = _client(url, timeout)
        self._modules = {f"{_PREFIX}{quote(path)}": text for path, text in modules.items()}
        if not self._client.check_health():
            raise ConfigurationError(f"no OPA answers at {url}", hint="Start one with `opa run --server`.")
        try:
            # A scan that was killed may have left some behind.
            self._delete_all()
            self._refuse_others()
            _in_rounds(sorted(self._modules, key=lambda name: not name.startswith(f"{_PREFIX}lib/")), self._put)
        except (requests.RequestException, RegoParseError, DeletePolicyError) as error:
            self.close()
            reason = _first(getattr(error, "errors", []), _without_prefix) or str(error)
            raise EngineError(f"the OPA at {url} does not take the policies: {reason}") from error

    def version(self) -> str:
        """See `opa.Server`."""
        return _version(self._client)

    def query(self, tasks: list[Json]) -> Json:
        """See `opa.Server`."""
        try:
            return _query(self._client, tasks, _without_prefix)
        except requests.ConnectionError as error:
            raise EngineError(f"the OPA at {self._url} is gone: {error}") from error

    def close(self) -> None:
        """Remove our policies, as far as the server is still there."""
        with suppress(requests.RequestException, DeletePolicyError):
            self._delete_all()
        self._client.close_connection()

    def _put(self, name: str) -> None:
        self._client.update_policy_from_string(self._modules[name], name, rego_compat=False)

    def _delete_all(self) -> None:
        ours = [name for name in self._client.get_policies_list() if name.startswith(_PREFIX)]
        _in_rounds(sorted(ours, key=lambda name: name.startswith(f"{_PREFIX}lib/")), self._client.delete_policy)

    def _refuse_others(self) -> None:
        for name in self._client.get_policies_list():
            root = self._client.get_policy(name)["result"]["ast"]["package"]["path"][1]["value"]
            if root in _OURS:
                self._client.close_connection()
                raise ConfigurationError(
                    f"the OPA at {self._url} has a policy {name} in the package {root}, which Vouch uses",
                    hint="Give Vouch an OPA of its own.",
                )


def _in_rounds(names: Iterable[str], change: Callable[[str], object]) -> None:
    """Change all policies. Each change must leave a whole that compiles, and nobody says in which order that works."""
    waiting = list(names)
    while waiting:
        refused, refusal = [], None
        for name in waiting:
            try:
                change(name)
            except (RegoParseError, DeletePolicyError) as error:
                refused.append(name)
                refusal = error
        if refusal and len(refused) == len(waiting):
            raise refusal
        waiting = refused


def _query(client: OpaClient | None, tasks: list[Json], named: Callable[[str], str]) -> Json:
    if client is None:
        raise EngineError("the engine is closed")
    try:
        reply = client.query_rule({"tasks": tasks}, ENTRY, "answers", query_params=_STRICT)
    except requests.HTTPError as error:
        raise QueryError(Cause("engine_error", _reason(error.response, named))) from error
    except requests.Timeout as error:
        raise QueryError(Cause("engine_timeout", f"No answer within {client.timeout:g} s.")) from error
    if "result" not in reply:
        raise EngineError("OPA does not know the generated rule: its policies were changed")
    # Whole numbers of any size come as such from the client; everything else here knows those of 64 bits, and floats.
    return orjson.loads(json.dumps(reply["result"]))


def _reason(response: requests.Response | None, named: Callable[[str], str]) -> str:
    """Why OPA refused, by the first error that it names: `aws/a.rego:7:3: concat: operand 2 must be …`."""
    try:
        said = response.json() if response is not None else {}
    except requests.JSONDecodeError:
        return "OPA answers with an error that is not JSON"
    return _first(said.get("errors", []), named) or str(said.get("message", "OPA gives no reason"))


def _first(errors: Sequence[Mapping[str, Json]], named: Callable[[str], str]) -> str | None:
    for error in errors:
        place = error.get("location", {})
        return f"{named(place.get('file', ''))}:{place.get('row')}:{place.get('col')}: {error.get('message')}"
    return None


def _without_prefix(file: str) -> str:
    return unquote(file.removeprefix(_PREFIX))


def _version(client: OpaClient | None) -> str:
    reply = client.ad_hoc_query("version = opa.runtime().version") if client else {}
    return str(reply["result"][0]["version"])


def _find(binary: str | None) -> str:
    found = shutil.which(binary or "opa")
    if not found:
        raise ConfigurationError(
            f"there is no program {binary}"
            if binary
            else "there is no OPA: no URL was given, and no program opa found",
            hint="Install OPA (openpolicyagent.org), give the URL of a server, or use --engine embedded.",
        )
    return found


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _client(url: str, timeout: float) -> OpaClient:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ConfigurationError(f"{url!r} is not the URL of an OPA", hint="It looks like http://localhost:8181.")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    return OpaClient(host=parts.hostname, port=port, ssl=secure, retries=0, timeout=timeout)
