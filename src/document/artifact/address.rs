//! Addresses as Terraform writes them.

use regex::Regex;
use std::fmt::Write;
use std::sync::LazyLock;

/// What Go's `unicode.IsPrint` calls printable.
static PRINTABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$").expect("the pattern is a literal"));

/// The part of an address that tells instances apart by a string: `["blue"]`, quoted as Terraform does.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/addrs/instance_key.go> (`toHCLQuotedString`)
pub(super) fn string_key(key: &str) -> String {
    let mut quoted = String::with_capacity(key.len() + 4);
    quoted.push_str("[\"");
    let mut rest = key.chars();
    while let Some(character) = rest.next() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '$' | '%' => {
                quoted.push(character);
                if rest.as_str().starts_with('{') {
                    quoted.push(character);
                }
            }
            _ if is_printable(character) => quoted.push(character),
            _ => escape(&mut quoted, u32::from(character)),
        }
    }
    quoted.push_str("\"]");
    quoted
}

/// The part of an address that tells instances apart by a number: `[0]`.
pub(super) fn number_key(number: &str) -> String {
    format!("[{number}]")
}

/// An address inside a module; the root module is empty.
pub(super) fn in_module(module: &str, address: &str) -> String {
    if module.is_empty() { address.to_owned() } else { format!("{module}.{address}") }
}

/// The address of a resource or data source inside its module.
pub(super) fn resource(data: bool, kind: &str, name: &str) -> String {
    format!("{}{kind}.{name}", if data { "data." } else { "" })
}

fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    PRINTABLE.is_match(character.encode_utf8(&mut [0; 4]))
}

fn escape(quoted: &mut String, code: u32) {
    let result = if code < 0x1_0000 { write!(quoted, "\\u{code:04x}") } else { write!(quoted, "\\U{code:08x}") };
    result.expect("a string takes whatever is written");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_quoted_as_terraform_does() {
        assert_eq!(string_key(""), r#"[""]"#);
        assert_eq!(string_key("a b/é"), "[\"a b/é\"]");
        assert_eq!(string_key("a\"\\\n\t\r"), r#"["a\"\\\n\t\r"]"#);
        assert_eq!(string_key("${x} %{y} $ %"), r#"["$${x} %%{y} $ %"]"#);
        assert_eq!(string_key("\u{7f}\u{a0}\u{200b}\u{f0000}"), r#"["\u007f\u00a0\u200b\U000f0000"]"#);
    }
}
