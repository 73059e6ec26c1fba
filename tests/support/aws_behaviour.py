"""moto where it answers otherwise than AWS does, put right; and what a test may do to it that AWS lets nobody do.

What AWS answers is documented at <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>,
<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html> and
<https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html>; moto's own behaviour is in
<https://github.com/getmoto/moto/blob/5.2.5/moto/iam/access_control.py>.
"""

import datetime
import io
import re
import urllib.parse

import moto.core.exceptions as exceptions
import moto.iam.access_control as access_control
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from moto.sts.models import sts_backends

# 1. Errors of the query protocol: moto wraps `<Error>` in `<Errors>`, which AWS does not.
XML = (
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code>'
    "<Message>%s</Message></Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>"
)


def reshape(kind):
    plain = kind.__init__

    def shaped(self, *arguments, **named):
        plain(self, *arguments, **named)
        self.description, self.content_type = XML % (self.error_type, self.message), "text/xml"

    kind.__init__ = shaped


class ExpiredToken(exceptions._RESTError):
    code = 403

    def __init__(self):
        super().__init__("ExpiredToken", "The security token included in the request is expired")


for kind in [
    exceptions.SignatureDoesNotMatchError,
    exceptions.InvalidClientTokenIdError,
    exceptions.AccessDeniedError,
    ExpiredToken,
]:
    reshape(kind)


# 2. Services that speak JSON (KMS, DynamoDB) answer in JSON, with names of their own.
class JsonError(exceptions.JsonRESTError):
    code = 400


def speaks_json(request):
    return any(name.lower() == "x-amz-target" for name in request._headers.keys())


def in_json(method, code, message):
    plain = getattr(access_control.IAMRequest, method)

    def answered(self, *arguments):
        if speaks_json(self):
            raise JsonError(code, message or "not authorized to perform: %s" % self._action)
        return plain(self, *arguments)

    setattr(access_control.IAMRequest, method, answered)


in_json("_raise_signature_does_not_match", "InvalidSignatureException", "The request signature does not match.")
in_json("_raise_invalid_access_key", "UnrecognizedClientException", "The security token is invalid.")
in_json("_raise_access_denied", "AccessDeniedException", None)

# 3. A key that is switched off is refused; moto accepts it.
plain_user = access_control.IAMUserAccessKey.__init__


def user(self, account_id, partition, access_key_id, headers):
    plain_user(self, account_id, partition, access_key_id, headers)
    key = iam_backends[account_id][partition].access_keys.get(access_key_id)
    if key is None or key.status != "Active":
        raise access_control.CreateAccessKeyFailure(reason="InvalidId")


access_control.IAMUserAccessKey.__init__ = user

# 4. A session ends; moto's last for ever.
plain_session = access_control.AssumedRoleAccessKey.__init__


def session(self, account_id, partition, access_key_id, headers):
    plain_session(self, account_id, partition, access_key_id, headers)
    for role in sts_backends[account_id][partition].assumed_roles:
        if role.access_key_id == access_key_id and role.expiration.replace(tzinfo=None) < now():
            raise ExpiredToken()


access_control.AssumedRoleAccessKey.__init__ = session

# 5. Web identities need no signature; moto looks for one.
plain_authorization = ActionAuthenticatorMixin._authenticate_and_authorize_action


def authorization(self, service, resource="*"):
    if "Authorization" in self.headers or not self._get_action().startswith("AssumeRoleWith"):
        plain_authorization(self, service, resource)


ActionAuthenticatorMixin._authenticate_and_authorize_action = authorization

# 6. moto does not simulate: whoever may ask is told what moto itself would decide.
def simulated(self):
    """<https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>"""
    arn = self.querystring["PolicySourceArn"][0]
    kind = access_control.AssumedRoleAccessKey if ":role/" in arn else access_control.IAMUserAccessKey
    who = kind.__new__(kind)
    who.account_id, who.partition = DEFAULT_ACCOUNT_ID, "aws"
    who._owner_role_name = who._owner_user_name = arn.rsplit("/", 1)[1]
    if ":role/" in arn and arn not in [role.arn for role in who.backend.roles.values()]:
        return 404, {}, XML % ("NoSuchEntity", "there is no such role")
    policies = [access_control.IAMPolicy(policy) for policy in who.collect_policies()]

    def listed(name):
        return [values[0] for key, values in sorted(self.querystring.items()) if key.startswith(name + ".member.")]

    results = ""
    for action in listed("ActionNames"):
        for resource in listed("ResourceArns"):
            said = [policy.is_action_permitted(action, resource).name for policy in policies]
            decision = "allowed" if "PERMITTED" in said else "implicitDeny"
            decision = "explicitDeny" if "DENIED" in said else decision
            results += "<member><EvalActionName>%s</EvalActionName>" % action
            results += "<EvalResourceName>%s</EvalResourceName>" % resource
            results += "<EvalDecision>%s</EvalDecision></member>" % decision
    return (
        '<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        "<SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>%s</EvaluationResults>"
        "</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>" % results
    )


