//! The credentials that a backend's arguments hold: in the block, in backend-config files and on the command line.

use super::site::{self, Service, service};
use crate::finding::{Beside, Confidence, CredentialUse, Finding, Fix, Level, Strength};
use crate::resolve::schema::{Argument, ArgumentKind, BackendSchema};
use crate::resolve::{Backend, Form, Kind, SettingFrom, Value};
use crate::rules::beside;
use crate::rules::names::names_a_secret;
use crate::rules::secret::{
    Judgement, aws_access_key_id, credential_use, judge, judge_header, judge_secret, kind_of, known_strings, recognise,
    without_scheme,
};
use crate::rules::url::{Url, connection_parameter};
use std::sync::Arc;

/// A value in an argument that takes a credential.
pub(super) struct Found<'b> {
    /// The argument, with dots, and with the name of the map's entry where it is one.
    pub(super) path: String,
    /// What is known of the argument.
    pub(super) argument: Option<&'static Argument>,
    /// The value.
    pub(super) value: &'b Value,
    /// Who supplies it.
    pub(super) from: &'b SettingFrom,
    /// Whether it is a secret or stands for one.
    pub(super) judgement: Judgement,
    /// For the inventory.
    pub(super) credential: Option<CredentialUse>,
}

/// Arguments of OpenTofu's key providers that take a credential.
/// <https://opentofu.org/docs/language/state/encryption/#key-providers>
const KEY_PROVIDERS: [(&str, &[(&str, ArgumentKind)]); 5] = [
    ("pbkdf2", &[("passphrase", ArgumentKind::Secret)]),
    ("openbao", &[("token", ArgumentKind::Secret), ("address", ArgumentKind::Endpoint)]),
    (
        "aws_kms",
        &[
            ("access_key", ArgumentKind::KeyId),
            ("secret_key", ArgumentKind::Secret),
            ("token", ArgumentKind::Secret),
            ("assume_role_with_web_identity.web_identity_token", ArgumentKind::Secret),
        ],
    ),
    (
        "azure_vault",
        &[
            ("client_secret", ArgumentKind::Secret),
            ("client_certificate", ArgumentKind::Secret),
            ("client_certificate_password", ArgumentKind::Secret),
            ("oidc_token", ArgumentKind::Secret),
            ("oidc_request_token", ArgumentKind::Secret),
        ],
    ),
    ("gcp_kms", &[("credentials", ArgumentKind::PathOrContents), ("access_token", ArgumentKind::Secret)]),
];

/// Arguments that make up one static credential: they are removed together.
const PAIRS: [(&str, [&str; 3]); 3] = [
    ("s3", ["access_key", "secret_key", "token"]),
    ("oss", ["access_key", "secret_key", "security_token"]),
    ("cos", ["secret_id", "secret_key", "security_token"]),
];

/// All values of a backend that hold a credential or stand for one, of those suppliers that are `wanted`.
pub(super) fn of<'b>(backend: &'b Backend, wanted: impl Fn(&SettingFrom) -> bool) -> Vec<Found<'b>> {
    let mut found = Vec::new();
    for (path, kind, argument) in arguments(backend) {
        for (value, from) in backend.values(path) {
            if wanted(from) {
                add(backend, path, (kind, argument), (value, from), &mut found);
            }
        }
    }
    let whole = |f: &Found<'_>| f.judgement == Judgement::Secret && !is_key_id(f);
    let complete = found.iter().any(whole);
    // The public half of a pair is a part of the secret half's finding, and only a hint without it.
    found.retain(|f| !(complete && is_key_id(f)));
    found
}

/// Whether it is the token of a session: it is no credential without the key pair it was made from.
pub(super) fn is_session_token(backend: &Backend, found: &Found<'_>) -> bool {
    PAIRS.iter().any(|(kind, [_, _, token])| *kind == backend.kind && *token == found.path)
}

fn is_key_id(found: &Found<'_>) -> bool {
    found.argument.is_some_and(|argument| argument.kind == ArgumentKind::KeyId)
        || (found.argument.is_none() && found.path == "access_key")
}

