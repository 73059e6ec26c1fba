//! What a name says of the value behind it: whether it is a secret, or only speaks of one.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Words that name a secret.
const SECRETS: [&str; 17] = [
    "password",
    "passwords",
    "passwd",
    "pwd",
    "pass",
    "passphrase",
    "passcode",
    "secret",
    "secrets",
    "token",
    "tokens",
    "apikey",
    "credential",
    "credentials",
    "psk",
    "jwt",
    "kubeconfig",
];

/// Words that, before `key`, name a secret key.
const KEYS: [&str; 22] = [
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "authorization",
    "client",
    "encryption",
    "hmac",
    "integration",
    "license",
    "master",
    "preshared",
    "primary",
    "private",
    "secondary",
    "secret",
    "shared",
    "signing",
    "ssh",
    "storage",
];

/// Words that may stand behind such a name and change nothing.
const TRAILING: [&str; 19] = [
    "b64",
    "base64",
    "clear",
    "current",
    "dev",
    "live",
    "new",
    "old",
    "plain",
    "plaintext",
    "prod",
    "production",
    "qa",
    "raw",
    "staging",
    "string",
    "text",
    "value",
    "values",
];

/// Last words of names of what is no secret, whatever stands before them.
const HARMLESS: [&str; 63] = [
    "account",
    "address",
    "algorithm",
    "alias",
    "arn",
    "arns",
    "audience",
    "bucket",
    "cidr",
    "count",
    "database",
    "date",
    "db",
    "dbname",
    "description",
    "domain",
    "email",
    "enabled",
    "endpoint",
    "engine",
    "expiration",
    "expires",
    "expiry",
    "file",
    "fingerprint",
    "fqdn",
    "hash",
    "host",
    "hostname",
    "id",
    "identifier",
    "ids",
    "ip",
    "issuer",
    "length",
    "login",
    "md5",
    "method",
    "mode",
    "name",
    "namespace",
    "names",
    "path",
    "policy",
    "port",
    "prefix",
    "project",
    "provider",
    "region",
    "role",
    "scope",
    "sha256",
    "size",
    "status",
    "strength",
    "tenant",
    "time",
    "type",
    "user",
    "username",
    "version",
    "vpc",
    "zone",
];

/// Words that say of a secret that what stands there is not the secret itself.
const TRANSFORMED: [&str; 2] = ["encrypted", "hashed"];

/// Whether a name says that its value is secret, and not what the secret is called, where it lies or how long it is:
/// `db_password`, `apiToken`, `AWS_SECRET_ACCESS_KEY`; not `secret_name`, `token_endpoint`, `password_length`.
pub fn names_a_secret(name: &str) -> bool {
    if !may_name_a_secret(name) {
        return false;
    }
    let words = words(name);
    let core = without_trailing(&words);
    if is_transformed(&words) {
        return false;
    }
    match core {
        [.., before, last] if last == "key" => KEYS.contains(&before.as_str()),
        // What an AppRole signs in with.
        [.., before, last] if last == "id" => before == "secret" && core.len() == 2,
        [.., before, last] if last == "string" => before == "connection",
        [.., last] => SECRETS.contains(&last.as_str()) || ends_in_password(last),
        [] => false,
    }
}

/// Whether a word of a secret stands in a name, and the name is none of what belongs to one: `DB_PASSWORD_READONLY`.
pub fn speaks_of_a_secret(name: &str) -> bool {
    if !may_name_a_secret(name) {
        return false;
    }
    let words = words(name);
    let last = words.last().map_or("", String::as_str);
    !HARMLESS.contains(&last) && words.iter().any(|word| SECRETS.contains(&word.as_str()) || ends_in_password(word))
}

/// Whether a name that names a secret, or speaks of one, may stand in a text: a quick look that misses none and says too
/// much.
pub fn may_name_a_secret(text: &str) -> bool {
    /// One of them, however it is written, is a part of every name of a secret.
    const PARTS: [&str; 10] =
        ["pass", "pwd", "secret", "token", "key", "credential", "psk", "jwt", "kubeconfig", "connection"];
    static MATCHER: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let built = AhoCorasick::builder().ascii_case_insensitive(true).build(PARTS);
        built.expect("some short words make a small automaton")
    });
    MATCHER.is_match(text)
}

/// Whether a name speaks of a name, a place, an identifier or another thing that is no secret.
pub fn names_no_secret(name: &str) -> bool {
    let words = words(name);
    let harmless = words.last().is_some_and(|last| HARMLESS.contains(&last.as_str()));
    is_transformed(&words) || (harmless && !names_a_secret(name))
}

/// Whether a text only says again what it stands for, as in examples: `sharedSecret` for `shared_secret`, `userkey` for
/// `user_key`, `token` for `api_token`, `EXAMPLE-password-value`. The word `password` may well be a password.
pub fn repeats_name(path: &str, text: &str) -> bool {
    const EXTRA: [&str; 8] = ["a", "demo", "example", "my", "sample", "the", "value", "your"];
    let (name, said) = (words(path.rsplit('.').next().unwrap_or(path)), words(text));
    match said.as_slice() {
        [] => false,
        [one] => (name.len() > 1 && name.concat() == *one) || (name.last() == Some(one) && !names_a_password(one)),
        many => many.iter().all(|word| name.contains(word) || EXTRA.contains(&word.as_str())),
    }
}

