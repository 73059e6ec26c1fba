//! A review with comments at changed lines, and suggestions where a fix is safe.
//!
//! <https://docs.github.com/en/rest/pulls/reviews>, <https://docs.github.com/en/rest/pulls/comments>

use super::super::api::Api;
use super::super::errand::{Errand, Posted};
use super::super::fault::Fault;
use super::super::{Forge, Publisher, Rung};
use super::hunks::Hunks;
use super::identity::{Identity, id_of};
use super::suggestion::Suggestion;
use super::words;
use crate::output::worst_first;
use crate::report::ReportedFinding;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::ops::RangeInclusive;

pub(in super::super) const PUBLISHER: Publisher = Publisher {
    name: "review",
    summary: "A review of the pull request with comments at changed lines, and suggestions from safe fixes.",
    forge: Forge::Github,
    rung: Rung::Always,
    permission: Some("pull-requests: write"),
    post,
};

/// GitHub lists 3,000 files of a pull request, so many a page, and no more.
const MAX_PAGES: usize = 30;
/// Comments of one review. GitHub takes 80 that notify somebody in a minute.
const BATCH: usize = 30;
/// Comments at lines, the worst first; more would be read by nobody. The others stand in the check run.
const MAX_COMMENTS: usize = 60;
/// GitHub takes 65,536 characters of a comment.
const MAX_BODY: usize = 60_000;

/// What the mark of a comment ends with, and what stands before that where its finding is resolved.
const MARK_END: &str = " -->";
const RESOLVED: &str = " resolved";

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let Some(number) = errand.context.head.pull_request else { return Ok(None) };
    let sha = errand.context.head.sha.as_deref().ok_or(Fault::Unknown("which commit is the last one"))?;
    let api = errand.api()?;
    let identity = Identity::ask(api)?;
    let pull = Pull { errand, api, identity, number, sha };
    let before = pull.comments()?;
    let resolved = pull.resolve(&before)?;
    let (files, more) = api.list(&errand.path(&format!("pulls/{number}/files")), MAX_PAGES)?;
    let (mut drafts, known) = drafts(errand, &Hunks::of(&files), &marks(errand, &before));
    let beyond = drafts.len().saturating_sub(MAX_COMMENTS);
    drafts.truncate(MAX_COMMENTS);
    let mut refused = 0;
    let mut sent = 0;
    for batch in drafts.chunks(BATCH) {
        match pull.review(batch) {
            Ok(()) => sent += batch.len(),
            // One comment that GitHub does not take costs all of a review, and it does not say which.
            Err(Fault::Invalid { .. }) if !pull.moved()? => {
                let taken = pull.one_by_one(batch)?;
                sent += taken;
                refused += batch.len() - taken;
            }
            Err(Fault::Invalid { .. }) => {
                return Err(Fault::Unknown("what has changed: the pull request has moved on to another commit"));
            }
            Err(fault) => return Err(fault),
        }
    }
    if sent + known + resolved == 0 && refused == 0 {
        return Ok(None);
    }
    let without = without(more, refused, beyond);
    Ok(Some(Posted { what: what(sent, known, resolved), whole: false, without }))
}

/// What was posted, in a few words.
fn what(sent: usize, known: usize, resolved: usize) -> String {
    let mut what = match (sent, known) {
        (0, 0) => "no new comment at a line".to_owned(),
        (0, known) => format!("no new comment at a line: {} there already", words::counted(known, "comment")),
        _ => format!("a review with {}", words::counted(sent, "comment")),
    };
    if resolved > 0 {
        what.push_str(&format!("; {} marked as resolved", words::counted(resolved, "comment")));
    }
    what
}

/// What has no comment, and why.
fn without(more: bool, refused: usize, beyond: usize) -> Option<String> {
    let mut without = Vec::new();
    if more {
        without.push("GitHub lists 3,000 files of a pull request: lines of others have no comments".to_owned());
    }
    if refused > 0 {
        without.push(format!("GitHub did not take {} at a line", words::counted(refused, "comment")));
    }
    if beyond > 0 {
        without.push(format!("{} more at changed lines have no comment", words::counted(beyond, "finding")));
    }
    (!without.is_empty()).then(|| format!("the review: {}", without.join("; ")))
}

/// A comment that is to be.
struct Draft {
    fingerprint: String,
    comment: Value,
}

/// Comments for findings at changed lines, the worst first, and how many have theirs.
fn drafts(errand: &Errand, hunks: &Hunks, known: &HashSet<String>) -> (Vec<Draft>, usize) {
    let findings = worst_first(errand.report);
    let (mut drafts, mut there) = (Vec::new(), 0);
    for finding in findings.into_iter().filter(|finding| is_mark(&finding.fingerprint)) {
        let Some(draft) = draft(errand, hunks, finding) else { continue };
        if known.contains(&finding.fingerprint) {
            there += 1;
        } else {
            drafts.push(draft);
        }
    }
    (drafts, there)
}