IamResponse.simulate_principal_policy = simulated

# What was asked, by whom.
LOG = []
# Keys of the account's root user, which moto does not have.
ROOTS = set()
# What the server's clock is ahead by.
CLOCK = datetime.timedelta()


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def credential(environment):
    """Key id, day, region and service of a signed request."""
    found = re.search(r"Credential=([^,]+)", environment.get("HTTP_AUTHORIZATION", ""))
    return found.group(1).split("/") if found else ["", "", "", ""]


def body_of(environment):
    """A form's text; other bodies are left alone."""
    if not environment.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return b""
    body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
    environment["wsgi.input"] = io.BytesIO(body)
    return body


def application():
    inner = DomainDispatcherApplication(create_backend_app)

    def answer(environment, start):
        path, query = environment.get("PATH_INFO", ""), environment.get("QUERY_STRING", "")
        if path.startswith("/moto-api"):
            return inner(environment, start)
        key, _, region, service = credential(environment)[:4]
        form = urllib.parse.parse_qs(body_of(environment).decode())
        action = form.get("Action", [environment.get("HTTP_X_AMZ_TARGET", "")])[0]
        agent = environment.get("HTTP_USER_AGENT", "")
        told = {"method": environment["REQUEST_METHOD"], "path": path, "key": key, "service": service}
        LOG.append({**told, "region": region, "action": action, "agent": agent})

        def refuse(status, text, more=()):
            start(status, [("Content-Type", "text/xml"), ("Content-Length", str(len(text))), *more])
            return [b"" if environment["REQUEST_METHOD"] == "HEAD" else text.encode()]

        # 7. A request may not be signed more than five minutes ago; moto does not look.
        if CLOCK and service == "sts":
            text = "Signature expired: 20261121T000000Z is now earlier than 20261121T010000Z (20261121T010500Z - 5 min.)"
            return refuse("403 Forbidden", XML % ("SignatureDoesNotMatch", text))
        # 8. S3 refuses a request that is signed for another region than the bucket's; moto does not.
        home = region_of(path.strip("/").split("/")[0]) if service == "s3" else None
        if home and home != region and environment["REQUEST_METHOD"] != "PUT":
            text = (
                "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the "
                "region '%s' is wrong; expecting '%s'</Message><Region>%s</Region></Error>" % (region, home, home)
            )
            return refuse("400 Bad Request", text, [("x-amz-bucket-region", home)])
        got = {}

        def keep(status, headers, problem=None):
            got.update(status=status, headers=headers)

        body = b"".join(inner(environment, keep))
        # 9. moto has its own name for the root of this document.
        if environment["REQUEST_METHOD"] == "GET" and query.split("=")[0] == "versioning":
            body = body.replace(b"GetBucketVersioningResponse", b"VersioningConfiguration")
        if action == "GetCallerIdentity" and key in ROOTS:
            body = re.sub(rb":user/[^<]+", b":root", body)
        headers = [(name, value) for name, value in got["headers"] if name.lower() != "content-length"]
        if environment["REQUEST_METHOD"] == "HEAD":
            headers = got["headers"]
        else:
            headers.append(("Content-Length", str(len(body))))
        start(got["status"], headers)
        return [body]

    return answer


def region_of(bucket):
    found = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(bucket)
    return found.region_name if found else None


def log():
    """What was asked since this was last called."""
    said = list(LOG)
    LOG.clear()
    return said


def age(key, days):
    """Lets a key be made that many days earlier."""
    iam_backends[DEFAULT_ACCOUNT_ID]["aws"].access_keys[key].create_date -= datetime.timedelta(days=days)


def last_used(key, days):
    """Lets a key be used last that many days ago."""
    used = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].access_keys[key].last_used
    used._timestamp = now() - datetime.timedelta(days=days)


def expire(key):
    """Ends a session."""
    for role in sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assumed_roles:
        if role.access_key_id == key:
            role.expiration = now() - datetime.timedelta(seconds=1)


def root(key):
    """Lets a key be the root user's."""
    ROOTS.add(key)


def clock(minutes):
    """Sets the server's clock ahead."""
    global CLOCK
    CLOCK = datetime.timedelta(minutes=minutes)
