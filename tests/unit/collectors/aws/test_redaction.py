"""What people write into tags, names and descriptions doesn't leave the collector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from scanner.collectors.aws.redaction import Redaction
from scanner.interfaces import Collected
from scanner.model import Cause, Gap, Json, Question, Resource
from scanner.redact import Redactor

REDACTOR = Redactor(b"a key of sixteen")
KEY = "AKIA" + "Z" * 16
TOKEN = REDACTOR.token(KEY)


def role(attributes: Mapping[str, Json], labels: Mapping[str, str] | None = None, name: str = "deploy") -> Resource:
    return Resource("aws.iam.role", f"arn:aws:iam::1:role/{name}", name, "aws:1", attributes, labels=labels or {})


def redacted(item: Collected) -> Collected:
    return Redaction(REDACTOR)(item)


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ({"Path": f"/{KEY}/"}, {"Path": f"/{TOKEN}/"}),
        ({"Path": [{"deep": [f"a\n{KEY}"]}]}, {"Path": [{"deep": [f"a\n{TOKEN}"]}]}),
        ({"Policy": {"Statement": [{"Sid": KEY}]}}, {"Policy": {"Statement": [{"Sid": TOKEN}]}}),
        ({"Condition": {KEY: "x"}}, {"Condition": {TOKEN: "x"}}),
        ({"Description": "password: hunter2"}, {"Description": f"password: {REDACTOR.token('hunter2')}"}),
        (
            {"KeyMetadata": {"Description": "runs --password hunter2"}},
            {"KeyMetadata": {"Description": f"runs --password {REDACTOR.token('hunter2')}"}},
        ),
    ],
)
def test_a_credential_is_masked_wherever_it_stands(attributes: Mapping[str, Json], kept: Mapping[str, Json]) -> None:
    assert redacted(role(attributes)) == role(kept)


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        ({"note": f"use {KEY}"}, {"note": f"use {TOKEN}"}),
        ({KEY: "x"}, {TOKEN: "x"}),
        ({"db-password": "correct horse"}, {"db-password": REDACTOR.token("correct horse")}),
        ({"note": "password=hunter2"}, {"note": f"password={REDACTOR.token('hunter2')}"}),
        ({"team": "data"}, {"team": "data"}),
    ],
)
def test_a_tag_is_secret_by_its_form_its_key_or_a_word_in_it(
    labels: Mapping[str, str], kept: Mapping[str, str]
) -> None:
    assert redacted(role({}, labels)) == role({}, kept)


def test_a_credential_in_a_name_is_masked_alike_wherever_the_name_stands() -> None:
    named = role({"RoleName": KEY, "Arn": f"arn:aws:iam::1:role/{KEY}"}, name=KEY)
    assert redacted(named) == role({"RoleName": TOKEN, "Arn": f"arn:aws:iam::1:role/{TOKEN}"}, name=TOKEN)


@pytest.mark.parametrize(
    "attributes",
    [
        {"AccessKeys": [{"UserName": "alice", "AccessKeyId": KEY, "Status": "Active"}]},
        {"Policy": {"Statement": [{"Resource": "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db"}]}},
        {"SummaryMap": {"AccountAccessKeysPresent": 0}, "PasswordPolicy": {"AllowUsersToChangePassword": True}},
        {"Credentials": {"password_enabled": "true", "access_key_1_active": "false"}},
    ],
)
def test_what_only_sounds_secret_is_kept_as_it_is(attributes: Mapping[str, Json]) -> None:
    assert redacted(role(attributes)) == role(attributes)


def test_the_ledger_names_no_credential() -> None:
    asked = Question("aws:1", "https://iam", "iam:ListAccessKeys", {"UserName": KEY}, f"arn:{KEY}", "2026", "ok")
    assert redacted(asked) == replace(asked, parameters={"UserName": TOKEN}, principal=f"arn:{TOKEN}")


def test_gaps_hold_only_words_of_ours_and_pass() -> None:
    gap = Gap("aws", "*", Cause("credentials", "There are none."))
    assert redacted(gap) is gap
