//! Text inside HTML and SVG, in elements and in quoted attributes. The templates write all that they insert through it.

use super::TerminalText;
use askama::filters::{Escaper, Html};
use std::fmt::{self, Write};

/// Escapes what HTML takes for its own (`<`, `>`, `&`, `"`, `'`), and shows what is invisible or reorders as
/// [`TerminalText`] does. `src/output/html/askama.toml` names it for every template.
#[derive(Clone, Copy, Debug)]
pub(in crate::output) struct HtmlText;

impl Escaper for HtmlText {
    fn write_escaped_str<W: Write>(&self, dest: W, text: &str) -> fmt::Result {
        Html.write_escaped_str(dest, TerminalText::new(text).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_and_nothing_hides() {
        for (text, expected) in [
            ("plain é 漢", "plain é 漢"),
            ("<script>alert(1)</script>", "&#60;script&#62;alert(1)&#60;/script&#62;"),
            ("\" onload='x' &amp;", "&#34; onload=&#39;x&#39; &#38;amp;"),
            ("a\u{202e}b\nc", "a\\u{202e}b\\u{a}c"),
        ] {
            let mut out = String::new();
            HtmlText.write_escaped_str(&mut out, text).expect("a String takes everything");
            assert_eq!(out, expected);
        }
    }
}
