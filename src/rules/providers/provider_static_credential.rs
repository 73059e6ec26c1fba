//! `provider-static-credential`

use super::content::leaf;
use super::edits::is_json;
use super::elsewhere::{provider_blocks, state_store_providers};
use super::held::{Content, Held, parent};
use super::kinds::kind_at;
use crate::document::edit::remove_attribute;
use crate::finding::{Confidence, CredentialUse, Finding, Fix, FixAvailability, Level, Severity};
use crate::resolve::schema::ProviderSchema;
use crate::resolve::{BlockIn, Value};
use crate::rules::beside;
use crate::rules::names::repeats_name;
use crate::rules::secret::{aws_access_key_id, credential_use, occurrence};
use crate::rules::{
    Check, Findings, Group, ModuleContext, ProviderContext, RepositoryContext, Rule, module_name, trace_of,
};

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-static-credential",
    group: Group::Providers,
    summary: "a provider block holds a secret",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a provider block one of whose arguments is a secret that the repository knows: written there, or reached through
variable defaults, tfvars, locals, templates and module calls. Which arguments are secret is known of the providers in
common use; of others the arguments that are plainly named so count (`password`, `api_token`, ...). Provider blocks in
test files, in `state_store` blocks and in what Terragrunt generates count as well. Placeholders, mock providers and the
passwords of emulators on this machine do not; a value that only repeats its argument's name is a warning.

## Why it matters
Whoever can read the repository, or its history, can do what Terraform can do. The credential does not expire with the
run, and nobody sees who else uses it.

## Bad
```hcl
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
```

```hcl
variable "cloudflare_token" {
  default = "v1Q2wE3rT4yU5iO6pA7sD8fG9hJ0kL1zX2cV3bN4"
}

provider "cloudflare" {
  api_token = var.cloudflare_token
}
```

## Good
```hcl
provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/terraform"
  }
}

variable "cloudflare_token" {
  type      = string
  sensitive = true
}

provider "cloudflare" {
  api_token = var.cloudflare_token
}
```

## Remedy
Revoke the credential. Sign in without a static key where the provider can (OIDC, workload identity, a role), else give
the credential to the run by the provider's environment variable. The fix removes an argument whose environment variable
is known.

## References
- <https://developer.hashicorp.com/terraform/language/providers/configuration>
- <https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration>
"#,
    check: Check::Any(&[Check::Provider(check), Check::Module(check_state_store), Check::Repository(check_documents)]),
};

/// A provider block, wherever it stands.
struct Subject<'a> {
    name: &'a str,
    address: &'a str,
    content: Content<'a>,
    block: BlockIn<'a>,
    module: String,
}

fn check(context: &ProviderContext<'_>, findings: &mut Findings) {
    let subject = Subject {
        name: context.name,
        address: context.address,
        content: Content { schema: context.schema, value: context.content },
        block: context.block,
        module: module_name(&context.tree.module(context.instance).directory),
    };
    judge_block(&subject, findings);
}

fn check_state_store(context: &ModuleContext<'_>, findings: &mut Findings) {
    for (block, address) in state_store_providers(context.module) {
        let name = block.block.label(0).unwrap_or("");
        let address = context.tree.address(context.instance, &address);
        let content = context.tree.evaluator(context.instance).block(block, &address);
        let source = context.tree.provider_source(context.instance, name);
        let schema = ProviderSchema::of(name, source.as_deref());
        let (module, content) = (module_name(&context.module.directory), Content { schema, value: &content });
        judge_block(&Subject { name, address: &address, content, block, module }, findings);
    }
}

fn check_documents(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for document in &context.repository.documents {
        for found in provider_blocks(document) {
            let name = found.block.block.label(0).unwrap_or("");
            judge_block(
                &Subject {
                    name,
                    address: &found.address,
                    content: Content { schema: ProviderSchema::of(name, None), value: &found.content },
                    block: found.block,
                    module: module_name(&document.path().parent()),
                },
                findings,
            );
        }
    }
}

fn judge_block(subject: &Subject<'_>, findings: &mut Findings) {
    let held = subject.content.secrets();
    findings.0.extend(held.iter().map(|held| finding(subject, held)));
    findings.0.extend(lone_key_id(subject, &held));
}

