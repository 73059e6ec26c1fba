//! A report of Bitbucket Cloud's Code Insights, with annotations.
//!
//! <https://support.atlassian.com/bitbucket-cloud/docs/code-insights/>,
//! <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/>

use super::context::{Context, Forge, Head, Pace, is_commit};
use super::errand::{Errand, Posted};
use super::fault::Fault;
use super::{Publisher, Rung};
use crate::finding::{Level, Secret, Severity};
use crate::output::{TerminalText, worst_first};
use crate::report::ReportedFinding;
use reqwest::Method;
use serde_json::{Value, json};

pub(super) const PUBLISHER: Publisher = Publisher {
    name: "code-insights",
    summary: "A report of Bitbucket's Code Insights, with annotations.",
    forge: Forge::Bitbucket,
    rung: Rung::Always,
    permission: None,
    post,
};

/// Bitbucket takes so many annotations in one request, and of one report.
const BATCH: usize = 100;
const MAX_ANNOTATIONS: usize = 1000;
/// And so many characters of a text.
const MAX_CHARS: usize = 450;
const MAX_DETAILS: usize = 2000;

/// From the variables of a pipeline.
/// <https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/>
pub(super) fn context(given: &dyn Fn(&str) -> Option<String>, now: jiff::Timestamp) -> Option<Context> {
    let (workspace, slug) = (given("BITBUCKET_WORKSPACE")?, given("BITBUCKET_REPO_SLUG")?);
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.{}".contains(c)) && text != "..";
    if !plain(&workspace) || !plain(&slug) {
        return None;
    }
    let token = given("BITBUCKET_TOKEN").map(Secret::new);
    let own = given("CREDLINT_BITBUCKET_API_URL");
    // A pipeline signs what is sent through its proxy, so that no token is needed, and speaks http to it.
    let signed = token.is_none() && own.is_none();
    let address = if signed { "http://api.bitbucket.org" } else { "https://api.bitbucket.org" };
    Some(Context {
        forge: Forge::Bitbucket,
        api_url: own.unwrap_or_else(|| address.into()),
        proxy: signed.then(|| "http://localhost:29418".to_owned()),
        token,
        repository: format!("{workspace}/{slug}"),
        event: String::new(),
        head: Head {
            sha: given("BITBUCKET_COMMIT").filter(|sha| is_commit(sha)),
            pull_request: None,
            checked_out: None,
        },
        run_url: None,
        run: String::new(),
        name: "credlint".into(),
        fail_on: Level::Error,
        odd: Vec::new(),
        now,
        pace: Pace::default(),
    })
}

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let context = errand.context;
    let sha = context.head.sha.as_deref().ok_or(Fault::Unknown("which commit is judged"))?;
    let api = errand.api()?;
    let report = errand.report;
    // A report of another name has a place of its own.
    let id: String = context.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = format!("/2.0/repositories/{}/commit/{sha}/reports/{id}", context.repository);
    let counts = report.counts();
    let failed = report.incomplete() || report.exit_worthy(context.fail_on);
    let number = |title: &str, value: usize| json!({"title": title, "type": "NUMBER", "value": value});
    let head = json!({
        "title": context.name,
        "details": cut(&format!("{} errors, {} warnings, {} notes.", counts.error, counts.warning, counts.note), MAX_DETAILS),
        "report_type": "SECURITY",
        "reporter": "credlint",
        "result": if failed { "FAILED" } else { "PASSED" },
        "data": [number("Errors", counts.error), number("Warnings", counts.warning), number("Notes", counts.note)],
    });
    api.set(Method::PUT, path.as_str(), head)?;
    let findings = worst_first(report);
    let (all, shown) = (findings.len(), findings.len().min(MAX_ANNOTATIONS));
    let annotations: Vec<Value> = findings[..shown].iter().map(|finding| annotation(finding)).collect();
    for batch in annotations.chunks(BATCH) {
        // One with the same id takes the other's place: to send a batch twice is to send it once.
        api.set(Method::POST, format!("{path}/annotations"), batch.into())?;
    }
    let without = (all > shown).then(|| format!("Bitbucket takes 1,000 annotations: {} more have none", all - shown));
    let what = format!("a Code Insights report with {shown} annotation{}", if shown == 1 { "" } else { "s" });
    Ok(Some(Posted { what, whole: all == shown, without }))
}

fn annotation(finding: &ReportedFinding) -> Value {
    let shown = |text: &str, max: usize| cut(&TerminalText::new(text).to_string(), max);
    let mut annotation = json!({
        "external_id": cut(&finding.fingerprint, MAX_CHARS),
        "title": shown(&finding.rule, MAX_CHARS),
        "annotation_type": if finding.credential.is_some() { "VULNERABILITY" } else { "CODE_SMELL" },
        "summary": shown(&finding.message, MAX_CHARS),
        "details": shown(&finding.remedy.text, MAX_DETAILS),
        "severity": severity(finding),
    });
    let path = finding.spot.path.as_str();
    if !path.is_empty() {
        annotation["path"] = path.into();
        annotation["line"] = finding.spot.start.line.into();
    }
    if let Some(url) = finding.url.as_deref().filter(|url| url.starts_with("https://")) {
        annotation["link"] = url.into();
    }
    annotation
}

fn severity(finding: &ReportedFinding) -> &'static str {
    match finding.severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
    }
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}
