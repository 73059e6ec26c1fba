//! The secrets that a provider block's content holds.

use super::content::{is_local, leaf, leaves};
use crate::finding::Strength;
use crate::resolve::Value;
use crate::resolve::schema::{Argument, ArgumentKind, ProviderSchema};
use crate::rules::secret::{
    Judgement, aws_access_key_id, judge, judge_header, known_strings, strength, without_scheme,
};
use crate::rules::url::Url;

/// A provider block's content, and what is known of the provider.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    /// What is known of its arguments.
    pub(super) schema: Option<&'static ProviderSchema>,
    /// Attributes, and nested blocks as lists of maps.
    pub(super) value: &'a Value,
}

/// A secret in it.
pub(super) struct Held<'a> {
    /// The argument, with dots into nested blocks and to the entry of a map.
    pub(super) path: String,
    /// Its value.
    pub(super) value: &'a Value,
    /// The secret part of it.
    pub(super) secret: &'a str,
    /// What is known of the argument; None if its name alone says what it is.
    pub(super) argument: Option<&'static Argument>,
}

impl<'a> Content<'a> {
    /// The secrets: of known arguments, and of arguments that are plainly named so.
    pub(super) fn secrets(self) -> Vec<Held<'a>> {
        let mut held = Vec::new();
        for argument in self.arguments() {
            self.by_schema(argument, &mut held);
        }
        self.by_name(&mut held);
        // What guards a service on this machine guards nothing, unless it is a key of a kind that is issued elsewhere.
        if is_local(self.value) {
            held.retain(|held| strength(held.secret) == Strength::Unguessable);
        }
        held
    }

    fn arguments(self) -> &'static [Argument] {
        self.schema.map_or(&[], |schema| schema.arguments)
    }

    /// The arguments that hold the public half of a key pair, and their values.
    pub(super) fn key_ids(self) -> impl Iterator<Item = (&'static Argument, &'a Value)> {
        let ids = self.arguments().iter().filter(|argument| argument.kind == ArgumentKind::KeyId);
        ids.flat_map(move |argument| {
            self.value.at(argument.path).into_iter().flat_map(Value::alternatives).map(move |value| (argument, value))
        })
    }

    /// The access key id that stands beside an argument, if it is one of AWS's form.
    pub(super) fn key_id(self, path: &str) -> Option<&'a str> {
        let siblings = self.key_ids().filter(|(argument, _)| parent(argument.path) == parent(path));
        siblings.filter_map(|(_, value)| aws_access_key_id(value.as_str()?)).next()
    }

    /// Secrets in an argument of which it is known what it takes.
    fn by_schema(self, argument: &'static Argument, held: &mut Vec<Held<'a>>) {
        let mut add = |path: String, value: &'a Value, secret: &'a str| {
            held.push(Held { path, value, secret, argument: Some(argument) });
        };
        if argument.kind == ArgumentKind::Headers {
            for (path, name, value) in self.headers(argument.path) {
                for value in value.alternatives() {
                    if let Some(text) = value.as_str().filter(|text| judge_header(name, text) == Judgement::Secret) {
                        add(path.clone(), value, without_scheme(text));
                    }
                }
            }
            return;
        }
        let values = self.value.at(argument.path).into_iter().filter(|value| value.as_map().is_none());
        for value in values.flat_map(known_strings) {
            let Some(text) = value.as_str() else { continue };
            if judge(kind_for(argument, text), text) == Judgement::Secret {
                add(argument.path.to_owned(), value, text);
            }
        }
    }

    /// Paths, names and values of headers: the entries of a map, or blocks with `name` and `value`.
    fn headers(self, path: &str) -> Vec<(String, &'a str, &'a Value)> {
        let mut found = Vec::new();
        let Some(parent) = path.strip_suffix(".value") else {
            for value in self.value.at(path).into_iter().flat_map(Value::alternatives) {
                let entries = value.as_map().into_iter().flatten();
                found.extend(entries.map(|(name, value)| (format!("{path}.{name}"), name.as_str(), value)));
            }
            return found;
        };
        for value in self.value.at(parent).into_iter().flat_map(Value::alternatives) {
            for entries in value.as_list().unwrap_or(std::slice::from_ref(value)).iter().filter_map(Value::as_map) {
                let name = entries.get("name").and_then(Value::as_str).unwrap_or("");
                found.extend(entries.get("value").map(|value| (path.to_owned(), name, value)));
            }
        }
        found
    }

    /// Secrets in arguments that are plainly named so.
    fn by_name(self, held: &mut Vec<Held<'a>>) {
        for (path, value) in leaves(self.value) {
            let listed = |argument: &Argument| {
                path == argument.path || path.strip_prefix(argument.path).is_some_and(|rest| rest.starts_with('.'))
            };
            if self.arguments().iter().any(listed) {
                continue;
            }
            for value in known_strings(value) {
                // `use_token = "true"` is a switch.
                let Some(text) = value.as_str().filter(|_| value.as_bool().is_none()) else { continue };
                let kind = kind_by_name(leaf(&path), text);
                if kind.is_some_and(|kind| judge(kind, text) == Judgement::Secret) {
                    held.push(Held { path: path.clone(), value, secret: text, argument: None });
                }
            }
        }
    }
}

/// The secret in an argument of a provider, as it stands in a file that Terraform wrote.
pub(in crate::rules) fn secret_in<'t>(provider: &str, path: &str, text: &'t str) -> Option<&'t str> {
    let arguments = ProviderSchema::of(provider, None).map_or(&[][..], |schema| schema.arguments);
    let listed = |argument: &&Argument| {
        path.strip_prefix(argument.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let kind = match arguments.iter().find(listed) {
        Some(argument) if argument.kind == ArgumentKind::Headers => {
            let found = judge_header(leaf(path), text) == Judgement::Secret;
            return found.then(|| without_scheme(text));
        }
        Some(argument) => kind_for(argument, text),
        None => kind_by_name(leaf(path), text)?,
    };
    let secret = match kind {
        ArgumentKind::Endpoint | ArgumentKind::Proxy => Url::parse(text)?.password()?,
        _ => text,
    };
    (judge(kind, text) == Judgement::Secret).then_some(secret)
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

/// What an argument of that name is judged as, if the name says that it is a secret.
fn kind_by_name(name: &str, text: &str) -> Option<ArgumentKind> {
    const WHOLE: [&str; 10] = [
        "password",
        "passwd",
        "token",
        "api_key",
        "apikey",
        "secret_key",
        "secret_access_key",
        "client_secret",
        "passphrase",
        "jwt",
    ];
    const ENDS: [&str; 7] =
        ["_password", "_secret", "_token", "_api_key", "_secret_key", "_secret_access_key", "_passphrase"];
    let name = name.to_ascii_lowercase();
    if ["private_key", "client_key", "credentials"].iter().any(|end| name.ends_with(end)) {
        return Some(ArgumentKind::PathOrContents);
    }
    if name.contains("cert") || name.contains("pem") {
        return Some(ArgumentKind::Certificate);
    }
    let named = WHOLE.contains(&name.as_str()) || ENDS.iter().any(|end| name.ends_with(end));
    // `secret` may name a secret that lies elsewhere.
    let generated = name == "secret" && strength(text) == Strength::Unguessable;
    (named || generated).then_some(ArgumentKind::Secret)
}

/// A dotted path without its last part.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}
