# METADATA
# title: S3 buckets are not public
# description: >-
#   Neither the bucket policy nor the access control list lets everyone in, or Block Public Access makes what they say void.
#   Everyone is whom AWS calls public: any principal, without a condition that fixes account, organisation, network or source;
#   and the groups AllUsers and AuthenticatedUsers. Access control lists of single objects are not read: only IgnorePublicAcls or
#   the bucket owner enforced setting rules them out.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
# custom:
#   severity: critical
#   resources: [aws.s3.bucket]
#   objectives: [data-not-public]
#   remediation: >-
#     Name the principals in the statement, or add a condition such as `aws:PrincipalOrgID`; remove the grant and set the object
#     ownership to `BucketOwnerEnforced`; turn on Block Public Access.
package policies.aws.s3.not_public

import data.lib.aws.buckets

findings contains finding if some finding in buckets.openings(input)

unknowns contains doubt if some doubt in buckets.doubts(input)
