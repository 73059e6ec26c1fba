//! Values that stand where a secret may stand and are none: told by what they are, not by their names.

use crate::rules::secret::{Judgement, has_private_key, judge_secret};
use crate::rules::url::Url;
use base64::Engine as _;
use regex::Regex;
use std::sync::LazyLock;

/// Whether a value is no secret wherever it stands: empty, a switch, a placeholder, a hash, a public key or
/// certificate, something encrypted, a reference to a store, an ARN or the like.
pub(in crate::rules) fn is_harmless(text: &str) -> bool {
    let text = text.trim();
    if has_private_key(text) {
        return false;
    }
    let word = text.to_ascii_lowercase();
    matches!(word.as_str(), "true" | "false" | "null" | "{}" | "[]" | "yes" | "no" | "on" | "off")
        || judge_secret(text) != Judgement::Secret
        || is_rendered_mark(text)
        || is_hash(text)
        || is_public(text)
        || is_encrypted(text)
        || is_cloud_name(text)
        || is_keyless_connection(text)
}

/// Whether a text says how to connect and by what right, and no part of it may be a secret:
/// `Server=db;Integrated Security=SSPI`.
fn is_keyless_connection(text: &str) -> bool {
    const SECRETS: [&str; 7] = ["pass", "pwd", "secret", "token", "key", "credential", "sig"];
    let parts: Vec<&str> = text.split(';').filter(|part| !part.trim().is_empty()).collect();
    let is_keyless = |part: &&str| {
        let name = part.split_once('=').map_or("", |(name, _)| name.trim()).to_ascii_lowercase();
        !name.is_empty() && !SECRETS.iter().any(|word| name.contains(word))
    };
    parts.len() > 1 && parts.iter().all(is_keyless)
}

/// Whether a text is a host with a port and perhaps the name of a service there: `db.example.com:1521/SALES`.
pub(in crate::rules) fn is_service_address(text: &str) -> bool {
    let Some((host, rest)) = text.split_once(':') else { return false };
    let (port, path) = rest.split_once('/').unwrap_or((rest, ""));
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let port = !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
    port && is_host(host) && path.chars().all(name)
}

/// Whether a value is plainly no secret although the artifact marks it: Terraform marks whatever was computed from a
/// secret, and what people do not want to see. <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
pub(in crate::rules) fn is_derived(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() < 6 || is_uuid(text) || is_date(text) || is_host(text) || is_plain_url(text) || is_email(text)
}

/// Whether a text is an address on the web and holds nothing more: no user information, no query, no long path.
pub(in crate::rules) fn is_plain_url(text: &str) -> bool {
    Url::parse(text).is_some_and(|url| {
        let longest = url.rest.split(['/', '.', '-', '_']).map(str::len).max().unwrap_or(0);
        url.password().is_none() && !url.rest.contains(['?', '#']) && longest < 20
    })
}

/// Whether a number may be a secret: a PIN, where the name says so.
pub(in crate::rules) fn may_be_a_pin(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pin", "password", "passcode", "secret", "otp"].iter().any(|word| name.contains(word))
}

/// Whether another value that equals this one can be called a copy of it. A short or common word stands in many places
/// by itself, and so does a number.
pub(in crate::rules) fn is_distinctive(text: &str) -> bool {
    let text = text.trim();
    let has = |is: fn(&char) -> bool| text.chars().any(|c| is(&c));
    let letters = has(char::is_ascii_alphabetic);
    let digits = has(char::is_ascii_digit);
    let others = text.chars().any(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/' | ' '));
    let cased = text.chars().skip(1).any(|c| c.is_ascii_uppercase()) && has(char::is_ascii_lowercase);
    let length = text.chars().count();
    let all_digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ':'));
    length >= 6 && !all_digits && !is_slug(text) && ((letters && digits) || others || cased || length >= 20)
}

/// Whether a text looks as if a machine had made it at random: what stands behind a secret's name then is one.
pub(in crate::rules) fn looks_generated(text: &str) -> bool {
    let has = |is: fn(&char) -> bool| text.chars().any(|c| is(&c));
    let mixed = has(char::is_ascii_digit) && has(char::is_ascii_alphabetic);
    text.len() >= 16 && mixed && has_distinct(text, 8) && !is_slug(text) && !text.contains(char::is_whitespace)
}

