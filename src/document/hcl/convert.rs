//! hcl-edit's syntax tree into ours, with spans in the file and names and literal text from the original bytes.

use super::ast::{BinaryOperator, Call, Expr, ExprKind, For, If, Part, Step, Traversal, UnaryOperator};
use super::lexer;
use super::literal::{self, Style, Token};
use crate::text::Span;
use compact_str::CompactString;
use hcl_edit::expr::{self, Expression, ObjectKey, TraversalOperator};
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Template};
use std::ops::Range;

/// How deep the tree may be. What recurses over it relies on that.
pub(super) const MAX_DEPTH: usize = 256;

/// The tree would be deeper than [`MAX_DEPTH`].
#[derive(Debug)]
pub(super) struct TooDeep;

/// Where the text that hcl-edit read comes from.
pub(super) struct Converter<'a> {
    source: &'a [u8],
    /// Where the text starts in the source, and how many bytes were put before it.
    start: usize,
    lead: usize,
    /// How an unquoted template at the root is written.
    root_style: Option<Style>,
    place: Place,
}

/// Where the source stands in the file.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// This many bytes into it.
    Shifted(usize),
    /// Nowhere as it is: all that is found stands in this span.
    Fixed(Span),
}

impl<'a> Converter<'a> {
    /// For a value that starts at `start` of a file.
    pub(super) fn value(file: &'a [u8], start: usize) -> Self {
        Self { source: file, start, lead: 0, root_style: None, place: Place::Shifted(0) }
    }

    /// For an expression that hcl-edit reads with a bracket put before it.
    pub(super) fn bracketed(source: &'a [u8], place: Place) -> Self {
        Self { source, start: 0, lead: 1, root_style: None, place }
    }

    /// For a template without quotes of its own, which hcl-edit reads with quotes put around it.
    pub(super) fn template(source: &'a [u8], place: Place) -> Self {
        let root_style = Some(Style::Bare { dedent: false });
        Self { source, start: 0, lead: 1, root_style, place }
    }

