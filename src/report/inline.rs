//! The text of an inline ignore: `credlint:ignore RULE[,RULE] reason="..." [expires=YYYY-MM-DD]`.

use jiff::civil::Date;

/// An ignore as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inline {
    pub(super) rules: Vec<String>,
    pub(super) reason: Option<String>,
    pub(super) expires: Option<Date>,
}

/// Reads the ignore in a comment. None if it cannot be understood: no rule, an unknown word, a date that is none.
pub(super) fn parse(comment: &str) -> Option<Inline> {
    let (_, text) = comment.split_once("credlint:ignore")?;
    let mut rest = text.trim_start();
    if rest.len() == text.len() {
        return None;
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let rules: Vec<String> = rest[..end].split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    if rules.is_empty() || rules.iter().any(|id| id.contains('=')) {
        return None;
    }
    rest = rest[end..].trim();
    let mut inline = Inline { rules, reason: None, expires: None };
    while !rest.is_empty() && rest != "*/" {
        rest = if let Some(quoted) = rest.strip_prefix("reason=\"") {
            let (reason, rest) = quoted.split_once('"')?;
            inline.reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
            rest
        } else {
            let word = rest.strip_prefix("expires=")?;
            let end = word.find(char::is_whitespace).unwrap_or(word.len());
            inline.expires = Some(word[..end].trim_matches('"').parse().ok()?);
            &word[end..]
        }
        .trim();
    }
    Some(inline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rules_reason_and_date() {
        let inline = parse("# credlint:ignore a-b,c reason=\"moved, see 12\" expires=2027-01-31").unwrap();
        assert_eq!(inline.rules, ["a-b", "c"]);
        assert_eq!(inline.reason.as_deref(), Some("moved, see 12"));
        assert_eq!(inline.expires, Some(jiff::civil::date(2027, 1, 31)));
        assert_eq!(parse("/* credlint:ignore a */").unwrap().reason, None);
        assert_eq!(parse("// credlint:ignore a reason=\"\"").unwrap().reason, None);
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for comment in [
            "# credlint:ignore",
            "# credlint:ignorea",
            "# credlint:ignore reason=\"x\"",
            "# credlint:ignore a reason=x",
            "# credlint:ignore a reason=\"x",
            "# credlint:ignore a expires=2027-02-30",
            "# credlint:ignore a b",
        ] {
            assert_eq!(parse(comment), None, "{comment}");
        }
    }
}
