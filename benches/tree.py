"""Writes a tree of Terraform modules, the same for the same number. usage: tree.py DIRECTORY MODULES"""

import pathlib
import sys

MODULE = """\
variable "name" {{
  type    = string
  default = "service-{n}"
}}

resource "aws_s3_bucket" "data" {{
  bucket = "${{var.name}}-data"
  tags   = {{ for key in ["team", "stage"] : key => upper("${{key}}-{n}") }}
}}
"""

STACK = """\
terraform {{
  required_version = "~> 1.11"
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "~> 5.80"
    }}
  }}
  backend "s3" {{
    bucket       = "org-terraform-state"
    key          = "stack-{n}/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
    kms_key_id   = "arn:aws:kms:eu-west-1:111122223333:alias/terraform"
  }}
}}

locals {{
  region = "eu-west-1"
  common = {{ team = "platform", stack = "stack-{n}" }}
}}

provider "aws" {{
  region     = local.region
  access_key = var.access_key
}}

variable "access_key" {{
  type = string
}}

module "service" {{
  source = "../../modules/m{n}"
  name   = "${{local.common.stack}}-service"
}}
"""


def resources(n):
    """As many resources as a module of some size has."""
    block = 'resource "aws_iam_role" "r{i}" {{\n  name = "role-{n}-{i}"\n  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [] }})\n}}\n'
    return "\n".join(block.format(n=n, i=i) for i in range(n % 40))


def main():
    root, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    for n in range(count):
        for path, text in (
            (f"modules/m{n}/main.tf", MODULE.format(n=n)),
            (f"stacks/s{n}/main.tf", STACK.format(n=n)),
            (f"stacks/s{n}/resources.tf", resources(n)),
            (f"stacks/s{n}/prod.tfvars", f'stage = "prod-{n}"\n'),
            (f"docs/d{n}.md", f"# Service {n}\n\n" + "It does what services do.\n" * (n % 60)),
        ):
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


main()
