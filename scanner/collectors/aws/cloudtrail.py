"""CloudTrail: trails. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/"""

from __future__ import annotations

from scanner.collectors.aws.tables import AnswerError, Call, Kind, tags
from scanner.model import Json


def _tags(resources: Json) -> Json:
    """The tags of the one trail that was asked for."""
    if len(resources) != 1:
        raise AnswerError(f"asked for the tags of one trail, got {len(resources)}")
    return tags("Key", "Value")(resources[0].get("TagsList", []))


KINDS = (
    Kind(
        name="aws.cloudtrail.trail",
        # Shadow trails included: without them a member account is not told of the trails of its organisation, nor a
        # region of a trail at home in one that isn't scanned.
        listing=Call("cloudtrail:DescribeTrails", "trailList", parameters={"includeShadowTrails": True}),
        id="{TrailARN}",
        title="{Name}",
        regional=True,
        region="{HomeRegion}",
        once=True,
        # By ARN, since a trail of the organisation isn't known to a member account by its name.
        attributes={
            "Status": Call("cloudtrail:GetTrailStatus", parameters={"Name": "{TrailARN}"}, requires=("IsLogging",)),
            "EventSelectors": Call(
                "cloudtrail:GetEventSelectors",
                parameters={"TrailName": "{TrailARN}"},
                requires=("TrailARN",),
                keeps=("EventSelectors", "AdvancedEventSelectors"),
            ),
        },
        labels=Call(
            "cloudtrail:ListTags",
            "ResourceTagList",
            parameters={"ResourceIdList": ["{TrailARN}"]},
            transform=_tags,
        ),
    ),
)
