//! Conditions over claims as Google (CEL) and Microsoft write them, as far as they are comparisons joined by and, or, not.
//!
//! <https://github.com/google/cel-spec/blob/master/doc/langdef.md>,
//! <https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials>

use super::claims::{is_universal, reach};
use super::{Issuer, Reach};
use crate::resolve::{Kind, Value};
use crate::rules::iam::Token;

/// Parentheses and negations within each other, at most.
const MAX_DEPTH: usize = 32;
/// Longest expression that is read; Google's are bounded by 4,096 characters.
const MAX_LENGTH: usize = 8_192;
/// Stands for a part of the text that is not known; of Unicode's private use.
const HOLE: char = '\u{e000}';

/// The claim that a name in an expression stands for: `assertion.repository` for `repository`.
pub(super) type ClaimOf<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Who meets a condition.
pub(super) fn who_meets(issuer: &Issuer, condition: &Value, claim_of: ClaimOf<'_>) -> Reach {
    let mut text = String::new();
    match &condition.kind {
        Kind::String(known) => text.push_str(known),
        Kind::Partial(parts) => parts.iter().for_each(|part| match part.as_str() {
            Some(known) => text.push_str(known),
            None => text.push(HOLE),
        }),
        _ => return Reach::Unknown,
    }
    let lexed = (text.len() <= MAX_LENGTH).then(|| lex(&text)).flatten();
    let Some(lexemes) = lexed else { return Reach::Unknown };
    let mut parser = Parser { issuer, claim_of, lexemes: &lexemes, at: 0 };
    let found = parser.any(false, 0);
    found.filter(|_| parser.at == lexemes.len()).unwrap_or(Reach::Unknown)
}

#[derive(Clone, Debug, PartialEq)]
enum Lexeme {
    /// A name with what is selected of it: `assertion.sub`, `claims['sub']` as `claims.sub`.
    Name(String),
    /// A string.
    Text(Vec<Token>),
    /// An operator or bracket.
    Sign(&'static str),
}

fn lex(text: &str) -> Option<Vec<Lexeme>> {
    const SIGNS: [&str; 12] = ["&&", "||", "==", "!=", "!", "(", ")", "[", "]", ",", "<", ">"];
    let mut lexemes = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' || first == '"' {
            let (inner, length) = quoted(rest, first)?;
            lexemes.push(Lexeme::Text(inner));
            length
        } else if first.is_ascii_alphabetic() || first == '_' {
            let (name, length) = name(rest)?;
            lexemes.push(match name.as_str() {
                "and" => Lexeme::Sign("&&"),
                "eq" => Lexeme::Sign("=="),
                _ => Lexeme::Name(name),
            });
            length
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            lexemes.push(Lexeme::Sign(sign));
            sign.len()
        };
        rest = rest[length..].trim_start();
    }
    Some(lexemes)
}

/// A string's content and its length with quotes; None of one that does not end, or with an escape other than of a
/// quote or backslash.
fn quoted(text: &str, quote: char) -> Option<(Vec<Token>, usize)> {
    let mut inner = Vec::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => match characters.next()?.1 {
                escaped @ ('\\' | '\'' | '"') => inner.push(Token::Char(escaped)),
                _ => return None,
            },
            HOLE => inner.push(Token::Hole),
            _ if c == quote => return Some((inner, at + 1)),
            _ => inner.push(Token::Char(c)),
        }
    }
    None
}

/// A name with what is selected of it, by dots and by quoted indexes.
fn name(text: &str) -> Option<(String, usize)> {
    let plain =
        |text: &str| text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(text.len());
    let mut length = plain(text);
    let mut name = text[..length].to_owned();
    while let Some(index) = text[length..].strip_prefix('[').filter(|index| index.starts_with(['\'', '"'])) {
        let (key, end) = quoted(index, index.chars().next()?)?;
        let key = key.into_iter().map(|token| if let Token::Char(c) = token { Some(c) } else { None });
        name = format!("{name}.{}", key.collect::<Option<String>>()?);
        let after = index[end..].strip_prefix(']')?;
        length = text.len() - after.len();
        let more = plain(after);
        name.push_str(&after[..more]);
        length += more;
    }
    Some((name, length))
}

