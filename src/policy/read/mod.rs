//! From the nodes of a policy file to what they say. Nothing ends at the first error.

mod backends;
mod custom;
mod entries;
mod gitleaks;
mod rules;
mod verify;

pub(super) use backends::{BACKENDS, backends};
pub(super) use custom::{custom, custom_ids};
pub(super) use entries::{exceptions, scopes};
pub(super) use gitleaks::{detectors, gitleaks};
pub(super) use rules::rules;
pub(super) use verify::verify;

use super::error::{Errors, PolicyError, closest, shown};
use super::model::{Origin, RuleInfo, Setting};
use crate::finding::Place;
use crate::text::yaml::{self, Node};
use crate::text::{RepoPath, Source, Span};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A policy file beyond this many bytes is refused.
pub(super) const LARGEST: usize = 1 << 20;
/// More patterns with wildcards than this are refused: each one is an automaton.
pub(super) const MOST_GLOBS: usize = 2000;

/// The keys of a policy, in the order in which they are written.
pub(super) const KEYS: [&str; 10] =
    ["version", "extends", "rules", "detectors", "backends", "scopes", "exceptions", "verify", "custom", "rego"];

/// The rules that a policy may name.
pub(super) struct Names<'a> {
    /// What the program knows.
    pub(super) rules: &'a [RuleInfo],
    /// What the policies define.
    pub(super) custom: BTreeSet<String>,
}

impl<'a> Names<'a> {
    /// A rule that the program knows.
    pub(super) fn info(&self, id: &str) -> Option<&'a RuleInfo> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Whether there is a rule of that id.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.info(id).is_some() || self.custom.contains(id)
    }

    fn closest(&self, id: &str) -> Option<&str> {
        closest(id, self.rules.iter().map(|rule| rule.id).chain(self.custom.iter().map(String::as_str)))
    }
}

/// One policy file while it is read.
pub(super) struct Reader<'a> {
    /// Its path, as it was asked for.
    pub(super) file: &'a str,
    /// Its number, in the order in which files were met.
    pub(super) nth: usize,
    /// Its text.
    pub(super) source: &'a Arc<Source>,
    /// What is wrong with it.
    pub(super) errors: &'a mut Errors,
    /// Patterns that were compiled so far, in all files.
    pub(super) globs: &'a mut usize,
}

/// A policy file that is YAML.
pub(super) struct Parsed {
    /// Its path, as it was asked for.
    pub(super) file: String,
    /// Its number.
    pub(super) nth: usize,
    /// Its text.
    pub(super) source: Arc<Source>,
    /// Its one document.
    pub(super) root: Node,
}

impl Parsed {
    /// Reads the bytes of a policy file.
    pub(super) fn new(file: &str, nth: usize, bytes: Vec<u8>, errors: &mut Errors) -> Option<Self> {
        let mut refuse = |error: PolicyError| {
            errors.push(nth, Span::default(), error);
            None
        };
        if bytes.len() > LARGEST {
            return refuse(PolicyError::file(file, "a policy of more than 1 MiB"));
        }
        let mut documents = match yaml::parse(&bytes) {
            Ok(documents) => documents,
            Err(error) => {
                let position = Some(error.position);
                let error = PolicyError { position, ..PolicyError::file(file, format!("not YAML: {}", error.message)) };
                return refuse(error);
            }
        };
        let source = Arc::new(Source::new(RepoPath::new(file), bytes));
        let second = documents.get(1).map(|document| document.span);
        if let Some(span) = second {
            return refuse(PolicyError::at(file, &source, span, "", "a policy is one YAML document, this is a second"));
        }
        match documents.pop() {
            Some(root) if !root.is_null() => Some(Self { file: file.to_owned(), nth, source, root }),
            _ => refuse(PolicyError::file(file, "the policy is empty").hint("it starts with `version: 1`")),
        }
    }

    /// To read it.
    pub(super) fn reader<'a>(&'a self, errors: &'a mut Errors, globs: &'a mut usize) -> Reader<'a> {
        Reader { file: &self.file, nth: self.nth, source: &self.source, errors, globs }
    }
}

