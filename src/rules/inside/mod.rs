//! Secrets inside a text: credentials of known formats, and values that stand behind the name of a secret, also in
//! JSON within strings and in base64.

pub(in crate::rules) mod harmless;

use crate::finding::{Beside, Confidence, Secret, Strength};
use crate::rules::beside;
use crate::rules::detect;
use crate::rules::names::{may_name_a_secret, names_a_password, names_a_secret, names_no_secret, speaks_of_a_secret};
use crate::rules::secret::{aws_access_key_id, kind_of, strength};
use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use harmless::{is_constant, is_harmless, is_plain_url, is_service_address, is_slug, looks_chosen, looks_generated};
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// A secret that stands in a text.
pub(in crate::rules) struct Inside {
    /// The inventory's word for it.
    pub(in crate::rules) kind: &'static str,
    /// Its value.
    pub(in crate::rules) secret: Secret,
    /// The public identifier that stands for it.
    pub(in crate::rules) id: Option<String>,
    /// What belongs to it.
    pub(in crate::rules) beside: Vec<Beside>,
    /// Whether it can be guessed.
    pub(in crate::rules) strength: Strength,
    /// How sure.
    pub(in crate::rules) confidence: Confidence,
    /// Whether only the name before it tells.
    pub(in crate::rules) by_name: bool,
}

/// Layers of JSON in strings and base64 that are unwrapped.
const MAX_LAYERS: usize = 3;

/// Longer texts are searched for known formats alone: nobody writes a script or an environment of that size.
const MAX_TEXT: usize = 8 << 20;

/// Secrets that one text is searched for: more would only repeat what is said by then.
const MAX_FOUND: usize = 64;

/// The secrets in a text; with `names` also those that only a name tells.
pub(in crate::rules) fn find(text: &str, names: bool) -> Vec<Inside> {
    let mut found = Vec::new();
    search(text, names, MAX_LAYERS, &mut found);
    found
}

/// The secrets in a structure of texts: a map of an environment, a list of arguments, a manifest.
pub(in crate::rules) fn find_in(value: &Value) -> Vec<Inside> {
    let mut found = Vec::new();
    match value {
        Value::String(text) => search(text, true, MAX_LAYERS, &mut found),
        value => {
            // Pairs of an access key stand in two entries, and only the whole shows both.
            formats(&value.to_string(), |secret| !secret.contains('\\'), &mut found);
            each_string(value, &mut |text| formats(text, |_| true, &mut found));
            walk(value, true, MAX_LAYERS, &mut found);
        }
    }
    found
}

fn each_string(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(values) => values.iter().for_each(|value| each_string(value, visit)),
        Value::Object(entries) => entries.values().for_each(|value| each_string(value, visit)),
        _ => {}
    }
}

/// Adds credentials of known formats.
fn formats(text: &str, wanted: impl Fn(&str) -> bool, found: &mut Vec<Inside>) {
    for hit in detect::find(text).into_iter().filter(|hit| hit.confidence > Confidence::Low) {
        let Some(secret) = text.get(hit.secret).filter(|secret| wanted(secret)) else { continue };
        let secret = Secret::new(secret);
        let (kind, id, beside) = (hit.kind, hit.id, hit.beside);
        let (strength, confidence) = (hit.strength, hit.confidence);
        add(found, Inside { kind, secret, id, beside, strength, confidence, by_name: false });
    }
}

fn search(text: &str, names: bool, layers: usize, found: &mut Vec<Inside>) {
    formats(text, |_| true, found);
    if text.len() > MAX_TEXT || layers == 0 {
        return;
    }
    let trimmed = text.trim();
    if trimmed.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str::<Value>(trimmed)
    {
        walk(&value, names, layers, found);
    } else if let Some(decoded) = from_base64(trimmed) {
        search(&decoded, names, layers - 1, found);
    } else if names {
        assignments(text, found);
    }
}

