//! [Jenkinsfiles](https://www.jenkins.io/doc/book/pipeline/syntax/): the scripts of `sh`, `bat` and `powershell`
//! steps, in the blocks of `dir`.

use super::assignments;
use super::lexer::{Dialect, Lexer};
use super::scope::{Binding, Scope};
use super::script::{Script, Segment};
use super::shell::{self, Context};
use super::words::{is_name, split};
use super::{Found, PathPattern};
use crate::text::{Source, Span};
use std::collections::HashMap;

/// Blocks nest this deep; beyond, the directory is unknown.
const MAX_BLOCKS: usize = 256;

pub(super) fn find(source: &Source, found: &mut Found) {
    let bytes = source.bytes();
    let scope = environment(bytes, found);
    let mut reader = Reader::new(bytes);
    let mut blocks: Vec<PathPattern> = Vec::new();
    let mut depth = 0_usize;
    let mut current = PathPattern::known("");
    let mut pending: Option<PathPattern> = None;
    let mut step = Vec::new();
    while let Some(token) = reader.next() {
        match token {
            Token::Word(word) => {
                // `sh(script: '...', returnStdout: true)`
                if !matches!(word, b"script" | b"label" | b"returnStdout" | b"returnStatus" | b"encoding") {
                    step = word.to_vec();
                }
            }
            Token::Text(script) => {
                let dialect = match step.as_slice() {
                    b"sh" => Some(Dialect::Posix),
                    b"bat" => Some(Dialect::Batch),
                    b"powershell" | b"pwsh" => Some(Dialect::PowerShell),
                    _ => None,
                };
                if let Some(dialect) = dialect {
                    let start = current.clone();
                    let context = Context { dialect, start, own: PathPattern::anything(), scope: &scope };
                    shell::run(&[script], &context, found);
                } else if step == b"dir" {
                    pending = Some(shell::resolve_directory(&current, &script, Dialect::Posix, &scope));
                } else if script.bytes.starts_with(b"TF_CLI_ARGS") {
                    // `withEnv(['TF_CLI_ARGS_init=...'])`
                    set(&script, found);
                }
            }
            Token::Open if blocks.len() < MAX_BLOCKS => {
                blocks.push(current.clone());
                current = pending.take().unwrap_or(current);
                step.clear();
            }
            Token::Open => depth += 1,
            Token::Close if depth > 0 => depth -= 1,
            Token::Close => {
                current = blocks.pop().unwrap_or_else(|| PathPattern::known(""));
                step.clear();
            }
        }
    }
}

fn set(script: &Script<'_>, found: &mut Found) {
    let word = Lexer::new(script, Dialect::Posix).value();
    if let Some((name, value, _)) = word.assignment()
        && let Some(subcommand) = assignments::cli_args(name)
    {
        found.arguments(subcommand, &split(&value), word.span, PathPattern::anything());
    }
}

/// What `environment { NAME = 'value' }` and `def name = 'value'` set, if once.
fn environment(bytes: &[u8], found: &mut Found) -> Scope<'static> {
    let mut scope = Scope::default();
    let root = crate::resolve::invocations::words::What::Directory(PathPattern::known(""));
    let piece = super::words::Piece { what: root, span: Span::default(), exact: false };
    let workspace = super::words::Word { pieces: vec![piece], ..Default::default() };
    scope.names.insert("WORKSPACE".to_owned(), Binding::Value(workspace));
    let mut reader = Reader::new(bytes);
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut name: Option<String> = None;
    while let Some(token) = reader.next() {
        match token {
            Token::Word(word) => {
                let word = std::str::from_utf8(word).unwrap_or("");
                let assigned = is_name(word) && reader.assigns();
                name = assigned.then(|| word.to_owned());
                if let Some(name) = &name {
                    *counts.entry(name.clone()).or_insert(0) += 1;
                    scope.names.insert(name.clone(), Binding::Unknown);
                }
            }
            Token::Text(script) => {
                let Some(name) = name.take() else { continue };
                let word = Lexer::new(&script, Dialect::Posix).value();
                if let Some(subcommand) = assignments::cli_args(&name) {
                    found.arguments(subcommand, &split(&word.pieces), word.span, PathPattern::anything());
                }
                if counts.get(&name) == Some(&1) {
                    scope.names.insert(name, Binding::Value(word));
                }
            }
            Token::Open | Token::Close => name = None,
        }
    }
    scope
}

pub(super) enum Token<'a> {
    Word(&'a [u8]),
    Text(Script<'a>),
    Open,
    Close,
}

/// Reads Groovy as far as words, texts and braces.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            match *rest.first()? {
                b'/' if rest.starts_with(b"//") => self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                b'/' if rest.starts_with(b"/*") => {
                    self.at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
                }
                b'{' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b'}' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                quote @ (b'\'' | b'"') => return Some(Token::Text(self.text(quote))),
                byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                    let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                    self.at += len;
                    return Some(Token::Word(&rest[..len]));
                }
                _ => self.at += 1,
            }
        }
    }

    /// Whether `=` follows, and not `==`.
    pub(super) fn assigns(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default().trim_ascii_start();
        rest.first() == Some(&b'=') && rest.get(1) != Some(&b'=')
    }

    /// A text, its escapes undone. In double quotes a `$` that is escaped is the shell's own, one that is not is
    /// Groovy's; both look a name up.
    fn text(&mut self, quote: u8) -> Script<'a> {
        let start = self.at;
        let triple = self.bytes[start..].starts_with(&[quote; 3]);
        let width = if triple { 3 } else { 1 };
        let mut at = start + width;
        let mut out = Vec::new();
        let mut segments: Vec<Segment> = Vec::new();
        while at < self.bytes.len() {
            let byte = self.bytes[at];
            let ends = if triple { self.bytes[at..].starts_with(&[quote; 3]) } else { byte == quote || byte == b'\n' };
            if ends {
                break;
            }
            let escaped = byte == b'\\' && at + 1 < self.bytes.len();
            let source = at + usize::from(escaped);
            let value = match self.bytes[source] {
                b'n' if escaped => b'\n',
                b't' if escaped => b'\t',
                // A line that goes on: the shell's backslash is written twice, Groovy's joins the lines itself.
                b'\n' if escaped => {
                    at += 2;
                    continue;
                }
                other => other,
            };
            match segments.last_mut() {
                Some(last) if !escaped && last.source + last.len == source => last.len += 1,
                _ => segments.push(Segment { at: out.len(), source, len: 1 }),
            }
            out.push(value);
            at = source + 1;
        }
        self.at = (at + width).min(self.bytes.len());
        Script::mapped(out, segments, Span::new(start, self.at))
    }
}