/// Whether a text has so many characters that differ from one another.
fn has_distinct(text: &str, enough: usize) -> bool {
    let mut distinct = Vec::with_capacity(enough);
    text.chars().any(|c| {
        if !distinct.contains(&c) {
            distinct.push(c);
        }
        distinct.len() == enough
    })
}

/// Whether a text looks like a password that rules for passwords have made people choose: all kinds of characters.
pub(in crate::rules) fn looks_chosen(text: &str) -> bool {
    let has = |is: fn(char) -> bool| text.chars().any(is);
    let symbol = |c: char| c.is_ascii_punctuation() && !matches!(c, '-' | '_' | '.' | '/' | ':' | ',');
    let letters = has(|c| c.is_ascii_lowercase()) && has(|c| c.is_ascii_uppercase());
    text.len() >= 8 && letters && has(|c| c.is_ascii_digit()) && has(symbol) && !text.contains(char::is_whitespace)
}

/// Whether a text is a short name made of words and small numbers: `eu-west-1`, `db-credentials`, `app_v2`,
/// `KUBE_TOKEN_DEV`.
pub(in crate::rules) fn is_slug(text: &str) -> bool {
    let word = |word: &str| {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        letters.bytes().all(|b| b.is_ascii_lowercase()) && word.len() - letters.len() <= 2
    };
    let parts: Vec<&str> = text.split(['-', '_', '.']).collect();
    let words = text.len() < 40 && parts.len() >= 2 && parts.iter().all(|part| !part.is_empty() && word(part));
    words || is_constant(text)
}

/// Whether a text is a name as environment variables and the secrets of CI systems have them: `K8S_TOKEN_DEV`.
pub(in crate::rules) fn is_constant(text: &str) -> bool {
    let word = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let letters = word.bytes().filter(u8::is_ascii_uppercase).count();
        letters > 0 && digits <= 2 && letters + digits == word.len()
    };
    let parts: Vec<&str> = text.split('_').collect();
    text.len() < 80 && parts.len() >= 2 && parts.iter().all(|part| word(part))
}

/// Passwords that databases and tutorials start with.
pub(in crate::rules) fn is_usual(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let word = lower.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '!' | '_' | '-'));
    matches!(
        word,
        "" | "admin"
            | "administrator"
            | "root"
            | "password"
            | "passw0rd"
            | "p@ssw0rd"
            | "pass"
            | "secret"
            | "postgres"
            | "mysql"
            | "guest"
            | "user"
            | "test"
            | "testing"
            | "tester"
            | "minio"
            | "minioadmin"
            | "rabbitmq"
            | "redis"
            | "vagrant"
            | "docker"
            | "ci"
            | "dev"
            | "local"
            | "default"
            | "sa"
            | "qwerty"
            | "mongo"
            | "mongodb"
            | "keycloak"
            | "terraform"
            | "runner"
            | "circleci"
            | "jenkins"
    )
}

/// What Terraform and its providers print instead of a value.
fn is_rendered_mark(text: &str) -> bool {
    ["(sensitive", "(known after apply)", "(write-only", "sensitive value"].iter().any(|mark| text.starts_with(mark))
        || text.contains("***")
}