/// Adds what is not there yet. A format says more than a name.
fn add(found: &mut Vec<Inside>, new: Inside) {
    if let Some(known) = found.iter_mut().find(|known| known.secret == new.secret) {
        if known.by_name && !new.by_name {
            *known = new;
        }
    } else if found.len() < MAX_FOUND {
        found.push(new);
    }
}

fn walk(value: &Value, names: bool, layers: usize, found: &mut Vec<Inside>) {
    match value {
        Value::String(text) => search_string(text, names, layers, found),
        Value::Array(values) => {
            if names {
                options(values, found);
            }
            values.iter().for_each(|value| walk(value, names, layers, found));
        }
        Value::Object(entries) => {
            // The environment of a container: `{"name": "DB_PASSWORD", "value": "..."}`.
            let of = |key: &str| entries.get(key).or_else(|| entries.get(&key.to_ascii_uppercase()));
            let pair = ["name", "key", "Name", "Key"].iter().find_map(|key| of(key)?.as_str());
            let pair = pair.zip(["value", "Value"].iter().find_map(|key| of(key)?.as_str()));
            if let Some((name, text)) = pair.filter(|_| names) {
                _ = named(name, text, found);
            }
            if names && entries.get("kind").and_then(Value::as_str) == Some("Secret") {
                manifest(entries, found);
            }
            for (key, value) in entries {
                let first = found.len();
                match value.as_str().filter(|_| names) {
                    Some(text) if named(key, text, found) => {}
                    _ => {
                        walk(value, names, layers, found);
                        continue;
                    }
                }
                found[first..].iter_mut().for_each(|new| new.beside = siblings(entries, key));
            }
        }
        _ => {}
    }
}

/// The other texts of an object.
fn siblings(entries: &serde_json::Map<String, Value>, key: &str) -> Vec<Beside> {
    let others = entries.iter().filter(|(name, _)| *name != key);
    beside::of(others.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))))
}

/// A string within JSON. Known formats in it were found when the whole was searched, as far as they need no decoding.
fn search_string(text: &str, names: bool, layers: usize, found: &mut Vec<Inside>) {
    let wraps = text.len() >= 8 && (text.contains(['{', '\n', '=', ':']) || is_base64(text.trim()));
    if wraps {
        search(text, names, layers - 1, found);
    }
}

/// A Kubernetes manifest of a secret: whatever it is called, its data are secret.
///
/// <https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data>
fn manifest(entries: &serde_json::Map<String, Value>, found: &mut Vec<Inside>) {
    for (member, encoded) in [("stringData", false), ("data", true)] {
        for (key, value) in entries.get(member).and_then(Value::as_object).into_iter().flatten() {
            let decoded = value.as_str().filter(|_| encoded).and_then(from_base64);
            let Some(text) = decoded.as_deref().or(value.as_str().filter(|_| !encoded)) else { continue };
            if names_a_secret(key) || names_no_secret(key) || !is_plausible(key, text) {
                continue;
            }
            // What is written is the base64, and that is what is to be found and hidden.
            let (kind, strength) = (kind_of(key, text), strength(text));
            let secret = Secret::new(value.as_str().unwrap_or(text));
            add(
                found,
                Inside {
                    kind,
                    secret,
                    id: None,
                    beside: Vec::new(),
                    strength,
                    confidence: by_name(text),
                    by_name: true,
                },
            );
        }
    }
}

/// Arguments of a command, one an element: `["--password", "x"]`.
fn options(values: &[Value], found: &mut Vec<Inside>) {
    for pair in values.windows(2) {
        if let [Value::String(option), Value::String(text)] = pair
            && let Some(name) = option.strip_prefix("--").filter(|_| !text.starts_with('-'))
        {
            _ = named(name, text, found);
        }
    }
}

/// Adds what stands behind the name of a secret, if it looks like one; whether the name says that it is one.
fn named(name: &str, text: &str, found: &mut Vec<Inside>) -> bool {
    let secret = names_a_secret(name);
    // `DB_PASSWORD_READONLY`, `TOKEN_FOR_CI`: more is said of the secret than that it is one.
    let spoken_of = !secret && speaks_of_a_secret(name) && looks_generated(text);
    // The public half of a pair is nobody's secret.
    if (secret || spoken_of) && is_plausible(name, text) && aws_access_key_id(text).is_none() {
        let confidence = if secret { by_name(text) } else { Confidence::Low };
        let (kind, strength, secret) = (kind_of(name, text), strength(text), Secret::new(text));
        add(found, Inside { kind, secret, id: None, beside: Vec::new(), strength, confidence, by_name: true });
    }
    secret
}

