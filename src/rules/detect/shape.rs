//! What credentials are made of: classes of characters, the edges of a word, randomness.

/// A set of ASCII characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(u128);

impl Class {
    pub(super) const DIGITS: Class = Class::of(b"0123456789");
    pub(super) const UPPER: Class = Class::of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    pub(super) const LOWER: Class = Class::of(b"abcdefghijklmnopqrstuvwxyz");
    pub(super) const LETTERS: Class = Class::UPPER.and(Class::LOWER);
    pub(super) const ALNUM: Class = Class::LETTERS.and(Class::DIGITS);
    pub(super) const UPPER_ALNUM: Class = Class::UPPER.and(Class::DIGITS);
    pub(super) const LOWER_ALNUM: Class = Class::LOWER.and(Class::DIGITS);
    /// Lower-case hexadecimal.
    pub(super) const HEX: Class = Class::DIGITS.and(Class::of(b"abcdef"));
    /// A UUID's characters.
    pub(super) const UUID: Class = Class::HEX.and(Class::of(b"-"));
    /// RFC 4648, section 4, without padding.
    pub(super) const BASE64: Class = Class::ALNUM.and(Class::of(b"+/"));
    /// RFC 4648, section 5, without padding.
    pub(super) const BASE64_URL: Class = Class::ALNUM.and(Class::of(b"-_"));
    /// What a token in a header may be made of: RFC 6750, section 2.1.
    pub(super) const BEARER: Class = Class::ALNUM.and(Class::of(b"-._~+/="));
    /// Printable and not a space.
    pub(super) const PRINTABLE: Class = Class::ALNUM.and(Class::of(b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"));

    /// The class of these characters.
    pub(super) const fn of(characters: &[u8]) -> Class {
        let (mut bits, mut index) = (0, 0);
        while index < characters.len() {
            bits |= 1 << characters[index];
            index += 1;
        }
        Class(bits)
    }

    /// The characters of both.
    pub(super) const fn and(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }

    /// Whether a byte is one of them.
    pub(super) const fn has(self, byte: u8) -> bool {
        byte < 128 && self.0 & (1 << byte) != 0
    }

    /// Whether a text is made of them alone.
    pub(super) fn all(self, text: &str) -> bool {
        text.bytes().all(|byte| self.has(byte))
    }

    /// How many bytes from an offset on are of the class; no more than `most` are looked at.
    pub(super) fn run(self, text: &str, from: usize, most: usize) -> usize {
        text.as_bytes()[from..].iter().take(most).take_while(|byte| self.has(**byte)).count()
    }

    /// How many bytes before an offset are of the class; no more than `most` are looked at.
    pub(super) fn run_before(self, text: &str, to: usize, most: usize) -> usize {
        text.as_bytes()[..to].iter().rev().take(most).take_while(|byte| self.has(**byte)).count()
    }
}

/// Whether a word may begin at an offset: no letter or digit stands before it, save one that is the end of an escape
/// such as `\n` in text that nobody has decoded.
pub(super) fn begins(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[..at];
    match before {
        [.., b'\\', b'n' | b'r' | b't'] => true,
        // `%3D` and its like, in URLs; `\u0026`, as JSON writes `&`.
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => true,
        [.., b'\\', b'u', b'0', b'0', _, _] => true,
        [.., last] => !last.is_ascii_alphanumeric(),
        [] => true,
    }
}

/// The byte after an offset, 0 at the end.
pub(super) fn byte_at(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or_default()
}

/// The part of a text around a range: up to `before` bytes before it and `after` bytes after it.
pub(super) fn window(
    text: &str,
    range: &std::ops::Range<usize>,
    before: usize,
    after: usize,
) -> std::ops::Range<usize> {
    let mut start = range.start.saturating_sub(before);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = range.end.saturating_add(after).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start.min(range.start)..end.max(range.end)
}

/// Shannon's entropy in bits a character.
pub(super) fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = text.len() as f64;
    let part = |count: &u32| {
        let share = f64::from(*count) / length;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(part).sum()
}

/// Whether a text looks as if a machine had made it: not `xxxxxxxx`, not `abababab`. Of texts too short to tell, yes.
pub(super) fn is_random(text: &str) -> bool {
    text.len() < 12 || entropy(text) >= 2.8
}

/// Whether a text waits for another program to fill it in: `${token}`, `{{ token }}`, `$TOKEN`, `<token>`, `%s`, `***`.
pub(super) fn is_template(text: &str) -> bool {
    const MARKS: [&str; 7] = ["${", "$(", "{{", "%{", "#{", "***", "..."];
    let variable = text.strip_prefix('$').is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    let format = matches!(text, "%s" | "%v" | "%d" | "%q" | "{}" | "%w");
    let brackets = (text.contains('<') && text.contains('>')) || (text.starts_with('{') && text.ends_with('}'));
    variable || format || brackets || MARKS.iter().any(|mark| text.contains(mark))
}

/// Whether a value that stands in no quotes is an expression of names: `data.vault_token.x.client_token`,
/// `process.env.API_TOKEN`, `component.vault["a"].token`.
pub(super) fn is_expression(text: &str) -> bool {
    let name = |part: &str| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let long = part.len() > 24 && has_capitals(part);
        !long && part.len() - letters.len() <= 3 && Class::LETTERS.all(letters)
    };
    text.contains('.') && text.split(['.', '_', '-', '[', ']']).all(name)
}

/// Whether two capitals follow one another: in a word of a program's they seldom do, in what a machine made often.
fn has_capitals(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_uppercase))
}

