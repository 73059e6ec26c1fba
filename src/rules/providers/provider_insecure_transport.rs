//! `provider-insecure-transport`

use super::content::{is_here, is_local, leaf, leaves};
use crate::finding::{Confidence, Finding, Fix, FixAvailability, Level, Place, Severity};
use crate::resolve::schema::{Argument, ArgumentKind};
use crate::resolve::{Kind, Value};
use crate::rules::url::Url;
use crate::rules::{Check, Findings, Group, ProviderContext, Rule, module_name, trace_of};

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-insecure-transport",
    group: Group::Providers,
    summary: "a provider speaks to its service without TLS, or without checking whom it speaks to",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a provider block that turns the check of the server's certificate off (`insecure = true`,
`skip_tls_verify = true`, ..., also where the unsafe value is `false` or a word, as `sslmode = "disable"`), and one
whose endpoint is plain `http://`. Services on this machine, emulators and metadata services are not reported.

## Why it matters
The provider sends its credentials to that service. Without TLS anybody on the way reads them; without the check anybody
on the way can pose as the service.

## Bad
```hcl
provider "vault" {
  address         = "https://vault.example.com:8200"
  skip_tls_verify = true
}
```

```hcl
provider "consul" {
  address = "http://consul.example.com:8500"
}
```

```hcl
provider "postgresql" {
  host    = "db.example.com"
  sslmode = "disable"
}
```

## Good
```hcl
provider "vault" {
  address      = "https://vault.example.com:8200"
  ca_cert_file = "ca.pem"
}

provider "consul" {
  address = "http://localhost:8500"
}

provider "postgresql" {
  host    = "db.example.com"
  sslmode = "verify-full"
}
```

## Remedy
Use `https://`, and give the provider the authority that signed the certificate in place of turning the check off. The
fix turns the check on.

## References
- <https://cwe.mitre.org/data/definitions/295.html>
- <https://cwe.mitre.org/data/definitions/319.html>
"#,
    check: Check::Provider(check),
};

/// Switches whose unsafe value is not `true`: the argument, its unsafe values, the value that mends it.
const UNUSUAL: [(&str, &str, &[&str], &str); 6] = [
    ("doppler", "verify_tls", &["false"], "true"),
    ("kafka", "tls_enabled", &["false"], "true"),
    ("minio", "minio_ssl", &["false"], "true"),
    // https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
    ("postgresql", "sslmode", &["disable"], "\"require\""),
    ("mysql", "tls", &["false", "skip-verify"], "\"true\""),
    ("temporalcloud", "allow_insecure", &["true"], "false"),
];

/// Names of switches that say the same with every provider.
const PLAIN_NAMES: [&str; 8] = [
    "insecure",
    "insecure_skip_verify",
    "skip_tls_verify",
    "tls_insecure_skip_verify",
    "tls_skip_verify",
    "skip_ssl_verification",
    "ssl_skip_verify",
    "insecure_skip_tls_verify",
];

fn check(context: &ProviderContext<'_>, findings: &mut Findings) {
    if is_local(context.content) {
        return;
    }
    let arguments = context.schema.map_or(&[][..], |schema| schema.arguments);
    for argument in arguments.iter().filter(|argument| argument.kind == ArgumentKind::TlsSkip) {
        judge_switch(context, argument, findings);
    }
    for (path, value) in leaves(context.content) {
        let listed = arguments.iter().find(|argument| argument.path == path);
        match listed.map(|argument| argument.kind) {
            None if PLAIN_NAMES.contains(&leaf(&path)) && value.as_bool() == Some(true) => {
                let mut found = unchecked(context, &path, value, "false");
                found.confidence = Confidence::Medium;
                findings.push(found);
            }
            None if path.starts_with("endpoints.") => findings.0.extend(plain(context, &path, value)),
            Some(ArgumentKind::Endpoint) => findings.0.extend(plain(context, &path, value)),
            _ => {}
        }
    }
}

fn judge_switch(context: &ProviderContext<'_>, argument: &Argument, findings: &mut Findings) {
    let provider = context.schema.map_or("", |schema| schema.name);
    let unusual = UNUSUAL.iter().find(|(name, path, ..)| *name == provider && *path == argument.path);
    let (unsafe_values, safe) = unusual.map_or((&["true"][..], "false"), |(_, _, values, safe)| (*values, *safe));
    for value in context.content.at(argument.path).into_iter().flat_map(Value::alternatives) {
        let text = match &value.kind {
            Kind::Bool(true) => "true",
            Kind::Bool(false) => "false",
            Kind::String(text) => text,
            _ => continue,
        };
        if unsafe_values.contains(&text) {
            findings.push(unchecked(context, argument.path, value, safe));
        }
    }
}

fn unchecked(context: &ProviderContext<'_>, path: &str, value: &Value, safe: &str) -> Finding {
    let message = format!(
        "`{path}` of the provider {} turns TLS or its checks off: its credentials go to whoever answers",
        context.name
    );
    let mut finding = base(context, path, value, message)
        .remedy("turn the check on, and name the authority that signed the service's certificate");
    finding.fix = fix(context, value, safe);
    finding
}

fn plain(context: &ProviderContext<'_>, path: &str, value: &Value) -> Option<Finding> {
    let url = Url::parse(value.as_str()?)?;
    if !url.scheme.eq_ignore_ascii_case("http") || is_here(url.host) || is_metadata(url.host) {
        return None;
    }
    let message = format!(
        "`{path}` of the provider {} is plain http to {}: its credentials can be read on the way",
        context.name, url.host
    );
    Some(base(context, path, value, message).remedy("use an https endpoint"))
}

/// Metadata services of clouds answer to the machine itself, over plain HTTP by design.
fn is_metadata(host: &str) -> bool {
    let link_local = |address: std::net::IpAddr| match address {
        std::net::IpAddr::V4(address) => address.is_link_local(),
        std::net::IpAddr::V6(address) => address.is_unicast_link_local() || address.segments()[..2] == [0xfd00, 0xec2],
    };
    host.eq_ignore_ascii_case("metadata.google.internal") || host.parse().is_ok_and(link_local)
}

fn base(context: &ProviderContext<'_>, path: &str, value: &Value, message: String) -> Finding {
    let place = value.origin.literal.clone().unwrap_or_else(|| context.block.header());
    let mut finding = Finding::new(RULE.id, place.clone(), message)
        .address(context.address)
        .attribute(path)
        .module(module_name(&context.tree.module(context.instance).directory));
    finding.related = trace_of(value, &place);
    finding
}

/// Puts the safe value in the place of the literal, where that stands in the block itself.
fn fix(context: &ProviderContext<'_>, value: &Value, safe: &str) -> Option<Fix> {
    let place: &Place = value.origin.literal.as_ref()?;
    let here = place.path() == &context.block.source.path && context.block.block.span.contains(place.span);
    here.then(|| Fix::safe(place.clone(), safe))
}