fn arguments(backend: &Backend) -> Vec<(&'static str, ArgumentKind, Option<&'static Argument>)> {
    if backend.form == Form::Encryption {
        let provider = backend.address.starts_with("terraform.encryption.key_provider.");
        let known = KEY_PROVIDERS.iter().filter(|(name, _)| provider && *name == backend.kind);
        return known.flat_map(|(_, arguments)| *arguments).map(|(path, kind)| (*path, *kind, None)).collect();
    }
    let schema = backend.schema.into_iter().flat_map(|schema| schema.arguments);
    schema.map(|argument| (argument.path, argument.kind, Some(argument))).collect()
}

type What = (ArgumentKind, Option<&'static Argument>);

fn add<'b>(
    backend: &'b Backend,
    path: &str,
    (kind, argument): What,
    (value, from): (&'b Value, &'b SettingFrom),
    found: &mut Vec<Found<'b>>,
) {
    // Maps of headers and environment variables: the entry's name says whether its value is secret.
    if let Some(entries) = value.as_map() {
        for (name, value) in entries.iter().filter(|_| matches!(path, "headers" | "exec.env")) {
            let path = format!("{path}.{name}");
            value.alternatives().iter().for_each(|value| add(backend, &path, (kind, argument), (value, from), found));
        }
        return;
    }
    for value in known_strings(value) {
        let Some(text) = value.as_str() else { continue };
        let (judgement, secret) = judge_at(takes_a_pair(&backend.kind), path, kind, text);
        if judgement == Judgement::NotSecret {
            continue;
        }
        let argument_kind = kind;
        let (kind, id) = identify(backend, path, value, secret);
        let is_secret = judgement == Judgement::Secret && argument_kind != ArgumentKind::KeyId;
        let credential = is_secret.then(|| credential_use(kind, value, secret, id.as_deref())).flatten();
        let credential = credential.map(|found| found.beside(beside_of(backend, path)));
        found.push(Found { path: path.to_owned(), argument, value, from, judgement, credential });
    }
}

/// The secret in an argument of a backend of that name, as it stands in a file that Terraform wrote, and its kind.
/// Public halves of key pairs are none.
pub(in crate::rules) fn secret_in<'t>(backend: &str, path: &str, text: &'t str) -> Option<(&'t str, &'static str)> {
    let listed = |argument: &&Argument| {
        let entry = path.strip_prefix(argument.path).and_then(|rest| rest.strip_prefix('.'));
        argument.path == path || (entry.is_some() && matches!(argument.path, "headers" | "exec.env"))
    };
    let schema = BackendSchema::of(backend);
    let kind = match schema.and_then(|schema| schema.arguments.iter().find(listed)) {
        Some(argument) => argument.kind,
        None if names_a_secret(path) => ArgumentKind::Secret,
        None => ArgumentKind::Endpoint,
    };
    if kind == ArgumentKind::KeyId && takes_a_pair(backend) {
        return None;
    }
    let (judgement, secret) = judge_at(takes_a_pair(backend), path, kind, text);
    (judgement == Judgement::Secret).then(|| (secret, kind_at(backend, path, secret)))
}

/// Judges a text in an argument; with it, the part of the text that is the secret.
fn judge_at<'t>(pairs: bool, path: &str, kind: ArgumentKind, text: &'t str) -> (Judgement, &'t str) {
    if let Some(header) = path.strip_prefix("headers.") {
        return (judge_header(header, text), without_scheme(text));
    }
    if let Some(variable) = path.strip_prefix("exec.env.") {
        let judgement = if names_a_secret(variable) { judge_secret(text) } else { of_format(text) };
        return (judgement, text);
    }
    match (path, kind) {
        ("exec.args", _) => (of_format(text), text),
        ("conn_str", _) => match connection_parameter(text, "password") {
            Some(password) => (judge_secret(password), password),
            None => (Judgement::NotSecret, text),
        },
        ("http_auth", _) => match text.split_once(':') {
            Some((_, password)) => (judge_secret(password), password),
            None => (Judgement::NotSecret, text),
        },
        (_, ArgumentKind::KeyId) if !pairs => (Judgement::NotSecret, text),
        (_, ArgumentKind::Secret | ArgumentKind::KeyId | ArgumentKind::PathOrContents) => (judge(kind, text), text),
        _ => (judge(kind, text), Url::parse(text).and_then(|url| url.password()).unwrap_or(text)),
    }
}

