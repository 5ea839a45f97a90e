"""What errors of AWS and of the network are called in reports."""

from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError

from scanner.collectors.aws.causes import cause_of
from scanner.collectors.aws.tables import AnswerError, Call
from scanner.model import Cause

CALL = Call("s3:GetBucketEncryption", permission="s3:GetEncryptionConfiguration")


def refused(code: str, status: int = 400) -> exceptions.ClientError:
    response = {
        "Error": {"Code": code, "Message": "Request id 4711"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return exceptions.ClientError(response, "GetBucketEncryption")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (refused("AccessDenied"), "access_denied", "was refused: AccessDenied."),
        (refused("UnauthorizedOperation"), "access_denied", "was refused: UnauthorizedOperation."),
        (refused("Strange", 403), "access_denied", "was refused: Strange."),
        (refused("SlowDown", 503), "throttled", "was throttled: SlowDown."),
        (refused("Throttling"), "throttled", "was throttled: Throttling."),
        (refused("Strange", 429), "throttled", "was throttled: Strange."),
        (refused("ExpiredToken"), "credentials", "was refused because of the credentials: ExpiredToken."),
        (
            refused("AuthFailure", 403),
            "credentials",
            "was refused because of the credentials: AuthFailure.",
        ),
        (exceptions.NoCredentialsError(), "credentials", "was refused because of the credentials: NoCredentials."),
        (refused("NoSuchBucket", 404), "vanished", "found nothing there any more: NoSuchBucket."),
        (refused("TrailNotFoundException"), "vanished", "found nothing there any more: TrailNotFoundException."),
        (
            refused("UnsupportedOperationException"),
            "unsupported",
            "is not offered here: UnsupportedOperationException.",
        ),
        (refused("InternalError", 500), "unreachable", "got no answer from https://s3.example: InternalError."),
        (
            exceptions.EndpointConnectionError(endpoint_url="x"),
            "unreachable",
            "got no answer from https://s3.example: EndpointConnection.",
        ),
        (
            exceptions.ReadTimeoutError(endpoint_url="x"),
            "unreachable",
            "got no answer from https://s3.example: ReadTimeout.",
        ),
        (
            exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2),
            "unreachable",
            "got no answer from https://s3.example: IncompleteRead.",
        ),
        (ResponseParserError("4711"), "invalid_answer", "got an answer that can't be used: ResponseParser."),
        (AnswerError("it has no Rules"), "invalid_answer", "got an answer that can't be used: it has no Rules."),
        (refused("Strange"), "invalid_answer", "got an answer that can't be used: Strange."),
    ],
)
def test_an_error_has_a_kind_and_a_sentence_without_what_changes(error: Exception, kind: str, reason: str) -> None:
    permission = "s3:GetEncryptionConfiguration" if kind == "access_denied" else None
    assert cause_of(error, CALL, "https://s3.example") == Cause(kind, f"{CALL.name} {reason}", permission)
