//! The inventory of credentials as a table, for people: what each is, whether it works, whose it is, how old.

use super::text::{counted, in_one_line, notify, plural};
use super::{Context, Format, StopToken, TerminalText};
use crate::finding::{Reason, Status, Verification};
use crate::report::{Credential, Report};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format { name: "text", summary: "For people: the inventory as a table.", render };

/// The rule that says which age is too old.
const OVERDUE: &str = "credential-overdue";

/// More places of one credential are counted, not shown.
const MAX_PLACES: usize = 8;

fn render(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    StopToken::guard(context.stop_token.as_ref(), out, |out| {
        let mut credentials: Vec<&Credential> = report.credentials.iter().collect();
        // What works is what matters; the rest in the order of the report.
        credentials.sort_by_key(|credential| credential.verification.as_ref().map(|verdict| verdict.status));
        table(&credentials, report, context, out)?;
        // What is said of credentials stands in the table.
        let others = report.counted().filter(|finding| finding.credential.is_none());
        others.into_iter().try_for_each(|finding| in_one_line(finding, context, out))?;
        report.notifications.iter().try_for_each(|notification| notify(notification, context, out))?;
        if context.quiet {
            return Ok(());
        }
        writeln!(out, "{}", summary(report).unwrap_or_else(|| "no credentials were found".into()))?;
        match counted(report, context).join(", ") {
            none if none.is_empty() => Ok(()),
            counts => writeln!(out, "{counts}; `credlint check --verify --ignored` says of each what to do"),
        }
    })
}

const HEAD: [&str; 7] = ["STATUS", "KIND", "CREDENTIAL", "WHOSE", "CREATED", "LAST USED", "AGE"];

fn table(credentials: &[&Credential], report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    if credentials.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; 7]> = credentials.iter().map(|credential| row(credential, report)).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([HEAD[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let line = |cells: &[String; 7]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    writeln!(out, "{}", painted(&line(&HEAD.map(str::to_owned)), Style::new().bold(), context))?;
    for (credential, row) in credentials.iter().zip(&rows) {
        let status = credential.verification.as_ref().map(|verdict| verdict.status);
        writeln!(out, "{}", painted(&line(row), style(status), context))?;
        for (at, occurrence) in credential.occurrences.iter().take(MAX_PLACES).enumerate() {
            let spot = &occurrence.spot;
            let name = [occurrence.address.as_deref(), occurrence.attribute.as_deref()];
            let name: Vec<&str> = name.into_iter().flatten().collect();
            let name = if name.is_empty() { String::new() } else { format!("  {}", name.join(" → ")) };
            let word = if at == 0 { "at" } else { "  " };
            let (path, line) = (TerminalText::new(spot.path.shown()), spot.start.line);
            writeln!(out, "  {word} {path}:{line}{}", TerminalText::new(&name))?;
        }
        if let Some(more) = credential.occurrences.len().checked_sub(MAX_PLACES).filter(|more| *more > 0) {
            writeln!(out, "     and {more} more")?;
        }
        if let Some(detail) = credential.verification.as_ref().and_then(|verdict| verdict.detail.as_deref()) {
            writeln!(out, "   = {}", TerminalText::new(detail))?;
        }
    }
    writeln!(out)
}

fn row(credential: &Credential, report: &Report) -> [String; 7] {
    let verdict = credential.verification.as_ref();
    let day = |at: Option<jiff::Timestamp>| at.map_or("-".into(), |at| at.strftime("%Y-%m-%d").to_string());
    let age = credential.age(report.today).map_or("-".into(), |(days, told)| {
        let overdue = report
            .counted()
            .any(|finding| finding.rule == OVERDUE && finding.credential.as_deref() == Some(&credential.fingerprint));
        let over = if overdue { " (overdue)" } else { "" };
        format!("{}{days} d{over}", if told { "" } else { "at least " })
    });
    [
        verdict.map_or("unknown".into(), shown),
        TerminalText::new(&credential.kind).to_string(),
        TerminalText::new(&credential.masked).to_string(),
        TerminalText::new(whose(credential).as_deref().unwrap_or("-")).to_string(),
        day(verdict.and_then(|verdict| verdict.created_at)),
        day(verdict.and_then(|verdict| verdict.last_used_at)),
        age,
    ]
}

/// The verdict in words: `inactive (revoked)`.
pub(super) fn shown(verdict: &Verification) -> String {
    match verdict.reason {
        Some(reason) => format!("{} ({})", verdict.status.as_str(), reason.as_str()),
        None => verdict.status.as_str().to_owned(),
    }
}

/// Whose a credential is, as far as anybody knows: the principal, else the account.
pub(super) fn whose(credential: &Credential) -> Option<String> {
    let verdict = credential.verification.as_ref();
    let account = verdict.and_then(|verdict| verdict.account.as_deref()).or(credential.account.as_deref());
    match (verdict.and_then(|verdict| verdict.principal.as_deref()), account) {
        (Some(principal), _) => Some(principal.to_owned()),
        (None, Some(account)) => Some(format!("account {account}")),
        (None, None) => None,
    }
}

/// What the issuers said in one line, in which "nothing works" and "nobody could tell" are not the same; None where
/// nobody was asked.
pub(super) fn summary(report: &Report) -> Option<String> {
    let verdicts: Vec<&Verification> =
        report.credentials.iter().filter_map(|credential| credential.verification.as_ref()).collect();
    let count = |status: Status| verdicts.iter().filter(|verdict| verdict.status == status).count();
    let (active, inactive, unknown) = (count(Status::Active), count(Status::Inactive), count(Status::Unknown));
    let works = match (active, inactive, unknown) {
        (0, _, 0) => "none of them works".to_owned(),
        (0, 0, _) => "none is known to work".to_owned(),
        (0, _, _) => format!("none is known to work, {inactive} known not to"),
        _ => format!("{active} active, {inactive} inactive"),
    };
    let mut reasons: BTreeMap<Reason, usize> = BTreeMap::new();
    let open = verdicts.iter().filter(|verdict| verdict.status == Status::Unknown);
    open.filter_map(|verdict| verdict.reason).for_each(|reason| *reasons.entry(reason).or_default() += 1);
    let reasons: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count} {}", reason.as_str())).collect();
    let open = match unknown {
        0 => String::new(),
        _ => format!("; of {unknown} nobody could tell ({})", reasons.join(", ")),
    };
    let credentials = plural(verdicts.len(), "credential");
    (!verdicts.is_empty()).then(|| format!("{} {credentials}: {works}{open}", verdicts.len()))
}

fn style(status: Option<Status>) -> Style {
    match status {
        Some(Status::Active) => AnsiColor::BrightRed.on_default().bold(),
        Some(Status::Inactive) => AnsiColor::BrightGreen.on_default(),
        Some(Status::Unknown) | None => AnsiColor::Yellow.on_default(),
    }
}

fn painted(text: &str, style: Style, context: &Context) -> String {
    if context.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
