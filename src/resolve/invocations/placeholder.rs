//! What stands in a command for something else: `$X`, `$(...)`, `${{ ... }}`, `{{ ... }}`, `%X%`.

use super::lexer::{Dialect, Lexer};
use super::quoting::Draft;
use super::words::{Piece, What, is_name};

/// An expression longer than this is read as text.
const WINDOW: usize = 4096;
/// A command substitution longer than this is read as text.
const SUBSTITUTION: usize = 64 << 10;

impl Lexer<'_> {
    /// Reads the placeholder that starts here; false if there is none.
    pub(super) fn special(&mut self, draft: &mut Draft, quoted: bool) -> bool {
        let start = self.at;
        let rest = self.rest();
        let what = match rest.first() {
            Some(b'$') => self.dollar(!quoted),
            Some(b'{') if rest.starts_with(b"{{") => self.enclosed(2, b"}}", !quoted),
            Some(b'#') if rest.starts_with(b"#{") => self.enclosed(2, b"}#", !quoted).map(|_| hole()),
            Some(b'<') => match self.angle() {
                Some(end) => {
                    self.at = end;
                    Some(hole())
                }
                None => None,
            },
            Some(b'`') if self.dialect != Dialect::PowerShell => self.backticks(),
            Some(b'%') if self.dialect == Dialect::Batch => self.percent(!quoted),
            _ => None,
        };
        let Some(what) = what else {
            self.at = start;
            return false;
        };
        let (span, _) = self.script.span(start..self.at);
        draft.pieces.push(Piece { what, span, exact: false });
        true
    }

    /// The end of CircleCI's [`<< parameters.x >>`](https://circleci.com/docs/reusing-config/) that starts here.
    pub(super) fn angle(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix(b"<<")?;
        let window = &rest[..rest.len().min(256)];
        let close = memchr::memmem::find(window, b">>")?;
        let name = std::str::from_utf8(window[..close].trim_ascii()).ok()?;
        let known = ["parameters.", "pipeline.", "matrix."].iter().any(|prefix| name.starts_with(prefix));
        (known && is_dotted(name)).then_some(self.at + 2 + close + 2)
    }

    /// The closing parenthesis of the opening one at `open`; quotes are respected, nesting is counted.
    pub(super) fn closing_paren(&mut self, open: usize) -> Option<usize> {
        let end = self.text.len().min(open + SUBSTITUTION.min(self.budget));
        let mut depth = 0_usize;
        let mut single = false;
        let mut at = open;
        while at < end {
            match self.text[at] {
                b'\\' if !single => at += 1,
                b'\'' => single = !single,
                b'(' if !single => depth += 1,
                b')' if !single => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.spend(end.saturating_sub(open));
        None
    }

    fn dollar(&mut self, split: bool) -> Option<What> {
        if self.rest().starts_with(b"${{") {
            return self.enclosed(3, b"}}", split);
        }
        let next = *self.rest().get(1)?;
        match (next, self.dialect) {
            (b'$', Dialect::Make) => {
                self.at += 1;
                self.shell_dollar(split)
            }
            // Buildkite, Cloud Build and Compose write the shell's own `$X` as `$$X`.
            (b'$', _) if self.rest().get(2).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_') => {
                self.at += 1;
                self.shell_dollar(split)
            }
            (b'(' | b'{', Dialect::Make) => self.make_reference(split),
            (_, Dialect::Make) => {
                self.at += 2;
                Some(hole())
            }
            (b'(', Dialect::Azure) => self.azure_reference(split).or_else(|| self.shell_dollar(split)),
            _ => self.shell_dollar(split),
        }
    }

    fn shell_dollar(&mut self, split: bool) -> Option<What> {
        let next = *self.rest().get(1)?;
        match next {
            b'(' => self.substitution(),
            b'{' => self.braces(split),
            b'\'' => {
                let close = self.find(self.at + 2, b"'", WINDOW)?;
                self.at = close + 1;
                Some(hole())
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                let rest = &self.rest()[1..];
                let scoped = self.dialect == Dialect::PowerShell && rest.to_ascii_lowercase_prefix(b"env:");
                let skip = if scoped { 4 } else { 0 };
                let len = rest[skip..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                let name = String::from_utf8_lossy(&rest[skip..skip + len]).into_owned();
                self.at += 1 + skip + len;
                Some(named(&name, split))
            }
            b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' => {
                self.at += 2;
                Some(hole())
            }
            _ => None,
        }
    }

    /// `${X}`, `${X[@]}`, `${X:-default}`.
    fn braces(&mut self, split: bool) -> Option<What> {
        let end = self.text.len().min(self.at + WINDOW.min(self.budget));
        let mut depth = 0_usize;
        for at in self.at + 1..end {
            match self.text[at] {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => continue,
            }
            if depth == 0 {
                let inner = std::str::from_utf8(&self.text[self.at + 2..at]).unwrap_or("");
                let what = braced(inner, split);
                self.at = at + 1;
                return Some(what);
            }
        }
        self.spend(end - self.at);
        None
    }

    /// `$(...)`: a few that name a directory are known.
    fn substitution(&mut self) -> Option<What> {
        let close = self.closing_paren(self.at + 1)?;
        let inner = std::str::from_utf8(&self.text[self.at + 2..close]).unwrap_or("");
        let what = substituted(inner);
        self.at = close + 1;
        Some(what)
    }

    fn backticks(&mut self) -> Option<What> {
        let close = self.find(self.at + 1, b"`", WINDOW)?;
        let inner = std::str::from_utf8(&self.text[self.at + 1..close]).unwrap_or("");
        let what = substituted(inner);
        self.at = close + 1;
        Some(what)
    }

    fn make_reference(&mut self, split: bool) -> Option<What> {
        let open = self.at + 1;
        let close = match self.text.get(open) {
            Some(b'{') => self.find(open, b"}", WINDOW)?,
            _ => self.closing_paren(open)?,
        };
        let inner = std::str::from_utf8(&self.text[open + 1..close]).unwrap_or("");
        let what = match inner.trim().strip_prefix("shell ") {
            Some(command) => substituted(command.trim()),
            None if is_dotted(inner) => named(inner, split),
            None => hole(),
        };
        self.at = close + 1;
        Some(what)
    }

    fn azure_reference(&mut self, split: bool) -> Option<What> {
        let close = self.find(self.at + 2, b")", 256)?;
        let inner = std::str::from_utf8(&self.text[self.at + 2..close]).ok()?;
        if !is_dotted(inner) {
            return None;
        }
        let what = named(inner, split);
        self.at = close + 1;
        Some(what)
    }

    /// An expression between `open` bytes and `close`.
    fn enclosed(&mut self, open: usize, close: &[u8], split: bool) -> Option<What> {
        let from = self.at + open;
        let end = self.find(from, close, WINDOW)?;
        let inner = std::str::from_utf8(&self.text[from..end]).unwrap_or("").trim();
        let inner = inner.strip_prefix('.').unwrap_or(inner);
        let what = if is_dotted(inner) { named(inner, split) } else { hole() };
        self.at = end + close.len();
        Some(what)
    }

    fn percent(&mut self, split: bool) -> Option<What> {
        let rest = self.rest();
        if rest.get(..5).is_some_and(|head| head.eq_ignore_ascii_case(b"%~dp0")) {
            self.at += 5;
            return Some(What::Own(String::new()));
        }
        let len = rest[1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if len == 0 || rest.get(1 + len) != Some(&b'%') {
            return None;
        }
        let name = String::from_utf8_lossy(&rest[1..=len]).into_owned();
        self.at += len + 2;
        Some(named(&name, split))
    }
}

trait LowercasePrefix {
    fn to_ascii_lowercase_prefix(&self, prefix: &[u8]) -> bool;
}

impl LowercasePrefix for [u8] {
    fn to_ascii_lowercase_prefix(&self, prefix: &[u8]) -> bool {
        self.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    }
}

fn hole() -> What {
    What::Hole(String::new())
}

fn named(name: &str, split: bool) -> What {
    match name {
        "PSScriptRoot" => What::Own(String::new()),
        _ => What::Variable { name: name.to_owned(), split },
    }
}

/// Letters, digits, `_`, `-` and `.`: names as pipelines have them.
fn is_dotted(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

fn braced(inner: &str, split: bool) -> What {
    let array = inner.strip_suffix("[@]").or_else(|| inner.strip_suffix("[*]"));
    match inner {
        "BASH_SOURCE%/*" | "BASH_SOURCE[0]%/*" | "0%/*" => What::Own(String::new()),
        _ if is_name(inner) => named(inner, split),
        _ if inner.contains('.') && is_dotted(inner) => named(inner, split),
        _ => match array {
            // The words of an array stay words, whatever they hold: see the scope's expansion.
            Some(name) if is_name(name) => What::Variable { name: name.to_owned(), split: true },
            _ => hole(),
        },
    }
}

fn substituted(inner: &str) -> What {
    match inner.trim() {
        "pwd" | "pwd -P" | "CURDIR" => What::Here,
        "git rev-parse --show-toplevel" => What::Directory(crate::resolve::PathPattern::known("")),
        inner => suffix_of_own(inner).map_or_else(hole, |suffix| What::Own(suffix.to_owned())),
    }
}

/// What follows the script's own directory in a command that prints it: `dirname "$0"`,
/// `cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd`. None if it prints something else.
fn suffix_of_own(inner: &str) -> Option<&str> {
    let at = inner.find("dirname")?;
    let (before, after) = (&inner[..at], &inner[at + "dirname".len()..]);
    if before.matches("dirname").count() > 0 || after.contains("dirname") || before.contains("..") {
        return None;
    }
    let names = ["${BASH_SOURCE[0]}", "${BASH_SOURCE}", "$BASH_SOURCE", "${0}", "$0", "readlink -f \"$0\")"];
    let (at, name) = names.iter().filter_map(|name| after.find(name).map(|at| (at, name))).min_by_key(|(at, _)| *at)?;
    let rest = after[at + name.len()..].trim_start_matches(['"', '\'', ')', ' ']);
    let suffix = rest.strip_prefix('/').map_or("", |_| {
        let end = rest.find(['"', '\'', ')', ' ', '&', ';', '$']).unwrap_or(rest.len());
        &rest[..end]
    });
    let tail = rest[suffix.len()..].trim_start_matches(['"', '\'', ')', ' ']).trim_end_matches(')');
    let prints = tail.is_empty()
        || matches!(
            tail.trim(),
            "&& pwd"
                | "; pwd"
                | "&& pwd -P"
                | ">/dev/null 2>&1 && pwd"
                | "> /dev/null 2>&1 && pwd"
                | "&> /dev/null && pwd"
                | "&>/dev/null && pwd"
        );
    prints.then_some(suffix)
}
