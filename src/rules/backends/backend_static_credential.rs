//! `backend-static-credential`

use super::credentials;
use crate::finding::{FixAvailability, Level, Severity};
use crate::resolve::SettingFrom;
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-static-credential",
    group: Group::Backends,
    summary: "a backend's block holds a secret",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a secret among the arguments of a `backend` or `cloud` block (of every backend that Terraform or OpenTofu has
or had), of Terragrunt's `remote_state`, of the `config` of a `terraform_remote_state` data source, and of a key
provider in OpenTofu's `encryption` block. A value counts when it is known: written there, or reached through defaults,
variable files, locals and module calls. A password inside an address (`https://user:password@host`, a connection
string) counts as well. A placeholder is a note, as it takes precedence over what the environment supplies.

## Why it matters
Who can read the repository can read the state, and the state holds every secret of every resource. Terraform copies
the block's arguments to `.terraform/terraform.tfstate`, readable by everybody on the machine, and to every saved plan;
it neither masks nor warns. A copy goes on being used after the key is rotated, until `terraform init -reconfigure`.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket     = "org-terraform-state"
    key        = "network/terraform.tfstate"
    region     = "eu-west-1"
    encrypt    = true
    access_key = "AKIAIOSFODNN7EXAMPLE"
    secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  }
}
```

The password of a connection string:
```hcl
terraform {
  backend "pg" {
    conn_str = "postgres://terraform:Rk2dYf7PsUo9WgEn@db.example.com/state"
  }
}
```

Through a variable that has a default:
```hcl
variable "state_password" {
  default = "Rk2dYf7PsUo9WgEn"
}

data "terraform_remote_state" "network" {
  backend = "http"
  config = {
    address  = "https://state.example.com/network"
    username = "terraform"
    password = var.state_password
  }
}
```

OpenTofu's encryption:
```hcl
terraform {
  encryption {
    key_provider "pbkdf2" "main" {
      passphrase = "correct-horse-battery-staple"
    }
  }
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
    profile = "terraform"
  }
}
```

A value that is supplied when Terraform is run:
```hcl
variable "state_password" {
  sensitive = true
}

data "terraform_remote_state" "network" {
  backend = "http"
  config = {
    address  = "https://state.example.com/network"
    username = "terraform"
    password = var.state_password
  }
}
```

## Remedy
Remove the argument and sign in without a static key: a `profile` with SSO, a role assumed by OIDC in CI, workload
identity, `terraform login`. Where there is no such way, use the backend's environment variable. Run
`terraform init -reconfigure`, so that the copy in `.terraform` goes too. Then rotate the credential: it stays in git's
history and in old plans.

## References
- <https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data>
- <https://opentofu.org/docs/language/state/encryption/>
"#,
    check: Check::Backend(check),
};

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    for found in credentials::of(backend, |from| *from == SettingFrom::Block) {
        if let Some(finding) = credentials::finding(RULE.id, backend, found) {
            findings.push(finding);
        }
    }
    Verdict::Decided
}
