//! The command line of Terraform, which every version writes to its log as it was given.

use super::Named;
use super::written::Written;
use crate::rules::names::names_a_secret;
use memchr::memmem;

/// What stands before the arguments: `log.Printf("[INFO] CLI args: %#v", os.Args)`, `... CLI command args: %#v`.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/main.go>,
/// <https://github.com/hashicorp/terraform/blob/v0.11.15/main.go>
const OPENINGS: [&str; 2] = ["CLI args: []string{", "CLI command args: []string{"];

/// Options that are followed by a name and its value.
const PAIRS: [&str; 2] = ["var", "backend-config"];

/// Arguments that are read of one command.
const MAX_ARGUMENTS: usize = 2000;

/// The values of the arguments whose names are those of secrets. Unlike elsewhere in a log, where each of them ends is
/// certain.
pub(super) fn secrets(text: &str) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    for opening in OPENINGS {
        for at in memmem::find_iter(text.as_bytes(), opening) {
            read(text, at + opening.len(), &mut found);
        }
    }
    found
}

fn read<'t>(text: &'t str, mut at: usize, found: &mut Vec<Named<'t>>) {
    let mut pair_follows = false;
    for _ in 0..MAX_ARGUMENTS {
        let Some(argument) = Written::at(text, at).filter(|argument| argument.layers > 0) else { return };
        let raw = &text[argument.range.clone()];
        let option = raw.strip_prefix('-').map(|option| option.strip_prefix('-').unwrap_or(option));
        let pair = match option.and_then(|option| option.split_once('=')) {
            Some((name, pair)) if PAIRS.contains(&name) => pair,
            Some(_) => option.unwrap_or_default(),
            None if pair_follows => raw,
            None => "",
        };
        pair_follows = option.is_some_and(|option| PAIRS.contains(&option));
        if let Some((name, value)) = pair.split_once('=')
            && names_a_secret(name)
        {
            let start = argument.range.end - value.len();
            let written = Written { range: start..argument.range.end, ..argument };
            found.push(Named { name, written, certain: true });
        }
        let Some(next) = text[argument.end..].strip_prefix(", ") else { return };
        at = text.len() - next.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, String)> {
        secrets(text).iter().map(|named| (named.name, named.written.value(text))).collect()
    }

    #[test]
    fn arguments_as_terraform_writes_them() {
        let log = r#"CLI args: []string{"terraform", "plan", "-var", "db_password=Rk2d Yf7\"PsUo9WgEn", "-var=api_token=x=y", "-var", "region=eu", "-backend-config=secret_key=a/b", "--backend-config", "token=c", "-token=d", "-lock=false", "x=y"}"#;
        let expected = [
            ("db_password", "Rk2d Yf7\"PsUo9WgEn"),
            ("api_token", "x=y"),
            ("secret_key", "a/b"),
            ("token", "c"),
            ("token", "d"),
        ];
        assert_eq!(found(log), expected.map(|(name, value)| (name, value.to_owned())));
        let json = format!("{{\"@message\":{}}}", serde_json::to_string(log).expect("a string"));
        assert_eq!(found(&json), expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn what_is_cut_short_is_let_go() {
        for text in ["CLI args: []string{", "CLI args: []string{\"a", "CLI args: []string{\"-var\", \"password=", ""] {
            assert_eq!(found(text), []);
        }
        assert_eq!(found("CLI args: []string{\"terraform\", \"output\", \"db_password\"}"), []);
    }
}
