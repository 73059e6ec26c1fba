//! `recognized-credential`

use super::surroundings::{Setting, in_comment, is_fixture, setting};
use crate::finding::{
    Confidence, CredentialUse, Finding, FixAvailability, Level, Place, Secret, Severity, Strength, account_of_aws_key,
};
use crate::rules::detect::{AWS_KEY_ID, Hit, is_documentation, issuer_of};
use crate::rules::secret::occurrence;
use crate::rules::{Check, Findings, Group, Rule, TextContext, module_name};
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    id: "recognized-credential",
    group: Group::Configuration,
    summary: "a value of a known credential format, in any text file",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Searches every text file of the repository, whatever its name, for values of known credential formats: keys and tokens
of the clouds, of code hosts, CI systems and other services that Terraform users have, private keys in any armour, JSON
web tokens, passwords in URLs, connection strings, headers, `.netrc` and Docker configuration. Where a format has a
checksum it is verified. Comments count: a key that is commented out is still a key.

Formats of the repository's own join them: the policy's `detectors: { gitleaks: .gitleaks.toml }` takes over the rules
of a gitleaks configuration, and its allowlists for all that this rule finds.

It speaks last: a credential that another rule has found at a place is not said again. Binary files are passed over;
state, plans and logs have rules of their own.

What is less certain is a warning: a format that only a name tells, a key in the fixtures of tests, a password in prose
or in a program. The id of an AWS access key without its secret is a note, in comments as well: the inventory lists it,
and the owner of its account can look up what became of the key. Credentials of documentation, such as
`AKIAIOSFODNN7EXAMPLE`, are found in configuration, and neither in prose nor in comments.

## Why it matters
Whoever can read the repository, its history or a copy of either can use the credential, and nobody sees that.

## Bad
```yaml values.yaml
queue:
  url: amqp://worker:Rk2dYf7PsUo9WgEn@mq.internal.example.com:5671/jobs
```

```ini backup/credentials.ini
[ci]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
```

A comment is no safer:
```hcl
# connection = "postgres://app:Rk2dYf7PsUo9WgEn@db.internal.example.com/app"
```

## Good
```yaml values.yaml
queue:
  urlFrom: arn:aws:secretsmanager:eu-west-1:111122223333:secret:queue
```

```markdown README.md
Set `AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE` and
`AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`.
```

## Remedy
Revoke the credential at its issuer: taking it out of the file leaves it in the history. Then let the program take a new
one from a secret store or from the environment of the run, or do without one (workload identity).

## References
- <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
"#,
    check: Check::Text(check),
};

fn check(context: &TextContext<'_>, findings: &mut Findings) {
    let path = &context.source.path;
    let around = (setting(path, context.kind), is_fixture(path));
    for hit in context.hits {
        if let Some((level, confidence)) = weigh(context, hit, around) {
            findings.push(finding(context, hit).uncertain(level, confidence));
        }
    }
}

/// How sure it is that a hit is a credential in use, and what may be said of it at most; None if it is nothing.
fn weigh(context: &TextContext<'_>, hit: &Hit, (setting, fixture): (Setting, bool)) -> Option<(Level, Confidence)> {
    let value = &context.text[hit.secret.clone()];
    let shown = is_documentation(value) || hit.id.as_deref().is_some_and(is_documentation);
    let (prose, comment) = (setting == Setting::Prose, in_comment(context.text, hit.secret.start));
    let unlikely = prose || fixture || (comment && hit.kind != AWS_KEY_ID);
    if (shown && (prose || comment)) || (hit.confidence == Confidence::Low && unlikely) {
        return None;
    }
    if hit.confidence == Confidence::Low {
        return Some((Level::Note, Confidence::Low));
    }
    // What the repository's own rules call a secret is one; what is none, their allowlists say.
    if issuer_of(hit.kind).is_unknown() {
        return Some((if context.ignored { Level::Warning } else { Level::Error }, hit.confidence));
    }
    // In prose and programs a password is an example more often than not.
    let example = hit.strength == Strength::Guessable && setting != Setting::Configuration;
    let sample = shown && setting == Setting::Code;
    // A password that somebody chose, for this machine or in what is commented out, is hardly more.
    let aside = hit.strength == Strength::Guessable && (comment || hit.confidence == Confidence::Medium);
    let unsure = aside || (hit.confidence == Confidence::Medium && setting != Setting::Configuration);
    let at_most = match example || sample || unsure || fixture || context.ignored || is_weak(hit.kind) {
        true => Level::Warning,
        false => Level::Error,
    };
    Some((at_most, hit.confidence))
}

/// Kinds of which one alone does not open anything for long, or whose name and form many other things have.
fn is_weak(kind: &str) -> bool {
    matches!(kind, "aws-presigned-url" | "htpasswd" | "client-secret" | "bearer-token" | "mailgun-key")
}

fn finding(context: &TextContext<'_>, hit: &Hit) -> Finding {
    let span = Span::new(hit.secret.start, hit.secret.end).shifted(context.source.offset() as usize);
    let place = Place::new(context.source, span);
    let issuer = issuer_of(hit.kind);
    let whose = whose(hit);
    let message = match hit.kind == AWS_KEY_ID {
        true => format!("{}{whose} stands here; its secret half was not found beside it", issuer.name),
        false => format!("{}{whose} stands here in plain text: whoever reads the file can use it", issuer.name),
    };
    let remedy = format!(
        "{}; then take a new one from a secret store or the environment of the run: what was committed stays in the \
         history",
        issuer.revoke
    );
    let mut finding =
        Finding::new(RULE.id, place.clone(), message).module(module_name(&context.source.path.parent())).remedy(remedy);
    match &hit.id {
        Some(id) if !issuer.command.is_empty() => finding = finding.command(issuer.command.replace("{id}", id)),
        None if !issuer.command.is_empty() && !issuer.command.contains("{id}") => {
            finding = finding.command(issuer.command);
        }
        _ => {}
    }
    let (text, found_in) = (&context.text[hit.secret.clone()], occurrence(&context.source.path));
    if hit.kind == AWS_KEY_ID {
        return finding.credential(CredentialUse::aws_key_id(text, found_in, place));
    }
    let found = CredentialUse::new(hit.kind, Secret::new(text), hit.strength, found_in, place);
    finding.credential(found.id(hit.id.clone()).beside(hit.beside.clone()))
}

/// Which one it is, as far as that is known without asking anybody.
fn whose(hit: &Hit) -> String {
    let Some(id) = &hit.id else {
        return if issuer_of(hit.kind).is_unknown() { format!(" (`{}`)", hit.kind) } else { String::new() };
    };
    let account = account_of_aws_key(id).map(|account| format!(" of account {account}")).unwrap_or_default();
    format!(" ({id}{account})")
}