struct Parser<'a> {
    issuer: &'a Issuer,
    claim_of: ClaimOf<'a>,
    lexemes: &'a [Lexeme],
    at: usize,
}

/// Each tells who meets what it reads, or, `negated`, who does not; None of what cannot be read.
impl Parser<'_> {
    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.lexemes.get(self.at), Some(Lexeme::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self, negated: bool, depth: usize) -> Option<Reach> {
        let mut met = self.all(negated, depth)?;
        while self.take("||") {
            met = joined(met, self.all(negated, depth)?, negated);
        }
        Some(met)
    }

    fn all(&mut self, negated: bool, depth: usize) -> Option<Reach> {
        let mut met = self.one(negated, depth)?;
        while self.take("&&") {
            met = joined(met, self.one(negated, depth)?, !negated);
        }
        Some(met)
    }

    fn one(&mut self, negated: bool, depth: usize) -> Option<Reach> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.take("!") {
            return self.one(!negated, depth + 1);
        }
        if self.take("(") {
            let met = self.any(negated, depth + 1)?;
            return self.take(")").then_some(met);
        }
        self.comparison(negated)
    }

    fn next(&mut self) -> Option<Lexeme> {
        self.at += 1;
        self.lexemes.get(self.at - 1).cloned()
    }

    fn comparison(&mut self, negated: bool) -> Option<Reach> {
        match self.next()? {
            Lexeme::Name(name) if name == "true" || name == "false" => {
                Some(if (name == "true") != negated { Reach::Anyone } else { Reach::Narrow })
            }
            Lexeme::Text(text) => {
                let negated = self.equality(negated)?;
                let Lexeme::Name(name) = self.next()? else { return None };
                Some(self.claim(&name, &[text], negated))
            }
            Lexeme::Name(name) => self.of_name(&name, negated),
            Lexeme::Sign(_) => None,
        }
    }

    fn of_name(&mut self, name: &str, negated: bool) -> Option<Reach> {
        if self.take("(") {
            let Lexeme::Text(argument) = self.next()? else { return None };
            let (claim, method) = name.rsplit_once('.')?;
            let pattern = match method {
                "startsWith" => [argument, vec![Token::Many]].concat(),
                "endsWith" => [vec![Token::Many], argument].concat(),
                "contains" => [vec![Token::Many], argument, vec![Token::Many]].concat(),
                // A regular expression, which is not evaluated.
                "matches" => vec![Token::Hole],
                _ => return None,
            };
            return self.take(")").then(|| self.claim(claim, &[pattern], negated));
        }
        if self.word("in") {
            let values = self.list()?;
            return Some(self.claim(name, &values, negated));
        }
        if self.word("matches") {
            let Lexeme::Text(text) = self.next()? else { return None };
            return Some(self.claim(name, &[wildcards(text)], negated));
        }
        let negated = self.equality(negated)?;
        match self.next()? {
            Lexeme::Text(text) => Some(self.claim(name, &[text], negated)),
            // Of two claims nothing is known, nor of numbers.
            Lexeme::Name(_) => Some(Reach::Unknown),
            Lexeme::Sign(_) => None,
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.lexemes.get(self.at), Some(Lexeme::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    fn equality(&mut self, negated: bool) -> Option<bool> {
        if self.take("==") {
            return Some(negated);
        }
        self.take("!=").then_some(!negated)
    }

    fn list(&mut self) -> Option<Vec<Vec<Token>>> {
        let mut values = Vec::new();
        if !self.take("[") {
            return None;
        }
        while !self.take("]") {
            let Lexeme::Text(text) = self.next()? else { return None };
            values.push(text);
            self.take(",");
        }
        Some(values)
    }

    /// Who has a claim that is one of these, or none of them.
    fn claim(&self, name: &str, values: &[Vec<Token>], negated: bool) -> Reach {
        let Some(claim) = (self.claim_of)(name) else { return Reach::Unknown };
        if negated {
            return besides(values);
        }
        let met = values.iter().map(|value| reach(self.issuer, &claim, value).unwrap_or(Reach::Unknown));
        met.max().unwrap_or(Reach::Narrow)
    }
}

/// Who has a claim that none of these patterns matches: everybody can choose another, unless one matches all.
pub(super) fn besides(patterns: &[Vec<Token>]) -> Reach {
    if patterns.iter().any(|pattern| is_universal(pattern)) {
        Reach::Narrow
    } else if patterns.iter().any(|pattern| pattern.iter().all(|token| matches!(token, Token::Hole | Token::Many))) {
        Reach::Unknown
    } else {
        Reach::Anyone
    }
}

fn joined(one: Reach, other: Reach, both: bool) -> Reach {
    if both { one.min(other) } else { one.max(other) }
}

/// Microsoft's wildcards are `*` and `?`.
fn wildcards(text: Vec<Token>) -> Vec<Token> {
    let wildcard = |token| match token {
        Token::Char('*') => Token::Many,
        Token::Char('?') => Token::One,
        other => other,
    };
    text.into_iter().map(wildcard).collect()
}

#[cfg(test)]
mod tests {
    use super::super::issuer_of;
    use super::*;
    use crate::resolve::Reason;

    fn of(condition: &Value) -> Reach {
        let issuer = issuer_of("token.actions.githubusercontent.com").expect("an issuer");
        let claim_of = |name: &str| name.rsplit_once('.').map(|(_, claim)| claim.to_owned());
        who_meets(issuer, condition, &claim_of)
    }

    fn met(condition: &str) -> Reach {
        of(&Value::string(condition))
    }

    #[test]
    fn comparisons() {
        assert_eq!(met("assertion.repository == 'org/repo'"), Reach::Narrow);
        assert_eq!(met("assertion.repository_owner==\"org\""), Reach::Organisation);
        assert_eq!(met("'org' == assertion.repository_owner"), Reach::Organisation);
        assert_eq!(met("assertion['repository'] in ['org/a', 'org/b']"), Reach::Narrow);
        assert_eq!(met("assertion.sub.startsWith('repo:org/')"), Reach::Organisation);
        assert_eq!(met("assertion.sub.startsWith('repo:org')"), Reach::Anyone);
        assert_eq!(met("assertion.repository.endsWith('/infra')"), Reach::Anyone);
        assert_eq!(met("assertion.ref == 'refs/heads/main'"), Reach::Anyone);
        assert_eq!(met("assertion.repository_owner != 'evil'"), Reach::Anyone);
        assert_eq!(met("claims['sub'] matches 'repo:org/repo:ref:refs/heads/*'"), Reach::Narrow);
        assert_eq!(met("claims['sub'] matches 'repo:*' and claims['sub'] eq 'repo:o/r:pull_request'"), Reach::Narrow);
        assert_eq!(met("true"), Reach::Anyone);
    }

    #[test]
    fn joined_comparisons() {
        let owner = "assertion.repository_owner == 'org'";
        assert_eq!(met(&format!("{owner} && assertion.ref == 'refs/heads/main'")), Reach::Organisation);
        assert_eq!(met(&format!("{owner} || assertion.ref == 'refs/heads/main'")), Reach::Anyone);
        assert_eq!(met(&format!("!({owner})")), Reach::Anyone);
        assert_eq!(met("!(assertion.repository_owner != 'org')"), Reach::Organisation);
        assert_eq!(met("!(assertion.repository_owner != 'org' || assertion.ref == 'x')"), Reach::Organisation);
        assert_eq!(met(&format!("({owner} && (assertion.repository == 'org/repo'))")), Reach::Narrow);
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        let deep = format!("{}true{}", "(".repeat(5_000 / 2), ")".repeat(5_000 / 2));
        for text in [
            "",
            "assertion.repository.matches('^org/.*$')",
            "assertion.repository_owner",
            "assertion.repository == 'org",
            "assertion.repository == assertion.x",
            "size(assertion.sub) > 3",
            "true true",
            &deep,
        ] {
            assert_eq!(met(text), Reach::Unknown, "{text}");
        }
        let unknown = Value::unknown(Reason::NoDefault("var.owner".into()));
        let parts = [Value::string("assertion.repository_owner == '"), unknown.clone(), Value::string("'")];
        assert_eq!(of(&Value::new(Kind::Partial(parts.as_slice().into()))), Reach::Unknown);
        assert_eq!(of(&unknown), Reach::Unknown);
    }
}
