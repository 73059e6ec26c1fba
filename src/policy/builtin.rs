//! The policies that the program brings along. They are computed from what the rules recommend; the files in
//! `policies/` are their printed form.

use super::model::RuleInfo;
use crate::finding::Level;
use std::fmt::Write as _;

/// A policy that `extends` and `--policy` know by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// Every rule at the level it recommends. What holds where nothing else is said.
    Recommended,
    /// Warnings are errors, and what is off by default warns.
    Strict,
    /// What the rules recommend as an error, and nothing else.
    Minimal,
}

impl BuiltIn {
    /// All of them.
    pub const ALL: [BuiltIn; 3] = [BuiltIn::Minimal, BuiltIn::Recommended, BuiltIn::Strict];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            BuiltIn::Minimal => "minimal",
            BuiltIn::Recommended => "recommended",
            BuiltIn::Strict => "strict",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<BuiltIn> {
        Self::ALL.into_iter().find(|policy| policy.name() == name)
    }

    /// Its level for a rule that recommends `recommended`.
    pub fn level(self, recommended: Level) -> Level {
        match (self, recommended) {
            (BuiltIn::Strict, Level::Warning) => Level::Error,
            (BuiltIn::Strict, Level::Off) => Level::Warning,
            (BuiltIn::Minimal, level) if level < Level::Error => Level::Off,
            (_, level) => level,
        }
    }

    fn summary(self) -> &'static str {
        match self {
            BuiltIn::Minimal => "only what is an error by recommendation",
            BuiltIn::Recommended => "every rule at the level it recommends",
            BuiltIn::Strict => "warnings are errors, and what is off by default warns",
        }
    }
}

/// A built-in policy as a policy file. The committed files are compared with it in a test.
pub fn builtin_text(policy: BuiltIn, rules: &[RuleInfo]) -> String {
    let name = policy.name();
    let mut out = format!(
        "# The built-in policy `{name}`: {}.\n# Written from the rules by a test; use it with `extends: [{name}]`.\n\
         version: 1\nextends: []\nrules:{}\n",
        policy.summary(),
        if rules.is_empty() { " {}" } else { "" }
    );
    for rule in rules {
        // A string takes what is written to it without error.
        let _ = writeln!(out, "  {}: {}", rule.id, policy.level(rule.recommended).as_str());
    }
    out
}
