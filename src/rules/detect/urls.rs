//! Passwords in URLs, data source names and connection strings.

use super::detector::{Detector, Found};
use super::shape::{Class, is_template, window};
use crate::finding::{Confidence, Strength};
use crate::rules::inside::harmless::{is_slug, is_usual};
use crate::rules::secret::{is_generated, is_placeholder};
use std::ops::Range;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::custom("url-password", &["://"], url)
        .guessable()
        .see("https://datatracker.ietf.org/doc/html/rfc3986#section-3.2.1"),
    Detector::custom("connection-string-password", &["@tcp(", "@unix("], data_source)
        .guessable()
        .see("https://github.com/go-sql-driver/mysql#dsn-data-source-name"),
    Detector::custom(
        "connection-string-password",
        &["assword=", "ASSWORD=", "assword =", "Pwd=", "PWD=", "pwd="],
        string,
    )
    .guessable()
    .see("https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax"),
];

/// No user information or value is longer.
const MAX: usize = 512;

/// The password in `scheme://user:password@host`.
fn url(text: &str, literal: Range<usize>) -> Vec<Found> {
    let scheme = Class::ALNUM.and(Class::of(b"+.-")).run_before(text, literal.start, 24);
    let rest = &text[literal.end..window(text, &literal, 0, MAX).end];
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | '\\' | '`');
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    // Templates may hold any of these: `${replace(var.password, "/", "x")}`.
    let Some((userinfo, host)) = authority.rsplit_once('@') else { return Vec::new() };
    let Some((user, password)) = userinfo.split_once(':') else { return Vec::new() };
    let digest = host.starts_with("sha256:") || host.is_empty();
    if scheme == 0 || digest || is_blank(password) {
        return Vec::new();
    }
    let start = literal.end + user.len() + 1;
    vec![judge(Found::at(start..start + password.len()), password, user, host)]
}

/// Whether it is no password: it stands for one.
fn is_blank(password: &str) -> bool {
    // `PASSWORD` is to be replaced; `password` may well be one.
    let capitals = password.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    password.is_empty() || is_template(password) || is_placeholder(password) || (capitals && is_word(password))
}

/// Whether it is a word for a password, or some words with one among them: `github-token`.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 8] = ["pass", "password", "passwd", "pwd", "pw", "secret", "token", "mypassword"];
    let is_one = |part: &str| WORDS.iter().any(|word| word.eq_ignore_ascii_case(part));
    let words = is_slug(text) && !text.contains(|c: char| c.is_ascii_digit());
    is_one(text) || (words && text.split(['-', '_', '.']).any(is_one))
}

/// Documentation is full of `user:password@localhost`.
fn judge(found: Found, password: &str, user: &str, host: &str) -> Found {
    let host = host.split(':').next().unwrap_or_default();
    // A container beside the program is called by one word, and has the password that its image starts with.
    let beside = !host.is_empty() && !host.contains('.') && is_usual(password);
    let local = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "host" | "hostname" | "example.com") || beside;
    let confidence = match (is_word(password) || password.eq_ignore_ascii_case(user), local) {
        (true, _) => Confidence::Low,
        (false, true) => Confidence::Medium,
        (false, false) => Confidence::High,
    };
    found.sure(confidence).strong(if is_generated(password) { Strength::Unguessable } else { Strength::Guessable })
}

/// The password in `user:password@tcp(host:3306)/db`, Go's form for MySQL.
fn data_source(text: &str, literal: Range<usize>) -> Vec<Found> {
    let before = &text[window(text, &literal, MAX, 0).start..literal.start];
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '=' | '\\');
    let userinfo = before.rsplit(ends).next().unwrap_or_default();
    let Some((user, password)) = userinfo.split_once(':') else { return Vec::new() };
    let host = text[literal.end..].split([':', ')']).next().unwrap_or_default();
    if user.is_empty() || is_blank(password) {
        return Vec::new();
    }
    vec![judge(Found::at(literal.start - password.len()..literal.start), password, user, host)]
}

