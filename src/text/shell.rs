//! Words and paths as a shell takes them, for the commands of remedies.

use super::RepoPath;

/// A word as sh, bash, zsh and ksh take it: bare where nothing in it is special, else in single quotes. One with
/// control characters stands in `$'...'`, so that a name never breaks a command into lines.
///
/// <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02>
pub fn quote(word: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(bare) {
        return word.to_owned();
    }
    if !word.chars().any(char::is_control) {
        return format!("'{}'", word.replace('\'', r"'\''"));
    }
    let mut quoted = String::from("$'");
    for c in word.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            // In octal, of always three digits: what follows is never taken for a part of it.
            c if c.is_control() => quoted.extend(c.to_string().bytes().map(|byte| format!("\\{byte:03o}"))),
            c => quoted.push(c),
        }
    }
    quoted + "'"
}

/// A path as an argument that no program takes for an option.
pub fn path(path: &RepoPath) -> String {
    let text = path.shown();
    if text.starts_with('-') { quote(&format!("./{text}")) } else { quote(text) }
}

/// A path as git's pathspec, to stand after `--`: it means this path and no other, whatever characters are in it.
///
/// <https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-pathspec>
pub fn pathspec(path: &RepoPath) -> String {
    let text = path.shown();
    let special = text.starts_with(':') || text.contains(['*', '?', '[', '\\']);
    if special { quote(&format!(":(literal){text}")) } else { quote(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (word, quoted) in [
            ("infra/prod.tfstate", "infra/prod.tfstate"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's $HOME `id`; rm -rf ~", r"'it'\''s $HOME `id`; rm -rf ~'"),
            (r#"module.a["x"]"#, r#"'module.a["x"]'"#),
            ("a\nb'\\1", r"$'a\012b\'\\1'"),
            ("a\u{85}b", r"$'a\302\205b'"),
        ] {
            assert_eq!(quote(word), quoted);
        }
    }

    #[test]
    fn paths_are_no_options_and_no_patterns() {
        assert_eq!(path(&RepoPath::new("-rf")), "./-rf");
        assert_eq!(path(&RepoPath::new("")), ".");
        assert_eq!(pathspec(&RepoPath::new("a/b.tfstate")), "a/b.tfstate");
        assert_eq!(pathspec(&RepoPath::new("*.tfstate")), "':(literal)*.tfstate'");
        assert_eq!(pathspec(&RepoPath::new(":/a")), "':(literal):/a'");
    }

    /// The shell itself says what a word means.
    #[cfg(unix)]
    #[test]
    fn bash_reads_what_was_meant() {
        for word in ["", "a b", "it's", "a\nb", "\u{1b}[31m", "\"$(id)\"", "\\", "\\x41", "~", "-e", "é\u{85}9", "a!b"]
        {
            let script = format!("printf %s {}", quote(word));
            let Ok(output) = std::process::Command::new("bash").args(["-c", &script]).output() else { return };
            assert_eq!(String::from_utf8_lossy(&output.stdout), word, "{script}");
        }
    }
}
