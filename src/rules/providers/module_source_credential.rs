//! `module-source-credential`

use super::calls::{Call, of_documents, of_module};
use crate::document::{Document, Kind as FileKind};
use crate::finding::{Finding, FixAvailability, Level, Place, Severity, Strength};
use crate::resolve::{Kind, ModuleSource, Value};
use crate::rules::secret::{Judgement, aws_access_key_id, credential_use, judge_secret, kind_of, recognise, strength};
use crate::rules::{Check, Findings, Group, ModuleContext, RepositoryContext, Rule, module_name};
use crate::text::json;

/// The rule.
pub static RULE: Rule = Rule {
    id: "module-source-credential",
    group: Group::Providers,
    summary: "a module source holds a password, token or key",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a module source with a password or token before the `@`, or with a credential among its parameters
(`sshkey`, `aws_access_key_secret`, `token`, ...): in `module` blocks, in Terragrunt's files, and in
`.terraform/modules/modules.json`, to which `terraform init` copies every source.

## Why it matters
Whoever can read the repository, its history, a plan or a log of `terraform init` can read what the token opens, which
often is every repository of the organisation.

## Bad
```hcl
module "network" {
  source = "git::https://oauth2:glpat-ExampleExample0123456@gitlab.example.com/terraform/network.git?ref=v1.4.0"
}
```

```hcl
module "archive" {
  source = "s3::https://s3.amazonaws.com/o/a.zip?aws_access_key_id=AKIAIOSFODNN7EXAMPLE&aws_access_key_secret=hunter2"
}
```

## Good
```hcl
module "network" {
  source = "git::ssh://git@gitlab.example.com/terraform/network.git?ref=v1.4.0"
}

module "dns" {
  source = "git::https://gitlab.example.com/terraform/dns.git?ref=v1.0.0"
}
```

## Remedy
Revoke the credential. Leave it out of the source: let git find it (a credential helper, an SSH agent, `git config
url.<base>.insteadOf` in the pipeline), or use a registry and `TF_TOKEN_<host>`.

## References
- <https://developer.hashicorp.com/terraform/language/modules/sources#generic-git-repository>
- <https://github.com/hashicorp/go-getter#protocol-specific-options>
"#,
    check: Check::Any(&[Check::Module(check), Check::Repository(check_documents)]),
};

/// A credential in a source: what it is, its value, and a public identifier.
struct Held<'a> {
    what: String,
    kind: &'static str,
    secret: &'a str,
    id: Option<&'a str>,
}

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    of_module(context.tree, context.instance).iter().for_each(|call| judge(call, findings));
}

fn check_documents(context: &RepositoryContext<'_>, findings: &mut Findings) {
    of_documents(context.repository).iter().for_each(|call| judge(call, findings));
    for document in context.repository.documents.iter().filter(|document| document.kind == FileKind::ModulesJson) {
        installed(document).iter().for_each(|call| judge(call, findings));
    }
}

fn judge(call: &Call, findings: &mut Findings) {
    for value in call.source.alternatives() {
        let Some(text) = value.as_str() else { continue };
        let source = ModuleSource::parse(text);
        for held in held_by(&source) {
            let shown = source.shown();
            let message =
                format!("the source of the module {shown} holds {}: who reads this file can use it", held.what);
            let mut finding = Finding::new(RULE.id, call.place(value), message)
                .address(&call.address)
                .attribute("source")
                .module(module_name(&call.directory))
                .remedy("revoke the credential, and let git, a registry or the environment supply its successor")
                .command("rm -rf .terraform/modules")
                .command("terraform init");
            finding.credential = credential_use(held.kind, value, held.secret, held.id);
            finding.related = call.trace(value);
            findings.push(finding);
        }
    }
}

fn held_by<'a>(source: &ModuleSource<'a>) -> Vec<Held<'a>> {
    let mut found = Vec::new();
    found.extend(in_userinfo(source));
    let id = source.parameter("aws_access_key_id").and_then(aws_access_key_id);
    for (name, value) in source.parameters() {
        if carries(name) && judge_secret(&decoded(value)) == Judgement::Secret {
            let aws = name.eq_ignore_ascii_case("aws_access_key_secret") && id.is_some();
            let kind = if aws { "aws-access-key" } else { kind_of(name, value) };
            let what = format!("a credential in the parameter `{}`", name.to_ascii_lowercase());
            found.push(Held { what, kind, secret: value, id: id.filter(|_| aws) });
        }
    }
    found
}

