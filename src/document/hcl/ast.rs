//! The syntax tree of HCL, in the native and the JSON syntax alike. Compact: a repository's trees are kept in memory.

use crate::text::Span;
use compact_str::CompactString;

/// The content of a file or block: attributes and blocks in the order they are written.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Attributes; Terraform allows each name once, a broken file may hold more.
    pub attributes: Vec<Attribute>,
    /// Nested blocks.
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The argument's name.
    pub name: CompactString,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: Expr,
    /// From the name to the end of the value.
    pub span: Span,
}

/// `kind "label" { ... }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The block's type: `resource`, `backend`, ...
    pub kind: CompactString,
    /// Its labels.
    pub labels: Vec<Label>,
    /// What stands between the braces.
    pub body: Body,
    /// From the type to the last label: what a finding about the whole block points at.
    pub header: Span,
    /// From the type to the closing brace.
    pub span: Span,
    /// The bytes between the braces; empty at the opening brace's end in the JSON syntax.
    pub inner: Span,
}

/// One label of a block.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its text, quotes and escapes resolved.
    pub text: CompactString,
    /// Where it stands, with quotes.
    pub span: Span,
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its bytes. Of a string: with its quotes; of a heredoc: from `<<` to the closing marker.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true` and `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(CompactString),
    /// A string without interpolation, escapes resolved.
    String(Box<str>),
    /// A string or heredoc with interpolations or directives.
    Template(Box<[Part]>),
    /// `[a, b]`.
    Tuple(Box<[Expr]>),
    /// `{ a = b }`; in the order written, the last of equal keys counts.
    Object(Box<[(Expr, Expr)]>),
    /// The root of a reference: `var`, `local`, `aws_instance`, or a `for` variable. As an object's key: its name.
    Variable(CompactString),
    /// `source.name`, `source[key]`, `source.*.name`, `source[*].name`.
    Traversal(Box<Traversal>),
    /// `name(arguments...)`.
    Call(Box<Call>),
    /// `-a`, `!a`.
    Unary(UnaryOperator, Box<Expr>),
    /// `a + b`.
    Binary(Box<Expr>, BinaryOperator, Box<Expr>),
    /// `condition ? yes : no`.
    Conditional(Box<(Expr, Expr, Expr)>),
    /// `[for k, v in collection : value if condition]` and its object form.
    For(Box<For>),
    /// `(a)`.
    Parenthesis(Box<Expr>),
    /// Text that no parser took; its bytes are the expression's span.
    Unparsed,
}

/// A reference and one step further.
#[derive(Clone, Debug)]
pub struct Traversal {
    /// What the step starts from.
    pub source: Expr,
    /// The step.
    pub step: Step,
}

/// A call of a function.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function's name, with namespace: `provider::aws::arn_parse`.
    pub name: CompactString,
    /// Its arguments.
    pub arguments: Box<[Expr]>,
    /// Whether the last argument is expanded.
    pub expand: bool,
}

/// One step of a traversal.
#[derive(Clone, Debug)]
pub enum Step {
    /// `.name`, and `.0`.
    Attribute(CompactString),
    /// `[key]`.
    Index(Box<Expr>),
    /// `[*]` and `.*`: what follows applies to each element.
    Splat,
}

/// One part of a template.
#[derive(Clone, Debug)]
pub enum Part {
    /// Literal text, escapes resolved, and where it stands.
    Literal(Box<str>, Span),
    /// `${expression}`.
    Interpolation(Expr),
    /// `%{ if condition }then%{ else }otherwise%{ endif }`.
    If(Box<If>),
    /// `%{ for key, value in collection }body%{ endfor }`.
    For {
        /// The key's variable, if named.
        key: Option<CompactString>,
        /// The value's variable.
        value: CompactString,
        /// What is iterated.
        collection: Box<Expr>,
        /// What is repeated.
        body: Box<[Part]>,
    },
}

/// An `if` directive of a template.
#[derive(Clone, Debug)]
pub struct If {
    /// The condition.
    pub condition: Expr,
    /// What stands there if it holds.
    pub then: Box<[Part]>,
    /// What stands there if not.
    pub otherwise: Box<[Part]>,
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub struct For {
    /// The key's variable, if named.
    pub key: Option<CompactString>,
    /// The value's variable.
    pub value: CompactString,
    /// What is iterated.
    pub collection: Expr,
    /// The key of each element: an object is made.
    pub result_key: Option<Expr>,
    /// The value of each element.
    pub result: Expr,
    /// `...`: equal keys are grouped.
    pub grouped: bool,
    /// The `if` condition.
    pub condition: Option<Expr>,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `&&`
    And,
    /// `||`
    Or,
}

impl Body {
    /// The attribute of that name; the last one, as nothing else can be known of a file that holds it twice.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().rev().find(|attribute| attribute.name == name)
    }

    /// The nested blocks of that type.
    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

impl Block {
    /// The text of the label at `index`.
    pub fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index).map(|label| label.text.as_str())
    }
}

impl Expr {
    /// The text, if it is a string without interpolation.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::String(text) => Some(text),
            _ => None,
        }
    }
}
