//! Credentials of HTTP clients and servers: headers, `.netrc`, docker's configuration, password files.

use super::detector::{Detector, Found};
use super::shape::{Class, byte_at, is_random, is_template, window};
use crate::finding::Confidence;
use crate::rules::inside::harmless::is_slug;
use crate::rules::secret::is_placeholder;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::ops::Range;

const PADDED: Class = Class::BASE64.and(Class::of(b"="));

pub(super) const DETECTORS: &[Detector] = &[
    Detector::custom("basic-auth", &["Basic ", "basic "], basic)
        .guessable()
        .see("https://datatracker.ietf.org/doc/html/rfc7617"),
    Detector::custom("bearer-token", &["Bearer ", "bearer "], bearer)
        .sure(Confidence::Medium)
        .see("https://datatracker.ietf.org/doc/html/rfc6750"),
    Detector::custom("netrc-password", &["machine ", "default login "], netrc)
        .guessable()
        .see("https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html"),
    Detector::custom("kubeconfig-token", &["current-context"], kubeconfig)
        .see("https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo"),
    Detector::custom("docker-auth", &["auths"], docker)
        .guessable()
        .see("https://docs.docker.com/reference/cli/docker/login/#credential-stores"),
    Detector::custom("htpasswd", &[":$apr1$", ":$2y$", ":$2a$", ":$2b$", ":{SHA}", ":$6$", ":$5$"], htpasswd)
        .guessable()
        .sure(Confidence::Medium)
        .see("https://httpd.apache.org/docs/current/misc/password_encryptions.html"),
];

/// The base64 of `user:password`, if it is that and the password is one.
fn is_pair(encoded: &str) -> bool {
    let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.is_some_and(|pair| {
        let password = pair.split_once(':').map(|(_, password)| password).unwrap_or_default();
        let printable = pair.chars().all(|c| !c.is_control());
        printable && !password.is_empty() && !is_placeholder(password) && !is_template(password)
    })
}

fn basic(text: &str, literal: Range<usize>) -> Vec<Found> {
    let end = literal.end + PADDED.run(text, literal.end, 1024);
    let encoded = &text[literal.end..end];
    if encoded.len() >= 8 && is_pair(encoded) { vec![Found::at(literal.end..end)] } else { Vec::new() }
}

fn bearer(text: &str, literal: Range<usize>) -> Vec<Found> {
    let end = literal.end + Class::BEARER.run(text, literal.end, 4096);
    let token = text[literal.end..end].trim_end_matches('.');
    let mixed = token.bytes().any(|byte| byte.is_ascii_digit()) && token.bytes().any(|byte| byte.is_ascii_alphabetic());
    if token.len() < 20 || !mixed || !is_random(token) || is_placeholder(token) || byte_at(text, end) == b'$' {
        return Vec::new();
    }
    let before = &text[window(text, &literal, 24, 0).start..literal.start];
    let header = before.to_ascii_lowercase().contains("authorization");
    let found = Found::at(literal.end..literal.end + token.len());
    vec![if header { found.sure(Confidence::High) } else { found }]
}