fn is_transformed(words: &[String]) -> bool {
    words.iter().any(|word| TRANSFORMED.contains(&word.as_str()))
}

/// Whether a name says that a password or something like it stands there, which people choose: any text may be one.
pub fn names_a_password(name: &str) -> bool {
    let words = words(name);
    let last = without_trailing(&words).last().map_or("", String::as_str);
    matches!(last, "passwords" | "pwd" | "pass" | "passphrase" | "passcode" | "pin") || ends_in_password(last)
}

/// Words are also written as one: `PGPASSWORD`, `rootpassword`.
fn ends_in_password(word: &str) -> bool {
    word.ends_with("password") || word.ends_with("passwd")
}

fn without_trailing(words: &[String]) -> &[String] {
    let extra = |word: &String| TRAILING.contains(&word.as_str()) || word.chars().all(|c| c.is_ascii_digit());
    let mut rest = words;
    while let [first @ .., last] = rest
        && !first.is_empty()
        && extra(last)
        // `connection_string` is a name of its own.
        && !(last == "string" && first.last().is_some_and(|word| word == "connection"))
    {
        rest = first;
    }
    rest
}

/// The words of a name in lower case, split at everything that is no letter or digit and where a new word is written
/// with a capital.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    // A name that is longer says nothing.
    for c in name.chars().take(200) {
        let humps = c.is_ascii_uppercase() && (previous.is_ascii_lowercase() || previous.is_ascii_digit());
        if !c.is_ascii_alphanumeric() || humps {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric() {
            words.last_mut().expect("there is always a word").push(c.to_ascii_lowercase());
        }
        previous = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_look_misses_no_name() {
        let keys = KEYS.iter().map(|word| format!("{word}Key"));
        for name in SECRETS.into_iter().map(str::to_owned).chain(keys) {
            assert!(names_a_secret(&name) && may_name_a_secret(&name), "{name}");
        }
        assert!(!may_name_a_secret("#!/bin/sh\nexport PORT=8080\n"));
    }

    #[test]
    fn names_of_secrets() {
        for name in [
            "password",
            "db_password",
            "DB_PASSWORD",
            "dbPassword",
            "api-token",
            "AWS_SECRET_ACCESS_KEY",
            "secret_id",
            "apiKey",
            "client_secret",
            "master_password_2",
            "private_key",
            "connection_string",
            "tokenValue",
            "DB_PASS",
            "ACCOUNT_KEY_BASE64",
            "secret_string",
            "PGPASSWORD",
        ] {
            assert!(names_a_secret(name), "{name}");
            assert!(!names_no_secret(name), "{name}");
            assert!(may_name_a_secret(&format!("x {name} = y")), "{name}");
        }
    }

    #[test]
    fn names_of_other_things() {
        for name in [
            "secret_name",
            "token_endpoint",
            "password_length",
            "secret_arn",
            "token_url",
            "key",
            "primary_email",
            "public_key",
            "kms_key_id",
            "password_policy",
            "key_name",
            "client_id",
            "string",
            "bypass",
            "secretary",
            "",
            "path",
            "token_ttl",
            "AWS_ACCESS_KEY_ID",
            "sort_key",
            "password_hash",
            "hashed_passwords",
            "encrypted_password",
            "password_strength",
            "compass",
        ] {
            assert!(!names_a_secret(name), "{name}");
        }
        assert!(names_no_secret("DB_HOST") && names_no_secret("dbUser") && names_no_secret("secret_name"));
        assert!(names_no_secret("hashed_passwords") && names_no_secret("password_secret_access_mode"));
        assert!(!names_no_secret("value") && !names_no_secret(""));
        assert!(speaks_of_a_secret("DB_PASSWORD_READONLY") && !speaks_of_a_secret("DB_PASSWORD_READONLY_USER"));
        assert!(!speaks_of_a_secret("compass_direction"));
        assert!(names_a_password("ADMIN_PASSWORD") && !names_a_password("api_token"));
    }

    #[test]
    fn texts_that_repeat_the_name() {
        for (name, text) in [
            ("shared_secret", "sharedSecret"),
            ("tunnels.shared_secret", "mySecret"),
            ("credential_password", "EXAMPLE-password-Value"),
            ("pushover.user_key", "userkey"),
            ("api_key", "key"),
        ] {
            assert!(repeats_name(name, text), "{text}");
        }
        for (name, text) in [
            ("password", "password"),
            ("password", "Password1"),
            ("db_password", "dbPassword2"),
            ("password", "correct-horse"),
            ("password", ""),
            ("db_password", "password"),
            ("vpc_password", "secret"),
        ] {
            assert!(!repeats_name(name, text), "{text}");
        }
    }
}
