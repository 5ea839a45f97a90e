"""Secrets are taken out before anything else sees them: canaries in every place, and what is no secret stays."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest

from scanner.errors import ConfigurationError
from scanner.model import Json
from scanner.redact import Redactor, load_key, pattern_of

REDACTOR = Redactor(b"a key for tests only, 32 bytes..")
CANARY = "canary-7f3a9c"

# Put together here, so that no scanner of repositories takes them for real ones.
FORMS = {
    "AWS access key": "AKIA" + "QWERTYUIOPASDFGH",
    "AWS secret access key": "aws_secret_access_key = " + "a1B2" * 10,
    "GitHub token": "ghp_" + "a1B2" * 9,
    "GitLab token": "glpat-" + "a1B2c3D4e5" * 2,
    "Slack token": "xoxb-" + "1234567890-abcdef",
    "Google API key": "AIza" + "a1B2c3D" * 5,
    "Anthropic API key": "sk-ant-" + "a1B2c3D4e5" * 3,
    "OpenAI API key": "sk-proj-" + "a1B2c3D4e5" * 3,
    "Hugging Face token": "hf_" + "a1B2c3D4e5" * 4,
    "private key": "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIB\nabc\n-----END " + "RSA PRIVATE KEY-----",
    "JSON web token": "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl",
    "password in a URL": "postgres://app:" + "hunter2" + "@db:5432/x",
}


def _token(value: str) -> str:
    return REDACTOR.token(value)


def _redacted(value: Json, kind: str = "apps.Deployment") -> tuple[Json, list[Mapping[str, Json]]]:
    result = REDACTOR.kubernetes(kind, value)
    return result.value, list(result.credentials)


def _pod(**container: Json) -> Json:
    return {"spec": {"template": {"spec": {"containers": [{"name": "main", **container}]}}}}


def test_a_token_depends_on_value_and_key_only() -> None:
    assert _token("a") == _token("a") == Redactor(b"a key for tests only, 32 bytes..").token("a")
    assert len({_token("a"), _token("b"), Redactor(b"another key of at least 16 bytes").token("a")}) == 3
    assert _token("a").startswith("redacted:hmac-sha256:")
    assert len(_token("a")) == len("redacted:hmac-sha256:") + 16


def test_values_of_a_secret_are_taken_out_and_its_keys_stay() -> None:
    secret = {
        "kind": "Secret",
        "type": "Opaque",
        "data": {"password": "aHVudGVyMg==", "empty": ""},
        "stringData": {"token": CANARY},
    }
    assert _redacted(secret, "core.Secret") == (
        {
            "kind": "Secret",
            "type": "Opaque",
            "data": {"password": _token("aHVudGVyMg=="), "empty": ""},
            "stringData": {"token": _token(CANARY)},
        },
        [],
    )


def test_values_of_a_config_map_are_taken_out_and_credentials_in_it_are_noted() -> None:
    config = {"data": {"level": "debug", "password": "hunter2"}, "binaryData": {"blob": "AAAA"}}
    assert _redacted(config, "core.ConfigMap") == (
        {
            "data": {"level": _token("debug"), "password": _token("hunter2")},
            "binaryData": {"blob": _token("AAAA")},
        },
        [{"path": ["data", "password"], "pattern": "credential by its name"}],
    )


def test_data_that_is_no_mapping_is_taken_out_as_well() -> None:
    assert _redacted({"data": [CANARY, {"a": CANARY}]}, "core.Secret")[0] == {
        "data": [_token(CANARY), {"a": _token(CANARY)}]
    }


def test_every_literal_of_an_environment_is_taken_out_and_only_credentials_are_noted() -> None:
    reference = {"name": "FROM_SECRET", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}
    value, credentials = _redacted(
        _pod(env=[{"name": "LEVEL", "value": "debug"}, {"name": "DB_PASSWORD", "value": "changeme"}, reference])
    )
    assert value == _pod(
        env=[
            {"name": "LEVEL", "value": _token("debug")},
            {"name": "DB_PASSWORD", "value": _token("changeme")},
            reference,
        ]
    )
    path = ["spec", "template", "spec", "containers", 0, "env", 1, "value"]
    assert credentials == [{"path": path, "pattern": "credential by its name"}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD", "changeme"),
        ("DB_PASSWORD", "12345"),
        ("dbPassword", "correct-horse"),
        ("API_KEY", "Zx81abcd"),
        ("apiKey", "changeme"),
        ("AWS_SECRET_ACCESS_KEY", "a1B2" * 10),
        ("TOKEN", "s3cr3t"),
        ("CLIENT_SECRET", "9f8e7d6c"),
        ("PASSWORD_1", "changeme"),
    ],
)
def test_a_literal_is_a_credential_by_its_name(name: str, value: str) -> None:
    _, credentials = _redacted(_pod(env=[{"name": name, "value": value}]))
    assert [each["pattern"] for each in credentials] == ["credential by its name"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN_PATH", "/var/run/secrets/token"),
        ("PASSWORD_FILE", "/run/secrets/password"),
        ("TOKEN", "/var/run/secrets/token"),
        ("SECRET_NAME", "database"),
        ("SECRET", "database-credentials"),
        ("DB_PASSWORD", "$(DB_PASSWORD)"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "{{ password }}"),
        ("DB_PASSWORD", "<password>"),
        ("DB_PASSWORD", ""),
        ("MAX_TOKENS", "4096"),
        ("NEXT_TOKEN", "4096"),
        ("REQUIRE_PASSWORD", "true"),
        ("TOKEN_TTL", "3600s"),
        ("KEY", "color"),
        ("PRIMARY_KEY", "id"),
        ("MONKEY", "banana"),
        ("TOKEN_URL", "https://auth.example.com/token"),
    ],
)
def test_references_switches_and_names_are_no_credentials(name: str, value: str) -> None:
    assert _redacted(_pod(env=[{"name": name, "value": value}]))[1] == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--password=" + CANARY], ["--password={}"]),
        (["--api-key", CANARY + "X9", "--port", "80"], ["--api-key", "{}", "--port", "80"]),
        (["sh", "-c", f"export DB_PASSWORD='{CANARY}'; run --token {CANARY}Z1 -v"], None),
        (["sh", "-c", f'curl -d \'{{"password": "{CANARY}"}}\' x'], None),
        (["--url=postgres://app:hunter2@db/x"], ["--url=postgres://{}@db/x"]),
        (["--token-file=/var/run/token", "--password=$(PASSWORD)", "-v", "plain"], "same"),
        (["--token", "--verbose"], "same"),
    ],
)
def test_arguments_lose_only_what_looks_like_a_credential(arguments: list[str], expected: Json) -> None:
    value, credentials = _redacted(_pod(args=arguments, command=arguments))
    container = value["spec"]["template"]["spec"]["containers"][0]
    if expected == "same":
        assert (container["args"], container["command"], credentials) == (arguments, arguments, [])
        return
    assert CANARY not in str(container)
    assert "hunter2" not in str(container)
    assert {each["path"][-2] for each in credentials} == {"args", "command"}
    if expected is not None:
        shapes = [part.replace("{}", "redacted:hmac-sha256:") for part in expected]
        assert all(
            got.startswith(shape.partition("@")[0]) for got, shape in zip(container["args"], shapes, strict=True)
        )


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_known_forms_are_masked_wherever_they_stand(name: str, form: str) -> None:
    value = {
        "metadata": {"name": form, "labels": {"a": form}, "annotations": {"note": f"see {form} there", form: "x"}},
        "spec": {"anything": [{"deep": {"below": form}}]},
    }
    redacted, credentials = _redacted(value, "example.com.Thing")
    for secret in form.replace("postgres://app:", "").replace("@db:5432/x", "").splitlines():
        assert secret.rpartition(" = ")[2] not in orjson.dumps(redacted).decode()
    assert pattern_of(form) == name
    assert {"path": ["spec", "anything", 0, "deep", "below"], "pattern": name} in credentials


def test_the_last_applied_configuration_becomes_one_token() -> None:
    key = "kubectl.kubernetes.io/last-applied-configuration"
    value = {"metadata": {"annotations": {key: '{"spec": 1}', "other": "kept"}}}
    assert _redacted(value) == ({"metadata": {"annotations": {key: _token('{"spec": 1}'), "other": "kept"}}}, [])


def test_custom_resources_lose_literals_under_telling_names() -> None:
    value = {
        "spec": {
            "auth": {"password": CANARY, "token": "T0k3n" + CANARY, "pin": {"passcode": 1234}},
            "pod": {"env": [{"name": "A", "value": CANARY}]},
            "template": {"stringData": {"x": CANARY}},
            "passwordSecretRef": {"name": "db", "key": "password"},
            "secretName": "db-credentials",
            "automountServiceAccountToken": True,
            "tokenExpirationSeconds": 3600,
            "serviceAccountToken": {"path": "token", "audience": "vault"},
            "imagePullSecrets": [{"name": "registry"}],
        }
    }
    redacted, credentials = _redacted(value, "example.com.Database")
    assert CANARY not in orjson.dumps(redacted).decode()
    lost = {"auth", "pod", "template"}
    assert {key: redacted["spec"][key] for key in redacted["spec"].keys() - lost} == {
        key: value["spec"][key] for key in value["spec"].keys() - lost
    }
    assert [each["path"] for each in credentials] == [
        ["spec", "auth", "password"],
        ["spec", "auth", "token"],
        ["spec", "auth", "pin", "passcode"],
    ]


def test_the_input_is_never_changed() -> None:
    value = _pod(env=[{"name": "PASSWORD", "value": CANARY}], args=["--password", CANARY])
    before = copy.deepcopy(value)
    _redacted(value)
    assert value == before


def test_what_holds_nothing_secret_is_returned_as_it_is() -> None:
    value = {"kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}}
    assert REDACTOR.kubernetes("core.Service", value).value is value


def test_redacting_twice_changes_nothing_more() -> None:
    once, _ = _redacted({"spec": {"password": CANARY}}, "example.com.Database")
    assert _redacted(once, "example.com.Database") == (once, [])


@pytest.mark.parametrize("value", [None, [], "x", {"env": "x"}, {"env": [1, None]}, {"args": {"a": 1}}, {"args": [1]}])
def test_malformed_objects_are_taken_as_they_are(value: Json) -> None:
    assert _redacted(value) == (value, [])


def test_free_text_is_masked() -> None:
    text = REDACTOR.text(f"cannot log in with password={CANARY} to https://u:{CANARY}@host, token: {CANARY}X1")
    assert CANARY not in text
    assert text.startswith("cannot log in with password=redacted:hmac-sha256:")
    assert REDACTOR.text("the token of the user expired") == "the token of the user expired"


def test_the_key_is_made_once_and_only_the_user_can_read_it(tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    key = load_key(environment=environment)
    file = tmp_path / "vouch" / "redaction.key"
    assert (load_key(environment=environment), load_key(file, {})) == (key, key)
    assert len(key) == 64
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_the_environment_gives_the_key_first(tmp_path: Path) -> None:
    assert load_key(tmp_path / "key", {"VOUCH_REDACTION_KEY": "0123456789abcdef"}) == b"0123456789abcdef"
    assert not (tmp_path / "key").exists()


def test_without_a_place_to_keep_it_the_key_lasts_for_the_process(tmp_path: Path) -> None:
    (tmp_path / "vouch").write_text("a file where the folder should be")
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    first, second = load_key(environment=environment), load_key(environment=environment)
    assert first != second
    assert len(first) == len(second) == 32


@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_key_that_is_too_short_is_refused(tmp_path: Path, where: str) -> None:
    (tmp_path / "key").write_text("short")
    environment = {"VOUCH_REDACTION_KEY": "short"} if where == "environment" else {}
    with pytest.raises(ConfigurationError, match="at least 16 bytes"):
        load_key(tmp_path / "key", environment)


@pytest.mark.parametrize("name", ["sk-platform-engineering-admins", "acme-sk-customer-records-archive"])
def test_a_name_that_begins_like_a_key_is_left(name: str) -> None:
    assert pattern_of(name) is None
