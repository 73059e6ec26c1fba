//! The text of strings and heredocs: escapes, strip markers, indentation, directives.

use super::random::Random;
use super::terraform::evaluate;
use credlint::document::hcl::{Expr, ExprKind, Part, parse};

/// What a template of literals comes to.
fn render(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::String(text) => text.to_string(),
        ExprKind::Number(digits) => digits.to_string(),
        ExprKind::Template(parts) => render_parts(parts, ""),
        other => panic!("not made of literals: {other:?}"),
    }
}

fn render_parts(parts: &[Part], variable: &str) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text, _) => text.to_string(),
        Part::Interpolation(Expr { kind: ExprKind::Variable(_), .. }) => variable.to_owned(),
        Part::Interpolation(expr) => render(expr),
        Part::If(directive) => match directive.condition.kind {
            ExprKind::Bool(true) => render_parts(&directive.then, variable),
            _ => render_parts(&directive.otherwise, variable),
        },
        Part::For { collection, body, .. } => match &collection.kind {
            ExprKind::Tuple(items) => items.iter().map(|item| render_parts(body, &render(item))).collect(),
            other => panic!("not a list: {other:?}"),
        },
    };
    parts.iter().map(part).collect()
}

const COMMON: &[&str] =
    &[" ", "  ", "\t", "a", "b c", "$", "%", "$$", "$${x}", "%%{y}", "\u{e9}", "~", "}", "{", "#", "//", "/* ", "5 "];
const QUOTED: &[&str] = &["\\n", "\\t", "\\\"", "\\\\", "\\u00e9", "\\U0001F600", "\\r"];
const BARE: &[&str] = &[
    "\n", "\n", "\n  ", "\n    ", "\n\t", "\n\n", "\n  \n", "\"", "\\n", "\\", "\nEOTx\n", "\nEOT;\n", "\r\n",
    "\nEOT-x",
];

/// Random text with sequences in it, to the depth given.
fn template(random: &mut Random, own: &[&str], depth: usize, out: &mut String) {
    for _ in 0..random.below(7) {
        let marks = [random.pick(&["", "", "~"]), random.pick(&["", "", "~"]), random.pick(&["", "~"])];
        match random.below(if depth == 0 { 8 } else { 11 }) {
            0..=3 => text(random, COMMON, out),
            4..=6 => text(random, own, out),
            7 => out.push_str(&format!("${{{} 5 {}}}", marks[0], marks[1])),
            8 => {
                // A sign before a directive would escape it.
                out.push_str(&format!(" %{{{} if {} {}}}", marks[0], random.pick(&["true", "false"]), marks[1]));
                template(random, own, depth - 1, out);
                if random.below(2) == 0 {
                    out.push_str(&format!(" %{{{} else {}}}", marks[2], marks[0]));
                    template(random, own, depth - 1, out);
                }
                out.push_str(&format!(" %{{{} endif {}}}", marks[1], marks[2]));
            }
            _ => {
                out.push_str(&format!(" %{{{} for x in [1, 22] {}}}", marks[2], marks[0]));
                template(random, own, depth - 1, out);
                out.push_str("-${x}");
                out.push_str(&format!(" %{{{} endfor {}}}", marks[1], marks[2]));
            }
        }
    }
}

fn text(random: &mut Random, choices: &[&str], out: &mut String) {
    let piece = random.pick(choices);
    // A sign and a brace would open a sequence. A sign and a blank at the end of a line are a token of their own to
    // Terraform, so that a strip marker on the next line leaves the blank: one blank, too rare to follow.
    if !(out.ends_with(['$', '%']) && piece.starts_with(['{', ' ', '\t', '\r'])) {
        out.push_str(piece);
    }
}

fn string(random: &mut Random) -> String {
    let mut out = String::from("\"");
    template(random, QUOTED, 2, &mut out);
    out + "\""
}

fn heredoc(random: &mut Random) -> String {
    let mut out = String::from(random.pick(&["<<EOT\n", "<<-EOT\n", "<<-EOT\n    "]));
    template(random, BARE, 2, &mut out);
    out.push_str(random.pick(&["\nEOT", "\n  EOT", "\n\tEOT"]));
    out
}

#[test]
fn text_is_what_terraform_evaluates_it_to() {
    let mut random = Random::new(77_001);
    let expressions: Vec<String> =
        (0..1_500).map(|index| if index % 3 == 0 { string(&mut random) } else { heredoc(&mut random) }).collect();
    for (expression, expected) in expressions.iter().zip(evaluate(&expressions)) {
        let parsed = parse(format!("v = {expression}\n").as_bytes());
        assert_eq!(parsed.problems, [], "{expression:?}");
        let rendered = render(&parsed.body.attributes[0].value);
        // A template that is one interpolation keeps the type of its value.
        let expected = expected.as_str().map_or_else(|| expected.to_string(), str::to_owned);
        assert_eq!(rendered, expected, "{expression:?}");
    }
}
