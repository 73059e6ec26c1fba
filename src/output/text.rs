//! For people at a terminal or reading a log.

use super::{Context, Format, StopToken, TerminalText};
use crate::finding::{Level, Notification};
use crate::report::{Excerpt, Report, ReportedFinding, Suppressed, SuppressedBy};
use anstyle::{AnsiColor, Style};
use rayon::prelude::*;
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "text", summary: "For people: each finding with its line, its story and its remedy.", render };

/// Arrows, bars and line numbers.
const FRAME: Style = AnsiColor::BrightBlue.on_default().bold();

/// More places than this are counted, not shown.
const MAX_RELATED: usize = 12;

fn render(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    StopToken::guard(context.stop_token.as_ref(), out, |out| {
        if context.quiet {
            return each(report, context, in_one_line, out);
        }
        each(report, context, in_lines, out)?;
        for notification in &report.notifications {
            notify(notification, context, out)?;
        }
        summary(report, context, out)
    })
}

/// How one finding is drawn.
type Draw = fn(&ReportedFinding, &Context, &mut dyn Write) -> io::Result<()>;

/// Draws all findings that are shown, on all processors, and writes them in order.
fn each(report: &Report, context: &Context, draw: Draw, out: &mut dyn Write) -> io::Result<()> {
    let shown = |finding: &&ReportedFinding| context.verbose || finding.suppressed.is_none();
    let drawn = report.findings.par_chunks(256).map(|findings| {
        let mut text = Vec::new();
        findings.iter().filter(shown).try_for_each(|finding| draw(finding, context, &mut text)).map(|()| text)
    });
    let drawn: Vec<io::Result<Vec<u8>>> = drawn.collect();
    drawn.into_iter().try_for_each(|text| out.write_all(&text?))
}

/// `PATH:LINE:COLUMN: LEVEL[RULE]: MESSAGE`.
pub(super) fn in_one_line(finding: &ReportedFinding, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let (path, start) = (TerminalText::new(finding.spot.path.shown()), finding.spot.start);
    let level = painted(finding.level.as_str(), style(finding.level), context);
    let (rule, message) = (TerminalText::new(&finding.rule), TerminalText::new(&heading(finding)));
    writeln!(out, "{path}:{}:{}: {level}[{rule}]: {message}", start.line, start.column)
}

/// One finding as compilers show theirs. Drawn here and not by a library, which would give the column of the redacted
/// line for the column of the file.
fn in_lines(finding: &ReportedFinding, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let level =
        painted(&format!("{}[{}]", finding.level.as_str(), escaped(&finding.rule)), style(finding.level), context);
    writeln!(out, "{level}: {}", painted(&escaped(&heading(finding)), Style::new().bold(), context))?;
    let number = finding.excerpt.as_ref().map_or(String::new(), |excerpt| excerpt.line.to_string());
    let gutter = " ".repeat(number.len());
    let (path, start) = (escaped(finding.spot.path.shown()), finding.spot.start);
    writeln!(out, "{gutter}{} {path}:{}:{}", painted("-->", FRAME, context), start.line, start.column)?;
    if let Some(excerpt) = &finding.excerpt {
        draw(excerpt, &number, finding.level, context, out)?;
    }
    for (word, line) in story(finding).into_iter().chain(remedy(finding)) {
        let word = painted(word, Style::new().bold(), context);
        writeln!(out, "{gutter} {} {word}: {}", painted("=", FRAME, context), escaped(&line))?;
    }
    for line in finding.remedy.snippet.lines() {
        writeln!(out, "{gutter}     {}", escaped(line))?;
    }
    writeln!(out)
}

fn draw(excerpt: &Excerpt, number: &str, level: Level, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    // The text is ASCII: bytes are columns.
    let room = if context.width == 0 { usize::MAX } else { context.width.saturating_sub(number.len() + 3).max(20) };
    let text = escaped(&excerpt.text[..excerpt.text.len().min(room)]);
    let (start, end) = (excerpt.start.min(room - 1), excerpt.end.min(room));
    let (gutter, bar) = (" ".repeat(number.len()), painted("|", FRAME, context));
    let mark = painted(&"^".repeat(end - start), style(level), context);
    writeln!(out, "{gutter} {bar}")?;
    writeln!(out, "{} {bar} {text}", painted(number, FRAME, context))?;
    writeln!(out, "{gutter} {bar} {}{mark}", " ".repeat(start))
}

