//! HCL: an own linear scanner gives the structure, hcl-edit the expressions.

mod ast;

pub use ast::{Attribute, BinaryOperator, Block, Body, Expr, ExprKind, For, If, Label, Part, Step, UnaryOperator};
