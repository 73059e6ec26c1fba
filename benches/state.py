"""Writes a state of version 4 as Terraform would, the same for the same size. usage: state.py FILE MEGABYTES

One resource in a hundred is a `random_password`; others hold policies, environments and container definitions.
"""

import json
import random
import string
import sys

chance = random.Random(4)
REGIONS = ["eu-west-1", "eu-central-1", "us-east-1"]
TEAMS = ["network", "payments", "search", "identity", "platform"]


def letters(alphabet, length):
    return "".join(chance.choices(alphabet, k=length))


def identifier(prefix):
    return prefix + letters("0123456789abcdef", 17)


def address():
    return "10.%d.%d.%d" % (chance.randrange(256), chance.randrange(256), chance.randrange(256))


def tags(name):
    return {"Name": name, "Team": chance.choice(TEAMS), "Stage": chance.choice(["dev", "prod"]), "ManagedBy": "terraform"}


def role_arn(name):
    return "arn:aws:iam::111122223333:role/" + name


def instance(name):
    ip = address()
    dashed = ip.replace(".", "-")
    disk = {
        "delete_on_termination": True,
        "device_name": "/dev/xvda",
        "encrypted": True,
        "iops": 3000,
        "kms_key_id": "arn:aws:kms:eu-west-1:111122223333:key/7c2c1d8e-6b3b-4a52-9d0a-0f9a7a1f3c11",
        "tags": {},
        "throughput": 125,
        "volume_id": identifier("vol-"),
        "volume_size": 40,
        "volume_type": "gp3",
    }
    return "aws_instance", {
        "ami": identifier("ami-"),
        "arn": "arn:aws:ec2:eu-west-1:111122223333:instance/" + identifier("i-"),
        "associate_public_ip_address": False,
        "availability_zone": chance.choice(REGIONS) + "a",
        "credit_specification": [{"cpu_credits": "unlimited"}],
        "disable_api_termination": False,
        "ebs_block_device": [],
        "ebs_optimized": True,
        "get_password_data": False,
        "hibernation": None,
        "iam_instance_profile": name,
        "id": identifier("i-"),
        "instance_state": "running",
        "instance_type": chance.choice(["t3.medium", "m6i.large", "c7g.xlarge"]),
        "key_name": "",
        "metadata_options": [{"http_endpoint": "enabled", "http_put_response_hop_limit": 1, "http_tokens": "required"}],
        "monitoring": False,
        "password_data": "",
        "primary_network_interface_id": identifier("eni-"),
        "private_dns": "ip-%s.eu-west-1.compute.internal" % dashed,
        "private_ip": ip,
        "root_block_device": [disk],
        "secondary_private_ips": [],
        "security_groups": [],
        "source_dest_check": True,
        "subnet_id": identifier("subnet-"),
        "tags": tags(name),
        "tags_all": tags(name),
        "tenancy": "default",
        "timeouts": None,
        "user_data": letters("0123456789abcdef", 40),
        "user_data_base64": None,
        "vpc_security_group_ids": [identifier("sg-") for _ in range(3)],
    }


def security_group(name):
    def rule(port):
        blocks = [address() + "/32" for _ in range(4)]
        return {"cidr_blocks": blocks, "description": "for " + name, "from_port": port, "ipv6_cidr_blocks": [],
                "prefix_list_ids": [], "protocol": "tcp", "security_groups": [], "self": False, "to_port": port}

    group = identifier("sg-")
    return "aws_security_group", {
        "arn": "arn:aws:ec2:eu-west-1:111122223333:security-group/" + group,
        "description": "Managed by Terraform",
        "egress": [rule(0)],
        "id": group,
        "ingress": [rule(port) for port in (80, 443, 5432)],
        "name": name,
        "name_prefix": "",
        "owner_id": "111122223333",
        "revoke_rules_on_delete": False,
        "tags": tags(name),
        "tags_all": tags(name),
        "timeouts": None,
        "vpc_id": identifier("vpc-"),
    }