fn escaped(text: &str) -> String {
    TerminalText::new(text).to_string()
}

fn heading(finding: &ReportedFinding) -> String {
    match &finding.suppressed {
        None => finding.message.clone(),
        Some(suppressed) => format!("{} ({})", finding.message, hidden_by(suppressed)),
    }
}

fn hidden_by(suppressed: &Suppressed) -> String {
    let mut text = match suppressed.by {
        SuppressedBy::Inline => "suppressed by a comment",
        SuppressedBy::Policy => "suppressed by the policy",
        SuppressedBy::Baseline => "suppressed by the baseline",
    }
    .to_owned();
    if let Some(expires) = suppressed.expires {
        text.push_str(&format!(" until {expires}"));
    }
    if let Some(reason) = &suppressed.reason {
        text.push_str(&format!(": {reason}"));
    }
    text
}

fn story(finding: &ReportedFinding) -> Vec<(&'static str, String)> {
    let place = |spot: &crate::report::Spot| format!("{}:{}", spot.path.shown(), spot.start.line);
    let related = finding.related.iter().take(MAX_RELATED);
    let mut lines: Vec<(&str, String)> =
        related.map(|related| ("note", format!("{}: {}", place(&related.spot), related.message))).collect();
    if let Some(more) = finding.related.len().checked_sub(MAX_RELATED).filter(|more| *more > 0) {
        lines.push(("note", format!("and {more} more {}", plural(more, "place"))));
    }
    lines
}

fn remedy(finding: &ReportedFinding) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if !finding.remedy.text.is_empty() {
        lines.push(("help", finding.remedy.text.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    lines.extend(finding.remedy.commands.iter().map(|command| ("run", command.clone())));
    if let Some(fix) = &finding.fix {
        let text = match fix.safe {
            true => "the JSON report holds the edit that does this and changes nothing else",
            false => "the JSON report proposes an edit: look at it before you apply it",
        };
        lines.push(("help", text.to_owned()));
    }
    lines
}

pub(super) fn notify(notification: &Notification, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let level = painted(notification.level.as_str(), style(notification.level), context);
    let message = TerminalText::new(&notification.message);
    match &notification.path {
        Some(path) => writeln!(out, "{level}: {}: {message}", TerminalText::new(path.shown())),
        None => writeln!(out, "{level}: {message}"),
    }
}

/// How many findings there are of each level: `1 error`, `2 warnings`.
pub(super) fn counted(report: &Report, context: &Context) -> Vec<String> {
    let counts = report.counts();
    let levels = [(counts.error, Level::Error), (counts.warning, Level::Warning), (counts.note, Level::Note)];
    levels
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| painted(&format!("{count} {}", plural(count, level.as_str())), style(level), context))
        .collect()
}

fn summary(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let mut parts = counted(report, context);
    if parts.is_empty() {
        parts.push("no findings".to_owned());
    } else {
        writeln!(out, "`credlint rules RULE` explains a rule: why it matters, and what to do.")?;
    }
    if report.suppressed() > 0 {
        parts.push(format!("{} suppressed", report.suppressed()));
    }
    if let Some(asked) = super::inventory::summary(report) {
        writeln!(out, "{asked}")?;
    }
    let files = report.files;
    let mut checked = format!("{} {} checked", files.checked, plural(files.checked, "file"));
    if files.unparsable > 0 {
        checked.push_str(&format!(", {} of them could not be parsed", files.unparsable));
    }
    writeln!(out, "{}; {checked} in {:.2} s", parts.join(", "), report.elapsed.as_secs_f64())
}

/// The word as many take it.
pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn style(level: Level) -> Style {
    match level {
        Level::Error => AnsiColor::BrightRed.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Note | Level::Off => AnsiColor::BrightGreen.on_default().bold(),
    }
}

fn painted(text: &str, style: Style, context: &Context) -> String {
    if context.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
