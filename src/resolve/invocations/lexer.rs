//! Shell text to commands: words, separators, subshells.
//!
//! After the [shell's token recognition](https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html),
//! as far as finding commands takes it. Any text has a reading; time is linear in its length.

use super::quoting::Draft;
use super::script::Script;
use super::words::{Piece, What, Word};

/// Words of one command beyond this are not kept.
pub(super) const MAX_WORDS: usize = 4096;

/// How a text differs from a POSIX shell's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Posix,
    /// `$(NAME)` and `${NAME}` are make's, `$$` is the shell's `$`.
    Make,
    /// `$(name)` is a variable of Azure Pipelines if it can be one.
    Azure,
    /// A backtick escapes, a backslash is a backslash.
    PowerShell,
    /// `%NAME%`, a caret escapes.
    Batch,
}

impl Dialect {
    /// Whether a backslash separates the parts of a path.
    pub(super) fn windows(self) -> bool {
        matches!(self, Dialect::PowerShell | Dialect::Batch)
    }
}

/// What a text consists of.
pub(super) enum Step {
    Command(Command),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `;;`, the end of a branch of `case`.
    Branch,
}

/// Words up to a separator.
pub(super) struct Command {
    pub(super) words: Vec<Word>,
    pub(super) end: Separator,
    /// The file that its output is written to.
    pub(super) output: Option<Word>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// A new line, `;`, `&`, a parenthesis, or the end.
    Line,
    And,
    Or,
    Pipe,
}

