//! Markdown for the summary of a run: the worst first, a picture of the credentials, never longer than allowed.

mod picture;

use super::{Context, Format, MarkdownCode, MarkdownText, counted, inventory, worst_first};
use crate::finding::{Level, Notification, Status};
use crate::report::{Credential, Report, ReportedFinding};
use std::fmt::{Display, Write as _};
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "markdown", summary: "A summary in Markdown, as for `$GITHUB_STEP_SUMMARY`.", render };

/// GitHub drops a summary whole that is longer than 1 MiB; others of the same step may stand before this one
/// (<https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs>).
const MAX_BYTES: usize = 1_000_000;

/// More messages than this are counted, not shown; and so are more places of one credential.
const MAX_NOTIFICATIONS: usize = 20;
const MAX_PLACES: usize = 3;

/// Longer messages are cut, so that what is not cut by rows has a length.
const MAX_MESSAGE_CHARS: usize = 300;

/// Room for the line that counts what is left out.
const LEFT_OUT_BYTES: usize = 100;

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(summary(report, Summary { max_bytes: MAX_BYTES, picture: true }).as_bytes())
}

/// What a summary may be.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// Its length in bytes, of which a few hundred are the least that can be said.
    pub max_bytes: usize,
    /// Whether the reader draws Mermaid.
    pub picture: bool,
}

/// The report for people who look at it in a browser: counts, then the findings, the worst first, then the credentials.
/// What does not fit is left out by rows and counted.
pub fn summary(report: &Report, what: Summary) -> String {
    let mut page = head(report);
    let end = notifications(&report.notifications);
    let drawn = if what.picture { picture::of(&report.credentials) } else { String::new() };
    // Where there is little room, rows tell more than a picture.
    let picture = if drawn.len() > what.max_bytes / 4 { "" } else { &drawn };
    let room = what.max_bytes.saturating_sub(page.len() + end.len() + picture.len());
    let for_findings = if report.credentials.is_empty() { room } else { room / 4 * 3 };
    let findings = worst_first(report);
    let heads = "\n| level | rule | where | what, and what to do |\n| --- | --- | --- | --- |\n";
    page.push_str(&table(heads, findings.iter().map(|finding| row(finding)), "finding", for_findings));
    if !report.credentials.is_empty() {
        let heads = "\n| credential | kind | status | whose | stands in |\n| --- | --- | --- | --- | --- |\n";
        let heads = format!("\n### Credentials\n{picture}{heads}");
        let room = what.max_bytes.saturating_sub(page.len() + end.len());
        page.push_str(&table(&heads, report.credentials.iter().map(credential), "credential", room));
    }
    page + &end
}

fn head(report: &Report) -> String {
    let counts = report.counts();
    let counts = [(counts.error, "error"), (counts.warning, "warning"), (counts.note, "note")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word));
    let counts = counts.collect::<Vec<_>>().join(", ");
    let counts = if counts.is_empty() { "no findings" } else { &counts };
    let files = report.files;
    let mut checked = format!("{} checked", counted(files.checked, "file"));
    if files.unparsable > 0 {
        let _ = write!(checked, ", {} of them could not be parsed", files.unparsable);
    }
    if report.suppressed() > 0 {
        let _ = write!(checked, "; {} suppressed", counted(report.suppressed(), "finding"));
    }
    let undone = if report.incomplete() { " **Not all that was asked for could be checked.**" } else { "" };
    let asked = inventory::summary(report).map(|asked| format!("\n\n{asked}.")).unwrap_or_default();
    format!("## credlint: {counts}\n\n{checked}.{undone}{asked}\n")
}

/// As many rows as there is room for, and how many there are more; nothing where there are none.
fn table(head: &str, rows: impl ExactSizeIterator<Item = String>, what: &str, room: usize) -> String {
    let all = rows.len();
    if all == 0 {
        return String::new();
    }
    let mut out = String::from(head);
    for (at, row) in rows.enumerate() {
        let left_out = if at + 1 < all { LEFT_OUT_BYTES } else { 0 };
        if out.len() + row.len() + left_out > room {
            let head = if at == 0 { "" } else { out.as_str() };
            return format!("{head}\n{} more: see the log or another format.\n", counted(all - at, what));
        }
        out.push_str(&row);
    }
    out
}

fn row(finding: &ReportedFinding) -> String {
    let spot = &finding.spot;
    let mut lines = vec![MarkdownText::new(&finding.message).to_string()];
    if !finding.remedy.text.is_empty() {
        lines.push(MarkdownText::new(&finding.remedy.text).to_string());
    }
    let code = finding.remedy.commands.iter().map(String::as_str).chain(finding.remedy.snippet.lines());
    lines.extend(code.map(|line| MarkdownCode::new(line).to_string()));
    let mut place = MarkdownCode::new(&format!("{}:{}", spot.path.shown(), spot.start.line)).to_string();
    if let Some(address) = &finding.address {
        let _ = write!(place, "<br>{}", MarkdownCode::new(address));
    }
    let level = if finding.level == Level::Error { "**error**" } else { finding.level.as_str() };
    let rule = linked(&MarkdownCode::new(&finding.rule), finding.url.as_deref());
    format!("| {level} | {rule} | {place} | {} |\n", lines.join("<br>"))
}

fn credential(credential: &Credential) -> String {
    let places = &credential.occurrences;
    let mut shown: Vec<String> = places
        .iter()
        .take(MAX_PLACES)
        .map(|place| format!("{}:{}", place.spot.path.shown(), place.spot.start.line))
        .map(|place| MarkdownCode::new(&place).to_string())
        .collect();
    if places.len() > MAX_PLACES {
        shown.push(format!("and {}", counted(places.len() - MAX_PLACES, "place")));
    }
    let status = match &credential.verification {
        Some(verdict) if verdict.status == Status::Active => "**active**".to_owned(),
        Some(verdict) => inventory::shown(verdict),
        None => "not asked".to_owned(),
    };
    format!(
        "| {} | {} | {status} | {} | {} |\n",
        MarkdownCode::new(&credential.masked),
        MarkdownText::new(&credential.kind),
        MarkdownText::new(inventory::whose(credential).as_deref().unwrap_or("-")),
        shown.join("<br>")
    )
}

fn notifications(notifications: &[Notification]) -> String {
    let mut gravest: Vec<&Notification> = notifications.iter().collect();
    gravest.sort_by_key(|notification| std::cmp::Reverse(notification.level));
    let mut out = String::new();
    for notification in gravest.iter().take(MAX_NOTIFICATIONS) {
        let message: String = notification.message.chars().take(MAX_MESSAGE_CHARS).collect();
        let path = notification.path.as_ref().map(|path| path.shown().chars().take(MAX_MESSAGE_CHARS).collect());
        let path = path.map(|path: String| format!("{} ", MarkdownCode::new(&path))).unwrap_or_default();
        let _ = writeln!(out, "- {}: {path}{}", notification.level.as_str(), MarkdownText::new(&message));
    }
    if let Some(more) = gravest.len().checked_sub(MAX_NOTIFICATIONS).filter(|more| *more > 0) {
        let _ = writeln!(out, "- and {more} more");
    }
    if out.is_empty() { out } else { format!("\n### What credlint itself could not do\n\n{out}") }
}

/// A link where the address is one that cannot be anything else; the text alone where it is not.
pub fn linked(text: &impl Display, url: Option<&str>) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-._~/#?=&%:+".contains(c);
    match url.filter(|url| url.starts_with("https://") && url.chars().all(harmless)) {
        Some(url) => format!("[{text}]({url})"),
        None => text.to_string(),
    }
}