/// <https://man.archlinux.org/man/crypt.5>, <https://www.postgresql.org/docs/current/catalog-pg-authid.html>
fn is_hash(text: &str) -> bool {
    const PREFIXES: [&str; 22] = [
        "$1$",
        "$2a$",
        "$2b$",
        "$2y$",
        "$5$",
        "$6$",
        "$7$",
        "$y$",
        "$gy$",
        "$apr1$",
        "$argon2",
        "$scrypt$",
        "$pbkdf2",
        "$8$",
        "$9$",
        "{SSHA",
        "{SHA",
        "{CRYPT}",
        "SCRAM-SHA-",
        "pbkdf2_sha",
        "bcrypt:",
        "sha256:",
    ];
    let postgres = text.strip_prefix("md5").is_some_and(|rest| rest.len() == 32 && is_hex(rest));
    postgres || PREFIXES.iter().any(|prefix| text.starts_with(prefix))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A public key, certificate or signing request, also in base64.
fn is_public(text: &str) -> bool {
    const SSH: [&str; 6] = ["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
    if SSH.iter().any(|prefix| text.starts_with(prefix)) {
        return true;
    }
    if text.starts_with("-----BEGIN ") || text.starts_with("---- BEGIN SSH2 PUBLIC KEY") {
        return is_public_armour(text);
    }
    // "-----BEGIN" in base64. Only what is armoured in one piece is decoded: a private key may stand behind.
    if text.starts_with("LS0tLS1CRUdJT") && text.len() < 1 << 20 {
        let joined: String = text.split_ascii_whitespace().collect();
        let decoded = base64::engine::general_purpose::STANDARD.decode(joined);
        return decoded.is_ok_and(|bytes| std::str::from_utf8(&bytes).is_ok_and(is_public_armour));
    }
    false
}

fn is_public_armour(text: &str) -> bool {
    const LABELS: [&str; 8] = [
        "CERTIFICATE-----",
        "CERTIFICATE REQUEST-----",
        "NEW CERTIFICATE REQUEST-----",
        "PUBLIC KEY-----",
        "TRUSTED CERTIFICATE-----",
        "X509 CRL-----",
        "PUBLIC KEY BLOCK-----",
        "PARAMETERS-----",
    ];
    !has_private_key(text) && !text.contains("PRIVATE KEY BLOCK") && LABELS.iter().any(|label| text.contains(label))
}

/// Encrypted to a key that is not there: OpenPGP messages (what `pgp_key` arguments make; also without armour),
/// SOPS, age, Ansible's vault, Vault's transit engine, the AWS KMS.
fn is_encrypted(text: &str) -> bool {
    const PREFIXES: [&str; 11] = [
        "-----BEGIN PGP MESSAGE",
        "-----BEGIN AGE ENCRYPTED",
        "-----BEGIN PKCS7",
        "-----BEGIN CMS",
        "$ANSIBLE_VAULT;",
        "vault:v",
        "ENC[",
        "AQICAH",
        "age-encryption.org/",
        "-----BEGIN KEYBASE SALTPACK ENCRYPTED",
        "secret:v1:",
    ];
    // The first packet of a message to an RSA key of 2048, 3072 or 4096 bits (RFC 9580, section 5.1) in base64.
    const PACKETS: [&str; 6] = ["wcBMA", "wcDMA", "wcFMA", "hQEMA", "hQGMA", "hQIMA"];
    PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        || (text.len() > 300 && PACKETS.iter().any(|packet| text.starts_with(packet)))
}

/// Names that clouds give to things: `vpc-0a1b2c3d`, `ocid1.vaultsecret.oc1..aaaa`, `/subscriptions/...`,
/// `projects/x/secrets/y`, `https://www.googleapis.com/compute/...`.
pub(in crate::rules) fn is_cloud_name(text: &str) -> bool {
    static RESOURCE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[a-z]{1,12}-(?:[0-9a-f]{8}|[0-9a-f]{17})$").expect("the pattern is a literal"));
    let google = text.strip_prefix("projects/").is_some_and(|rest| rest.split('/').count() >= 3);
    let azure = text.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("/subscriptions/"));
    google || azure || text.starts_with("ocid1.") || (text.len() < 40 && RESOURCE.is_match(text))
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hex(part))
}

fn is_date(text: &str) -> bool {
    text.len() >= 10 && text.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
}