def role(name):
    principal = {"Service": "ec2.amazonaws.com"}
    trust = {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": principal}], "Version": "2012-10-17"}
    policy = {"Statement": [{"Action": ["s3:GetObject", "s3:ListBucket"], "Effect": "Allow",
                             "Resource": ["arn:aws:s3:::%s" % name, "arn:aws:s3:::%s/*" % name]}], "Version": "2012-10-17"}
    return "aws_iam_role", {
        "arn": role_arn(name),
        "assume_role_policy": json.dumps(trust),
        "create_date": "2026-03-01T10:20:30Z",
        "description": "",
        "force_detach_policies": False,
        "id": name,
        "inline_policy": [{"name": "read", "policy": json.dumps(policy)}],
        "managed_policy_arns": ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
        "max_session_duration": 3600,
        "name": name,
        "name_prefix": "",
        "path": "/",
        "permissions_boundary": "",
        "tags": tags(name),
        "tags_all": tags(name),
        "unique_id": "AROA" + letters(string.ascii_uppercase + "234567", 17),
    }


def function(name):
    variables = {"LOG_LEVEL": "info", "TABLE": name, "QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/" + name,
                 "BUCKET": name + "-data", "REGION": chance.choice(REGIONS)}
    return "aws_lambda_function", {
        "architectures": ["arm64"],
        "arn": "arn:aws:lambda:eu-west-1:111122223333:function:" + name,
        "code_sha256": letters(string.ascii_letters + string.digits, 43) + "=",
        "environment": [{"variables": variables}],
        "function_name": name,
        "handler": "main.handler",
        "id": name,
        "invoke_arn": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/%s/invocations" % name,
        "last_modified": "2026-03-01T10:20:30.000+0000",
        "layers": [],
        "memory_size": 512,
        "role": role_arn(name),
        "runtime": "python3.12",
        "source_code_hash": letters(string.ascii_letters + string.digits, 43) + "=",
        "tags": tags(name),
        "tags_all": tags(name),
        "timeout": 30,
        "tracing_config": [{"mode": "PassThrough"}],
        "version": "$LATEST",
        "vpc_config": [],
    }


def task(name):
    containers = [{"name": part, "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/%s:%s" % (part, letters("0123456789abcdef", 12)),
                   "cpu": 256, "memory": 512, "essential": True,
                   "environment": [{"name": "PORT", "value": "8080"}, {"name": "LOG_LEVEL", "value": "info"}],
                   "secrets": [{"name": "DB_PASSWORD", "valueFrom": "arn:aws:ssm:eu-west-1:111122223333:parameter/" + name}]}
                  for part in (name, "sidecar")]
    return "aws_ecs_task_definition", {
        "arn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/%s:7" % name,
        "container_definitions": json.dumps(containers),
        "cpu": "512",
        "execution_role_arn": role_arn(name),
        "family": name,
        "id": name,
        "memory": "1024",
        "network_mode": "awsvpc",
        "requires_compatibilities": ["FARGATE"],
        "revision": 7,
        "skip_destroy": False,
        "tags": tags(name),
        "tags_all": tags(name),
        "task_role_arn": role_arn(name),
        "volume": [],
    }


def record(name):
    return "aws_route53_record", {
        "alias": [],
        "allow_overwrite": None,
        "fqdn": name + ".example.com",
        "id": "Z0123456789ABCDEFGHIJ_%s_A" % name,
        "name": name + ".example.com",
        "records": [address() for _ in range(2)],
        "set_identifier": "",
        "ttl": 300,
        "type": "A",
        "zone_id": "Z0123456789ABCDEFGHIJ",
    }


def password(_):
    alphabet = string.ascii_letters + string.digits + "!@#$%&*()-_=+[]{}<>:?"
    return "random_password", {
        "bcrypt_hash": "$2a$10$" + letters(string.ascii_letters + string.digits, 53),
        "id": "none",
        "keepers": None,
        "length": 24,
        "lower": True,
        "min_lower": 0,
        "min_numeric": 0,
        "min_special": 0,
        "min_upper": 0,
        "number": True,
        "numeric": True,
        "override_special": None,
        "result": letters(alphabet, 24),
        "special": True,
        "upper": True,
    }


MAKERS = [instance, security_group, role, function, task, record]
SENSITIVE = {"random_password": ["bcrypt_hash", "result"]}


def resource(number):
    name = "%s-%05d" % (chance.choice(TEAMS), number)
    kind, attributes = (password if number % 100 == 99 else MAKERS[number % len(MAKERS)])(name)
    source = "hashicorp/random" if kind == "random_password" else "hashicorp/aws"
    marks = [[{"type": "get_attr", "value": attribute}] for attribute in SENSITIVE.get(kind, [])]
    made = {} if number % 3 else {"module": "module.stack_%d" % (number // 300)}
    made |= {
        "mode": "managed",
        "type": kind,
        "name": name.replace("-", "_"),
        "provider": 'provider["registry.terraform.io/%s"]' % source,
        "instances": [{
            "schema_version": 1,
            "attributes": attributes,
            "sensitive_attributes": marks,
            "private": "eyJzY2hlbWFfdmVyc2lvbiI6IjEifQ==",
            "dependencies": ["aws_vpc.main", "data.aws_caller_identity.current"],
        }],
    }
    # As Go writes JSON.
    text = json.dumps(made, indent=2, ensure_ascii=False)
    text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return "\n".join("    " + line for line in text.split("\n"))


def main():
    path, size = sys.argv[1], int(sys.argv[2]) << 20
    head = {"version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "f2968801-fa14-41ab-a044-224f3a4adf04", "outputs": {}}
    text = json.dumps(head, indent=2)[:-2] + ',\n  "resources": [\n'
    tail = '\n  ],\n  "check_results": null\n}\n'
    with open(path, "w", encoding="utf-8") as file:
        written, number = file.write(text), 0
        while written < size:
            written += file.write((",\n" if number else "") + resource(number))
            number += 1
        file.write(tail)


main()
