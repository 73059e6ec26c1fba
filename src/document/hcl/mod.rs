//! HCL: an own linear scanner gives the structure and values of the short forms, hcl-edit all other expressions.

mod ast;
mod convert;
mod expression;
mod json;
mod lexer;
mod literal;
mod native;
mod problem;
mod scan;
mod short;
#[cfg(test)]
mod tests;

pub use ast::{
    Attribute, BinaryOperator, Block, Body, Call, Expr, ExprKind, For, If, Label, Part, Step, Traversal, UnaryOperator,
};
pub use json::{JsonFlavour, parse_json};
pub use native::{Parsed, parse, parse_expression, parse_template};
pub use problem::{Problem, ProblemScope};
