"""AWS on a free loopback port: moto, with a bucket, a KMS key and the access key of a user who may do everything, told
on standard output as one line of JSON. usage: aws_server.py free|enforced

With `enforced` every call must be signed with a known key. Each line of JSON on standard input is something to be done,
and is answered by a line. It ends when its standard input does, so that it never outlives the test that has started it,
however that one ends.
"""

import json
import logging
import os
import sys
import threading
import traceback
import urllib.request

enforced = sys.argv[1] == "enforced"
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000000" if enforced else "inf"

import aws_behaviour
import boto3
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, aws_behaviour.application(), threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = "http://127.0.0.1:%d" % server.server_port


def client(service, key="setup", secret="setup", region="eu-west-1"):
    names = {"aws_access_key_id": key, "aws_secret_access_key": secret}
    return boto3.client(service, endpoint_url=endpoint, region_name=region, **names)


def made_key(user, policy):
    iam = client("iam", *administrator)
    if user not in [known["UserName"] for known in iam.list_users()["Users"]]:
        iam.create_user(UserName=user)
    if policy:
        iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


def done(order):
    """What a line asks for."""
    what = order.pop("do")
    if what == "key":
        return made_key(order["user"], order.get("policy"))
    if what == "call":
        made = client(order["service"], *administrator, region=order.get("region", "eu-west-1"))
        return getattr(made, order["operation"])(**order.get("arguments", {}))
    return getattr(aws_behaviour, what)(**order)


administrator = ()
bucket = "example-tfstate"
client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
kms_key = client("kms").create_key(Description="terraform")["KeyMetadata"]["Arn"]
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
key = made_key("terraform", everything)
administrator = (key["id"], key["secret"])
if enforced:
    text = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(endpoint + "/moto-api/reset-auth", data=b"0", headers=text))
aws_behaviour.LOG.clear()
answer = {
    "endpoint": endpoint,
    "bucket": bucket,
    "kms_key": kms_key,
    "access_key": key["id"],
    "secret_key": key["secret"],
}
print(json.dumps(answer), flush=True)
for line in sys.stdin:
    try:
        answer = done(json.loads(line))
    except Exception:
        answer = {"failed": traceback.format_exc()}
    print(json.dumps(answer, default=str), flush=True)
