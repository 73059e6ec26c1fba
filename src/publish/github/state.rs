//! What a comment remembers of the findings that it has told of, so that the next one can say which are resolved.

use super::words;
use crate::output::{MarkdownCode, worst_first};
use crate::report::Report;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

const OPEN: &str = "<!-- credlint:v1 state ";
const CLOSE: &str = " -->";

/// So many are remembered, and so many shown as resolved.
const MAX_OPEN: usize = 120;
const MAX_RESOLVED: usize = 40;
/// Bytes of what is remembered and of what is shown: together with the summary no more than a comment takes.
const MAX_WRITTEN: usize = 26_000;
const MAX_SHOWN: usize = 12_000;
/// Longer names and paths are cut.
const MAX_CHARS: usize = 120;

/// Findings that were told of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    open: Vec<Entry>,
    resolved: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    fingerprint: String,
    rule: String,
    path: String,
}

impl State {
    /// What a comment remembers. It is our own comment, and nevertheless only data.
    pub(super) fn read(comment: &str) -> Self {
        let inside = comment.split_once(OPEN).and_then(|(_, rest)| rest.split_once(CLOSE)).map(|(text, _)| text);
        let state =
            inside.and_then(|text| STANDARD.decode(text).ok()).and_then(|text| serde_json::from_slice(&text).ok());
        let mut state: Self = state.unwrap_or_default();
        state.open.truncate(MAX_OPEN);
        state.resolved.truncate(MAX_RESOLVED);
        state
    }

    /// What is to be remembered after a report: what is no longer in it is resolved, what is back is not. One that
    /// could not check all that it was asked to resolves nothing.
    pub(super) fn next(self, report: &Report) -> Self {
        let counted: HashSet<&str> = report.counted().map(|finding| finding.fingerprint.as_str()).collect();
        let gone = |entry: &Entry| !counted.contains(entry.fingerprint.as_str());
        let (unknown, mended) = if report.incomplete() { (self.open, Vec::new()) } else { (Vec::new(), self.open) };
        let mut resolved: Vec<Entry> = mended.into_iter().chain(self.resolved).filter(gone).collect();
        let mut seen = HashSet::new();
        resolved.retain(|entry| seen.insert(entry.fingerprint.clone()));
        resolved.truncate(MAX_RESOLVED);
        let findings = worst_first(report);
        let told = findings.into_iter().map(|finding| Entry {
            fingerprint: words::cut_chars(&finding.fingerprint, MAX_CHARS),
            rule: words::cut_chars(&finding.rule, MAX_CHARS),
            path: words::cut_chars(finding.spot.path.shown(), MAX_CHARS),
        });
        Self { open: told.chain(unknown.into_iter().filter(gone)).take(MAX_OPEN).collect(), resolved }
    }

    /// As it stands in a comment, unseen. What there is no room for is forgotten, what is resolved last.
    pub(super) fn written(&self) -> String {
        let mut kept = self.clone();
        loop {
            let text = STANDARD.encode(serde_json::to_vec(&kept).expect("strings always become JSON"));
            if text.len() <= MAX_WRITTEN || kept.open.pop().or_else(|| kept.resolved.pop()).is_none() {
                return format!("{OPEN}{text}{CLOSE}\n");
            }
        }
    }

    /// What is resolved, for people; empty if nothing is.
    pub(super) fn resolved(&self) -> String {
        let mut text = String::new();
        for entry in &self.resolved {
            let cut = |text: &str| MarkdownCode::new(&words::cut_chars(text, MAX_CHARS)).to_string();
            let line = format!("- ✅ {} in {}\n", cut(&entry.rule), cut(&entry.path));
            if text.len() + line.len() > MAX_SHOWN {
                break;
            }
            text.push_str(&line);
        }
        if text.is_empty() { text } else { format!("\n### Resolved\n\n{text}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_anything_else_is_nothing() {
        let entry = |name: &str| Entry { fingerprint: name.into(), rule: "r".into(), path: "-->.tf".into() };
        let state = State { open: vec![entry("a")], resolved: vec![entry("b")] };
        let written = state.written();
        assert_eq!(written.matches("-->").count(), 1, "{written}");
        assert_eq!(State::read(&format!("text\n{written}text")), state);
        for odd in ["", "<!-- credlint:v1 state ", "<!-- credlint:v1 state !!! -->", "<!-- credlint:v1 state e30= -->"]
        {
            assert_eq!(State::read(odd), State::default());
        }
    }
}