/// How sure a name makes that a plausible text behind it is a secret.
pub(in crate::rules) fn by_name(text: &str) -> Confidence {
    if looks_generated(text) || looks_chosen(text) { Confidence::Medium } else { Confidence::Low }
}

/// Whether a text behind a secret's name is the secret itself, as far as a look at it tells: no placeholder, no
/// expression of a template or shell, no path or address, no name of a secret that is kept elsewhere.
pub(in crate::rules) fn is_plausible(name: &str, text: &str) -> bool {
    let text = text.trim();
    let template = text.contains("${") || text.contains("{{") || text.contains("$(") || text.contains("%{");
    let variable = text.starts_with(['$', '<', '&', '@', '*', '!']) && !text.chars().any(|c| c.is_ascii_digit());
    let path = text.starts_with(['/', '~', '.']) && text.contains('/') && !text.contains(['+', '=']);
    if is_harmless(text) || template || variable || path || is_plain_url(text) || is_constant(text) {
        return false;
    }
    if names_a_password(name) {
        return text.len() >= 4;
    }
    let mixed = text.chars().any(|c| c.is_ascii_digit()) || text.chars().any(|c| c.is_ascii_uppercase());
    text.len() >= 8
        && mixed
        && !is_slug(text)
        && !is_service_address(text)
        && !text.contains(char::is_whitespace)
        && !text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// `export DB_PASSWORD=x`, `db_password: "x"`, `"DB_PASSWORD" => 'x'`, `--password x`.
fn assignments(text: &str, found: &mut Vec<Inside>) {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"([A-Za-z0-9_.-]{3,100})["']?([ \t]{0,40}(?:=>|:=|==?|:)[ \t]{0,40}|[ \t]{1,40})"#;
        Regex::new(pattern).expect("the pattern is a literal")
    });
    if !may_name_a_secret(text) {
        return;
    }
    let mut from = 0;
    while let Some(groups) = NAME.captures_at(text, from) {
        from = groups.get_match().end();
        let (name, between) = (&groups[1], &groups[2]);
        // Without a sign between them only an option of a command is followed by its value.
        let secret = names_a_secret(name) || speaks_of_a_secret(name);
        if !secret || (between.trim().is_empty() && !name.starts_with("--")) {
            continue;
        }
        let (value, bare) = value_at(&text[from..]);
        from += value.len();
        let computed = bare && (is_expression(value) || text[from..].starts_with(['(', '[', '{']));
        if !computed {
            _ = named(name.trim_start_matches('-'), value, found);
        }
        if found.len() >= MAX_FOUND {
            return;
        }
    }
}

/// The value at the start of a text without its quotes, and whether it has none.
fn value_at(text: &str) -> (&str, bool) {
    /// Longer values are no passwords.
    const MOST: usize = 4096;
    let until = |text: &str, ends: &dyn Fn(char) -> bool| {
        text.char_indices().take(MOST).find(|(_, c)| ends(*c)).map(|(at, _)| at)
    };
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            let end = until(inner, &|c| c == quote || c == '\n');
            return (end.map_or("", |end| &inner[..end]), false);
        }
    }
    let stops = |c: char| c.is_whitespace() || "\"'`;,|<>(){}[]".contains(c);
    let end = until(text, &stops).or((text.len() <= MOST).then_some(text.len())).unwrap_or(0);
    (text[..end].trim_end_matches(['.', ':', '\\']), true)
}

/// A name of a program's own: `settings.db_password`, `dbPassword`.
fn is_expression(text: &str) -> bool {
    let name = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    text.contains('.') && text.split('.').all(name)
}

