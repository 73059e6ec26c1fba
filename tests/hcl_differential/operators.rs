//! Precedence and associativity: an expression and the same with all brackets written out must be equal to Terraform.

use super::random::Random;
use super::terraform::evaluate;
use credlint::document::hcl::{BinaryOperator, Expr, ExprKind, UnaryOperator, parse};

/// The expression with brackets around each operation.
fn bracketed(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Number(digits) => digits.to_string(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Parenthesis(inner) => bracketed(inner),
        ExprKind::Unary(UnaryOperator::Negate, operand) => format!("(-{})", bracketed(operand)),
        ExprKind::Unary(UnaryOperator::Not, operand) => format!("(!{})", bracketed(operand)),
        ExprKind::Binary(left, operator, right) => {
            let sign = match operator {
                BinaryOperator::Add => "+",
                BinaryOperator::Subtract => "-",
                BinaryOperator::Multiply => "*",
                BinaryOperator::Divide => "/",
                BinaryOperator::Modulo => "%",
                BinaryOperator::Equal => "==",
                BinaryOperator::NotEqual => "!=",
                BinaryOperator::Less => "<",
                BinaryOperator::LessOrEqual => "<=",
                BinaryOperator::Greater => ">",
                BinaryOperator::GreaterOrEqual => ">=",
                BinaryOperator::And => "&&",
                BinaryOperator::Or => "||",
            };
            format!("({} {sign} {})", bracketed(left), bracketed(right))
        }
        ExprKind::Conditional(parts) => {
            format!("({} ? {} : {})", bracketed(&parts.0), bracketed(&parts.1), bracketed(&parts.2))
        }
        other => panic!("not an operation: {other:?}"),
    }
}

fn number(random: &mut Random, depth: usize) -> String {
    let digit = 1 + random.below(9);
    if depth == 0 {
        return digit.to_string();
    }
    match random.below(8) {
        0 => format!("-{}", number(random, 0)),
        1 => format!("- {digit}"),
        2 => format!("({})", number(random, depth - 1)),
        3 => format!("{} {} {digit}", number(random, depth - 1), random.pick(&["/", "%"])),
        4 => format!("({} ? {} : {})", truth(random, depth - 1), number(random, depth - 1), number(random, 0)),
        _ => format!("{} {} {}", number(random, depth - 1), random.pick(&["+", "-", "*"]), number(random, depth - 1)),
    }
}

fn truth(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return random.pick(&["true", "false"]).to_owned();
    }
    match random.below(8) {
        0 => format!("!{}", truth(random, 0)),
        1 => format!("({})", truth(random, depth - 1)),
        2 => format!("{} {} {}", truth(random, depth - 1), random.pick(&["==", "!="]), truth(random, depth - 1)),
        3 | 4 => {
            let sign = random.pick(&["<", "<=", ">", ">=", "==", "!="]);
            format!("{} {sign} {}", number(random, depth - 1), number(random, depth - 1))
        }
        _ => format!("{} {} {}", truth(random, depth - 1), random.pick(&["&&", "||"]), truth(random, depth - 1)),
    }
}

#[test]
fn operators_bind_as_terraform_binds_them() {
    let mut random = Random::new(4_711);
    let mut expressions = Vec::new();
    for _ in 0..500 {
        let written = match random.below(3) {
            0 => number(&mut random, 3),
            1 => truth(&mut random, 4),
            _ => format!("{} ? {} : {}", truth(&mut random, 3), number(&mut random, 2), number(&mut random, 2)),
        };
        let parsed = parse(format!("v = {written}\n").as_bytes());
        assert_eq!(parsed.problems, [], "{written}");
        let tree = bracketed(&parsed.body.attributes[0].value);
        expressions.push(format!("[try({written}, \"error\"), try({tree}, \"error\")]"));
    }
    let mut errors = 0;
    for (expression, value) in expressions.iter().zip(evaluate(&expressions)) {
        assert_eq!(value[0], value[1], "{expression}");
        errors += usize::from(value[0] == "error");
    }
    assert!(errors < 50, "{errors} expressions have no value: they say too little");
}