fn of_format(text: &str) -> Judgement {
    if recognise(text).is_some() { Judgement::Secret } else { Judgement::NotSecret }
}

fn takes_a_pair(backend: &str) -> bool {
    backend == "aws_kms" || PAIRS.iter().any(|(kind, _)| *kind == backend)
}

/// The inventory's kind of a credential, and the public identifier that stands for it.
fn identify(backend: &Backend, path: &str, value: &Value, secret: &str) -> (&'static str, Option<String>) {
    match kind_at(&backend.kind, path, secret) {
        "aws-secret-key" => match access_key_of(backend, value) {
            Some(id) => ("aws-access-key", Some(id)),
            None => ("aws-secret-key", None),
        },
        kind => (kind, None),
    }
}

/// The inventory's kind of a secret in an argument of a backend of that name.
fn kind_at(backend: &str, path: &str, secret: &str) -> &'static str {
    match (backend, path) {
        ("s3" | "aws_kms", "secret_key") => "aws-secret-key",
        ("s3" | "aws_kms", "token") => "aws-session-token",
        ("oss", "secret_key") => "alicloud-secret-key",
        ("cos", "secret_key") => "tencentcloud-secret-key",
        ("azurerm", "access_key") => "azure-storage-key",
        ("gcs", "credentials") => "google-service-account-key",
        ("remote" | "cloud", "token") => "tfe-token",
        ("openbao", "token") => "vault-token",
        _ => kind_of(path.split("env.").last().unwrap_or(path), secret),
    }
}

/// The access key id that belongs to a secret key: the only one, or of several the one from the same file.
fn access_key_of(backend: &Backend, secret: &Value) -> Option<String> {
    let values = backend.values("access_key");
    let ids = values.iter().filter_map(|(value, _)| Some((*value, aws_access_key_id(value.as_str()?)?)));
    let ids: Vec<(&Value, &str)> = ids.collect();
    let file = |value: &Value| value.origin.literal.as_ref().map(|place| place.path().clone());
    let beside: Vec<&str> = ids.iter().filter(|(value, _)| file(value) == file(secret)).map(|(_, id)| *id).collect();
    match (ids.as_slice(), beside.as_slice()) {
        ([(_, only)], _) => Some((*only).to_owned()),
        (_, [only]) => Some((*only).to_owned()),
        _ => None,
    }
}

/// What the other arguments say, and what stands beside it in an argument that is an object.
fn beside_of(backend: &Backend, path: &str) -> Vec<Beside> {
    let arguments = backend.settings.iter().map(|(name, setting)| (name.to_owned(), setting.value.clone()));
    let content = Kind::Map(Arc::new(arguments.collect()));
    beside::within(&Value::literal(content, backend.header.clone()), path)
}

/// The finding of one credential.
pub(super) fn finding(rule: &'static str, backend: &Backend, found: Found<'_>) -> Option<Finding> {
    let local = service(backend) == Service::Local;
    let guessable = found.credential.as_ref().is_none_or(|credential| credential.strength == Strength::Guessable);
    let placeholder = found.judgement == Judgement::Placeholder;
    if local && placeholder {
        return None;
    }
    let (noun, path) = (site::noun(backend), found.path.as_str());
    let message = if placeholder {
        format!("`{path}` of {noun} holds a placeholder: it takes precedence over what the environment supplies")
    } else if is_key_id(&found) {
        format!("`{path}` of {noun} names a static key, whose secret half must be supplied to every run")
    } else {
        let seen = match found.from {
            SettingFrom::Argument => "; an argument is seen in the process list and in logs as well",
            _ => "",
        };
        format!("`{path}` of {noun} holds a secret: whoever reads it here can use it, and {}{seen}", copies(backend))
    };
    let mut finding = site::finding_at(rule, backend, path, found.value, message);
    // A value inside an object took its way without the argument that holds the object.
    if let Some(sink) = outer_sink(backend, path)
        && !(sink.span.contains(finding.place.span) && sink.path() == finding.place.path())
    {
        finding = finding.related(sink, format!("{}.{path}", backend.address));
    }
    finding = remedied(finding, backend, &found).fix(fix(backend, &found));
    if placeholder || is_key_id(&found) || (local && guessable) {
        finding = finding.uncertain(Level::Note, Confidence::Medium);
    }
    finding.credential = found.credential;
    Some(finding)
}

