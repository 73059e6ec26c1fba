//! Which words are harmless: short closed lists and shapes that no generated secret has.

/// Block types whose labels are names.
const BLOCKS: [&str; 42] = [
    "action",
    "assume_role",
    "assume_role_with_web_identity",
    "backend",
    "check",
    "cloud",
    "config",
    "connection",
    "data",
    "dynamic",
    "encryption",
    "ephemeral",
    "filter",
    "generate",
    "import",
    "include",
    "ingress",
    "egress",
    "key_provider",
    "lifecycle",
    "locals",
    "method",
    "module",
    "moved",
    "output",
    "plan",
    "principals",
    "provider",
    "provisioner",
    "remote_state",
    "removed",
    "required_providers",
    "resource",
    "rule",
    "statement",
    "state",
    "terraform",
    "timeouts",
    "validation",
    "variable",
    "versioning",
    "workspaces",
];

/// Longer than the eleven letters that a part of a name may have, and yet words.
const LONG_PARTS: [&str; 12] = [
    "accessibility",
    "administrator",
    "authenticate",
    "authentication",
    "authorization",
    "configuration",
    "distribution",
    "infrastructure",
    "notification",
    "organization",
    "subscription",
    "verification",
];

/// Whole string values that are shown.
const VALUES: [&str; 41] = [
    "",
    "AES256",
    "ap",
    "artifactory",
    "atlas",
    "aws",
    "aws:kms",
    "azure",
    "azurerm",
    "bool",
    "cloud",
    "consul",
    "cos",
    "dev",
    "etcd",
    "etcdv3",
    "gcs",
    "google",
    "http",
    "inmem",
    "kubernetes",
    "list",
    "local",
    "main",
    "manta",
    "map",
    "master",
    "number",
    "object",
    "oss",
    "pg",
    "prod",
    "production",
    "remote",
    "s3",
    "set",
    "staging",
    "string",
    "swift",
    "test",
    "vault",
];

/// Functions of the language that are shown when called.
const FUNCTIONS: [&str; 26] = [
    "abspath",
    "base64decode",
    "base64encode",
    "coalesce",
    "concat",
    "element",
    "ephemeralasnull",
    "file",
    "fileexists",
    "flatten",
    "format",
    "join",
    "jsondecode",
    "jsonencode",
    "length",
    "lookup",
    "merge",
    "nonsensitive",
    "replace",
    "sensitive",
    "templatefile",
    "tolist",
    "tomap",
    "toset",
    "try",
    "yamldecode",
];

/// Parts of names that stand for secrets, or for text in which one may hide.
const SECRET_PARTS: [&str; 45] = [
    "access", "account", "api", "arg", "auth", "bearer", "body", "cert", "code", "command", "conn", "content",
    "cookie", "cred", "data", "default", "dsn", "env", "hash", "header", "jwt", "key", "license", "login", "mfa",
    "otp", "pass", "pem", "phrase", "pin", "private", "pwd", "run", "salt", "sas", "script", "secret", "seed",
    "session", "sign", "token", "uri", "url", "user", "value",
];

/// Parts of a place in the world, as the clouds name their regions.
const REGION_PARTS: [&str; 34] = [
    "af",
    "ap",
    "ca",
    "cn",
    "eu",
    "il",
    "me",
    "mx",
    "sa",
    "us",
    "uk",
    "gov",
    "iso",
    "isob",
    "asia",
    "europe",
    "australia",
    "north",
    "south",
    "east",
    "west",
    "central",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "northamerica",
    "southamerica",
    "northeurope",
    "westeurope",
    "eastus",
    "westus",
    "centralus",
    "uksouth",
];

/// Whether `word` opens a block.
pub(super) fn is_block(word: &str) -> bool {
    BLOCKS.contains(&word)
}

/// Whether `word` is a function of the language.
pub(super) fn is_function(word: &str) -> bool {
    FUNCTIONS.contains(&word)
}

/// Whether `word` looks like a name that a person gave: parts of a few letters, at most three digits at the end of
/// each, parted by `_`, `-` or `.`. No twelve characters in a row are free of a separator.
pub(super) fn is_name(word: &str) -> bool {
    word.len() <= 64 && !word.is_empty() && word.split(['_', '-', '.']).all(is_part)
}

fn is_part(part: &str) -> bool {
    let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
    if LONG_PARTS.contains(&letters.to_ascii_lowercase().as_str()) {
        return true;
    }
    let digits = part.len() - letters.len();
    if letters.is_empty() {
        return digits <= 2;
    }
    letters.bytes().all(|byte| byte.is_ascii_alphabetic()) && part.len() <= 11 && digits <= 3 && is_cased(letters)
}