/// Whether a value that stands in no quotes is the name of a variable: several words, marked as such, and hardly a digit.
pub(super) fn is_variable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let words = bytes.iter().any(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    digits <= 2 && words && !has_capitals(text) && Class::ALNUM.and(Class::of(b"_")).all(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_of_words() {
        for (text, expected) in [("x", false), ("=", true), ("", true), ("\\n", true), ("%3D", true), ("n", false)] {
            assert_eq!(begins(&format!("{text}ghp"), text.len()), expected, "{text}");
        }
    }

    #[test]
    fn runs_stay_within_bounds() {
        assert_eq!(Class::HEX.run("xabcg", 1, 9), 3);
        assert_eq!(Class::HEX.run("abc", 3, 9), 0);
        assert_eq!(Class::HEX.run("abcdef", 0, 2), 2);
        assert_eq!(Class::HEX.run_before("xabc", 4, 9), 3);
    }

    #[test]
    fn windows_keep_to_characters() {
        let text = "ééééabcéééé";
        let range = window(text, &(8..11), 3, 3);
        assert_eq!(&text[range], "éabcé");
    }

    #[test]
    fn expressions() {
        for text in [
            "aws_cognito_user_pool_client.app2_client.client_secret",
            "process.env.TOKEN",
            "var.a-b[0].x",
            "o.AzureServicePrincipalClientSecret",
        ] {
            assert!(is_expression(text), "{text}");
        }
        for text in ["a1b2.c3d4", "password", "x.8Q2kd0Lz7VbN", "Kv7.fQ2mXw9"] {
            assert!(!is_expression(text), "{text}");
        }
    }

    #[test]
    fn variables() {
        assert!(is_variable("transformedOauth2ClientSecretWo") && is_variable("client_secret"));
        assert!(!is_variable("ExampleExample0123456789exampleExample") && !is_variable("kQzVWtYuRbNcXmPd"));
        assert!(!is_variable("qwmzkxjvhbtyplfnrsdgca"));
    }

    #[test]
    fn templates() {
        for text in ["${var.x}", "$TOKEN", "{{ .Values.x }}", "<token>", "%s", "****", "a${b}c", "{token}"] {
            assert!(is_template(text), "{text}");
        }
        for text in ["hunter2", "pa$$word", "$ecret!", "a<b"] {
            assert!(!is_template(text), "{text}");
        }
    }
}