impl Reader<'_> {
    /// Takes an error.
    pub(super) fn error(&mut self, span: Span, key: &str, message: impl Into<String>) {
        self.error_with(span, key, message, |error| error);
    }

    /// Takes an error with more to say.
    pub(super) fn error_with(
        &mut self,
        span: Span,
        key: &str,
        message: impl Into<String>,
        more: impl FnOnce(PolicyError) -> PolicyError,
    ) {
        if !self.errors.is_full() {
            let error = more(PolicyError::at(self.file, self.source, span, key, message));
            self.errors.push(self.nth, span, error);
        }
    }

    /// A value that stands at a node.
    pub(super) fn setting<T>(&self, value: T, node: &Node) -> Setting<T> {
        Setting { value, from: Origin::File(self.place(node.span)) }
    }

    /// A place in the file.
    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    /// Checks the file as a whole: a mapping whose keys are words, none twice, all known, of version 1.
    pub(super) fn check(&mut self, root: &Node) {
        self.duplicates(root, "");
        if self.fields(root, "", &KEYS).is_none() {
            return;
        }
        match root.get("version") {
            None => self.error_with(root.span, "", "`version` is missing", |error| error.hint("add `version: 1`")),
            Some(node) if node.as_int() == Some(1) => {}
            Some(node) => self.error_with(node.span, "version", "expected the number 1", |error| {
                error.hint("it is the version of the policy's format")
            }),
        }
        if let Some((key, _)) = root.entry("rego") {
            self.error(key.span, "rego", "rego policies are not supported by this version");
        }
    }

    fn duplicates(&mut self, node: &Node, key: &str) {
        if let Some(items) = node.as_sequence() {
            items.iter().enumerate().for_each(|(nth, item)| self.duplicates(item, &format!("{key}[{nth}]")));
        }
        let mut seen = HashSet::new();
        for (name, value) in node.as_mapping().unwrap_or_default() {
            let Some(text) = name.as_str() else { continue };
            let inner = join(key, text);
            if !seen.insert(text) {
                self.error(name.span, &inner, "the key is there twice");
            }
            self.duplicates(value, &inner);
        }
    }

    /// The entries of a mapping of which all keys are in `known`; `null` where the node is no mapping.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, key: &str, known: &[&str]) -> Option<&'n [(Node, Node)]> {
        let entries = self.mapping(node, key)?;
        for (name, _) in entries {
            let Some(text) = name.as_str().filter(|text| !known.contains(text)) else { continue };
            let suggestion = closest(text, known.iter().copied());
            self.error_with(name.span, &join(key, text), "unknown key", |error| match suggestion {
                Some(word) => error.suggest(Some(word)),
                None => error.hint(format!("known are {}", known.join(", "))),
            });
        }
        Some(entries)
    }

    /// The entries of a mapping whose keys are words.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, key: &str) -> Option<&'n [(Node, Node)]> {
        let Some(entries) = node.as_mapping() else {
            self.error(node.span, key, format!("expected a mapping, found {}", kind(node)));
            return None;
        };
        for (name, _) in entries {
            if name.as_str().is_none() {
                self.error(name.span, key, format!("expected a word as key, found {}", kind(name)));
            }
        }
        Some(entries)
    }

    /// The items of a list; none for nothing.
    pub(super) fn list<'n>(&mut self, node: &'n Node, key: &str) -> &'n [Node] {
        match node.as_sequence() {
            Some(items) => items,
            None if node.is_null() => &[],
            None => {
                self.error(node.span, key, format!("expected a list, found {}", kind(node)));
                &[]
            }
        }
    }

    /// A string that is not blank.
    pub(super) fn string<'n>(&mut self, node: &'n Node, key: &str) -> Option<&'n str> {
        match node.as_string() {
            Some(text) if text.trim().is_empty() => self.error(node.span, key, "is empty"),
            Some(text) => return Some(text),
            None => self.error_with(node.span, key, format!("expected a string, found {}", kind(node)), |error| {
                let quotable = node.as_str().is_some();
                if quotable { error.hint("put it into quotes") } else { error }
            }),
        }
        None
    }

    /// The value of a key that must be there.
    pub(super) fn required<'n>(&mut self, node: &'n Node, key: &str, name: &str) -> Option<&'n Node> {
        let value = node.get(name);
        if value.is_none() {
            self.error(node.span, key, format!("`{name}` is missing"));
        }
        value
    }

    /// A string under a key that must be there.
    pub(super) fn required_string<'n>(&mut self, node: &'n Node, key: &str, name: &str) -> Option<&'n str> {
        let value = self.required(node, key, name)?;
        self.string(value, &join(key, name))
    }

    /// Patterns of paths: one at least.
    pub(super) fn paths(&mut self, node: &Node, key: &str) -> Option<Vec<super::PathGlob>> {
        let list = self.required(node, key, "paths")?;
        let key = join(key, "paths");
        if list.as_sequence().is_some_and(<[Node]>::is_empty) || list.is_null() {
            self.error(list.span, &key, "is empty: it speaks of no path");
            return None;
        }
        let items = self.list(list, &key).iter().enumerate();
        let globs: Vec<_> = items.filter_map(|(nth, item)| self.path(item, &format!("{key}[{nth}]"))).collect();
        (!globs.is_empty()).then_some(globs)
    }

    /// One pattern of paths.
    pub(super) fn path(&mut self, node: &Node, key: &str) -> Option<super::PathGlob> {
        let text = self.string(node, key)?;
        if *self.globs > MOST_GLOBS {
            return None;
        }
        match super::PathGlob::new(text) {
            Ok(glob) => {
                self.count(node, key, glob.is_compiled());
                Some(glob)
            }
            Err(error) => {
                self.error(node.span, key, error.to_string());
                None
            }
        }
    }

    /// Counts a compiled pattern.
    pub(super) fn count(&mut self, node: &Node, key: &str, compiled: bool) {
        *self.globs += usize::from(compiled);
        if compiled && *self.globs == MOST_GLOBS + 1 {
            self.error(node.span, key, "the policy has more than 2000 patterns with wildcards");
        }
    }

    /// The id of a rule that exists.
    pub(super) fn rule_id(&mut self, node: &Node, key: &str, names: &Names<'_>) -> Option<String> {
        let id = self.string(node, key)?;
        if names.knows(id) {
            return Some(id.to_owned());
        }
        self.unknown_rule(node, key, id, names);
        None
    }

    /// Takes the error that there is no such rule.
    pub(super) fn unknown_rule(&mut self, node: &Node, key: &str, id: &str, names: &Names<'_>) {
        self.error_with(node.span, key, "there is no rule of that name", |error| match names.closest(id) {
            Some(word) => error.suggest(Some(word)),
            None => error.hint("`credlint rules` lists them"),
        });
    }
}

/// A key below a key.
pub(super) fn join(key: &str, name: &str) -> String {
    let name = shown(name);
    if key.is_empty() { name } else { format!("{key}.{name}") }
}

/// What a node is, for messages.
pub(super) fn kind(node: &Node) -> &'static str {
    if node.as_mapping().is_some() {
        "a mapping"
    } else if node.as_sequence().is_some() {
        "a list"
    } else if node.is_null() {
        "nothing"
    } else if node.as_bool().is_some() {
        "a boolean"
    } else if node.as_string().is_some() {
        "a string"
    } else {
        "a number"
    }
}
