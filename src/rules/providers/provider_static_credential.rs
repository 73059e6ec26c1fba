//! `provider-static-credential`

use super::content::{is_local, leaf, leaves};
use super::edits::is_json;
use super::elsewhere::{provider_blocks, state_store_providers};
use crate::document::edit::remove_attribute;
use crate::finding::{Confidence, Finding, Fix, FixAvailability, Level, Severity, Strength};
use crate::resolve::schema::{Argument, ArgumentKind, ProviderSchema};
use crate::resolve::{BlockIn, Value};
use crate::rules::secret::{Judgement, aws_access_key_id, credential_use, judge, judge_header, kind_of, strength};
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
passwords of emulators on this machine do not.

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
    schema: Option<&'static ProviderSchema>,
    content: &'a Value,
    block: BlockIn<'a>,
    module: String,
}

/// A secret in it.
struct Held<'a> {
    path: String,
    value: &'a Value,
    secret: &'a str,
    argument: Option<&'static Argument>,
}

fn check(context: &ProviderContext<'_>, findings: &mut Findings) {
    let subject = Subject {
        name: context.name,
        address: context.address,
        schema: context.schema,
        content: context.content,
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
        let module = module_name(&context.module.directory);
        judge_block(&Subject { name, address: &address, schema, content: &content, block, module }, findings);
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
                    schema: ProviderSchema::of(name, None),
                    content: &found.content,
                    block: found.block,
                    module: module_name(&document.path().parent()),
                },
                findings,
            );
        }
    }
}

fn judge_block(subject: &Subject<'_>, findings: &mut Findings) {
    let mut held = Vec::new();
    for argument in subject.schema.into_iter().flat_map(|schema| schema.arguments) {
        by_schema(subject.content, argument, &mut held);
    }
    by_name(subject, &mut held);
    // What guards a service on this machine guards nothing, unless it is a key of a kind that is issued elsewhere.
    let local = is_local(subject.content);
    held.retain(|held| !local || strength(held.secret) == Strength::Unguessable);
    findings.0.extend(held.iter().map(|held| finding(subject, held)));
    findings.0.extend(lone_key_id(subject, &held));
}

/// Secrets in an argument of which it is known what it takes.
fn by_schema<'a>(content: &'a Value, argument: &'static Argument, held: &mut Vec<Held<'a>>) {
    let mut add = |value: &'a Value, secret: &'a str| {
        held.push(Held { path: argument.path.to_owned(), value, secret, argument: Some(argument) });
    };
    if argument.kind == ArgumentKind::Headers {
        for (name, value) in headers(content, argument.path) {
            for value in value.alternatives() {
                if let Some(text) = value.as_str().filter(|text| judge_header(name, text) == Judgement::Secret) {
                    add(value, crate::rules::secret::without_scheme(text));
                }
            }
        }
        return;
    }
    let strings = content.at(argument.path).into_iter().flat_map(|value| match value.as_list() {
        Some(values) => values,
        None => value.alternatives(),
    });
    for value in strings {
        let Some(text) = value.as_str() else { continue };
        if judge(kind_for(argument, text), text) == Judgement::Secret {
            add(value, text);
        }
    }
}

/// What an argument is judged as: a key that is given as a path is judged as a path.
fn kind_for(argument: &Argument, text: &str) -> ArgumentKind {
    match argument.kind {
        // The public half alone is no secret.
        ArgumentKind::KeyId => ArgumentKind::Identifier,
        ArgumentKind::Secret if may_be_a_path(leaf(argument.path)) && text.starts_with(['.', '/', '~']) => {
            ArgumentKind::PathOrContents
        }
        kind => kind,
    }
}

fn may_be_a_path(name: &str) -> bool {
    ["private_key", "client_key", "pem", "cert", "credentials"].iter().any(|word| name.contains(word))
}

/// Names and values of headers: a map, or blocks with `name` and `value`.
fn headers<'a>(content: &'a Value, path: &str) -> Vec<(&'a str, &'a Value)> {
    let mut found = Vec::new();
    if let Some(parent) = path.strip_suffix(".value") {
        let blocks =
            content.at(parent).into_iter().flat_map(|value| value.as_list().unwrap_or(std::slice::from_ref(value)));
        for block in blocks {
            let Some(entries) = block.as_map() else { continue };
            let name = entries.get("name").and_then(Value::as_str).unwrap_or("");
            found.extend(entries.get("value").map(|value| (name, value)));
        }
        return found;
    }
    for value in content.at(path).into_iter().flat_map(Value::alternatives) {
        found.extend(value.as_map().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
    }
    found
}

/// Secrets in arguments that are plainly named so.
fn by_name<'a>(subject: &Subject<'a>, held: &mut Vec<Held<'a>>) {
    for (path, value) in leaves(subject.content) {
        let known = |argument: &&Argument| {
            path == argument.path || path.strip_prefix(argument.path).is_some_and(|rest| rest.starts_with('.'))
        };
        let Some(text) = value.as_str() else { continue };
        let listed = subject.schema.is_some_and(|schema| schema.arguments.iter().any(|argument| known(&argument)));
        let Some(kind) = kind_by_name(leaf(&path), text).filter(|_| !listed) else { continue };
        if judge(kind, text) == Judgement::Secret {
            held.push(Held { path, value, secret: text, argument: None });
        }
    }
}

