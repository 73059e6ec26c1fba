//! Commands that run Terraform, found in workflows, pipelines, Makefiles and scripts.

use crate::finding::Place;

/// One `terraform`, `tofu` or `terragrunt` command with the arguments that say what a run gets.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The whole command.
    pub place: Place,
    /// `init`, `plan`, `apply`, ...; empty for arguments that stand alone (`TF_CLI_ARGS_init`).
    pub subcommand: String,
    /// Where it runs, relative to the repository's root, as far as it is known.
    pub directory: PathPattern,
    /// Values of `-backend-config=`, in order.
    pub backend_config: Vec<Argument>,
    /// Values of `-var-file=`, in order.
    pub var_files: Vec<Argument>,
    /// Values of `-var`, in order: `name=value`.
    pub vars: Vec<Argument>,
    /// Whether there may be further arguments that only a run knows (`$ARGS`, `"$@"`).
    pub open: bool,
}

/// The value of one argument.
#[derive(Clone)]
pub struct Argument {
    /// Its text; what only a run knows (shell variables, `${{ ... }}`) is a hole.
    pub text: PathPattern,
    /// Where the value stands, without quotes.
    pub place: Place,
}

/// The text may hold a secret: only its place is formatted.
impl std::fmt::Debug for Argument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Argument").field("place", &self.place).finish_non_exhaustive()
    }
}

/// A text of which parts may be unknown: the known pieces between the holes. One piece is a text wholly known; a hole
/// stands between any two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(pub Vec<String>);

impl PathPattern {
    /// A text without holes.
    pub fn known(text: &str) -> Self {
        Self(vec![text.to_owned()])
    }

    /// A text of which nothing is known.
    pub fn anything() -> Self {
        Self(vec![String::new(), String::new()])
    }

    /// The text, if it has no holes.
    pub fn as_known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// Whether a text is one of those it may be.
    pub fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.0.as_slice() else {
            return self.as_known() == Some(text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for piece in middle {
            match rest.find(piece.as_str()) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_stand_for_anything() {
        let pattern = PathPattern(vec!["env/".into(), ".tfbackend".into()]);
        assert!(pattern.matches("env/prod.tfbackend"));
        assert!(!pattern.matches("env/prod.tfvars"));
        assert!(PathPattern::anything().matches("x"));
        assert!(PathPattern::known("a").matches("a") && !PathPattern::known("a").matches("ab"));
    }
}
