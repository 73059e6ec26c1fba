//! Whether a value in an argument is a secret, and the credential it makes.

pub use super::detect::recognise;
use super::url::Url;
use crate::document;
use crate::finding::{CredentialUse, Occurrence, Secret, Strength};
use crate::resolve::schema::ArgumentKind;
use crate::resolve::{Kind, Value};
use crate::text::RepoPath;

/// What a known value in an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It grants access: anybody who reads the file can use it.
    Secret,
    /// It stands where a secret belongs and is none yet: `<token>`, `CHANGE_ME`, `test`.
    Placeholder,
    /// It is no secret: empty, a path, a reference to a store of secrets.
    NotSecret,
}

/// Judges a wholly known value in an argument of that kind.
pub fn judge(kind: ArgumentKind, value: &str) -> Judgement {
    match kind {
        ArgumentKind::Secret | ArgumentKind::KeyId | ArgumentKind::Headers => judge_secret(value),
        ArgumentKind::PathOrContents => judge_contents(value),
        ArgumentKind::FileRef | ArgumentKind::Certificate | ArgumentKind::Tls if has_private_key(value) => {
            Judgement::Secret
        }
        _ => Url::parse(value).and_then(|url| url.password()).map_or(Judgement::NotSecret, judge_secret),
    }
}

/// Judges what stands where nothing but a secret belongs.
pub fn judge_secret(value: &str) -> Judgement {
    let value = value.trim();
    if value.is_empty() || is_reference(value) {
        Judgement::NotSecret
    } else if is_placeholder(value) {
        Judgement::Placeholder
    } else {
        Judgement::Secret
    }
}

/// Judges the value of an HTTP header: by its name it carries a credential or not.
pub fn judge_header(name: &str, value: &str) -> Judgement {
    let name = name.to_ascii_lowercase();
    let carries = ["authorization", "token", "secret", "password", "api-key", "apikey", "cookie", "access-key"];
    if !carries.iter().any(|word| name.contains(word)) {
        return if recognise(value).is_some() { Judgement::Secret } else { Judgement::NotSecret };
    }
    judge_secret(without_scheme(value))
}

/// The credential of an `Authorization` header without the scheme's name.
pub fn without_scheme(value: &str) -> &str {
    let value = value.trim();
    ["Bearer ", "Basic ", "Token ", "bearer ", "basic ", "token "]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme))
        .unwrap_or(value)
        .trim()
}

/// Judges an argument that takes a path or the credential itself.
fn judge_contents(value: &str) -> Judgement {
    let text = value.trim();
    if text.starts_with('{') {
        return judge_json(text);
    }
    if has_private_key(text) {
        return Judgement::Secret;
    }
    let path_like = text.starts_with(['/', '~', '.', '$']) || text.contains(":\\") || text.contains(' ');
    let has_extension = text.rsplit_once('.').is_some_and(|(_, end)| (1..=5).contains(&end.len()));
    if path_like || (has_extension && recognise(text).is_none()) || strength(text) == Strength::Guessable {
        return Judgement::NotSecret;
    }
    judge_secret(text)
}

/// Google's credential files: keys and refresh tokens are secret, the configuration of workload identity is not.
/// <https://google.aip.dev/auth/4110>
fn judge_json(text: &str) -> Judgement {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(text) else {
        return if has_private_key(text) { Judgement::Secret } else { Judgement::NotSecret };
    };
    let secrets = ["private_key", "refresh_token", "client_secret", "password", "secret", "token"];
    let judged = secrets.iter().filter_map(|name| fields.get(*name)?.as_str()).map(judge_secret);
    judged.min_by_key(|judgement| *judgement as u8).unwrap_or(Judgement::NotSecret)
}

/// Whether a text holds a private key in PEM armour.
pub fn has_private_key(value: &str) -> bool {
    value.contains("-----BEGIN") && value.contains("PRIVATE KEY-----")
}

/// A name under which a store keeps the secret, or an expression of another program: the secret is not here.
fn is_reference(value: &str) -> bool {
    let prefixes = [
        "op://",
        "vault:",
        "vault://",
        "ref+",
        "ssm:",
        "ssm://",
        "awssm://",
        "arn:",
        "keyvault://",
        "file:",
        "file://",
        "env:",
        "env://",
        "@Microsoft.KeyVault(",
        "ENC[",
        "!vault",
        "keyring:",
    ];
    let path = value.strip_prefix("projects/").is_some_and(|rest| rest.contains("/secrets/"));
    path || prefixes.iter().any(|prefix| value.starts_with(prefix))
}

