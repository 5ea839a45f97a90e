"""IAM: users, groups, roles and customer managed policies. https://docs.aws.amazon.com/IAM/latest/APIReference/

IAM answers slowly and throttles early, so what `GetAccountAuthorizationDetails` tells of all at once is not asked again
for each: attached and inline policies, policy documents and tags.
"""

from __future__ import annotations

from scanner.collectors.aws.tables import (
    AnswerError,
    Call,
    Job,
    Kind,
    Report,
    Row,
    policies,
    policy,
    table,
    tags,
)
from scanner.model import Json

CREDENTIAL_REPORT = Report(
    Call("iam:GetCredentialReport", "Content", transform=table),
    key="arn",
    job=Job(Call("iam:GenerateCredentialReport", "State"), done="COMPLETE"),
)
"""A row for each user and one for the root user. IAM makes a new one at most every four hours."""


def _details(entity: str, result: str) -> Report:
    call = Call("iam:GetAccountAuthorizationDetails", result, parameters={"Filter": [entity]}, page_size=_PAGE)
    return Report(call, key="Arn")


def _listing(operation: str, result: str) -> Call:
    return Call(f"iam:{operation}", result, page_size=_PAGE)


def _default_document(versions: Json) -> Json:
    """The document of the version in force."""
    for version in versions:
        if version.get("IsDefaultVersion"):
            return policy(version.get("Document"))
    raise AnswerError("the policy has no default version")


_PAGE = 1000
_TAGS = tags("Key", "Value")
_USERS = _details("User", "UserDetailList")
_GROUPS = _details("Group", "GroupDetailList")
_ROLES = _details("Role", "RoleDetailList")
_POLICIES = _details("LocalManagedPolicy", "Policies")

KINDS = (
    Kind(
        name="aws.iam.user",
        listing=_listing("ListUsers", "Users"),
        id="{Arn}",
        title="{UserName}",
        attributes={
            "Credentials": Row(CREDENTIAL_REPORT),
            "AccessKeys": Call("iam:ListAccessKeys", "AccessKeyMetadata", parameters={"UserName": "{UserName}"}),
            "AttachedPolicies": Row(_USERS, "AttachedManagedPolicies", default=[]),
            "InlinePolicies": Row(_USERS, "UserPolicyList", default=[], transform=policies),
        },
        labels=Row(_USERS, "Tags", default=[], transform=_TAGS),
    ),
    Kind(
        name="aws.iam.group",
        listing=_listing("ListGroups", "Groups"),
        id="{Arn}",
        title="{GroupName}",
        attributes={
            "AttachedPolicies": Row(_GROUPS, "AttachedManagedPolicies", default=[]),
            "InlinePolicies": Row(_GROUPS, "GroupPolicyList", default=[], transform=policies),
        },
    ),
    Kind(
        name="aws.iam.role",
        listing=_listing("ListRoles", "Roles"),
        id="{Arn}",
        title="{RoleName}",
        parsed={"AssumeRolePolicyDocument": policy},
        attributes={
            "AttachedPolicies": Row(_ROLES, "AttachedManagedPolicies", default=[]),
            "InlinePolicies": Row(_ROLES, "RolePolicyList", default=[], transform=policies),
        },
        labels=Row(_ROLES, "Tags", default=[], transform=_TAGS),
    ),
    Kind(
        name="aws.iam.policy",
        listing=Call("iam:ListPolicies", "Policies", parameters={"Scope": "Local"}, page_size=_PAGE),
        id="{Arn}",
        title="{PolicyName}",
        attributes={"Document": Row(_POLICIES, "PolicyVersionList", transform=_default_document)},
        labels=Call("iam:ListPolicyTags", "Tags", parameters={"PolicyArn": "{Arn}"}, transform=_TAGS),
    ),
)