/// Reads the steps of one script.
pub(super) struct Lexer<'a> {
    pub(super) script: &'a Script<'a>,
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) dialect: Dialect,
    /// Bytes that searches for something that is not there may still read: keeps all of them linear together.
    pub(super) budget: usize,
    heredocs: Vec<(Vec<u8>, bool)>,
    pub(super) arrays: usize,
    /// Whether the redirection that follows is of another descriptor than the output's.
    other_descriptor: bool,
    output: Option<Word>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(script: &'a Script<'a>, dialect: Dialect) -> Self {
        let text: &[u8] = &script.bytes;
        Self {
            script,
            text,
            at: 0,
            dialect,
            budget: 4 * text.len() + 4096,
            heredocs: Vec::new(),
            arrays: 0,
            other_descriptor: false,
            output: None,
        }
    }

    /// All of the text as words, whatever separates them.
    pub(super) fn all_words(self) -> Vec<Word> {
        let mut words = Vec::new();
        for step in self {
            if let Step::Command(command) = step {
                words.extend(command.words);
            }
        }
        words
    }

    /// The text as one value: blanks and quotes have no meaning, variables do.
    pub(super) fn value(mut self) -> Word {
        let mut draft = Draft::default();
        while self.at < self.text.len() {
            if !self.special(&mut draft, true) {
                self.run(&mut draft, |byte| matches!(byte, b'$' | b'{' | b'<' | b'#' | b'%'));
            }
        }
        self.word_of(draft, 0)
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn escape(&self) -> u8 {
        match self.dialect {
            Dialect::PowerShell => b'`',
            Dialect::Batch => b'^',
            _ => b'\\',
        }
    }

    /// The bytes of an escaped line break here; 0 if there is none.
    pub(super) fn continuation(&self) -> usize {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(first), Some(b'\n'), _) if first == self.escape() => 2,
            (Some(first), Some(b'\r'), Some(b'\n')) if first == self.escape() => 3,
            _ => 0,
        }
    }

    /// Whether a search that read `bytes` in vain was within the budget.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.budget = self.budget.saturating_sub(bytes);
    }

    /// The position of `needle` from `from` on, at most `window` bytes further.
    pub(super) fn find(&mut self, from: usize, needle: &[u8], window: usize) -> Option<usize> {
        let window = window.min(self.budget);
        let end = from.saturating_add(window).min(self.text.len());
        let found = memchr::memmem::find(self.text.get(from..end)?, needle).map(|at| from + at);
        if found.is_none() {
            self.spend(end - from);
        }
        found
    }

    /// Ends a command at a separator of `width` bytes.
    fn end(&mut self, words: &mut Vec<Word>, end: Separator, width: usize) -> Option<Step> {
        self.at += width;
        let (words, output) = (std::mem::take(words), self.output.take());
        (!words.is_empty()).then_some(Step::Command(Command { words, end, output }))
    }

    pub(super) fn skip_line(&mut self) {
        self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
    }

    /// Leaves out the texts of here-documents that the line before announced.
    fn skip_heredocs(&mut self) {
        for (delimiter, tabs) in std::mem::take(&mut self.heredocs) {
            let start = self.at;
            let mut at = start;
            loop {
                if at >= self.text.len() || at - start > self.budget {
                    // No such line: the text is read as commands, so that nothing is lost.
                    self.spend(at - start);
                    break;
                }
                let rest = &self.text[at..];
                let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
                at += line.len() + 1;
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let line = if tabs { line.trim_ascii_start() } else { line };
                if line == delimiter {
                    self.at = at.min(self.text.len());
                    break;
                }
            }
        }
    }

    /// `>`, `>>`, `2>&1`, `<file`, `<<EOF`, `<<<word`, `<(...)`: none of it is an argument.
    fn redirect(&mut self, words: &mut Vec<Word>) {
        let start = self.at;
        let writes = self.peek(0) != Some(b'<') && !std::mem::take(&mut self.other_descriptor);
        let heredoc = self.rest().starts_with(b"<<") && !self.rest().starts_with(b"<<<") && !self.dialect.windows();
        while matches!(self.peek(0), Some(b'<' | b'>' | b'&' | b'|')) {
            self.at += 1;
        }
        if self.peek(0) == Some(b'(') {
            let from = self.at;
            match self.closing_paren(from) {
                Some(close) => self.at = close + 1,
                None => self.at += 1,
            }
            let (span, _) = self.script.span(start..self.at);
            words.push(Word { pieces: vec![Piece::hole(span)], span, array: Vec::new() });
            return;
        }
        let tabs = heredoc && self.peek(0) == Some(b'-');
        self.at += usize::from(tabs);
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let target = match self.peek(0) {
            None | Some(b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>') => return,
            _ => self.word(),
        };
        if heredoc && let Some(delimiter) = target.literal() {
            self.heredocs.push((delimiter.into_owned().into_bytes(), tabs));
        }
        // `>&2` goes to another descriptor.
        let descriptor = target.literal().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        if writes && !descriptor {
            self.output = Some(target);
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let mut words = Vec::new();
        loop {
            let skip = self.continuation();
            let step = match (self.peek(0), self.peek(1)) {
                (None, _) => return self.end(&mut words, Separator::Line, 0),
                _ if skip > 0 => {
                    self.at += skip;
                    None
                }
                (Some(b' ' | b'\t' | b'\r'), _) => {
                    self.at += 1;
                    None
                }
                (Some(b'\n'), _) => {
                    self.at += 1;
                    self.skip_heredocs();
                    self.end(&mut words, Separator::Line, 0)
                }
                (Some(b'#'), next) if next != Some(b'{') => {
                    self.skip_line();
                    None
                }
                (Some(b'&'), Some(b'>')) | (Some(b'>'), _) => {
                    self.redirect(&mut words);
                    None
                }
                (Some(b'&'), Some(b'&')) => self.end(&mut words, Separator::And, 2),
                (Some(b'|'), Some(b'|')) => self.end(&mut words, Separator::Or, 2),
                (Some(b'|'), _) => self.end(&mut words, Separator::Pipe, 1),
                (Some(b';'), Some(b';')) if words.is_empty() => {
                    self.at += 2;
                    Some(Step::Branch)
                }
                (Some(b';'), Some(b';')) => self.end(&mut words, Separator::Line, 0),
                (Some(b';' | b'&'), _) => self.end(&mut words, Separator::Line, 1),
                (Some(b'('), _) => match self.parenthesis(&mut words) {
                    true => return self.end(&mut words, Separator::Line, 0).or(Some(Step::Open)),
                    false => None,
                },
                (Some(b')'), _) if words.is_empty() => {
                    self.at += 1;
                    Some(Step::Close)
                }
                (Some(b')'), _) => self.end(&mut words, Separator::Line, 0),
                (Some(b'<'), _) if self.angle().is_none() => {
                    self.redirect(&mut words);
                    None
                }
                _ => {
                    self.plain_word(&mut words);
                    None
                }
            };
            if step.is_some() {
                return step;
            }
        }
    }
}

impl Lexer<'_> {
    /// Reads `(`; false for the `()` of a function's definition, which becomes a word. Behind words it is left for the
    /// next step.
    fn parenthesis(&mut self, words: &mut Vec<Word>) -> bool {
        if words.is_empty() {
            self.at += 1;
            return true;
        }
        let blanks = self.rest()[1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if words.len() <= 2 && self.peek(1 + blanks) == Some(b')') {
            let (span, exact) = self.script.span(self.at..self.at + 2);
            self.at += blanks + 2;
            let pieces = vec![Piece { what: What::Text("()".to_owned()), span, exact: exact && blanks == 0 }];
            words.push(Word { pieces, span, array: Vec::new() });
            return false;
        }
        true
    }

    fn plain_word(&mut self, words: &mut Vec<Word>) {
        let start = self.at;
        let word = self.word();
        if self.at == start {
            // No word starts here, whatever it is: never stand still.
            self.at += 1;
            return;
        }
        let number = self.text[start..self.at].iter().all(u8::is_ascii_digit);
        let redirects = matches!(self.peek(0), Some(b'<' | b'>'));
        if number && redirects {
            self.other_descriptor = !word.is("1");
        } else if words.len() < MAX_WORDS {
            words.push(word);
        }
    }
}