/// `lower`, `UPPER`, `Capital` or `camelCase` with humps of two letters or more, as words are; not as keys are.
fn is_cased(letters: &str) -> bool {
    let bytes = letters.as_bytes();
    if bytes.iter().all(u8::is_ascii_uppercase) {
        return true;
    }
    let upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    (0..bytes.len()).all(|at| !upper(at) || (!upper(at + 1) && at + 1 < bytes.len()))
}

/// Whether a name stands for a secret, so that nothing of its value is shown.
pub(super) fn is_secret_name(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    SECRET_PARTS.iter().any(|part| word.contains(part))
}

/// Whether a bare word is a literal that is shown: a boolean, `null`, a short number.
pub(super) fn is_literal(word: &str) -> bool {
    matches!(word, "true" | "false" | "null") || is_number(word)
}

/// Whether a bare word of an expression is shown: an operator, a keyword, a reference.
pub(super) fn is_expression(word: &str) -> bool {
    matches!(word, "for" | "in" | "if" | "-" | ">" | "<" | "?" | "!" | "&&" | "||" | "*") || is_reference(word)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_reference(word: &str) -> bool {
    let Some((root, rest)) = word.split_once('.') else { return false };
    let known = matches!(root, "var" | "local" | "module" | "data" | "each" | "count" | "path" | "self" | "terraform");
    known && is_name(rest)
}

/// Whether the content of a quoted string under the name `key` is shown.
pub(super) fn is_text(key: &str, text: &str) -> bool {
    if let Some(inner) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        return is_reference(inner.trim());
    }
    VALUES.contains(&text)
        || is_region(text)
        || (key.ends_with("version") && is_version(text))
        || (key == "source" && is_module_source(text))
}

/// The regions of the clouds: `eu-west-1`, `us-gov-east-1`, `europe-west4`, `westeurope`.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-').peekable();
    let mut count = 0;
    while let Some(part) = parts.next() {
        count += 1;
        let word = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = part.len() - word.len();
        let number = word.is_empty() && digits == 1 && parts.peek().is_none() && count > 2;
        if count > 4 || !(number || (REGION_PARTS.contains(&word) && digits <= 2)) {
            return false;
        }
    }
    true
}

/// A version constraint: `~> 5.0`, `>= 1.2.3, < 2`.
fn is_version(text: &str) -> bool {
    text.len() <= 48
        && text.split(',').all(|constraint| {
            let number = constraint.trim().trim_start_matches(['=', '!', '~', '>', '<']).trim();
            let number = number.strip_prefix('v').unwrap_or(number);
            let mut parts = number.split('.');
            parts.clone().count() <= 3
                && parts.all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
        })
}

/// A local path or a registry address; nothing with a user, a query or a port.
fn is_module_source(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let local = matches!(parts[0], "." | "..");
    (local || (2..=4).contains(&parts.len()))
        && parts.len() <= 12
        && parts.iter().all(|part| matches!(*part, "." | "..") || is_name(part))
}

/// Whether a word of a sentence looks written, not generated.
pub(super) fn is_prose(word: &str) -> bool {
    let core = word.trim_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '(' | ')' | '\'' | '"' | '!' | '?'));
    let ticket = |part: &str| part.len() <= 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    core.chars().count() < 8
        || core.split(['/', '-']).all(|part| is_name(part) || ticket(part))
        || (core.chars().all(char::is_alphabetic) && core.chars().count() <= 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_pass_and_generated_strings_do_not() {
        for name in [
            "access_key",
            "aws-access-key-id",
            "AWS_SECRET_ACCESS_KEY",
            "secretKey",
            "db01",
            "Name",
            "authentication_type",
        ] {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "",
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI",
            "deadbeefdeadbeef",
            "0123456789",
            "a1b2c3d4",
            "qwertzuiopasdf",
            "ghp_012345678901",
            "QUtJQUlPU0ZP",
            "é",
        ] {
            assert!(!is_name(other), "{other}");
        }
    }

    #[test]
    fn values_are_shown_only_from_closed_shapes() {
        for (key, text) in [
            ("region", "eu-west-1"),
            ("region", "us-gov-east-1"),
            ("location", "westeurope"),
            ("version", "~> 5.0"),
            ("required_version", ">= 1.2.3, < 2"),
            ("source", "hashicorp/aws"),
            ("source", "../modules/vpc"),
            ("x", "${var.name}"),
        ] {
            assert!(is_text(key, text), "{text}");
        }
        for (key, text) in [
            ("x", "hunter2"),
            ("version", "1234.5678.9012"),
            ("source", "git::https://u:p@example.com/x"),
            ("source", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("x", "~> 5.0"),
            ("region", "eu-west-1-hunter"),
            ("x", "${var.wJalrXUtnFEMI}"),
        ] {
            assert!(!is_text(key, text), "{text}");
        }
    }
}