/// The text that stands in base64, if that is what it is.
pub(in crate::rules) fn from_base64(text: &str) -> Option<String> {
    const ENGINE: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    if !is_base64(text) {
        return None;
    }
    let joined: String = text.split_ascii_whitespace().collect();
    let url_safe = joined.contains(['-', '_']);
    let alphabet = if url_safe { &base64::alphabet::URL_SAFE } else { &base64::alphabet::STANDARD };
    let decoded = GeneralPurpose::new(alphabet, ENGINE).decode(joined).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let readable = !decoded.chars().any(|c| c.is_control() && !c.is_ascii_whitespace());
    readable.then_some(decoded)
}

fn is_base64(text: &str) -> bool {
    let code = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=' | b'\n' | b'\r');
    text.len() >= 20 && text.bytes().all(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named_in(text: &str) -> Vec<String> {
        find(text, true).iter().map(|inside| format!("{} {}", inside.kind, inside.secret.expose())).collect()
    }

    #[test]
    fn values_behind_the_names_of_secrets() {
        for text in [
            "#!/bin/sh\nexport DB_PASSWORD=Rk2dYf7PsUo9WgEn\n",
            "DB_PASSWORD=\"Rk2dYf7PsUo9WgEn\"; echo",
            "users:\n  - name: x\n    password: Rk2dYf7PsUo9WgEn\n",
            "mysql -u root --password Rk2dYf7PsUo9WgEn -h db",
            "docker run -e DB_PASSWORD=Rk2dYf7PsUo9WgEn app",
            r#"[{"name":"app","environment":[{"name":"DB_PASSWORD","value":"Rk2dYf7PsUo9WgEn"}]}]"#,
            r#"{"env":{"DB_PASSWORD":"Rk2dYf7PsUo9WgEn"}}"#,
            r#"{"config":"{\"db\":{\"password\":\"Rk2dYf7PsUo9WgEn\"}}"}"#,
            // export DB_PASSWORD=Rk2dYf7PsUo9WgEn
            "ZXhwb3J0IERCX1BBU1NXT1JEPVJrMmRZZjdQc1VvOVdnRW4K",
        ] {
            assert_eq!(named_in(text), ["password Rk2dYf7PsUo9WgEn"], "{text}");
            assert!(find(text, false).is_empty(), "a name alone: {text}");
        }
        assert_eq!(named_in("api_token = 'Rk2dYf7PsUo9WgEn'"), ["token Rk2dYf7PsUo9WgEn"]);
    }

    #[test]
    fn values_that_are_no_secrets() {
        for text in [
            "DB_PASSWORD=${DB_PASSWORD}",
            "DB_PASSWORD=$DB_PASSWORD",
            "DB_PASSWORD=$(aws ssm get-parameter)",
            "password: {{ .Values.password }}",
            "password: <password>",
            "PASSWORD_FILE=/run/secrets/db",
            "SECRET_NAME=prod-db-credentials",
            "token: prod-db-credentials",
            "token: KUBE_TOKEN_DEV",
            "password: K8S_DB_PASSWORD",
            "password = settings.db_password",
            "password = getpass(",
            "secret_arn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:x",
            "DB_PASSWORD_LENGTH=20",
            "password=changeme",
            "token_url: https://example.com/token",
            "TOKEN=12345678",
            "CONNECTION_STRING=db.example.com:1521/SALES",
            r#"{"name":"DB_PASSWORD","valueFrom":"arn:aws:ssm:eu-west-1:111122223333:parameter/db"}"#,
            r#"{"name":"DB_HOST","value":"db.example.com"}"#,
            "the password is secret",
        ] {
            assert_eq!(named_in(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn hostile_texts_take_no_long() {
        let nested = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(find(&nested, true).is_empty());
        assert!(find(&"a=".repeat(500_000), true).is_empty());
        assert!(find(&"A".repeat(1_000_001), true).is_empty());
        let many: String = (0..500).map(|n| format!("p{n}_password=Rk2dYf7PsUo9WgEn{n}\n")).collect();
        assert_eq!(find(&many, true).len(), MAX_FOUND);
    }
}