fn kind_by_name(name: &str, text: &str) -> Option<ArgumentKind> {
    let name = name.to_ascii_lowercase();
    let exact = [
        "password",
        "passwd",
        "token",
        "api_key",
        "apikey",
        "api_token",
        "api_secret",
        "secret_key",
        "secret_access_key",
        "access_token",
        "auth_token",
        "bearer_token",
        "client_secret",
        "refresh_token",
        "personal_access_token",
        "app_secret",
        "passphrase",
        "jwt",
    ];
    let ends = ["_password", "_secret", "_token", "_api_key", "_secret_key", "_secret_access_key", "_passphrase"];
    if may_be_a_path(&name) && !name.ends_with("_path") && !name.ends_with("_file") {
        return Some(ArgumentKind::PathOrContents);
    }
    let named = exact.contains(&name.as_str()) || ends.iter().any(|end| name.ends_with(end));
    // `secret` may name a secret that lies elsewhere.
    let generated = name == "secret" && strength(text) == Strength::Unguessable;
    (named || generated).then_some(ArgumentKind::Secret)
}

fn finding(subject: &Subject<'_>, held: &Held<'_>) -> Finding {
    let place = held.value.origin.literal.clone().unwrap_or_else(|| subject.block.header());
    let message = format!(
        "the provider {} signs in with a secret from the repository, `{}`: who reads the file can use it",
        subject.name, held.path
    );
    let id = key_id(subject, &held.path);
    let kind = match id {
        Some(_) if leaf(&held.path).contains("secret") => "aws-access-key",
        _ => kind_of(&held.path, held.secret),
    };
    let mut finding = Finding::new(RULE.id, place.clone(), message)
        .address(subject.address)
        .attribute(&held.path)
        .module(&subject.module)
        .remedy(remedy(subject, held))
        .fix(fix(subject, held));
    finding.related = trace_of(held.value, &place);
    let id = id.filter(|_| kind == "aws-access-key");
    finding.credential = credential_use(kind, held.value, held.secret, id);
    if held.argument.is_none() {
        finding.confidence = Confidence::Medium;
    }
    finding
}

fn remedy(subject: &Subject<'_>, held: &Held<'_>) -> String {
    let keyless = subject.schema.map_or("", |schema| schema.keyless);
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

/// The access key id beside a secret, if it is one of AWS's form.
fn key_id<'a>(subject: &Subject<'a>, path: &str) -> Option<&'a str> {
    let siblings = key_ids(subject).filter(|(argument, _)| parent(argument.path) == parent(path));
    siblings.filter_map(|(_, value)| aws_access_key_id(value.as_str()?)).next()
}

fn key_ids<'a>(subject: &Subject<'a>) -> impl Iterator<Item = (&'static Argument, &'a Value)> + use<'a> {
    let content = subject.content;
    let arguments = subject.schema.into_iter().flat_map(|schema| schema.arguments);
    arguments.filter(|argument| argument.kind == ArgumentKind::KeyId).flat_map(move |argument| {
        content.at(argument.path).into_iter().flat_map(Value::alternatives).map(move |value| (argument, value))
    })
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
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
        for (id, value) in key_ids(subject).filter(|(id, _)| !id.path.contains('.') && !value_is_absent(subject, id)) {
            edits.push(written(id.path, value).filter(|_| !id.env.is_empty())?);
        }
    }
    Some(Fix { safe: true, edits })
}

fn value_is_absent(subject: &Subject<'_>, argument: &Argument) -> bool {
    subject.block.block.body.attribute(argument.path).is_none()
}

/// The id of a long-lived AWS key whose secret half is not in the repository: no secret, but a sign of one.
fn lone_key_id(subject: &Subject<'_>, held: &[Held<'_>]) -> Option<Finding> {
    let alone = |path: &str| !held.iter().any(|held| parent(&held.path) == parent(path));
    let (argument, value) = key_ids(subject)
        .filter(|(argument, _)| alone(argument.path))
        .find(|(_, value)| value.as_str().and_then(aws_access_key_id).is_some_and(|id| id.starts_with("AKIA")))?;
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
        .uncertain(Level::Note, Confidence::Medium);
    finding.related = trace_of(value, &place);
    Some(finding)
}
