//! Which rules hold where, at what level, with which exceptions. Invariant: knows rule names (passed in), never rule
//! types; a rule's options are checked against what the rule declares.

pub mod settings;