/// An IP address, a range of them, or a host's name with dots, each with or without a port.
fn is_host(text: &str) -> bool {
    let (host, suffix) = text.rsplit_once([':', '/']).unwrap_or((text, "0"));
    let number = !suffix.is_empty() && suffix.len() <= 5 && suffix.bytes().all(|b| b.is_ascii_digit());
    if text.parse::<std::net::IpAddr>().is_ok() || (number && host.parse::<std::net::IpAddr>().is_ok()) {
        return true;
    }
    let host = if number { host } else { text };
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    let label = |label: &&str| {
        !label.is_empty() && label.len() < 64 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    let top = labels.last().is_some_and(|top| top.len() >= 2 && top.bytes().all(|b| b.is_ascii_lowercase()));
    labels.len() >= 2 && top && labels.iter().all(label)
}

pub(in crate::rules) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.contains('@') && is_host(host) && !text.contains(['/', ':', ' '])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_secret_by_itself() {
        for text in [
            "",
            "  ",
            "true",
            "null",
            "changeme",
            "(sensitive value)",
            "(known after apply)",
            "arn:aws:iam::111122223333:role/x",
            "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
            "md5a3556571e93b0d20722ba62be61e8c2d",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample me@host",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "-----BEGIN PGP MESSAGE-----\n\nwcBMA",
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=",
            "vault:v1:abcdefgh",
            "AQICAHhexample",
            "vpc-0a1b2c3d4e5f60718",
            "/subscriptions/0000/resourceGroups/x",
            "projects/p/secrets/s/versions/1",
            "ocid1.vaultsecret.oc1..aaaa",
            "Server=db;Integrated Security=SSPI",
            "Server=tcp:db.example.com,1433;Authentication=Active Directory Default;",
        ] {
            assert!(is_harmless(text), "{text}");
        }
        for text in [
            "hunter2",
            "Rk2dYf7PsUo9WgEn",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMIIE",
            "postgres://u:Rk2dYf7PsUo9WgEn@db/x",
            "9b2fd5a0-1c1e-4f7a-8d3b-2f6a7c9e1b10",
            "Server=db;User Id=app;Pwd=Rk2dYf7PsUo9WgEn",
            "AccountName=a;AccountKey=Rk2dYf7PsUo9WgEn",
            "Rk2d=;Yf7P",
            "InstrumentationKey=9b2fd5a0-1c1e-4f7a-8d3b-2f6a7c9e1b10;IngestionEndpoint=https://example.com",
            "BlobEndpoint=https://a.example.com;SharedAccessSignature=sv=2022",
        ] {
            assert!(!is_harmless(text), "{text}");
        }
    }

    #[test]
    fn what_is_only_derived() {
        for text in [
            "db.example.com",
            "db.example.com:5432",
            "10.0.0.1",
            "10.0.0.0/16",
            "ops@example.com",
            "2026-01-01T00:00:00Z",
            "9b2fd5a0-1c1e-4f7a-8d3b-2f6a7c9e1b10",
            "5432",
            "https://example.com/path",
        ] {
            assert!(is_derived(text), "{text}");
        }
        for text in ["hunter2-Sup3rS3cret", "Rk2dYf7PsUo9WgEn", "https://example.com/hook?token=Rk2dYf7PsUo9WgEn"] {
            assert!(!is_derived(text), "{text}");
        }
        assert!(is_service_address("db.example.com:1521/SALES.example") && is_service_address("db.example.com:1521"));
        assert!(!is_service_address("user:Rk2dYf7PsUo9WgEn") && !is_service_address("db.example.com"));
        assert!(!is_plain_url("https://hooks.example.com/services/Rk2dYf7PsUo9WgEnRk2dYf7PsUo9WgEn"));
    }

    #[test]
    fn what_looks_generated() {
        assert!(looks_generated("Rk2dYf7PsUo9WgEn") && looks_generated("9b2fd5a0-1c1e-4f7a-8d3b-2f6a7c9e1b10"));
        assert!(!looks_generated("correcthorsebatterystaple") && !looks_generated("hunter2"));
        assert!(!looks_generated("prod-db-credentials-2") && !looks_generated("1111111111111111"));
        assert!(!looks_generated("AUTOGENERATED_STORE_DEV_K8S_TOKEN") && looks_generated("QX7_Z19BD82_KK04_PL55Y"));
    }

    #[test]
    fn what_looks_chosen() {
        assert!(looks_chosen("RandomP@ssw0rd") && looks_chosen("Sup3r$ecret"));
        assert!(!looks_chosen("DbPassword2") && !looks_chosen("Db/Password-2") && !looks_chosen("a word of 2 W's"));
    }

    #[test]
    fn what_can_have_copies() {
        for text in ["hunter2", "Rk2dYf7PsUo9WgEn", "correcthorsebatterystaple", "p@ssword"] {
            assert!(is_distinctive(text), "{text}");
        }
        for text in [
            "eu-west-1",
            "db-credentials",
            "postgres",
            "admin",
            "Production",
            "123456789012",
            "eu-west",
            "10.0.0.1",
            "h2",
        ] {
            assert!(!is_distinctive(text), "{text}");
        }
    }
}