fn finding(subject: &Subject<'_>, held: &Held<'_>) -> Finding {
    let place = held.value.origin.literal.clone().unwrap_or_else(|| subject.block.header());
    let message = format!(
        "the provider {} signs in with a secret from the repository, `{}`: who reads the file can use it",
        subject.name, held.path
    );
    let id = subject.content.key_id(&held.path);
    let kind = match id {
        Some(_) if leaf(&held.path).contains("secret") => "aws-access-key",
        _ => kind_at(subject.name, &held.path, held.secret),
    };
    let mut finding = Finding::new(RULE.id, place.clone(), message)
        .address(subject.address)
        .attribute(&held.path)
        .module(&subject.module)
        .remedy(remedy(subject, held))
        .fix(fix(subject, held));
    finding.related = trace_of(held.value, &place);
    let id = id.filter(|_| kind == "aws-access-key");
    let credential = credential_use(kind, held.value, held.secret, id);
    finding.credential = credential.map(|found| found.beside(beside::within(subject.content.value, &held.path)));
    match repeats_name(&held.path, held.secret) {
        true => finding.uncertain(Level::Warning, Confidence::Medium),
        false if held.argument.is_none() => finding.uncertain(Level::Error, Confidence::Medium),
        false => finding,
    }
}

fn remedy(subject: &Subject<'_>, held: &Held<'_>) -> String {
    let keyless = subject.content.schema.map_or("", |schema| schema.keyless);
    let env = held.argument.and_then(|argument| argument.env.first());
    let supply = match env {
        Some(env) => format!("leave the argument out and set {env} for the run"),
        None => "take the value from a variable without a default, set for the run".to_owned(),
    };
    match keyless {
        "" => format!("revoke the credential, then {supply}"),
        way => {
            format!("revoke the credential and sign in without a static key ({way}); where that cannot be, {supply}")
        }
    }
}

/// Removes the argument, and the key id that makes no sense without it, where both are written in this block and the
/// environment can supply them.
fn fix(subject: &Subject<'_>, held: &Held<'_>) -> Option<Fix> {
    let BlockIn { source, block } = subject.block;
    let argument = held.argument.filter(|argument| !argument.env.is_empty() && !argument.path.contains('.'))?;
    if is_json(source) {
        return None;
    }
    let written = |name: &str, value: &Value| {
        let attribute = block.body.attribute(name)?;
        let literal = value.origin.literal.as_ref()?;
        let here = literal.path() == &source.path && attribute.value.span.contains(literal.span);
        here.then(|| remove_attribute(source, attribute.span))
    };
    let mut edits = vec![written(argument.path, held.value)?];
    if leaf(argument.path).contains("secret") {
        for (id, value) in subject.content.key_ids().filter(|(id, _)| block.body.attribute(id.path).is_some()) {
            edits.push(written(id.path, value).filter(|_| !id.env.is_empty())?);
        }
    }
    Some(Fix { safe: true, edits })
}

/// The id of a long-lived AWS key whose secret half is not in the repository: no secret, but a sign of one.
fn lone_key_id(subject: &Subject<'_>, held: &[Held<'_>]) -> Option<Finding> {
    let alone = |path: &str| !held.iter().any(|held| parent(&held.path) == parent(path));
    let ids = subject.content.key_ids().filter(|(argument, _)| alone(argument.path));
    let mut ids = ids.filter_map(|(argument, value)| Some((argument, value, aws_access_key_id(value.as_str()?)?)));
    let (argument, value, id) = ids.find(|(.., id)| id.starts_with("AKIA"))?;
    let place = value.origin.literal.clone()?;
    let message = format!(
        "the provider {} names a long-lived access key in `{}`; its secret half is not in the repository",
        subject.name, argument.path
    );
    let mut finding = Finding::new(RULE.id, place.clone(), message)
        .address(subject.address)
        .attribute(argument.path)
        .module(&subject.module)
        .remedy("sign in with a role; where that cannot be, supply both halves by the environment")
        .credential(CredentialUse::aws_key_id(id, occurrence(place.path()), place.clone()))
        .uncertain(Level::Note, Confidence::Medium);
    finding.related = trace_of(value, &place);
    Some(finding)
}
