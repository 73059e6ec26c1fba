//! Directories as far as a text names them.

use crate::resolve::PathPattern;

/// Stands for a hole while paths are put together. A NUL that is really written is no part of any path.
const HOLE: char = '\0';

/// The directory that `path` means in `base`. A path whose beginning is unknown may be absolute: of `base` nothing is
/// kept then. What leads out of the repository, or to a fixed place on a machine, is unknown.
pub(super) fn join(base: &PathPattern, path: &PathPattern) -> PathPattern {
    let path = raw(path);
    let absolute = path.starts_with(['/', '~']) || path.as_bytes().get(1) == Some(&b':');
    if absolute {
        return PathPattern::anything();
    }
    if path.starts_with(HOLE) {
        return normal(&path);
    }
    normal(&format!("{}/{path}", raw(base)))
}

/// `path`, relative to the repository's root, as seen from `directory`; None where that cannot be told.
pub(super) fn relative(directory: &PathPattern, path: &PathPattern) -> Option<PathPattern> {
    let ups = directory.as_known()?.split('/').filter(|part| !part.is_empty()).count();
    Some(from_raw(&format!("{}{}", "../".repeat(ups), raw(path))))
}

/// Dots and doubled slashes resolved. Nothing is known of what stands before a hole that `..` leads out of.
fn normal(path: &str) -> PathPattern {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", None) => return PathPattern::anything(),
            ("..", Some(last)) if last.contains(HOLE) => {
                parts.pop();
                parts.push("\0");
            }
            ("..", Some(_)) => {
                parts.pop();
            }
            ("\0", Some(&"\0")) => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    // An unknown beginning may be the root itself: no slash is sure to follow it.
    match joined.strip_prefix("\0/") {
        Some(rest) => from_raw(&format!("\0{rest}")),
        None => from_raw(&joined),
    }
}

fn raw(pattern: &PathPattern) -> String {
    pattern.0.join("\0")
}

fn from_raw(text: &str) -> PathPattern {
    PathPattern(text.split(HOLE).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        from_raw(&text.replace('*', "\0"))
    }

    #[test]
    fn paths_are_joined_around_holes() {
        for (base, path, expected) in [
            ("", "infra/", "infra"),
            ("infra", "../other/./x", "other/x"),
            ("infra", "", "infra"),
            ("infra", "..", ""),
            ("infra", "../..", "*"),
            ("infra", "/srv/x", "*"),
            ("infra", "~/x", "*"),
            ("infra", "C:/x", "*"),
            ("envs", "*", "*"),
            ("", "envs/*", "envs/*"),
            ("", "envs/*/app", "envs/*/app"),
            ("", "envs/*/..", "envs/*"),
            ("", "*/app", "*app"),
            ("*", "app", "*app"),
            ("*", "..", "*"),
        ] {
            assert_eq!(join(&pattern(base), &pattern(path)), pattern(expected), "{base} + {path}");
        }
    }

    #[test]
    fn a_path_is_seen_from_a_directory() {
        assert_eq!(relative(&pattern("a/b"), &pattern("env/x.tfvars")), Some(pattern("../../env/x.tfvars")));
        assert_eq!(relative(&pattern(""), &pattern("x")), Some(pattern("x")));
        assert_eq!(relative(&pattern("a*"), &pattern("x")), None);
    }
}