    /// The span in the file of a range of what hcl-edit reads.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.file_span(self.source_range(range))
    }

    fn file_span(&self, range: Range<usize>) -> Span {
        match self.place {
            Place::Shifted(by) => Span::new(range.start, range.end).shifted(by),
            Place::Fixed(span) => span,
        }
    }

    fn source_range(&self, range: Range<usize>) -> Range<usize> {
        let place = |offset: usize| (offset + self.start).saturating_sub(self.lead).min(self.source.len());
        place(range.start)..place(range.end)
    }

    fn range_of(&self, node: &impl hcl_edit::Span) -> Range<usize> {
        self.source_range(node.span().unwrap_or_default())
    }

    fn text_of(&self, node: &impl hcl_edit::Span) -> CompactString {
        literal::word(&self.source[self.range_of(node)])
    }

    /// The whole expression.
    pub(super) fn root(&self, expression: &Expression) -> Result<Expr, TooDeep> {
        let Some(style) = self.root_style else { return self.expression(expression, 0) };
        let range = 0..self.source.len();
        let kind = match expression {
            Expression::StringTemplate(template) => {
                ExprKind::Template(self.template_parts(template, &range, style, 0)?)
            }
            _ => ExprKind::String(literal::unescape(self.source, style).into()),
        };
        Ok(Expr { kind, span: self.file_span(range) })
    }

    fn boxed(&self, expression: &Expression, depth: usize) -> Result<Box<Expr>, TooDeep> {
        self.expression(expression, depth).map(Box::new)
    }

    fn expression(&self, expression: &Expression, depth: usize) -> Result<Expr, TooDeep> {
        if depth >= MAX_DEPTH {
            return Err(TooDeep);
        }
        let range = self.range_of(expression);
        let span = self.file_span(range.clone());
        let next = depth + 1;
        let kind = match expression {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(_) => self.number(range),
            Expression::String(_) => ExprKind::String(self.string(range)),
            Expression::StringTemplate(template) => self.string_template(template, range, next)?,
            // The normalised copy has none: they are strings in it.
            Expression::HeredocTemplate(_) => ExprKind::Unparsed,
            Expression::Array(array) => {
                ExprKind::Tuple(array.iter().map(|item| self.expression(item, next)).collect::<Result<_, _>>()?)
            }
            Expression::Object(object) => {
                let item = |(key, value): (&ObjectKey, &expr::ObjectValue)| {
                    Ok((self.key(key, next)?, self.expression(value.expr(), next)?))
                };
                ExprKind::Object(object.iter().map(item).collect::<Result<_, _>>()?)
            }
            Expression::Parenthesis(inner) => ExprKind::Parenthesis(self.boxed(inner.inner(), next)?),
            Expression::Variable(_) => ExprKind::Variable(literal::word(&self.source[range])),
            Expression::Conditional(conditional) => ExprKind::Conditional(Box::new((
                self.expression(&conditional.cond_expr, next)?,
                self.expression(&conditional.true_expr, next)?,
                self.expression(&conditional.false_expr, next)?,
            ))),
            Expression::FuncCall(call) => self.call(call, next)?,
            Expression::Traversal(traversal) => return self.traversal(traversal, range.start, next),
            Expression::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    expr::UnaryOperator::Neg => UnaryOperator::Negate,
                    expr::UnaryOperator::Not => UnaryOperator::Not,
                };
                ExprKind::Unary(operator, self.boxed(&operation.expr, next)?)
            }
            Expression::BinaryOp(operation) => ExprKind::Binary(
                self.boxed(&operation.lhs_expr, next)?,
                binary_operator(*operation.operator.value()),
                self.boxed(&operation.rhs_expr, next)?,
            ),
            Expression::ForExpr(for_expr) => ExprKind::For(Box::new(self.for_expression(for_expr, next)?)),
        };
        Ok(Expr { kind, span })
    }

    /// hcl-edit takes the sign for a part of the number.
    fn number(&self, range: Range<usize>) -> ExprKind {
        let written = &self.source[range.clone()];
        let Some(rest) = written.strip_prefix(b"-") else {
            return ExprKind::Number(literal::word(written));
        };
        let digits = rest.trim_ascii_start();
        // Between the sign and the digits there may be a comment, too.
        let digits = digits.rsplit(|byte| matches!(byte, b' ' | b'\t' | b'/')).next().unwrap_or(digits);
        let span = self.file_span(range.end - digits.len()..range.end);
        let number = Expr { kind: ExprKind::Number(literal::word(digits)), span };
        ExprKind::Unary(UnaryOperator::Negate, Box::new(number))
    }

    /// An object's key. A bare word is a name, keyword or not.
    fn key(&self, key: &ObjectKey, depth: usize) -> Result<Expr, TooDeep> {
        let named = match key {
            ObjectKey::Ident(name) => self.range_of(name),
            ObjectKey::Expression(word @ (Expression::Null(_) | Expression::Bool(_))) => self.range_of(word),
            ObjectKey::Expression(expression) => return self.expression(expression, depth),
        };
        let name = literal::word(&self.source[named.clone()]);
        Ok(Expr { kind: ExprKind::Variable(name), span: self.file_span(named) })
    }

    fn call(&self, call: &expr::FuncCall, depth: usize) -> Result<ExprKind, TooDeep> {
        let mut name = CompactString::default();
        for part in &call.name.namespace {
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        let arguments = call.args.iter().map(|argument| self.expression(argument, depth)).collect::<Result<_, _>>()?;
        Ok(ExprKind::Call(Box::new(Call { name, arguments, expand: call.args.expand_final() })))
    }

    fn traversal(&self, traversal: &expr::Traversal, start: usize, depth: usize) -> Result<Expr, TooDeep> {
        let depth = depth + traversal.operators.len();
        let mut source = self.expression(&traversal.expr, depth)?;
        let mut in_attribute_splat = false;
        for operator in &traversal.operators {
            let end = self.range_of(operator).end;
            let step = match operator.value() {
                TraversalOperator::AttrSplat(_) => {
                    in_attribute_splat = true;
                    Step::Splat
                }
                TraversalOperator::FullSplat(_) => Step::Splat,
                TraversalOperator::GetAttr(name) => Step::Attribute(self.text_of(name)),
                TraversalOperator::Index(key) => {
                    if std::mem::take(&mut in_attribute_splat) {
                        // `a.*.b[0]` is `(a.*.b)[0]`: only names belong to the elements.
                        let span = source.span;
                        source = Expr { kind: ExprKind::Parenthesis(Box::new(source)), span };
                    }
                    Step::Index(self.boxed(key, depth)?)
                }
                TraversalOperator::LegacyIndex(index) => Step::Attribute(self.text_of(index)),
            };
            let span = self.file_span(start..end);
            source = Expr { kind: ExprKind::Traversal(Box::new(Traversal { source, step })), span };
        }
        Ok(source)
    }

    fn for_expression(&self, for_expr: &expr::ForExpr, depth: usize) -> Result<For, TooDeep> {
        let optional = |expression: Option<&Expression>| expression.map(|e| self.expression(e, depth)).transpose();
        Ok(For {
            key: for_expr.intro.key_var.as_ref().map(|name| self.text_of(name)),
            value: self.text_of(&for_expr.intro.value_var),
            collection: self.expression(&for_expr.intro.collection_expr, depth)?,
            result_key: optional(for_expr.key_expr.as_ref())?,
            result: self.expression(&for_expr.value_expr, depth)?,
            grouped: for_expr.grouping,
            condition: optional(for_expr.cond.as_ref().map(|condition| &condition.expr))?,
        })
    }

    /// The bytes of a string or heredoc that are text, and how they are written.
    fn content(&self, range: &Range<usize>) -> (Range<usize>, Style) {
        let written = &self.source[range.clone()];
        if !written.starts_with(b"<<") {
            return (range.start + 1..(range.end.max(range.start + 2) - 1), Style::Quoted);
        }
        let first = lexer::line_end(self.source, range.start) + 1;
        let last = memchr::memrchr(b'\n', written).map_or(first, |found| range.start + found + 1);
        (first.min(last)..last, Style::Bare { dedent: written.starts_with(b"<<-") })
    }

    fn string(&self, range: Range<usize>) -> Box<str> {
        let (content, style) = self.content(&range);
        if style == Style::Quoted || style == (Style::Bare { dedent: false }) {
            return literal::unescape(&self.source[content], style).into();
        }
        let mut tokens = Vec::new();
        literal::tokens(self.source, content, style, &mut tokens);
        literal::lay_out(&mut tokens, style);
        let text: String = tokens.into_iter().filter_map(Token::into_text).collect();
        text.into()
    }

    fn string_template(&self, template: &Template, range: Range<usize>, depth: usize) -> Result<ExprKind, TooDeep> {
        let (content, style) = self.content(&range);
        Ok(ExprKind::Template(self.template_parts(template, &content, style, depth)?))
    }

    fn template_parts(
        &self,
        template: &Template,
        content: &Range<usize>,
        style: Style,
        depth: usize,
    ) -> Result<Box<[Part]>, TooDeep> {
        let mut tokens = Vec::new();
        self.collect(template, content, style, &mut tokens);
        literal::lay_out(&mut tokens, style);
        self.parts(template, &mut tokens.into_iter().peekable(), depth)
    }

    /// The tokens of a template in the order written, those inside of directives too: indentation is common to all.
    fn collect(&self, template: &Template, content: &Range<usize>, style: Style, tokens: &mut Vec<Token>) {
        let sequence = |strip: hcl_edit::template::Strip| Token::Sequence {
            strips_before: strip.strip_start(),
            strips_after: strip.strip_end(),
        };
        for element in template {
            match element {
                Element::Literal(text) => {
                    let range = self.range_of(text);
                    let range = range.start.max(content.start)..range.end.min(content.end);
                    literal::tokens(self.source, range, style, tokens);
                }
                Element::Interpolation(interpolation) => tokens.push(sequence(interpolation.strip)),
                Element::Directive(directive) => match &**directive {
                    Directive::If(directive) => {
                        tokens.push(sequence(directive.if_expr.strip));
                        self.collect(&directive.if_expr.template, content, style, tokens);
                        if let Some(otherwise) = &directive.else_expr {
                            tokens.push(sequence(otherwise.strip));
                            self.collect(&otherwise.template, content, style, tokens);
                        }
                        tokens.push(sequence(directive.endif_expr.strip));
                    }
                    Directive::For(directive) => {
                        tokens.push(sequence(directive.for_expr.strip));
                        self.collect(&directive.for_expr.template, content, style, tokens);
                        tokens.push(sequence(directive.endfor_expr.strip));
                    }
                },
            }
        }
    }

    /// Builds the parts of a template, with the literal text of `tokens`.
    fn parts(&self, template: &Template, tokens: &mut Tokens, depth: usize) -> Result<Box<[Part]>, TooDeep> {
        if depth >= MAX_DEPTH {
            return Err(TooDeep);
        }
        let mut parts = Vec::with_capacity(template.len());
        for element in template {
            match element {
                Element::Literal(_) => parts.extend(self.literal_part(tokens)),
                Element::Interpolation(interpolation) => {
                    tokens.next();
                    parts.push(Part::Interpolation(self.expression(&interpolation.expr, depth + 1)?));
                }
                Element::Directive(directive) => parts.push(match &**directive {
                    Directive::If(directive) => self.if_part(directive, tokens, depth)?,
                    Directive::For(directive) => self.for_part(directive, tokens, depth)?,
                }),
            }
        }
        Ok(parts.into())
    }

    /// The literal tokens up to the next sequence, as one part.
    fn literal_part(&self, tokens: &mut Tokens) -> Option<Part> {
        let mut whole: Option<(String, Range<usize>)> = None;
        while let Some(Token::Literal(text, range)) = tokens.next_if(|token| matches!(token, Token::Literal(..))) {
            whole = Some(match whole {
                None => (text, range),
                Some((before, first)) => (before + &text, first.start..range.end),
            });
        }
        whole.map(|(text, range)| Part::Literal(text.into(), self.file_span(range)))
    }

    fn if_part(&self, directive: &IfDirective, tokens: &mut Tokens, depth: usize) -> Result<Part, TooDeep> {
        tokens.next();
        let condition = self.expression(&directive.if_expr.cond_expr, depth + 1)?;
        let then = self.parts(&directive.if_expr.template, tokens, depth + 1)?;
        let mut otherwise = Box::default();
        if let Some(branch) = &directive.else_expr {
            tokens.next();
            otherwise = self.parts(&branch.template, tokens, depth + 1)?;
        }
        tokens.next();
        Ok(Part::If(Box::new(If { condition, then, otherwise })))
    }

    fn for_part(&self, directive: &ForDirective, tokens: &mut Tokens, depth: usize) -> Result<Part, TooDeep> {
        tokens.next();
        let head = &directive.for_expr;
        let collection = self.boxed(&head.collection_expr, depth + 1)?;
        let body = self.parts(&head.template, tokens, depth + 1)?;
        tokens.next();
        let key = head.key_var.as_ref().map(|name| self.text_of(name));
        Ok(Part::For { key, value: self.text_of(&head.value_var), collection, body })
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

fn binary_operator(operator: expr::BinaryOperator) -> BinaryOperator {
    match operator {
        expr::BinaryOperator::Eq => BinaryOperator::Equal,
        expr::BinaryOperator::NotEq => BinaryOperator::NotEqual,
        expr::BinaryOperator::LessEq => BinaryOperator::LessOrEqual,
        expr::BinaryOperator::GreaterEq => BinaryOperator::GreaterOrEqual,
        expr::BinaryOperator::Less => BinaryOperator::Less,
        expr::BinaryOperator::Greater => BinaryOperator::Greater,
        expr::BinaryOperator::Plus => BinaryOperator::Add,
        expr::BinaryOperator::Minus => BinaryOperator::Subtract,
        expr::BinaryOperator::Mul => BinaryOperator::Multiply,
        expr::BinaryOperator::Div => BinaryOperator::Divide,
        expr::BinaryOperator::Mod => BinaryOperator::Modulo,
        expr::BinaryOperator::And => BinaryOperator::And,
        expr::BinaryOperator::Or => BinaryOperator::Or,
    }
}
