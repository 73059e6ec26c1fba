//! Names that an expression sees beside the module's own.

use super::value::Value;
use compact_str::CompactString;

/// Variables of `for`, `each`, `count`, iterators, variables of templates.
#[derive(Clone, Default)]
pub struct Names(Vec<Named>);

#[derive(Clone)]
struct Named {
    name: CompactString,
    value: Value,
    /// How many levels its evaluation took.
    height: u32,
}

impl Names {
    /// These names and one more, which hides an older one of the same name.
    #[must_use]
    pub fn and(&self, name: &str, value: Value) -> Names {
        self.and_evaluated(name, value, 0)
    }

    /// As [`Names::and`], for a value whose evaluation took so many levels.
    #[must_use]
    pub(super) fn and_evaluated(&self, name: &str, value: Value, height: u32) -> Names {
        let mut names = self.0.clone();
        names.push(Named { name: name.into(), value, height });
        Names(names)
    }

    /// The value of a name, and how many levels its evaluation took.
    pub(super) fn get(&self, name: &str) -> Option<(&Value, u32)> {
        self.0.iter().rev().find(|named| named.name == name).map(|named| (&named.value, named.height))
    }
}
