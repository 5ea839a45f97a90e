"""What can go wrong with one operation, done to the bytes between botocore and the server."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session
from botocore.session import Session

Answer = Callable[[AWSPreparedRequest, str], AWSResponse]
"""Makes an answer of the request and the service's protocol."""


@dataclass(slots=True)
class Wire:
    """A session that notes every request and can spoil those of one operation."""

    session: Session = field(default_factory=Session)
    requests: list[str] = field(default_factory=list)
    """`s3:GetBucketPolicy`, in the order of sending."""

    def __post_init__(self) -> None:
        self.session.get_component("event_emitter").register("before-send", self._note)

    def spoil(self, call: str, answer: Answer, *, after: int = 0) -> None:
        """Answer the call so, once it has been let through `after` times."""
        service, _, operation = call.partition(":")
        model = self.session.get_service_model(service)
        left = iter(range(after))

        def handler(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
            return answer(request, model.resolved_protocol) if next(left, None) is None else None

        emitter = self.session.get_component("event_emitter")
        emitter.register(f"before-send.{model.service_id.hyphenize()}.{operation}", handler)

    def _note(self, event_name: str, **_: object) -> None:
        service, operation = event_name.split(".")[1:]
        self.requests.append(f"{service.replace('-', '')}:{operation}")


def denied(request: AWSPreparedRequest, protocol: str) -> AWSResponse:
    """The caller may not."""
    code = {"json": "AccessDeniedException", "ec2": "UnauthorizedOperation"}.get(protocol, "AccessDenied")
    return _error(request, protocol, 403, code)


def throttled(request: AWSPreparedRequest, protocol: str) -> AWSResponse:
    """The caller asks too often."""
    if protocol == "rest-xml":
        return _error(request, protocol, 503, "SlowDown")
    return _error(request, protocol, 400, "ThrottlingException")


def cut_off(request: AWSPreparedRequest, protocol: str) -> AWSResponse:
    """The connection is closed without an answer."""
    raise ConnectionClosedError(endpoint_url=request.url)


def halved(request: AWSPreparedRequest, protocol: str) -> AWSResponse:
    """The start of the server's answer, with which it ends."""
    whole = URLLib3Session().send(request)
    return _response(request, 200, whole.content[: len(whole.content) // 2], dict(whole.headers))


def _error(request: AWSPreparedRequest, protocol: str, status: int, code: str) -> AWSResponse:
    # A request id in it: what is reported may not hold it, or two scans would differ.
    error = f"<Error><Code>{code}</Code><Message>No. (Request id 4711)</Message></Error>"
    bodies: dict[str, str] = {
        "json": json.dumps({"__type": code, "message": "No. (Request id 4711)"}),
        "ec2": f"<Response><Errors>{error}</Errors><RequestID>4711</RequestID></Response>",
        "query": f"<ErrorResponse>{error}<RequestId>4711</RequestId></ErrorResponse>",
        "rest-xml": error,
    }
    return _response(request, status, bodies[protocol].encode(), {})


def _response(request: AWSPreparedRequest, status: int, body: bytes, headers: Mapping[str, str]) -> AWSResponse:
    fields = HTTPHeaders()
    for name, value in headers.items():
        fields[name] = value
    return AWSResponse(request.url, status, fields, _Raw(body))


class _Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:  # noqa: ANN401 - urllib3's own signature
        yield self.read()
