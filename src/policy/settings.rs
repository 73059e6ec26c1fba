//! What a rule declares of its options, and what the policy gives it.

use std::collections::BTreeMap;

/// One option of a rule, declared with the rule: the policy's checks, the schema and the documentation derive from it.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its key under `options:`.
    pub name: &'static str,
    /// What it takes, and its default.
    pub kind: OptionKind,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

/// What an option takes.
#[derive(Debug)]
pub enum OptionKind {
    /// A whole number within bounds.
    Integer {
        /// Without the option.
        default: i64,
        /// Least value taken.
        min: i64,
        /// Greatest value taken.
        max: i64,
    },
    /// `true` or `false`.
    Flag {
        /// Without the option.
        default: bool,
    },
    /// A list of strings.
    Strings {
        /// Without the option.
        default: &'static [&'static str],
        /// The only values taken; empty for any.
        allowed: &'static [&'static str],
    },
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// Of [`OptionKind::Integer`].
    Integer(i64),
    /// Of [`OptionKind::Flag`].
    Flag(bool),
    /// Of [`OptionKind::Strings`].
    Strings(Vec<String>),
}

/// The options that a rule runs with: every declared option has a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSettings {
    values: BTreeMap<&'static str, OptionValue>,
}

impl OptionKind {
    /// The value without the option.
    pub fn default_value(&self) -> OptionValue {
        match self {
            OptionKind::Integer { default, .. } => OptionValue::Integer(*default),
            OptionKind::Flag { default } => OptionValue::Flag(*default),
            OptionKind::Strings { default, .. } => {
                OptionValue::Strings(default.iter().map(|text| (*text).to_owned()).collect())
            }
        }
    }
}

impl RuleSettings {
    /// The defaults of the declared options.
    pub fn defaults(specs: &[OptionSpec]) -> Self {
        Self { values: specs.iter().map(|spec| (spec.name, spec.kind.default_value())).collect() }
    }

    /// Of a rule without options.
    pub const fn none() -> Self {
        Self { values: BTreeMap::new() }
    }

    /// Sets a declared option; the caller has checked the value against its [`OptionSpec`].
    pub fn set(&mut self, name: &'static str, value: OptionValue) {
        self.values.insert(name, value);
    }

    /// All options, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &OptionValue)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }

    /// An integer option; 0 if the rule declares none of that name.
    pub fn integer(&self, name: &str) -> i64 {
        match self.values.get(name) {
            Some(OptionValue::Integer(value)) => *value,
            _ => 0,
        }
    }

    /// A flag; false if the rule declares none of that name.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(OptionValue::Flag(true)))
    }

    /// A list of strings; empty if the rule declares none of that name.
    pub fn strings(&self, name: &str) -> &[String] {
        match self.values.get(name) {
            Some(OptionValue::Strings(values)) => values,
            _ => &[],
        }
    }
}
