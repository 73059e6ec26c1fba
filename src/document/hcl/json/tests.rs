//! Cases of the JSON syntax, after Terraform's documentation of it.

use super::super::tests::{show, show_body};
use super::super::{ExprKind, JsonFlavour, Parsed, Part, ProblemScope, parse_json};

fn configuration(text: &str) -> Parsed {
    parse_json(text.as_bytes(), JsonFlavour::Configuration)
}

fn accepted(text: &str) -> String {
    let parsed = configuration(text);
    assert_eq!(parsed.problems, [], "{text}");
    show_body(&parsed.body)
}

#[test]
fn blocks_with_their_labels() {
    let text = r#"{
      "//": "a comment",
      "terraform": {"required_version": "~> 1.5", "backend": {"s3": {"bucket": "b", "encrypt": true}},
                    "required_providers": {"aws": {"source": "hashicorp/aws"}}},
      "provider": {"aws": [{"region": "a"}, {"alias": "x", "region": "b"}]},
      "resource": [{"aws_x": {"y": {"tags": {"a": "b"}, "lifecycle": {"prevent_destroy": true},
                   "provisioner": [{"local-exec": {"command": "z"}}]}}}, {"aws_x": {"z": {}}}],
      "locals": {"a": 1},
      "moved": [{"from": "a.b", "to": "c.d"}]
    }"#;
    assert_eq!(
        accepted(text),
        concat!(
            r#"terraform{required_version="~> 1.5"; backend "s3"{bucket="b"; encrypt=true}; "#,
            r#"required_providers{aws={"source"="hashicorp/aws"}}}; "#,
            r#"provider "aws"{region="a"}; provider "aws"{alias="x"; region="b"}; "#,
            r#"resource "aws_x" "y"{tags={"a"="b"}; lifecycle{prevent_destroy=true}; "#,
            r#"provisioner "local-exec"{command="z"}}; resource "aws_x" "z"{}; "#,
            "locals{a=1}; moved{from=a.b; to=c.d}",
        )
    );
}

#[test]
fn strings_are_read_as_their_place_has_it() {
    let text = r#"{"resource": {"a": {"b": {"c": "${var.x}", "d": "x $${y}", "e": ["%{ if f }g%{ endif }"],
      "depends_on": ["a.z", "module.m"], "provider": "aws.london", "${h}": {"${i}": null}, "k": -5, "l": 1.50}}},
      "variable": {"v": {"default": "${literal}", "type": "list(string)"}},
      "terraform": {"backend": {"s3": {"key": "${literal}"}}},
      "module": {"m": {"source": "./m", "providers": {"aws": "aws.x"}}}}"#;
    assert_eq!(
        accepted(text),
        concat!(
            r#"resource "a" "b"{c=<$var.x>; d="x ${y}"; e=[<if(f | "g" | )>]; depends_on=[a.z module.m]; "#,
            r#"provider=aws.london; ${h}={<$i>=null}; k=(Negate 5); l=1.50}; "#,
            r#"variable "v"{default="${literal}"; type=list(string)}; "#,
            r#"terraform{backend "s3"{key="${literal}"}}; "#,
            r#"module "m"{source="./m"; providers={"aws"=aws.x}}"#,
        )
    );
}

#[test]
fn values_are_literal() {
    let parsed = parse_json(br#"{"a": "${b}", "terraform": {"x": 1}, "a": [1, null]}"#, JsonFlavour::Values);
    assert_eq!(parsed.problems, []);
    assert_eq!(show_body(&parsed.body), r#"a="${b}"; terraform={"x"=1}; a=[1 null]"#);
}

#[test]
fn spans_are_those_of_the_file() {
    let text = "\u{feff}{\"resource\": {\"é\": {\"b\": {\"c\": \"x ${var.x}\", \"d\": \"\\t${var.x}\"}}}}";
    let parsed = configuration(text);
    assert_eq!(parsed.problems, []);
    let at = |span: crate::text::Span| &text[span.range()];
    let block = &parsed.body.blocks[0];
    assert_eq!((at(block.header), at(block.labels[0].span)), ("\"b\"", "\"é\""));
    assert!(at(block.span).starts_with("\"b\"") && at(block.span).ends_with("\"}"));
    let [c, d] = &block.body.attributes[..] else { panic!("two attributes") };
    assert_eq!((at(c.name_span), at(c.value.span)), ("\"c\"", "\"x ${var.x}\""));
    assert_eq!(at(c.span), "\"c\": \"x ${var.x}\"");
    let inner = |kind: &ExprKind| match kind {
        ExprKind::Template(parts) => parts.iter().find_map(|part| match part {
            Part::Interpolation(expr) => Some(expr.span),
            _ => None,
        }),
        _ => None,
    };
    assert_eq!(inner(&c.value.kind).map(at), Some("var.x"));
    assert_eq!(inner(&d.value.kind).map(at), Some("\"\\t${var.x}\""), "escapes: the whole string");
}

#[test]
fn what_terraform_refuses_is_a_problem() {
    let scopes = |text: &str| configuration(text).problems.iter().map(|problem| problem.scope).collect::<Vec<_>>();
    for text in ["", "1", "{", "{\"a\": 1} x", "{\"resource\": {\"a\": 1}}", "\"x\"", "\u{0}"] {
        assert_eq!(scopes(text), [ProblemScope::File], "{text}");
    }
    let lenient = configuration("{\"locals\": {\"a\": 1,}, // b\n}");
    assert_eq!(show_body(&lenient.body), "locals{a=1}");
    assert_eq!(lenient.problems.len(), 1);
    let bad = configuration(r#"{"locals": {"a": "${", "b": "c"}, "terraform": 5}"#);
    assert_eq!(show_body(&bad.body), r#"terraform=5; locals{a=?; b="c"}"#);
    assert!(bad.problems.iter().all(|problem| problem.scope == ProblemScope::Attribute) && bad.problems.len() == 2);
}

#[test]
fn hostile_inputs_end() {
    let nested = |open: &str, close: &str, times: usize| {
        format!("{{\"locals\": {{\"a\": {}1{}}}}}", open.repeat(times), close.repeat(times))
    };
    let dynamic = nested("{\"dynamic\": {\"a\": {\"content\": ", "}}}", 150);
    let texts = vec![
        nested("[", "]", 100_000),
        nested("[", "]", 400),
        nested("{\"a\": ", "}", 400),
        "[".repeat(100_000),
        dynamic.replace("\"locals\": {\"a\": {\"dynamic\"", "\"resource\": {\"a\": {\"b\": {\"dynamic\""),
        format!("{{\"locals\": {{\"a\": \"{}\"}}}}", "${".repeat(20_000)),
        format!("{{\"locals\": {{{}}}}}", "\"a\": \"${x}\",".repeat(50_000)),
    ];
    let parser = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
        for text in texts {
            drop(parse_json(text.as_bytes(), JsonFlavour::Configuration));
            drop(parse_json(text.as_bytes(), JsonFlavour::Values));
        }
    });
    assert!(parser.is_ok_and(|parser| parser.join().is_ok()));
}

#[test]
fn a_deep_value_is_a_problem_of_its_own() {
    let text = format!("{{\"locals\": {{\"a\": {}1{}, \"b\": 2}}}}", "[".repeat(400), "]".repeat(400));
    let parsed = configuration(&text);
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(show(&parsed.body.blocks[0].body.attributes[1].value), "2");
}
