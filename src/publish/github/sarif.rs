//! SARIF for code scanning, whose alerts outlive a pull request.
//!
//! <https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data>

use super::super::errand::{Errand, Posted};
use super::super::fault::Fault;
use super::super::{Forge, Publisher, Rung};
use crate::output::write_sarif_upload;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::GzEncoder};
use reqwest::Method;
use serde_json::{Value, json};

pub(in super::super) const PUBLISHER: Publisher = Publisher {
    name: "sarif",
    summary: "An upload to code scanning, which needs `security-events: write`.",
    forge: Forge::Github,
    rung: Rung::Named,
    permission: Some("security-events: write"),
    post,
};

/// The analysis at GitHub: the next one of the same name takes its place.
const CATEGORY: &str = "credlint";
/// GitHub takes so much, compressed.
const MAX_BYTES: usize = 10_000_000;
/// How often GitHub is asked whether it is done.
const LOOKS: u32 = 6;

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let known = errand.context.head.checked_out.as_ref();
    let (sha, reference) = known.ok_or(Fault::Unknown("which commit and branch were checked out"))?;
    let api = errand.api()?;
    let mut zip = GzEncoder::new(Vec::new(), Compression::default());
    let written = write_sarif_upload(errand.report, CATEGORY, &mut zip).and_then(|()| zip.finish());
    let bytes = written.map_err(|error| Fault::Write(error.kind()))?;
    if bytes.len() > MAX_BYTES {
        return Err(Fault::Write(std::io::ErrorKind::FileTooLarge));
    }
    let body = json!({
        "commit_sha": sha, "ref": reference, "sarif": STANDARD.encode(bytes), "tool_name": "credlint",
    });
    // A second upload of the same takes the place of the first.
    let answer = api.set(Method::POST, errand.path("code-scanning/sarifs"), body)?;
    let id = answer.get("id").and_then(Value::as_str).filter(|id| id.chars().all(is_of_id)).ok_or(Fault::Odd)?;
    let posted = |what: &str| Ok(Some(Posted { what: what.into(), whole: false, without: None }));
    for look in 1..=LOOKS {
        let status = api.get(errand.path(&format!("code-scanning/sarifs/{id}")))?;
        match status.get("processing_status").and_then(Value::as_str) {
            Some("complete") => return posted("an analysis for code scanning"),
            Some("failed") => return Err(Fault::Unknown("why code scanning refused the analysis")),
            _ => api.pause(look.min(3)),
        }
    }
    posted("an analysis for code scanning, which GitHub still processes")
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}
