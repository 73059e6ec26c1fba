//! The rules and allowlists of a gitleaks configuration, as gitleaks applies them to the text of a file.
//!
//! <https://github.com/gitleaks/gitleaks/blob/v8.30.1/README.md#configuration>,
//! <https://github.com/gitleaks/gitleaks/blob/v8.30.1/detect/detect.go>

use crate::finding::{Notification, Place};
use crate::text::RepoPath;
use regex::bytes::{Captures, Regex, RegexBuilder};
use std::ops::Range;

/// What a configuration asks for.
#[derive(Clone, Debug, Default)]
pub struct Gitleaks {
    /// Its rules, in order.
    pub rules: Vec<GitleaksRule>,
    /// The allowlists that hold for all rules, or for those that they name.
    pub allowlists: Vec<Allowlist>,
    /// The files that it was read from.
    pub files: Vec<String>,
    /// What in them is not applied, and why.
    pub notes: Vec<Notification>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct GitleaksRule {
    /// Its id.
    pub id: String,
    /// What a secret looks like.
    pub regex: Pattern,
    /// The files that it holds for.
    pub path: Option<Pattern>,
    /// The group that is the secret; the first that matches if absent.
    pub secret_group: Option<usize>,
    /// A secret has more bits of entropy a character.
    pub entropy: f64,
    /// One of these stands in a text that holds a secret, in whatever case; anything may if there is none.
    pub keywords: Vec<String>,
    /// What is none.
    pub allowlists: Vec<Allowlist>,
    /// Where it stands.
    pub place: Place,
}

/// What is no secret although a rule matches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allowlist {
    /// The rules that it holds for; all if empty.
    pub rules: Vec<String>,
    /// Files.
    pub paths: Vec<Pattern>,
    /// What it looks like.
    pub regexes: Vec<Pattern>,
    /// What the regular expressions are held against.
    pub target: Target,
    /// Words that stand in it, in whatever case.
    pub stopwords: Vec<String>,
    /// Whether all of that must hold, not one alone.
    pub all: bool,
}

/// What the regular expressions of an allowlist are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The secret.
    #[default]
    Secret,
    /// All that the rule's regular expression matches.
    Match,
    /// The line.
    Line,
}

/// A regular expression; one is another that is written alike.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

/// No compiled expression takes more bytes: a text of 4 MiB is still searched in a moment.
const MAX_COMPILED: usize = 4 << 20;

impl Pattern {
    /// Compiles an expression of Go's dialect, in which classes such as `\w` are ASCII.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn new(text: &str) -> Result<Self, String> {
        let build = |unicode| RegexBuilder::new(text).unicode(unicode).size_limit(MAX_COMPILED).build();
        let built = if text.is_ascii() { build(false) } else { build(true) };
        built.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the regular expression is too large when compiled".to_owned(),
            other => {
                let text = other.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                format!("no regular expression of this program: {reason}")
            }
        })
    }

    fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// A rule is another that finds the same.
impl PartialEq for GitleaksRule {
    fn eq(&self, other: &Self) -> bool {
        let key = |rule: &Self| (rule.id.clone(), rule.secret_group, rule.entropy.to_bits(), rule.keywords.clone());
        key(self) == key(other)
            && self.regex == other.regex
            && self.path == other.path
            && self.allowlists == other.allowlists
    }
}

impl Gitleaks {
    /// The secrets that a rule finds in the text of a file, without those that are allowed.
    pub fn find(&self, rule: &GitleaksRule, path: &RepoPath, text: &str) -> Vec<Range<usize>> {
        if rule.path.as_ref().is_some_and(|pattern| !pattern.is_in(path.as_str())) {
            return Vec::new();
        }
        let found = rule.regex.0.captures_iter(text.as_bytes()).take(MAX_MATCHES);
        let secrets = found.filter_map(|captures| self.secret(rule, path, text, &captures));
        secrets.collect()
    }

    fn secret(
        &self,
        rule: &GitleaksRule,
        path: &RepoPath,
        text: &str,
        captures: &Captures<'_>,
    ) -> Option<Range<usize>> {
        let whole = characters(text, captures.get(0)?.range());
        let groups = || (1..captures.len()).filter_map(|nth| captures.get(nth)).find(|group| !group.is_empty());
        let group = match rule.secret_group {
            Some(nth) => captures.get(nth),
            None => groups().or_else(|| captures.get(0)),
        };
        let range = characters(text, group?.range());
        let secret = Found { id: &rule.id, path, text, whole, secret: range.clone() };
        let value = &text[range.clone()];
        // gitleaks' own generic rules want a digit, which its expressions cannot say.
        let plain = rule.id.starts_with("generic") && !value.bytes().any(|byte| byte.is_ascii_digit());
        let random = rule.entropy <= 0.0 || entropy(value) > rule.entropy;
        let allowed = secret.line().contains("gitleaks:allow")
            || rule.allowlists.iter().chain(&self.allowlists).any(|list| list.allows(&secret));
        (!value.is_empty() && random && !plain && !allowed).then_some(range)
    }

    /// Whether the allowlists for all rules hold for a secret that was found otherwise.
    pub fn allows(&self, id: &str, path: &RepoPath, text: &str, secret: &Range<usize>) -> bool {
        let found = Found { id, path, text, whole: secret.clone(), secret: secret.clone() };
        self.allowlists.iter().any(|list| list.allows(&found))
    }
}

/// Secrets that one rule finds in one file, at most.
const MAX_MATCHES: usize = 1000;

/// A secret that a rule has found.
struct Found<'a> {
    id: &'a str,
    path: &'a RepoPath,
    text: &'a str,
    whole: Range<usize>,
    secret: Range<usize>,
}

