"""AWS on a free loopback port: a bucket, a KMS key and the access key of a user who may do everything, told on standard
output as one line of JSON. usage: aws_server.py free|enforced

With `enforced` every call must be signed with a known key. It ends when its standard input does, so that it never
outlives the test that has started it, however that one ends.
"""

import json
import logging
import os
import sys
import urllib.request

enforced = sys.argv[1] == "enforced"
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000000" if enforced else "inf"

import boto3
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
endpoint = "http://127.0.0.1:%d" % server.get_host_and_port()[1]


def client(service):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="eu-west-1",
        aws_access_key_id="setup",
        aws_secret_access_key="setup",
    )


bucket = "example-tfstate"
client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
kms_key = client("kms").create_key(Description="terraform")["KeyMetadata"]["Arn"]
iam = client("iam")
iam.create_user(UserName="terraform")
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="terraform", PolicyName="everything", PolicyDocument=json.dumps(everything))
key = iam.create_access_key(UserName="terraform")["AccessKey"]
if enforced:
    text = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(endpoint + "/moto-api/reset-auth", data=b"0", headers=text))
answer = {
    "endpoint": endpoint,
    "bucket": bucket,
    "kms_key": kms_key,
    "access_key": key["AccessKeyId"],
    "secret_key": key["SecretAccessKey"],
}
print(json.dumps(answer), flush=True)
sys.stdin.read()
