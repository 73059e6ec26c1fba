//! `backend-insecure-transport`

use super::site::{self, Service, service};
use crate::finding::{Confidence, Finding, Fix, FixAvailability, Level, Severity};
use crate::resolve::schema::ArgumentKind;
use crate::resolve::{Answer, Backend, Form, SettingFrom, Value};
use crate::rules::secret::known_strings;
use crate::rules::url::{Url, connection_parameter, is_bare_name, is_local_endpoint};
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-insecure-transport",
    group: Group::Backends,
    summary: "a backend sends the state in plain text, or to a server it does not verify",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an address or endpoint that begins with `http://` and leads to another machine, `scheme = "http"` of `consul`,
`sslmode=disable` in a PostgreSQL connection string, and switches that turn the verification of the server's certificate
off: `skip_cert_verification`, `insecure`, `insecure_skip_tls_verify`. Addresses of this machine, and names without a
dot as developers' containers have them, are not reported.

## Why it matters
The state and the credentials of the backend are read, or changed, by everybody on the way.

## Bad
```hcl
terraform {
  backend "http" {
    address                = "https://state.example.com/network"
    lock_address           = "https://state.example.com/network/lock"
    skip_cert_verification = true
  }
}
```

A plain address:
```hcl
terraform {
  backend "http" {
    address = "http://state.example.com/network"
  }
}
```

A database without TLS:
```hcl
terraform {
  backend "pg" {
    conn_str = "postgres://db.example.com/state?sslmode=disable"
  }
}
```

## Good
```hcl
terraform {
  backend "http" {
    address      = "https://state.example.com/network"
    lock_address = "https://state.example.com/network/lock"
  }
}
```

On this machine:
```hcl
terraform {
  backend "http" {
    address = "http://localhost:8080/network"
  }
}
```

## Remedy
Write `https://`, remove the switch, and let Terraform trust the server's own certificate authority where there is one:
`client_ca_certificate_pem` of `http`, `custom_ca_bundle` of `s3`, `cluster_ca_certificate` of `kubernetes`.

## References
- <https://developer.hashicorp.com/terraform/language/backend/http>
- <https://developer.hashicorp.com/terraform/language/backend/consul#scheme>
- <https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION>
"#,
    check: Check::Backend(check),
};

/// Switches that turn the verification of the server's certificate off.
const SWITCHES: [&str; 3] = ["skip_cert_verification", "insecure", "insecure_skip_tls_verify"];
/// Addresses that are plain HTTP by design: services of the machine itself.
const LINK_LOCAL: [&str; 4] =
    ["ec2_metadata_service_endpoint", "msi_endpoint", "metadata_host", "ec2_metadata_service_endpoint_mode"];

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    if backend.form == Form::Encryption {
        return Verdict::Decided;
    }
    addresses(backend, findings);
    let verdict = switches(backend, findings);
    match backend.kind.as_str() {
        "consul" => consul(backend, findings),
        "pg" => pg(backend, findings),
        _ => {}
    }
    verdict
}

fn addresses(backend: &Backend, findings: &mut Findings) {
    for argument in backend.schema.into_iter().flat_map(|schema| schema.arguments) {
        // `endpoints` of etcd is a list itself; that of s3 is a map whose entries are arguments of their own.
        let is_address = argument.kind == ArgumentKind::Endpoint
            || matches!(argument.path, "lock_address" | "unlock_address")
            || (backend.kind == "http" && argument.path == "address");
        if !is_address || LINK_LOCAL.contains(&argument.path) {
            continue;
        }
        for (value, _) in backend.values(argument.path) {
            if value.as_map().is_some() {
                continue;
            }
            for value in known_strings(value) {
                let Some(url) = value.as_str().and_then(Url::parse).filter(Url::is_plain_http) else { continue };
                let message = format!(
                    "`{}` of {} is plain http: the state and the backend's credentials can be read and changed on the way",
                    argument.path,
                    site::noun(backend)
                );
                let finding = site::finding_at(RULE.id, backend, argument.path, value, message)
                    .remedy("use an https address and initialise again")
                    .command(initialise(backend));
                findings.push(match is_bare_name(url.host) {
                    true => finding.uncertain(Level::Warning, Confidence::Medium),
                    false => finding,
                });
            }
        }
    }
}