/// The password in `machine host login name password secret`, in any order and over several lines.
fn netrc(text: &str, literal: Range<usize>) -> Vec<Found> {
    let from = if text[literal.clone()].starts_with("default") { literal.start + 8 } else { literal.end };
    let rest = &text[from..window(text, &literal, 0, 512).end];
    let mut words = rest.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    let _host = if from == literal.end { words.next() } else { None };
    let mut login = false;
    while let (Some(key), Some(value)) = (words.next(), words.next()) {
        match key {
            "login" => login = true,
            "account" => {}
            "password" if login && !is_placeholder(value) && !is_template(value) => {
                let start = from + offset(rest, value);
                return vec![Found::at(start..start + value.len())];
            }
            _ => break,
        }
    }
    Vec::new()
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

/// Every `"auth": "..."` after docker's `"auths"`.
fn docker(text: &str, literal: Range<usize>) -> Vec<Found> {
    let rest = &text[literal.end..window(text, &literal, 0, 8192).end];
    let end = literal.end + rest.find("auths").unwrap_or(rest.len());
    let mut found = Vec::new();
    for (at, name) in text[literal.end..end].match_indices("auth") {
        let Some(value) = super::assignment::value_after(text, literal.end + at + name.len()) else { continue };
        if value.len() >= 8 && value.end <= end && is_pair(&text[value.clone()]) {
            found.push(Found::at(value));
        }
    }
    found
}

/// Every `token:` and `password:` of a user around the `current-context` of a kubeconfig.
fn kubeconfig(text: &str, literal: Range<usize>) -> Vec<Found> {
    let around = window(text, &literal, 16 << 10, 16 << 10);
    let part = &text[around.clone()];
    // Once for all that stands near: a text that repeats the word is not looked at many times over.
    if text[around.start..literal.start].rfind("current-context").is_some() {
        return Vec::new();
    }
    let has = |key: &str| part.match_indices(key).take(MAX_USERS).any(|(at, _)| is_key(part, at, key));
    if !has("clusters") || !has("users") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for name in ["token", "password"] {
        for (at, _) in part.match_indices(name).take(MAX_USERS).filter(|(at, _)| is_key(part, *at, name)) {
            let end = around.start + at + name.len();
            let Some(value) = super::assignment::value_after(text, end) else { continue };
            let written = &text[value.clone()];
            let alone = !text[value.end..].trim_start_matches(' ').starts_with(char::is_alphanumeric);
            let known = is_placeholder(written) || is_template(written) || (name == "token" && is_slug(written));
            // Tokens that are signed say so themselves.
            if alone && !known && written.len() >= 8 && !written.starts_with("eyJ") {
                found.push(Found::at(value));
            }
        }
    }
    found.sort_by_key(|found| found.secret.start);
    found
}

/// Whether a word is a key of YAML, JSON or HCL, also where that stands in a string: what is before it on its line, and
/// the sign behind it.
fn is_key(text: &str, at: usize, word: &str) -> bool {
    let quotes = ['"', '\'', '\\'];
    let before = text[..at].trim_end_matches(quotes).trim_end_matches([' ', '\t']);
    let after = text[at + word.len()..].trim_start_matches(quotes).trim_start_matches(' ');
    let begins = before.is_empty() || before.ends_with(['\n', '{', ',', '-', '|', '=', '(']) || before.ends_with("\\n");
    begins && after.starts_with([':', '='])
}

/// Users of one kubeconfig that are looked at.
const MAX_USERS: usize = 200;

/// The hash in `user:$apr1$...`, which can be guessed at without end.
fn htpasswd(text: &str, literal: Range<usize>) -> Vec<Found> {
    let name = Class::ALNUM.and(Class::of(b"_.@-")).run_before(text, literal.start, 64);
    let end = literal.end + Class::BASE64.and(Class::of(b"$.=")).run(text, literal.end, 160);
    let hash = literal.start + 1..end;
    let edge = literal.start - name;
    let begins_line = edge == 0 || matches!(byte_at(text, edge - 1), b'\n' | b'"' | b'\'' | b' ' | b'`' | b'n' | b'|');
    if name > 0 && begins_line && end - literal.end >= 20 && is_random(&text[hash.clone()]) {
        vec![Found::at(hash)]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "basic-auth",
        &["Authorization: Basic «dXNlcjpodW50ZXIy»", "-H \"authorization: basic «dXNlcjpodW50ZXIy»\""],
        &["Basic authentication is", "Authorization: Basic ${base64encode(\"a:b\")}", "Basic dXNlcm5hbWU="],
    ),
    (
        "bearer-token",
        &[
            "Authorization: Bearer «ExampleExample0123456789exampleExample»",
            "\"Bearer «ExampleExample0123456789exampleExample»\"",
        ],
        &[
            "Bearer authentication",
            "Bearer ${var.token}",
            "Authorization: Bearer <token>",
            "Bearer xxxxxxxxxxxxxxxxxxxxxxxxxx0",
        ],
    ),
    (
        "netrc-password",
        &[
            "machine git.example.com login ci password «hunter2»\n",
            "machine git.example.com\n  login ci\n  password «hunter2»",
            "default login ci password «hunter2»",
        ],
        &["machine learning has a password login", "machine a login b password $TOKEN", "the machine is on"],
    ),
    (
        "kubeconfig-token",
        &[
            "apiVersion: v1\nkind: Config\nclusters:\n- name: a\ncurrent-context: a\nusers:\n- name: ci\n  user:\n    token: «9f86d081884c7d659a2feaa0c55ad015»\n",
            "kubeconfig = \"clusters: []\\nusers:\\n- user:\\n    token: «9f86d081884c7d659a2feaa0c55ad015»\\ncurrent-context: a\\n\"",
            "kubeconfig = yamlencode({\n  current-context = \"a\"\n  clusters        = []\n  users           = [{ user = { token = \"«9f86d081884c7d659a2feaa0c55ad015»\" } }]\n})",
            "{\"clusters\": [], \"users\": [{\"user\": {\"token\": \"«9f86d081884c7d659a2feaa0c55ad015»\"}}], \"current-context\": \"a\"}",
            "clusters: []\nusers:\n- name: ci\n  user:\n    username: ci\n    password: «hunter2hunter2»\ncurrent-context: a\n",
        ],
        &[
            "clusters: []\nusers:\n- user:\n    tokenFile: /run/secrets/token-of-the-cluster\ncurrent-context: a\n",
            "clusters: []\nusers:\n- user:\n    token: ${TOKEN}\ncurrent-context: a\n",
            "clusters: []\nusers:\n- user:\n    token: current-token\ncurrent-context: a\n",
            "kubectl config current-context",
            "Its clusters and users, its current-context:\n- **Token cache**: token lifetimes are short, token: short-lived ones are renewed\n",
            "clusters: two of them\nusers: none yet\ncurrent-context is set\na token supplied-by-the-login is used, token: supplied-by a login\n",
        ],
    ),
    (
        "docker-auth",
        &["{\"auths\":{\"registry.example.com\":{\"auth\":\"«dXNlcjpodW50ZXIy»\"}}}"],
        &["{\"auths\":{\"registry.example.com\":{}},\"credsStore\":\"ecr-login\"}"],
    ),
    (
        "htpasswd",
        &[
            "admin:«$apr1$ExamplE0$abcdefghijklmnopqrst01»",
            "users = \"admin:«$2y$10$ExampleExampleExample0uabcdefghijklmnopqrstuvwxyz01234»\"",
        ],
        &["admin:$apr1$", "bcrypt:$2y$10$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
];
