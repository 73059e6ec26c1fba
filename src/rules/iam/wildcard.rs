//! Wildcards as IAM matches them, against texts of which parts may not be known.
//!
//! `*` stands for any text, `?` for any one character, `${*}`, `${?}` and `${$}` for the characters themselves, and
//! other `${...}` for what a request supplies.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

/// Longest pattern or text that is compared; IAM's own documents are bounded by 20 KB in all.
const MAX_TOKENS: usize = 1_024;

/// A piece of a pattern or of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// This character.
    Char(char),
    /// Any one character.
    One,
    /// Any text.
    Many,
    /// A text that is not known.
    Hole,
    /// The nth text that is not known of the thing itself that is looked for: equal wherever it stands.
    Open(usize),
}

/// The tokens of a pattern's known text.
pub(super) fn pattern(text: &str, tokens: &mut Vec<Token>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let variable = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'));
        if let Some((name, after)) = variable {
            tokens.push(match name {
                "*" => Token::Char('*'),
                "?" => Token::Char('?'),
                "$" => Token::Char('$'),
                _ => Token::Hole,
            });
            rest = after;
            continue;
        }
        tokens.push(match first {
            '*' => Token::Many,
            '?' => Token::One,
            other => Token::Char(other),
        });
        rest = &rest[first.len_utf8()..];
    }
}

/// The tokens of the thing that is looked for, in whose text a `*` stands for what is not known.
pub(super) fn sought(text: &str, tokens: &mut Vec<Token>) {
    let mut open = 0..;
    tokens.extend(text.chars().map(|c| match c {
        '*' => Token::Open(open.next().unwrap_or_default()),
        other => Token::Char(other),
    }));
}

/// Whether a pattern matches a text whatever the unknown parts of both are; the text holds no wildcards.
pub(super) fn surely_matches(pattern: &[Token], text: &[Token]) -> bool {
    compare(pattern, text, |one, other| match (one, other) {
        (Token::Char(a), Token::Char(b)) => a == b,
        (Token::Open(a), Token::Open(b)) => a == b,
        (Token::One, Token::Char(_)) => true,
        _ => false,
    })
}

/// Whether a pattern can match a text, the unknown parts of both being what they may.
pub(super) fn may_match(pattern: &[Token], text: &[Token]) -> bool {
    let too_long = pattern.len() > MAX_TOKENS || text.len() > MAX_TOKENS;
    too_long || intersects(pattern, text)
}

/// Whether `Many` in the pattern takes up what the other tokens leave, these being compared one by one.
fn compare(pattern: &[Token], text: &[Token], same: impl Fn(Token, Token) -> bool) -> bool {
    if pattern.len() > MAX_TOKENS || text.len() > MAX_TOKENS {
        return false;
    }
    // The last `Many` and what it took up so far: going back further is never needed.
    let (mut at, mut of, mut last) = (0, 0, None);
    while of < text.len() {
        if pattern.get(at) == Some(&Token::Many) {
            last = Some((at, of));
            at += 1;
        } else if at < pattern.len() && same(pattern[at], text[of]) {
            at += 1;
            of += 1;
        } else if let Some((many, taken)) = last {
            last = Some((many, taken + 1));
            (at, of) = (many + 1, taken + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|token| *token == Token::Many)
}

/// Whether any text is matched by both.
fn intersects(one: &[Token], other: &[Token]) -> bool {
    let any = |token: Token| matches!(token, Token::Many | Token::Hole | Token::Open(_));
    // Row by row: whether the first tokens of one and the first of the other have a text in common.
    let mut row = vec![false; other.len() + 1];
    for at in 0..=one.len() {
        let mut next = vec![false; other.len() + 1];
        for of in 0..=other.len() {
            next[of] = (at == 0 && of == 0)
                || (at > 0 && any(one[at - 1]) && (row[of] || (of > 0 && next[of - 1])))
                || (of > 0 && any(other[of - 1]) && (next[of - 1] || (at > 0 && row[of])))
                || (at > 0 && of > 0 && row[of - 1] && meet(one[at - 1], other[of - 1]));
        }
        row = next;
    }
    row[other.len()]
}

/// Whether two tokens for one character can be the same.
fn meet(one: Token, other: Token) -> bool {
    match (one, other) {
        (Token::Char(a), Token::Char(b)) => a == b,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        pattern(text, &mut tokens);
        tokens
    }

    fn text(known: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        sought(known, &mut tokens);
        tokens
    }

    #[test]
    fn wildcards_are_those_of_iam() {
        for (pattern, matched) in [
            ("s3:*", "s3:GetObject"),
            ("s3:Get*", "s3:GetObject"),
            ("s3:?et*ect", "s3:GetObject"),
            ("*", ""),
            ("a*b*c", "aXbYbZc"),
            ("arn:aws:s3:::b/${?}", "arn:aws:s3:::b/?"),
        ] {
            assert!(surely_matches(&of(pattern), &text(matched)), "{pattern} {matched}");
            assert!(may_match(&of(pattern), &text(matched)), "{pattern} {matched}");
        }
        for (pattern, other) in
            [("s3:Get*", "s3:PutObject"), ("s3:?", "s3:"), ("a*b", "ab c"), ("", "a"), ("${*}", "x"), ("a[b]", "ab")]
        {
            assert!(!surely_matches(&of(pattern), &text(other)), "{pattern} {other}");
            assert!(!may_match(&of(pattern), &text(other)), "{pattern} {other}");
        }
    }

    #[test]
    fn unknown_parts_may_match_and_do_not_surely() {
        let arn = "arn:aws:dynamodb:*:*:table/lock";
        assert!(surely_matches(&of("arn:aws:dynamodb:*:*:table/lock"), &text(arn)));
        assert!(surely_matches(&of("*"), &text(arn)));
        let exact = of("arn:aws:dynamodb:eu-west-1:111122223333:table/lock");
        assert!(!surely_matches(&exact, &text(arn)) && may_match(&exact, &text(arn)));
        assert!(!may_match(&of("arn:aws:dynamodb:eu-west-1:111122223333:table/other"), &text(arn)));
        let own = of("arn:aws:s3:::home/${aws:username}/*");
        assert!(!surely_matches(&own, &text("arn:aws:s3:::home/a/b")));
        assert!(may_match(&own, &text("arn:aws:s3:::home/a/b")) && !may_match(&own, &text("arn:aws:s3:::other/a/b")));
    }

    #[test]
    fn the_thing_itself_matches_itself() {
        let arn = text("arn:aws:dynamodb:*:*:table/lock");
        assert!(surely_matches(&arn, &arn));
        let index: Vec<Token> = arn.iter().copied().chain(of("/index/*")).collect();
        assert!(!may_match(&index, &text("arn:aws:dynamodb:eu-west-1:1:table/lock")));
    }

    #[test]
    fn long_patterns_take_bounded_time() {
        let (many, long) = ("*a".repeat(100_000), "a".repeat(100_000));
        assert!(!surely_matches(&of(&many), &text(&long)) && may_match(&of(&many), &text(&long)));
        let (many, long) = ("*a".repeat(500), "a".repeat(1_000));
        assert!(surely_matches(&of(&many), &text(&long)));
    }
}