/// The argument that holds a nested value.
fn outer_sink(backend: &Backend, path: &str) -> Option<crate::finding::Place> {
    let (name, _) = path.split_once('.')?;
    site::sink_of(&backend.settings.get(name)?.value).cloned()
}

/// What Terraform copies a backend's arguments to.
fn copies(backend: &Backend) -> &'static str {
    match backend.form {
        Form::Block => "Terraform copies it to `.terraform/terraform.tfstate` and to every saved plan",
        Form::RemoteState => "Terraform stores it in the state and the plans of this module",
        Form::Terragrunt => "Terragrunt hands it on to `.terraform/terraform.tfstate` and to every saved plan",
        Form::Encryption => "with it the encrypted state and plans can be read",
    }
}

fn remedied(finding: Finding, backend: &Backend, found: &Found<'_>) -> Finding {
    let path = found.path.as_str();
    let env = found.argument.map_or(&[][..], |argument| argument.env);
    let env = env.iter().copied().filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    let env: Vec<&str> = env.take(1).collect();
    let instead = match env.as_slice() {
        [name] => format!("remove `{path}` and supply it by the environment variable {name}"),
        _ => format!("remove `{path}` and supply it when Terraform is run"),
    };
    let keyless = keyless(backend);
    let again = match backend.form {
        Form::Block | Form::Terragrunt => "initialise again, ",
        Form::RemoteState | Form::Encryption => "",
    };
    let text = format!("{instead}{keyless}; {again}then rotate the credential: git's history and old plans keep it");
    let finding = finding.remedy(text);
    match backend.form {
        Form::Block => finding.command("terraform init -reconfigure"),
        Form::Terragrunt => finding.command("terragrunt init -reconfigure"),
        Form::RemoteState | Form::Encryption => finding,
    }
}

/// How to do without a static credential.
fn keyless(backend: &Backend) -> &'static str {
    match backend.kind.as_str() {
        "s3" | "aws_kms" => ", or better use no static key: a `profile` with SSO, in CI a role assumed by OIDC",
        "azurerm" | "azure_vault" => {
            ", or better use no static key: `use_azuread_auth` with `use_oidc` or a managed identity"
        }
        "gcs" | "gcp_kms" => {
            ", or better use no static key: application default credentials, in CI workload identity federation"
        }
        "remote" | "cloud" => ", or run `terraform login`",
        "oss" => ", or better use no static key: `ecs_role_name` or an assumed role",
        "cos" => ", or better use no static key: `cam_role_name` or an assumed role",
        "kubernetes" => ", or better use the cluster's own sign-in: `in_cluster_config` or `exec`",
        "pbkdf2" => ", as a variable without a default, or better use a key management service as key provider",
        _ => "",
    }
}

/// Removes the argument, and what is no use without it, where all of that stands in the block itself.
fn fix(backend: &Backend, found: &Found<'_>) -> Option<Fix> {
    let argument = found.argument.filter(|argument| {
        matches!(argument.kind, ArgumentKind::Secret | ArgumentKind::PathOrContents | ArgumentKind::KeyId)
    })?;
    let whole = !found.path.contains('.') && found.path != "conn_str" && backend.form == Form::Block;
    if !whole {
        return None;
    }
    let own_literal = found.value.origin.literal.as_ref().is_some_and(|place| site::is_own(backend, place));
    let pair = PAIRS.iter().find(|(kind, names)| *kind == backend.kind && names.contains(&argument.path));
    let names: &[&str] = pair.map_or(std::slice::from_ref(&argument.path), |(_, names)| names);
    let set = names.iter().filter(|name| backend.settings.contains_key(**name));
    let places: Option<Vec<_>> = set.map(|name| site::own_attribute(backend, name)).collect();
    let edits = places.filter(|_| own_literal)?.into_iter();
    let edits = edits.map(|place| crate::document::edit::remove_attribute(&place.source, place.span));
    Some(Fix { safe: true, edits: edits.collect() })
}