/// Whether a value only marks the spot where a secret belongs.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let enclosed =
        |open: &str, close: &str| value.len() > open.len() && value.starts_with(open) && value.ends_with(close);
    let mut characters = value.chars();
    let first = characters.next();
    let all_same = characters.all(|c| Some(c) == first);
    let no_word = !value.chars().any(char::is_alphanumeric);
    let brackets = [
        ("<", ">"),
        ("{{", "}}"),
        ("${", "}"),
        ("$(", ")"),
        ("((", "))"),
        ("%", "%"),
        ("#{", "}"),
        ("__", "__"),
        ("[", "]"),
        ("{", "}"),
    ];
    if all_same || no_word || brackets.iter().any(|(open, close)| enclosed(open, close)) || is_expression(value) {
        return true;
    }
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined = words.concat();
    let starts = [
        "replace",
        "changeme",
        "changethis",
        "changeit",
        "todo",
        "fixme",
        "insert",
        "your",
        "putyour",
        "enteryour",
        "addyour",
        "placeholder",
        "xxx",
        "tobe",
        "setme",
        "setby",
        "fillme",
        "fillin",
        "redacted",
        "removed",
        "notareal",
        "notasecret",
        "mock",
        "fake",
        "dummy",
    ];
    let whole = [
        "none",
        "null",
        "nil",
        "na",
        "tbd",
        "test",
        "testing",
        "example",
        "sample",
        "unused",
        "undefined",
        "notused",
        "anaccesskey",
        "asecretkey",
        "accesskey",
        "secretkey",
        "accesskeyid",
        "secretaccesskey",
        "mytoken",
        "token",
        "apikey",
        "testkey",
        "testsecret",
        "testtoken",
        "foo",
        "bar",
        "foobar",
        "localstack",
    ];
    let ends = ["replaceme", "toreplace", "tobereplaced", "changeme", "tobechanged", "placeholder", "goeshere"];
    // A generated value may happen to start with such a word; a placeholder is short or made of words.
    let wordy = value.len() < 24 || words.len() > 2 || !value.chars().any(|c| c.is_ascii_digit());
    wordy
        && (starts.iter().any(|word| joined.starts_with(word))
            || ends.iter().any(|word| joined.ends_with(word))
            || whole.contains(&joined.as_str()))
}

/// An expression of Terraform or a shell that stands in quotes by mistake, or waits for another program.
fn is_expression(value: &str) -> bool {
    let name = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    if let Some(variable) = value.strip_prefix('$') {
        return name(variable) && variable.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    }
    ["var.", "local.", "module.", "data.", "secrets.", "github.", "vars.", "env.", "inputs."]
        .iter()
        .any(|root| value.strip_prefix(root).is_some_and(name))
}

/// Whether a value is one that nobody could guess: a recognised format, or long and without a pattern.
pub fn strength(value: &str) -> Strength {
    if is_generated(value) || recognise(value).is_some() { Strength::Unguessable } else { Strength::Guessable }
}

/// Whether a value is long and without a pattern.
pub fn is_generated(value: &str) -> bool {
    let value = value.trim();
    let charset = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '.' | '~');
    let distinct = value.chars().collect::<std::collections::BTreeSet<char>>().len();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    value.len() >= 32 && value.chars().all(charset) && distinct >= 10 && (digits >= 2 || value.len() == 40)
}

/// The text of an AWS access key id: `AKIA` (long-lived) or `ASIA` (temporary) and sixteen more.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
pub fn aws_access_key_id(value: &str) -> Option<&str> {
    let value = value.trim();
    let rest = value.strip_prefix("AKIA").or_else(|| value.strip_prefix("ASIA"))?;
    let valid = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    ((12..=124).contains(&rest.len()) && rest.chars().all(valid)).then_some(value)
}

/// The inventory's word for a credential in an argument, by its format or else by the argument's name.
pub fn kind_of(argument: &str, value: &str) -> &'static str {
    if let Some(kind) = recognise(value) {
        return kind;
    }
    let name = argument.rsplit('.').next().unwrap_or(argument).to_ascii_lowercase();
    let kinds = [
        ("client_secret", "client-secret"),
        ("sas_token", "azure-sas-token"),
        ("private_key", "private-key"),
        ("client_key", "private-key"),
        ("passphrase", "passphrase"),
        ("certificate", "client-certificate"),
        ("sse_customer_key", "encryption-key"),
        ("customer_provided_key", "encryption-key"),
        ("encryption_key", "encryption-key"),
        ("api_key", "api-key"),
        ("apikey", "api-key"),
        ("token", "token"),
        ("secret", "secret-key"),
        ("access_key", "access-key"),
        ("key", "key"),
        ("auth", "password"),
        ("conn_str", "password"),
        ("password", "password"),
    ];
    // What is called `client_certificate_password` is a password.
    if name.contains("password") {
        return "password";
    }
    kinds.iter().find(|(word, _)| name.contains(word)).map_or("secret", |(_, kind)| kind)
}

/// A use of a credential, for the inventory. `secret` is the secret part of the value; None where no literal made the
/// value, so that there is nothing to hide.
pub fn credential_use(kind: &'static str, value: &Value, secret: &str, id: Option<&str>) -> Option<CredentialUse> {
    let place = value.origin.literal.clone()?;
    let found_in = occurrence(place.path());
    let found = CredentialUse::new(kind, Secret::new(secret), strength(secret), found_in, place);
    Some(found.id(id.map(str::to_owned)))
}