fn initialise(backend: &Backend) -> &'static str {
    match backend.form {
        Form::RemoteState => "terraform plan",
        Form::Terragrunt => "terragrunt init -reconfigure",
        _ => "terraform init -reconfigure",
    }
}

fn switches(backend: &Backend, findings: &mut Findings) -> Verdict {
    for name in SWITCHES {
        for (value, from) in backend.values(name) {
            if value.as_bool() != Some(true) {
                continue;
            }
            match service(backend) {
                Service::Local => continue,
                Service::Unknown => return Verdict::Undecided("address"),
                Service::Default | Service::Custom => findings.push(unverified(backend, name, value, from)),
            }
        }
    }
    Verdict::Decided
}

fn unverified(backend: &Backend, name: &str, value: &Value, from: &SettingFrom) -> Finding {
    let message = format!(
        "`{name}` of {} turns the verification of the server off: anybody on the way can take its place",
        site::noun(backend)
    );
    let finding = site::finding_at(RULE.id, backend, name, value, message)
        .remedy(format!("remove `{name}`, trust the server's own certificate authority instead, and initialise again"))
        .command(initialise(backend));
    let own = *from == SettingFrom::Block && site::is_own(backend, &finding.place);
    let fix = own.then(|| Fix::safe(finding.place.clone(), "false"));
    finding.fix(fix)
}

/// Consul speaks plain HTTP unless it is told otherwise.
fn consul(backend: &Backend, findings: &mut Findings) {
    let local = |value: &Value| value.as_str().is_none_or(|text| text.starts_with("unix:") || is_local_endpoint(text));
    let addresses = backend.values("address");
    let remote = addresses.iter().find(|(value, _)| !local(value)).map(|(value, _)| *value);
    // Without an address it is the agent on this machine.
    let Some(address) = remote else { return };
    match backend.answer("scheme") {
        Answer::Set(values) => {
            for (value, _) in values.iter().filter(|(value, _)| value.as_str() == Some("http")) {
                let message = "`scheme` of the consul backend is http: the state and the token can be read on the way";
                let finding = site::finding_at(RULE.id, backend, "scheme", value, message);
                let own = site::is_own(backend, &finding.place);
                let fix = own.then(|| Fix { safe: false, edits: vec![(finding.place.clone(), "\"https\"".into())] });
                findings.push(
                    finding
                        .remedy("set `scheme = \"https\"` and initialise again")
                        .command(initialise(backend))
                        .fix(fix),
                );
            }
        }
        Answer::Absent if address.as_str().is_some_and(|text| Url::parse(text).is_none()) => {
            let message = "the consul backend names no `scheme`: it is http unless CONSUL_HTTP_SSL says otherwise";
            let finding = site::finding_at(RULE.id, backend, "address", address, message);
            let finding = finding.remedy("set `scheme = \"https\"` and initialise again").command(initialise(backend));
            findings.push(finding.uncertain(Level::Note, Confidence::Medium));
        }
        Answer::Absent | Answer::Undecided => {}
    }
}

/// A connection without a host goes through a socket of this machine.
fn pg(backend: &Backend, findings: &mut Findings) {
    for (value, _) in backend.values("conn_str") {
        let Some(text) = value.as_str() else { continue };
        let host = connection_parameter(text, "host").filter(|host| !host.is_empty());
        let remote = host.is_some_and(|host| !is_local_endpoint(host));
        if remote && connection_parameter(text, "sslmode") == Some("disable") {
            let message =
                "`conn_str` of the pg backend disables TLS: the state and the password can be read on the way";
            let finding = site::finding_at(RULE.id, backend, "conn_str", value, message);
            let remedy = "use `sslmode=verify-full` (or leave it out: `require` is the default) and initialise again";
            findings.push(finding.remedy(remedy).command(initialise(backend)));
        }
    }
}
