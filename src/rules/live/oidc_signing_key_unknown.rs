//! `oidc-signing-key-unknown`

use super::told;
use crate::finding::{Confidence, Finding, FixAvailability, IssuerTrust, Level, Severity, TokenVerdict, WorkloadToken};
use crate::rules::url::Url;
use crate::rules::{Check, Findings, Group, LiveContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "oidc-signing-key-unknown",
    group: Group::Live,
    summary: "a workload-identity token is not signed by the key that it names and its issuer publishes",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Holds a workload-identity token against the keys that its issuer publishes. It runs with `--oidc-token` only, which
takes a file, an environment variable (`env:TFC_WORKLOAD_IDENTITY_TOKEN`) or `github`, a fresh token of the job that
runs. The token is sent nowhere: the issuer's discovery document and keys are public. Issuers that are known are asked
(GitHub, GitLab.com, HCP Terraform, CircleCI, Buildkite, Bitbucket, Azure DevOps), and those that
`--verify-host oidc=URL` names. It tells five things apart:

- the key that the token names is not published;
- no published key has signed it;
- another published key than the named one has signed it;
- its time is over (a warning at most);
- it is for another audience than `--oidc-audience` says (a warning at most).

Where the configuration trusts that issuer is named as well.

## Why it matters
Clouds and Vault say the same of the first three: `InvalidIdentityToken`, `failed to verify id token signature`,
`AADSTS7000274`. But a key that is missing is a matter of rotation and caches, a bad signature one of tampering, and
another key's signature a defect of the issuer: that of Terraform Enterprise before v202407-1, whose tenth signing key
breaks every workspace with dynamic credentials.

## Bad
```hcl
terraform {
  cloud {
    organization = "example"
  }
}
```
```json token.json
{ "verdict": "other-key", "key": "10", "signer": "9" }
```

## Good
```hcl
terraform {
  cloud {
    organization = "example"
  }
}
```
```json token.json
{ "verdict": "good" }
```

## Remedy
Another key's signature: upgrade the issuer, Terraform Enterprise to v202407-1 or later. A missing key: have the issuer
publish it, or whoever trusts the issuer forget the keys that it has kept. A bad signature: find out who made the token.

## References
- <https://openid.net/specs/openid-connect-discovery-1_0.html>
- <https://support.hashicorp.com/hc/en-us/articles/31715716966419>
- <https://docs.github.com/en/actions/reference/security/oidc>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    findings.0.extend(context.tokens.iter().filter_map(|token| finding(token, context.trusts)));
}

fn finding(token: &WorkloadToken, trusts: &[IssuerTrust]) -> Option<Finding> {
    let (what, remedy, at_most) = judged(&token.verdict)?;
    let issuer = token.issuer.as_deref().map(|issuer| format!(" of {issuer}")).unwrap_or_default();
    let message = format!("{}{issuer} {what}", token.name);
    let module = module_name(&token.place.path().parent());
    let finding = Finding::new(RULE.id, token.place.clone(), message).module(module);
    let host = token.issuer.as_deref().and_then(Url::parse).map(|url| url.host);
    Some(told::trusted(finding.remedy(remedy).uncertain(at_most, Confidence::High), host, trusts))
}

/// What is wrong, how it is mended, and how grave it may be at most.
fn judged(verdict: &TokenVerdict) -> Option<(String, &'static str, Level)> {
    let named = |key: &Option<String>| key.as_ref().map_or("names no key".into(), |key| format!("names the key {key}"));
    Some(match verdict {
        TokenVerdict::Good { .. } | TokenVerdict::Unknown { .. } => return None,
        TokenVerdict::KeyMissing { key, published } => (
            format!("{}, which is none of the {published} that its issuer publishes: nobody can accept it", named(key)),
            "have the issuer publish its key again, or wait until its caches have it; then ask for a new token",
            Level::Error,
        ),
        TokenVerdict::SignatureBad { key } => (
            format!("{}, but no key that its issuer publishes has signed it: it was changed, or forged", named(key)),
            "do not use it; find out who made it",
            Level::Error,
        ),
        TokenVerdict::OtherKey { key, signer } => {
            let signer = signer.as_ref().map_or("one without an id".into(), |signer| format!("the key {signer}"));
            let what = format!(
                "names the key {key} and is signed by another of its issuer's keys, {signer}: the issuer is broken, as \
                 Terraform Enterprise before v202407-1 is from its tenth key on, and nobody accepts its tokens"
            );
            let remedy =
                "upgrade the issuer (Terraform Enterprise to v202407-1 or later); until then see the support article";
            (what, remedy, Level::Error)
        }
        TokenVerdict::Expired { at } => {
            (format!("has expired at {at}: nobody accepts it"), "ask for a new token", Level::Warning)
        }
        TokenVerdict::WrongAudience { wanted, audiences } => {
            let is_for = if audiences.is_empty() { "nobody".to_owned() } else { audiences.join(", ") };
            let what = format!("is for {is_for}, not for {wanted}: who expects that does not accept it");
            (what, "ask for a token with the audience that the cloud or Vault expects", Level::Warning)
        }
    })
}