/// A password; or a token in the place of the user name: `https://TOKEN@host`, `https://TOKEN:x-oauth-basic@host`.
fn in_userinfo<'a>(source: &ModuleSource<'a>) -> Option<Held<'a>> {
    let (user, password) = source.userinfo()?;
    let (what, secret) = if matches!(password, "" | "x-oauth-basic") {
        if !source.over_http
            || (recognise(user).is_none() && strength(user) == Strength::Guessable && password.is_empty())
        {
            return None;
        }
        ("a token", user)
    } else {
        ("a password or token", password)
    };
    if judge_secret(&decoded(secret)) != Judgement::Secret {
        return None;
    }
    Some(Held { what: what.into(), kind: kind_of("password", secret), secret, id: None })
}

/// Parameters that carry a credential: go-getter's own, and those that forges, stores and signed addresses use.
fn carries(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let known = [
        "sshkey",
        "aws_access_key_secret",
        "aws_access_token",
        "token",
        "access_token",
        "private_token",
        "auth_token",
        "oauth_token",
        "job_token",
        "api_key",
        "apikey",
        "password",
        "secret",
        "sig",
        "x-amz-signature",
        "x-amz-security-token",
        "x-goog-signature",
    ];
    known.contains(&name.as_str())
}

/// A text with its percent escapes resolved.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The sources in `.terraform/modules/modules.json`.
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/modsdir/manifest.go>
fn installed(document: &Document) -> Vec<Call> {
    let Ok(root) = json::parse(document.source.bytes()) else { return Vec::new() };
    let mut found = Vec::new();
    for module in root.get("Modules").map(json::Node::elements).unwrap_or_default() {
        let (Some(key), Some(source)) = (module.get("Key"), module.get("Source")) else { continue };
        let (Some(key), Some(text)) = (key.as_str(), source.as_str()) else { continue };
        let at = Place::new(&document.source, source.span);
        found.push(Call {
            address: format!("module.{}", key.replace('.', ".module.")),
            // The data directory's module: `a/.terraform/modules/modules.json` speaks of `a`.
            directory: document.path().parent().parent().parent(),
            at: at.clone(),
            source: Value::literal(Kind::String(text.into()), at),
            version: None,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<&'static str> {
        held_by(&ModuleSource::parse(source)).iter().map(|held| held.kind).collect()
    }

    #[test]
    fn what_is_a_credential_and_what_is_none() {
        for (source, kind) in [
            ("git::https://ci:hunter2@example.com/r.git", "password"),
            ("git::https://ghp_0123456789abcdefghijABCDEFGHIJ012345@github.com/o/r.git", "github-token"),
            ("git::https://ghp_0123456789abcdefghijABCDEFGHIJ012345:x-oauth-basic@github.com/o/r", "github-token"),
            ("git::ssh://git@example.com/r.git?sshkey=LS0tLS1CRUdJTiBPUEVOU1NIexample", "key"),
            ("https://example.com/a-1.0.zip?access_token=abc123def456", "token"),
            ("s3::https://x/a?aws_access_key_id=AKIAIOSFODNN7EXAMPLE&aws_access_key_secret=s%2Fx1", "aws-access-key"),
        ] {
            assert_eq!(kinds(source), [kind], "{source}");
        }
        for source in [
            "git::ssh://git@example.com/r.git?ref=v1",
            "git@github.com:o/r.git",
            "git::https://org@dev.azure.com/org/project/_git/r?ref=v1",
            "git::https://x-access-token:<token>@github.com/o/r.git",
            "git::https://oauth2:CHANGE_ME@gitlab.com/o/r.git",
            "git::https://oauth2:$TOKEN@gitlab.com/o/r.git",
            "https://example.com/a-1.0.zip?archive=zip&token=",
            "hashicorp/consul/aws",
            "./a",
        ] {
            assert!(kinds(source).is_empty(), "{source}");
        }
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(decoded("a%2Fb%zz%"), "a/b%zz%");
        assert_eq!(decoded("%é"), "%é");
    }
}