/// What a literal at a path stands in.
pub fn occurrence(path: &RepoPath) -> Occurrence {
    use document::Kind as File;
    match File::of(path) {
        File::Tfvars | File::TfvarsJson => Occurrence::Tfvars,
        File::Workflow | File::Pipeline | File::Makefile | File::Script => Occurrence::Workflow,
        File::State => Occurrence::State,
        File::BackendCache => Occurrence::BackendState,
        File::Plan => Occurrence::Plan,
        File::CrashLog => Occurrence::Log,
        File::Text | File::GitIgnore | File::ModulesJson | File::Netrc | File::AwsCredentials => Occurrence::Text,
        _ => Occurrence::Hcl,
    }
}

/// All wholly known strings in a value: through alternatives, lists and maps. The known pieces of a partly known string
/// count only where such a piece is a credential of a recognised format by itself.
pub fn known_strings(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    collect(value, 0, &mut found);
    found
}

/// Values within values that are followed; deeper ones hold no credential that anybody wrote.
const MAX_DEPTH: usize = 16;

fn collect<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    if depth > MAX_DEPTH {
        return;
    }
    match &value.kind {
        Kind::String(_) => found.push(value),
        Kind::List(values) | Kind::Either(values) => values.iter().for_each(|value| collect(value, depth + 1, found)),
        Kind::Map(entries) => entries.values().for_each(|value| collect(value, depth + 1, found)),
        Kind::Partial(pieces) => {
            found.extend(pieces.iter().filter(|piece| piece.as_str().and_then(recognise).is_some()));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_placeholders() {
        use Judgement::{NotSecret, Placeholder, Secret};
        let cases = [
            (
                Secret,
                &[
                    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                    "hunter2",
                    "AKIAIOSFODNN7EXAMPLE",
                    "password",
                    "P@ss:word",
                ][..],
            ),
            (
                Placeholder,
                &[
                    "REPLACE_ME",
                    "<token>",
                    "changeme",
                    "change-me",
                    "CHANGE_ME",
                    "xxxx",
                    "XXXXXXXX",
                    "***",
                    "...",
                    "TODO",
                    "your-secret-key",
                    "notarealpassword",
                    "{{ .Values.key }}",
                    "${SECRET}",
                    "$SECRET",
                    "__token__",
                    "mock_secret_key",
                    "SENSITIVE_VALUE_TO_REPLACE",
                    "password-goes-here",
                    "test",
                    "fake",
                    "var.secret_key",
                    "%TOKEN%",
                    "0000000000",
                ][..],
            ),
            (
                NotSecret,
                &["", "  ", "op://vault/item/field", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"][..],
            ),
        ];
        for (expected, values) in cases {
            for value in values {
                assert_eq!(judge(ArgumentKind::Secret, value), expected, "{value}");
            }
        }
        // Generated values are secret whatever they begin with.
        assert_eq!(judge_secret("test8Q2kd0Lz7VbN4mXc1RtY6PwGhJ3s"), Secret);
    }

    #[test]
    fn paths_and_contents() {
        let judge = |value: &str| judge(ArgumentKind::PathOrContents, value);
        assert_eq!(judge("account.json"), Judgement::NotSecret);
        assert_eq!(judge("/run/secrets/key"), Judgement::NotSecret);
        assert_eq!(judge(r#"{"type":"external_account","audience":"//iam.googleapis.com/x"}"#), Judgement::NotSecret);
        let key = "-----BEGIN PRIVATE KEY-----\\nMIIEexample\\n-----END PRIVATE KEY-----";
        assert_eq!(judge(&format!(r#"{{"type":"service_account","private_key":"{key}"}}"#)), Judgement::Secret);
        assert_eq!(
            judge(r#"{"type":"authorized_user","refresh_token":"1//0example-token-0123456789"}"#),
            Judgement::Secret
        );
        assert_eq!(judge("Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ubz0="), Judgement::Secret);
    }

    #[test]
    fn urls_with_a_password() {
        assert_eq!(judge(ArgumentKind::Endpoint, "https://u:hunter2@state.example.com"), Judgement::Secret);
        assert_eq!(judge(ArgumentKind::Endpoint, "https://u:<password>@state.example.com"), Judgement::Placeholder);
        assert_eq!(judge(ArgumentKind::Endpoint, "https://state.example.com/a:b@c"), Judgement::NotSecret);
    }

    #[test]
    fn headers() {
        assert_eq!(judge_header("Authorization", "Bearer abcdef0123"), Judgement::Secret);
        assert_eq!(judge_header("X-Team", "platform"), Judgement::NotSecret);
        assert_eq!(judge_header("PRIVATE-TOKEN", "<token>"), Judgement::Placeholder);
    }

    #[test]
    fn kinds_and_strengths() {
        assert_eq!(kind_of("token", "hvs.CAESIJexampleexampleexample"), "vault-token");
        assert_eq!(kind_of("client_certificate_password", "hunter2"), "password");
        assert_eq!(kind_of("config.client_secret", "x"), "client-secret");
        assert_eq!(strength("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Strength::Unguessable);
        assert_eq!(strength("correct-horse-battery-staple-and-more"), Strength::Guessable);
        assert_eq!(aws_access_key_id("AKIAIOSFODNN7EXAMPLE"), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!(aws_access_key_id("AKIA"), None);
    }
}