impl Found<'_> {
    /// The lines that the match stands in.
    fn line(&self) -> &str {
        let start = self.text[..self.whole.start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[self.whole.end..].find('\n').map_or(self.text.len(), |at| self.whole.end + at);
        &self.text[start..end]
    }
}

impl Allowlist {
    fn allows(&self, found: &Found<'_>) -> bool {
        if !self.rules.is_empty() && !self.rules.iter().any(|rule| rule == found.id) {
            return false;
        }
        let target = || match self.target {
            Target::Secret => &found.text[found.secret.clone()],
            Target::Match => &found.text[found.whole.clone()],
            Target::Line => found.line(),
        };
        let lower = || found.text[found.secret.clone()].to_ascii_lowercase();
        let path = (!self.paths.is_empty()).then(|| self.paths.iter().any(|path| path.is_in(found.path.as_str())));
        let regex = (!self.regexes.is_empty()).then(|| self.regexes.iter().any(|regex| regex.is_in(target())));
        let word = (!self.stopwords.is_empty()).then(|| {
            let value = lower();
            self.stopwords.iter().any(|word| value.contains(word.as_str()))
        });
        let mut asked = [path, regex, word].into_iter().flatten().peekable();
        if self.all { asked.peek().is_some() && asked.all(|holds| holds) } else { asked.any(|holds| holds) }
    }
}

/// A range of bytes, widened to whole characters.
fn characters(text: &str, range: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

/// Shannon's entropy in bits a character.
fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::HashMap::new();
    text.chars().for_each(|c| *counts.entry(c).or_insert(0_u32) += 1);
    let length = text.chars().count() as f64;
    counts.values().map(|count| f64::from(*count) / length).map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};
    use std::sync::Arc;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text).expect("it is one")
    }

    fn rule(regex: &str) -> GitleaksRule {
        let source = Arc::new(Source::new(RepoPath::new("x"), Vec::new()));
        GitleaksRule {
            id: "acme".into(),
            regex: pattern(regex),
            path: None,
            secret_group: None,
            entropy: 0.0,
            keywords: Vec::new(),
            allowlists: Vec::new(),
            place: Place::new(&source, Span::at(0)),
        }
    }

    fn found<'t>(config: &Gitleaks, rule: &GitleaksRule, path: &str, text: &'t str) -> Vec<&'t str> {
        config.find(rule, &RepoPath::new(path), text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn the_secret_is_a_group_or_all_of_it() {
        let none = Gitleaks::default();
        let text = "acme_key = 'ab12cd' acme_key = ''";
        assert_eq!(found(&none, &rule("acme_key = '[a-z0-9]+'"), "a", text), ["acme_key = 'ab12cd'"]);
        assert_eq!(found(&none, &rule("acme_key = '([a-z0-9]+)'"), "a", text), ["ab12cd"]);
        let second = GitleaksRule { secret_group: Some(2), ..rule("(acme)_key = '([a-z0-9]+)'") };
        assert_eq!(found(&none, &second, "a", text), ["ab12cd"]);
        let entropy = GitleaksRule { entropy: 3.0, ..rule("'([a-z0-9]+)'") };
        assert_eq!(found(&none, &entropy, "a", "'aaaaaaaa' 'a1b2c3d4e5'"), ["a1b2c3d4e5"]);
        let elsewhere = GitleaksRule { path: Some(pattern(r"\.env$")), ..rule("k=([a-z]+)") };
        assert_eq!(found(&none, &elsewhere, "a/.env", "k=abc"), ["abc"]);
        assert!(found(&none, &elsewhere, "a/env", "k=abc").is_empty());
        assert!(found(&none, &rule("k=([a-z]+)"), "a", "k=abc # gitleaks:allow").is_empty());
        // A byte of an expression is none of a character.
        assert_eq!(found(&none, &rule("k=(.)"), "a", "k=é"), ["é"]);
    }

    #[test]
    fn allowlists() {
        let one = rule("k=([a-z0-9]+)");
        let text = "name: k=abc1 of tests";
        let with = |list: Allowlist| {
            let config = Gitleaks { allowlists: vec![list], ..Gitleaks::default() };
            found(&config, &one, "docs/a.txt", text).is_empty()
        };
        let list = Allowlist::default;
        assert!(!with(list()), "an empty one allows nothing");
        assert!(with(Allowlist { paths: vec![pattern("^docs/")], ..list() }));
        assert!(!with(Allowlist { paths: vec![pattern("^src/")], ..list() }));
        assert!(with(Allowlist { stopwords: vec!["bc1".into()], ..list() }));
        assert!(with(Allowlist { regexes: vec![pattern("^abc1$")], ..list() }));
        assert!(!with(Allowlist { regexes: vec![pattern("of tests")], ..list() }));
        assert!(with(Allowlist { regexes: vec![pattern("of tests")], target: Target::Line, ..list() }));
        assert!(with(Allowlist { regexes: vec![pattern("^k=")], target: Target::Match, ..list() }));
        let both = |word: &str| Allowlist {
            paths: vec![pattern("^docs/")],
            stopwords: vec![word.into()],
            all: true,
            ..list()
        };
        assert!(with(both("bc1")) && !with(both("xyz")));
        assert!(!with(Allowlist { all: true, ..list() }));
        let of = |rule: &str| Allowlist { rules: vec![rule.into()], paths: vec![pattern(".")], ..list() };
        assert!(with(of("acme")) && !with(of("other")));
    }

    #[test]
    fn expressions_are_bounded_and_errors_are_short() {
        assert!(Pattern::new(r"\w{1000}{1000}").unwrap_err().contains("too large"));
        let error = Pattern::new("a(b").unwrap_err();
        assert!(error.contains("unclosed group") && !error.contains('\n'), "{error}");
        assert!(Pattern::new("é+").is_ok());
    }
}
