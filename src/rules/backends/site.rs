//! What the rules about backends share: where a finding stands, what an endpoint is, which versions are allowed.

use crate::document::Kind as FileKind;
use crate::finding::{Confidence, Finding, Level, Place, Words};
use crate::resolve::version::{Constraints, Flavour};
use crate::resolve::{Backend, Form, Kind, Module, SettingFrom, Value};
use crate::rules::secret::known_strings;
use crate::rules::url::{Url, connection_parameter, is_local_endpoint};
use crate::rules::{module_name, trace_of};
use crate::text::RepoPath;
use std::cmp::Ordering;

/// A finding about a backend, with its address and module.
pub(super) fn finding(rule: &'static str, backend: &Backend, place: Place, message: impl Into<Words>) -> Finding {
    Finding::new(rule, place, message).address(&backend.address).module(module_name(&backend.module))
}

/// A finding about one argument: at the literal that made the value, with the way the value took.
pub(super) fn finding_at(
    rule: &'static str,
    backend: &Backend,
    name: &str,
    value: &Value,
    message: impl Into<Words>,
) -> Finding {
    let mut found = finding(rule, backend, place_of(value, backend), message).attribute(name);
    found.related.extend(trace_of(value, &found.place));
    found
}

/// Where a value is to be changed: its literal, else the argument, else the block.
pub(in crate::rules) fn place_of(value: &Value, backend: &Backend) -> Place {
    let literal = value.origin.literal.clone();
    literal.or_else(|| sink_of(value).cloned()).unwrap_or_else(|| backend.header.clone())
}

/// The argument that a value ends in.
pub(super) fn sink_of(value: &Value) -> Option<&Place> {
    value.origin.trace.as_ref().map(|step| &step.place)
}

/// `name = value` as it stands in the block itself; None where it stands elsewhere, or the file is JSON, whose commas
/// an edit would have to mind.
pub(super) fn own_attribute(backend: &Backend, name: &str) -> Option<Place> {
    let setting = backend.settings.get(name).filter(|setting| setting.from == SettingFrom::Block)?;
    let sink = setting.value.alternatives().first().and_then(sink_of)?;
    let inner = backend.inner.filter(|_| backend.form == Form::Block && is_native(backend.header.path()))?;
    let inside = sink.path() == backend.header.path() && inner.contains(sink.span);
    inside.then(|| sink.clone())
}

/// Whether a literal stands in the block itself.
pub(super) fn is_own(backend: &Backend, place: &Place) -> bool {
    place.path() == backend.header.path() && backend.inner.is_some_and(|inner| inner.contains(place.span))
}

/// Whether a file is configuration in the native syntax.
pub(super) fn is_native(path: &RepoPath) -> bool {
    matches!(FileKind::of(path), FileKind::Tf | FileKind::Tofu)
}

/// How a message names a backend: what it is, in the words of its form.
pub(super) fn noun(backend: &Backend) -> String {
    match backend.form {
        Form::Block if backend.kind == "cloud" => "the `cloud` block".into(),
        Form::Block => format!("the {} backend", backend.kind),
        Form::RemoteState => format!("`{}`", backend.address),
        Form::Terragrunt => format!("Terragrunt's {} remote state", backend.kind),
        Form::Encryption => format!("the {} key provider of the state's encryption", backend.kind),
    }
}

/// Where a backend's requests go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Service {
    /// To the service's own address.
    Default,
    /// To an emulator on this machine or in a developer's containers.
    Local,
    /// To an address that is named, of another service or a proxy.
    Custom,
    /// To an address that is not known.
    Unknown,
}

/// Arguments that name the service of a backend.
const ENDPOINTS: [&str; 9] = [
    "endpoints.s3",
    "endpoint",
    "address",
    "host",
    "storage_custom_endpoint",
    "conn_str",
    "endpoints",
    "url",
    "auth_url",
];

/// Where the requests of a backend go.
pub(in crate::rules) fn service(backend: &Backend) -> Service {
    let mut service = Service::Default;
    for name in ENDPOINTS {
        for (value, _) in backend.values(name) {
            if name == "endpoints" && value.as_map().is_some() {
                continue;
            }
            let texts: Vec<&str> = known_strings(value).into_iter().filter_map(Value::as_str).collect();
            if texts.is_empty() {
                return Service::Unknown;
            }
            for text in texts {
                let host = if name == "conn_str" { connection_parameter(text, "host").unwrap_or("") } else { text };
                let amazon = Url::parse(host).is_some_and(|url| url.host.ends_with("amazonaws.com"));
                service = match service {
                    _ if !is_local_endpoint(host) && !amazon && !host.is_empty() => return Service::Custom,
                    Service::Default if !amazon && !host.is_empty() => Service::Local,
                    other => other,
                };
            }
        }
    }
    service
}

/// Caps what is said about an emulator on this machine: nobody's state is kept there.
pub(super) fn softened(finding: Finding, backend: &Backend) -> Finding {
    match service(backend) {
        Service::Local => finding.uncertain(Level::Note, Confidence::Low),
        _ => finding,
    }
}

/// Whether every Terraform release that the module takes is at least `major.minor`.
pub(in crate::rules) fn requires_at_least(module: Option<&Module<'_>>, major: u64, minor: u64) -> bool {
    let Some(module) = module else { return false };
    module.required_versions().iter().any(|required| {
        let constraints =
            required.attribute.value.as_str().and_then(|text| Constraints::parse(text, Flavour::Core).ok());
        let bound = constraints.and_then(|constraints| constraints.lower_bound());
        bound.is_some_and(|(version, _)| {
            version.number(0).cmp(&major).then(version.number(1).cmp(&minor)) != Ordering::Less
        })
    })
}

/// Whether a directory holds an example, a test or a fixture: nobody keeps state there.
pub(in crate::rules) fn is_demonstration(directory: &RepoPath) -> bool {
    let words = [
        "example", "examples", "test", "tests", "testing", "fixture", "fixtures", "testdata", "demo", "demos",
        "samples",
    ];
    directory.as_str().split('/').any(|part| words.contains(&part.to_ascii_lowercase().as_str()))
}

/// What a text is known to start with: all of it, or the first known piece.
pub(super) fn known_start(value: &Value) -> Option<&str> {
    match &value.kind {
        Kind::String(text) => Some(text),
        Kind::Partial(pieces) => pieces.first().and_then(Value::as_str),
        _ => None,
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(in crate::rules) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