/// The password in `Server=...;User ID=...;Password=...;` and `jdbc:...?user=...&password=...`.
fn string(text: &str, literal: Range<usize>) -> Vec<Found> {
    let around = window(text, &literal, MAX, MAX);
    let outside = |c: char| matches!(c, '"' | '\'' | '`' | '\n' | '\\');
    let before = text[around.start..literal.start].rsplit(outside).next().unwrap_or_default();
    // One password a connection.
    if before.contains(&text[literal.clone()]) {
        return Vec::new();
    }
    let rest = &text[literal.end..around.end];
    let after = rest.split(outside).next().unwrap_or_default();
    let value = after.trim_start();
    let start = literal.end + after.len() - value.len();
    let value = value.split([';', '&']).next().unwrap_or_default();
    let value = value.split(char::is_whitespace).next().unwrap_or_default();
    let connection = format!("{before};{after}").to_ascii_lowercase();
    let names = ["server=", "data source=", "host=", "hostname=", "addr=", "dbname=", "database=", "initial catalog="];
    let users = ["user id=", "uid=", "user=", "username=", "userid="];
    let says = |words: &[&str]| words.iter().any(|word| connection.contains(word));
    let separated = connection.starts_with("jdbc:") || connection.contains(" jdbc:") || says(&names);
    if !separated || !says(&users) || is_blank(value) {
        return Vec::new();
    }
    vec![judge(Found::at(start..start + value.len()), value, "", "")]
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "url-password",
        &[
            "postgres://app:«nPACQf9qBpqG1Wm0SF»@db.internal.example.com:5432/app?sslmode=require",
            "redis_url = \"rediss://:«9Yyp0h1VzANVWrTNVR»@cache.internal.example.com:6379/0\"",
            "https://ci:«hunter2»@git.example.org/r.git",
            "mongodb+srv://svc:«Vg2LPHBs66»@cluster0.ab1cd.mongodb.net/app",
            "amqp://u:«p&a=1»@mq.internal.example.com",
        ],
        &[
            "postgres://app:${var.password}@db/app",
            "postgres://app:$PASSWORD@db/app",
            "postgres://app:<password>@db/app",
            "postgres://user:password@localhost/app",
            "https://example.com:8443/a@b",
            "https://git@example.com/r.git",
            "docker://nginx:1.21@sha256:0123456789abcdef",
            "https://example.com/?q=a:b@c",
            "://:@",
        ],
    ),
    (
        "connection-string-password",
        &[
            "Server=tcp:sql.internal.example.com,1433;Initial Catalog=app;User ID=sa;Password=«Lsa4tIvywjS2J7xvYZ»;Encrypt=True;",
            "jdbc:sqlserver://sql.internal.example.com:1433;databaseName=app;user=sa;password=«G1CsJ17jpbYdlbrnI9»;encrypt=true",
            "jdbc:mysql://db.internal.example.com/app?user=u&password=«G1CsJ17jpbYdlbrnI9»&useSSL=true",
            "dsn = \"app:«nPACQf9qBpqG1Wm0SF»@tcp(db.internal.example.com:3306)/app\"",
            "host=db.internal.example.com user=app password=«nPACQf9qBpqG1Wm0SF» dbname=app",
        ],
        &[
            "Server=db;User ID=sa;Password=${var.password};",
            "Server=db;User ID=sa;Password={your_password};",
            "password=nPACQf9qBpqG1Wm0SF",
            "app:${var.password}@tcp(db)/app",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use crate::finding::Confidence::{High, Low, Medium};
    use crate::rules::detect::find;

    #[test]
    fn a_word_in_capitals_is_to_be_replaced() {
        assert_eq!(find("postgres://app:PASSWORD@db.internal.example.com/app"), []);
        for (password, expected) in [
            ("password", Low),
            ("github-token", Low),
            ("my_secret", Low),
            ("hunter-two", High),
            ("app-secret-42", High),
        ] {
            let found = find(&format!("postgres://app:{password}@db.internal.example.org/app"));
            assert_eq!(found.iter().map(|hit| hit.confidence).collect::<Vec<_>>(), [expected], "{password}");
        }
    }

    #[test]
    fn a_container_has_the_password_of_its_image() {
        for (url, expected) in [
            ("postgres://app:postgres@db:5432/app", Medium),
            ("root:mysql@tcp(mysql:3306)/app", Medium),
            ("postgres://app:Rk2d-Yf7PsUo9@db:5432/app", High),
            ("postgres://app:postgres@db.internal.example.org/app", High),
        ] {
            assert_eq!(find(url).iter().map(|hit| hit.confidence).collect::<Vec<_>>(), [expected], "{url}");
        }
    }
}
