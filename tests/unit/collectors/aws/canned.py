"""An account whose answers are written down, for what moto does not know. They must fit the model of the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.model import OperationModel
from botocore.session import Session
from botocore.validate import validate_parameters

from scanner.model import Json

Canned: TypeAlias = Mapping[str, Json] | str | Callable[[Mapping[str, Json], str], "Canned"]
"""An answer, an error code, or what makes either of the parameters and the region that was asked."""


@dataclass(slots=True)
class Account:
    """A session that never sends anything."""

    answers: Mapping[str, Canned]
    """By call: `{"kms:ListKeys": {"Keys": []}}`."""
    session: Session = field(default_factory=Session)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Call and region, in the order of asking."""

    def __post_init__(self) -> None:
        self.session.set_credentials("testing", "testing")
        emitter = self.session.get_component("event_emitter")
        emitter.register("provide-client-params", self._remember)
        emitter.register("before-call", self._answer)

    def _remember(self, params: dict[str, Json], context: dict[str, Json], **_: object) -> None:
        context["canned"] = dict(params)

    def _answer(
        self, model: OperationModel, context: dict[str, Json], **_: object
    ) -> tuple[AWSResponse, dict[str, Json]]:
        call = f"{model.service_model.service_name}:{model.name}"
        region = context["client_region"]
        self.asked.append((call, region))
        canned = _IDENTITY if call == "sts:GetCallerIdentity" else self.answers[call]
        while callable(canned):
            canned = canned(context["canned"], region)
        if isinstance(canned, str):
            return _response(400), {"Error": {"Code": canned, "Message": ""}, "ResponseMetadata": {}}
        if model.output_shape:
            validate_parameters(canned, model.output_shape)
        return _response(200), {**canned, "ResponseMetadata": {}}


_IDENTITY = {"Account": "123456789012", "Arn": "arn:aws-us-gov:iam::123456789012:user/auditor", "UserId": "AIDA"}


def _response(status: int) -> AWSResponse:
    return AWSResponse("https://canned.example", status, HTTPHeaders(), None)
