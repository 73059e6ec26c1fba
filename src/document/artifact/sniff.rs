//! Whether a file of any name begins like an artifact.

use crate::document::Kind;
use crate::text::RepoPath;
use memchr::memmem;

/// How much of a file is looked at.
pub const HEAD_BYTES: usize = 4096;

/// Extensions of what is no artifact: sources, documents, media. The others are looked into.
const OTHER: &[&str] = &[
    "yaml", "yml", "md", "rst", "adoc", "go", "py", "pyc", "js", "mjs", "cjs", "jsx", "ts", "tsx", "rs", "java", "kt",
    "scala", "c", "h", "cc", "cpp", "hpp", "cs", "rb", "erb", "php", "pl", "lua", "swift", "html", "htm", "css",
    "scss", "less", "svg", "png", "jpg", "jpeg", "gif", "ico", "webp", "bmp", "pdf", "woff", "woff2", "ttf", "eot",
    "mp4", "mp3", "jar", "class", "so", "dll", "exe", "toml", "ini", "xml", "sql", "proto", "rego", "tpl", "tftpl",
    "j2", "mod", "sum", "lock", "pub", "crt", "csv", "graphql", "vue", "ipynb",
];

/// Whether a file is judged as an artifact. `head` is the first [`HEAD_BYTES`] of it; it counts only where the name
/// leaves it open.
pub fn is_artifact(path: &RepoPath, kind: Kind, head: &[u8]) -> bool {
    match kind {
        Kind::State | Kind::BackendCache | Kind::Plan | Kind::CrashLog => true,
        Kind::Text => may_be(path) && begins_like_one(head),
        _ => false,
    }
}

/// Whether a file of that name may be an artifact whose name does not say so.
fn may_be(path: &RepoPath) -> bool {
    let extension = path.name().rsplit_once('.').map_or("", |(_, extension)| extension);
    !OTHER.iter().any(|other| extension.eq_ignore_ascii_case(other))
}

/// Whether the first bytes of a file are an artifact's.
fn begins_like_one(head: &[u8]) -> bool {
    let has = |needle: &str| memmem::find(head, needle.as_bytes()).is_some();
    // Saved plans: a zip whose first entry is `tfplan`; before 0.12 bytes of their own. States of version 0 likewise.
    if head.starts_with(b"PK\x03\x04") {
        return head.get(30..36) == Some(b"tfplan");
    }
    if head.starts_with(b"tfplan") || head.starts_with(b"tfstate") {
        return true;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        let of_terraform = ["\"terraform_version\"", "\"lineage\"", "\"format_version\"", "\"encrypted_data\""];
        return of_terraform.iter().any(|key| has(key))
            || (has("\"serial\"") && has("\"modules\""))
            || (has("\"sensitive\"") && has("\"value\"") && has("\"type\""))
            || is_log(head);
    }
    is_log(head)
}

/// Whether bytes are from a log of Terraform, OpenTofu or a provider: levels as hclog writes them, as text or JSON.
///
/// <https://developer.hashicorp.com/terraform/internals/debugging>
pub(super) fn is_log(head: &[u8]) -> bool {
    let has = |needle: &str| memmem::find(head, needle.as_bytes()).is_some();
    let levels = ["[TRACE]", "[DEBUG]", "\"@level\":\"trace\"", "\"@level\":\"debug\""];
    levels.iter().any(|level| has(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lie() {
        for name in ["backup.json", "state", "old.txt", "prod.tfstate.2021", "a.log", "plan.zip", "x.bin"] {
            assert!(may_be(&RepoPath::new(name)), "{name}");
        }
        assert!(!may_be(&RepoPath::new("a/b.yaml")) && !may_be(&RepoPath::new("a.PNG")));
    }

    #[test]
    fn beginnings() {
        for head in [
            &b"{\n  \"version\": 4,\n  \"terraform_version\": \"1.11.4\""[..],
            b"\xef\xbb\xbf {\"version\":3,\"serial\":1,\"modules\":[]}",
            b"{\"format_version\":\"1.2\"",
            b"{\"password\":{\"sensitive\":true,\"type\":\"string\",\"value\":\"x\"}}",
            b"PK\x03\x04\x14\x00\x08\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00tfplan",
            b"tfplan\x02",
            b"2026-11-21T10:00:00.000Z [DEBUG] Adding temp file log sink",
            b"{\"@level\":\"trace\",\"@message\":\"x\"}",
        ] {
            assert!(begins_like_one(head), "{}", String::from_utf8_lossy(head));
        }
        for head in [&b""[..], b"{}", b"{\"name\": \"x\"}", b"PK\x03\x04", b"version: 4", b"[INFO] hello"] {
            assert!(!begins_like_one(head), "{}", String::from_utf8_lossy(head));
        }
    }
}