fn draft(errand: &Errand, hunks: &Hunks, finding: &ReportedFinding) -> Option<Draft> {
    let spot = &finding.spot;
    let hunk = hunks.at(spot.path.as_str(), spot.start.line)?;
    let own = spot.start.line..=spot.end.line.max(spot.start.line).min(hunk.last());
    let changed = |lines: &RangeInclusive<u32>| hunk.lines(lines).is_some_and(|(_, changed)| changed);
    let suggestion = Suggestion::of(finding, hunk, errand.report).filter(|one| changed(&one.lines));
    let lines = suggestion.as_ref().map_or(own, |suggestion| suggestion.lines.clone());
    if !changed(&lines) {
        return None;
    }
    let block = suggestion.map(|suggestion| format!("\n{}", suggestion.block())).unwrap_or_default();
    let text = words::cut(&words::markdown(finding), MAX_BODY / 2);
    let said = format!("{}{}{MARK_END}\n{text}", mark_start(errand), finding.fingerprint);
    // A block that is cut would suggest something else.
    let body = if said.len() + block.len() > MAX_BODY { said } else { said + &block };
    let mut comment = json!({ "path": spot.path.as_str(), "line": lines.end(), "side": "RIGHT", "body": body });
    if lines.start() < lines.end() {
        comment["start_line"] = (*lines.start()).into();
        comment["start_side"] = "RIGHT".into();
    }
    Some(Draft { fingerprint: finding.fingerprint.clone(), comment })
}

/// The pull request that is reviewed.
struct Pull<'a> {
    errand: &'a Errand<'a>,
    api: &'a Api,
    identity: Identity,
    number: u64,
    sha: &'a str,
}

impl Pull<'_> {
    fn path(&self, rest: &str) -> String {
        self.errand.path(&format!("pulls/{}{rest}", self.number))
    }

    /// Our own comments at lines.
    fn comments(&self) -> Result<Vec<Value>, Fault> {
        let (comments, _) = self.api.list(&self.path("/comments"), MAX_PAGES)?;
        Ok(comments.into_iter().filter(|comment| self.identity.wrote(comment)).collect())
    }

    /// Whether another commit has been pushed since.
    fn moved(&self) -> Result<bool, Fault> {
        let pull = self.api.get(self.path(""))?;
        Ok(pull.pointer("/head/sha").and_then(Value::as_str).is_some_and(|sha| sha != self.sha))
    }

    /// Marks as resolved what no longer holds; how many. What could not be checked is not resolved.
    fn resolve(&self, comments: &[Value]) -> Result<usize, Fault> {
        if self.errand.report.incomplete() {
            return Ok(0);
        }
        let start = mark_start(self.errand);
        let counted: HashSet<&str> = self.errand.report.counted().map(|finding| finding.fingerprint.as_str()).collect();
        let mut resolved = 0;
        for comment in comments {
            let parts = (mark(comment, &start), id_of(comment), text(comment));
            let (Some(mark), Some(id), Some(body)) = parts else { continue };
            if counted.contains(mark) {
                continue;
            }
            let rest = body.split_once(MARK_END).map_or("", |(_, rest)| rest);
            // What there is to take over has been, or is not wanted.
            let rest = rest.split_once("\n```").map_or(rest, |(rest, _)| rest);
            let body = format!("{start}{mark}{RESOLVED}{MARK_END}\n✅ **Resolved** as of {}.\n{rest}", self.sha);
            let path = self.errand.path(&format!("pulls/comments/{id}"));
            match self.api.set(Method::PATCH, path, json!({ "body": words::cut(&body, 65_000) })) {
                // Deleted meanwhile, or another bot's.
                Err(Fault::Refused { .. }) => {}
                answer => resolved += answer.map(|_| 1)?,
            }
        }
        Ok(resolved)
    }

    /// Posts comments together.
    fn review(&self, batch: &[Draft]) -> Result<(), Fault> {
        let body = json!({
            "commit_id": self.sha,
            "event": "COMMENT",
            "body": format!("credlint: {} at changed lines.", words::counted(batch.len(), "finding")),
            "comments": batch.iter().map(|draft| &draft.comment).collect::<Vec<_>>(),
        });
        let look = || self.landed(&batch[0]);
        self.api.add(&Method::POST, &self.path("/reviews"), &body, |_| Some(()), look)
    }

    /// Posts comments each by itself; how many GitHub takes.
    fn one_by_one(&self, batch: &[Draft]) -> Result<usize, Fault> {
        let mut taken = 0;
        for draft in batch {
            let mut body = draft.comment.clone();
            body["commit_id"] = self.sha.into();
            let look = || self.landed(draft);
            match self.api.add(&Method::POST, &self.path("/comments"), &body, |_| Some(()), look) {
                Err(Fault::Invalid { .. }) => {}
                answer => taken += answer.map(|()| 1)?,
            }
        }
        Ok(taken)
    }

    fn landed(&self, draft: &Draft) -> Result<Option<()>, Fault> {
        Ok(marks(self.errand, &self.comments()?).contains(&draft.fingerprint).then_some(()))
    }
}

fn text(comment: &Value) -> Option<&str> {
    comment.get("body").and_then(Value::as_str)
}

/// What every comment of this report begins with: reports of other names have their own.
fn mark_start(errand: &Errand) -> String {
    format!("<!-- credlint:v1 finding of {}: ", errand.context.name)
}

/// The fingerprint that a comment of ours is marked with, unless it is resolved.
fn mark<'a>(comment: &'a Value, start: &str) -> Option<&'a str> {
    let (mark, _) = text(comment)?.trim_start().strip_prefix(start)?.split_once(MARK_END)?;
    is_mark(mark).then_some(mark)
}

fn marks(errand: &Errand, comments: &[Value]) -> HashSet<String> {
    let start = mark_start(errand);
    comments.iter().filter_map(|comment| mark(comment, &start)).map(str::to_owned).collect()
}

/// Whether a text is what findings are known by; whoever wrote the report, nothing else ends up in a marker.
fn is_mark(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_hexdigit())
}
