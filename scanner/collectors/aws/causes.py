"""What an error of botocore means for the reader of a report: a `Cause`, in words that are the same in every scan.

Messages of the service are left out: they hold request ids, and those on signatures hold session tokens.
"""

from __future__ import annotations

from scanner.collectors.aws.tables import AnswerError, Call
from scanner.model import Cause

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedFault",
        "AllAccessDisabled",
        "AuthorizationError",
        "Forbidden",
        "ForbiddenException",
        "NotAuthorized",
        "UnauthorizedAccess",
        "UnauthorizedOperation",
        "403",
    }
)
_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSecurity",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
    }
)
# Those that botocore's standard retry handler knows as throttling, and the bare status.
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "ReduceYourRequestRate",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
        "429",
    }
)
_UNSUPPORTED = frozenset(
    {
        "InvalidAction",
        "MethodNotAllowed",
        "NotImplemented",
        "OperationNotPermittedException",
        "OptInRequired",
        "SubscriptionRequiredException",
        "UnknownOperationException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
    }
)
_VANISHED_ENDINGS = ("NotFound", "NotFoundException", "NotFoundError", "DoesNotExist", "DoesNotExistException")

_SENTENCES = {
    "access_denied": "{call} was refused: {code}.",
    "credentials": "{call} was refused because of the credentials: {code}.",
    "throttled": "{call} was throttled: {code}.",
    "unsupported": "{call} is not offered here: {code}.",
    "vanished": "{call} found nothing there any more: {code}.",
    "unreachable": "{call} got no answer from {endpoint}: {code}.",
    "invalid_answer": "{call} got an answer that can't be used: {code}.",
}


def cause_of(error: Exception, call: Call, endpoint: str = "") -> Cause:
    """Why `call` gave nothing. `error` is one that `errors()` names, `endpoint` the one that was asked."""
    kind = _kind(error)
    permission = call.action if kind == "access_denied" else None
    sentence = _SENTENCES[kind].format(call=call.name, code=code_of(error), endpoint=endpoint or "its endpoint")
    return Cause(kind, sentence, permission)


def code_of(error: Exception) -> str:
    """The service's error code, the reason an answer is unusable, or the name of the error on this side."""
    if isinstance(error, AnswerError):
        return str(error)
    return _response_code(error) or type(error).__name__.removesuffix("Error")


def errors() -> tuple[type[Exception], ...]:
    """What can go wrong in a call without a mistake of ours."""
    from xml.etree.ElementTree import ParseError

    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    # botocore reads a bucket's location past its own parser, so what is wrong with it comes as it is.
    return (BotoCoreError, ClientError, ResponseParserError, ParseError, AnswerError)


def _kind(error: Exception) -> str:
    code = _response_code(error)
    return _kind_of_code(code, error) if code else _kind_on_this_side(error)


def _kind_of_code(code: str, error: Exception) -> str:
    for kind, codes in _KINDS_BY_CODE.items():
        if code in codes:
            return kind
    if code.startswith("NoSuch") or code.endswith(_VANISHED_ENDINGS):
        return "vanished"
    return _KINDS_BY_STATUS.get(_status(error), "unreachable" if _status(error) >= 500 else "invalid_answer")


def _kind_on_this_side(error: Exception) -> str:
    from botocore import exceptions

    credentials = (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.CredentialRetrievalError,
        exceptions.TokenRetrievalError,
        exceptions.MetadataRetrievalError,
        exceptions.NoAuthTokenError,
        exceptions.SSOError,
        exceptions.LoginError,
        exceptions.InvalidConfigError,
        exceptions.RefreshWithMFAUnsupportedError,
    )
    unreachable = (exceptions.ConnectionError, exceptions.HTTPClientError, exceptions.IncompleteReadError)
    unsupported = (
        exceptions.BaseEndpointResolverError,
        exceptions.EndpointProviderError,
        exceptions.InvalidRegionError,
        exceptions.ParamValidationError,
        exceptions.UnknownServiceError,
    )
    groups = {"credentials": credentials, "unreachable": unreachable, "unsupported": unsupported}
    return next((kind for kind, group in groups.items() if isinstance(error, group)), "invalid_answer")


def _response_code(error: Exception) -> str:
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "Unknown")) if isinstance(response, dict) else ""


def _status(error: Exception) -> int:
    response = getattr(error, "response", {})
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


_KINDS_BY_CODE = {
    "access_denied": _DENIED,
    "credentials": _CREDENTIALS,
    "throttled": _THROTTLED,
    "unsupported": _UNSUPPORTED,
}
_KINDS_BY_STATUS = {401: "credentials", 403: "access_denied", 429: "throttled"}
