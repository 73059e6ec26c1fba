//! Hand cases. What Terraform makes of them was asked of `terraform fmt` and `terraform console` 1.11.4.

use super::*;

/// A tree on one line: enough to see that it is the right one.
pub(super) fn show(expr: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(show).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Null => "null".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(digits) => digits.to_string(),
        ExprKind::String(text) => format!("{text:?}"),
        ExprKind::Template(parts) => format!("<{}>", show_parts(parts)),
        ExprKind::Tuple(items) => format!("[{}]", list(items)),
        ExprKind::Object(items) => {
            let items: Vec<_> = items.iter().map(|(key, value)| format!("{}={}", show(key), show(value))).collect();
            format!("{{{}}}", items.join(" "))
        }
        ExprKind::Variable(name) => name.to_string(),
        ExprKind::Traversal(traversal) => {
            let source = show(&traversal.source);
            match &traversal.step {
                Step::Attribute(name) => format!("{source}.{name}"),
                Step::Index(key) => format!("{source}[{}]", show(key)),
                Step::Splat => format!("{source}[*]"),
            }
        }
        ExprKind::Call(call) => {
            format!("{}({}{})", call.name, list(&call.arguments), if call.expand { "..." } else { "" })
        }
        ExprKind::Unary(operator, operand) => format!("({operator:?} {})", show(operand)),
        ExprKind::Binary(left, operator, right) => format!("({} {operator:?} {})", show(left), show(right)),
        ExprKind::Conditional(parts) => format!("({} ? {} : {})", show(&parts.0), show(&parts.1), show(&parts.2)),
        ExprKind::For(for_expr) => {
            let key = for_expr.key.as_ref().map_or(String::new(), |key| format!("{key},"));
            let result_key = for_expr.result_key.as_ref().map_or(String::new(), |key| format!("{}=>", show(key)));
            let condition = for_expr.condition.as_ref().map_or(String::new(), |test| format!(" if {}", show(test)));
            let dots = if for_expr.grouped { "..." } else { "" };
            let (value, collection, result) = (&for_expr.value, show(&for_expr.collection), show(&for_expr.result));
            format!("for({key}{value} in {collection}: {result_key}{result}{dots}{condition})")
        }
        ExprKind::Parenthesis(inner) => format!("({})", show(inner)),
        ExprKind::Unparsed => "?".into(),
    }
}

fn show_parts(parts: &[Part]) -> String {
    let parts = parts.iter().map(|part| match part {
        Part::Literal(text, _) => format!("{text:?}"),
        Part::Interpolation(expr) => format!("${}", show(expr)),
        Part::If(directive) => {
            let (then, otherwise) = (show_parts(&directive.then), show_parts(&directive.otherwise));
            format!("if({} | {then} | {otherwise})", show(&directive.condition))
        }
        Part::For { key, value, collection, body } => {
            let key = key.as_ref().map_or(String::new(), |key| format!("{key},"));
            format!("for({key}{value} in {} | {})", show(collection), show_parts(body))
        }
    });
    parts.collect::<Vec<_>>().join(" ")
}

pub(super) fn show_body(body: &Body) -> String {
    let attributes = body.attributes.iter().map(|attribute| format!("{}={}", attribute.name, show(&attribute.value)));
    let blocks = body.blocks.iter().map(|block| {
        let labels: String = block.labels.iter().map(|label| format!(" {:?}", label.text)).collect();
        format!("{}{labels}{{{}}}", block.kind, show_body(&block.body))
    });
    attributes.chain(blocks).collect::<Vec<_>>().join("; ")
}

/// Parses a text that Terraform accepts.
fn accepted(text: &str) -> String {
    let parsed = parse(text.as_bytes());
    assert_eq!(parsed.problems, [], "{text}");
    show_body(&parsed.body)
}

/// The first attribute's value.
fn value(text: &str) -> String {
    let parsed = parse(text.as_bytes());
    assert_eq!(parsed.problems, [], "{text}");
    show(&parsed.body.attributes[0].value)
}

#[test]
fn structure() {
    assert_eq!(accepted("terraform {\n  backend \"s3\" {\n    a = 1\n  }\n}\n"), r#"terraform{backend "s3"{a=1}}"#);
    assert_eq!(accepted("a b \"c\\\"d\" {\n}\n"), r#"a "b" "c\"d"{}"#);
    assert_eq!(accepted("a { b = 1 } # c\nd {}\n"), "a{b=1}; d{}");
    assert_eq!(accepted("a /* x\n y */ = 1\nb = 2 // c\n/* d */ e = 3"), "a=1; b=2; e=3");
    assert_eq!(accepted("\u{feff}a = 1\r\nb {\r\n  c = 2\r\n}\r\n"), "a=1; b{c=2}");
    assert_eq!(accepted("é = ü.ñ\na-b = c-d\n"), "é=ü.ñ; a-b=c-d");
    assert_eq!(accepted("true {\n}\nfor \"x\" {\n}\nnull = 1\n"), r#"null=1; true{}; for "x"{}"#);
    assert_eq!(parse(b"# caf\xe9\na = 1 # \xe9\n").problems, []);
}

#[test]
fn scalars_and_references() {
    for (text, tree) in [
        ("a = 007\n", "007"),
        ("a = 1.5e-3\n", "1.5e-3"),
        ("a = 123456789012345678901234567890\n", "123456789012345678901234567890"),
        ("a = -1 + 2\n", "((Negate 1) Add 2)"),
        ("a = [-/* c */5]\n", "[(Negate 5)]"),
        ("a = -x * 2\n", "((Negate x) Multiply 2)"),
        ("a = -x.y[0]\n", "(Negate x.y[0])"),
        ("a = x-3\n", "x-3"),
        ("a = x -3\n", "(x Subtract 3)"),
        ("a = !a == b\n", "((Not a) Equal b)"),
        ("a = 1 == 2 == 3\n", "((1 Equal 2) Equal 3)"),
        ("a = 1 + 2 * 3 == 7 && x || y\n", "((((1 Add (2 Multiply 3)) Equal 7) And x) Or y)"),
        ("a = null\n", "null"),
        ("a = true.x\n", "true.x"),
        ("a = nullable\n", "nullable"),
        ("a = x.*.y.0.z\n", "x[*].y.0.z"),
        ("a = x[*].y[0].z\n", "x[*].y[0].z"),
        ("a = x[\"a${b}\"]\n", r#"x[<"a" $b>]"#),
        ("a = x . y\n", "x.y"),
        ("a = provider::aws::arn_parse(x, y...)\n", "provider::aws::arn_parse(x y...)"),
        ("a = b ? c ? 1 : 2 : d ? 3 : 4\n", "(b ? (c ? 1 : 2) : (d ? 3 : 4))"),
        ("a = (1 # c\n + 2)\n", "((1 Add 2))"),
        ("a = [1,2,]\n", "[1 2]"),
        ("a = []\n", "[]"),
    ] {
        assert_eq!(value(text), tree, "{text}");
    }
}

#[test]
fn objects() {
    for (text, tree) in [
        ("a = {\n  x = 1\n  x = 2\n}\n", "{x=1 x=2}"),
        ("a = {\n  x = 1\n  \"x\" = 2\n  x = 3\n}\n", r#"{x=1 "x"=2 x=3}"#),
        ("a = {\n  (var.x) = 1\n  (var.x) = 2\n}\n", "{(var.x)=1 (var.x)=2}"),
        ("a = {\n  \"${var.x}\" = 1\n  \"${var.x}\" = 2\n}\n", "{<$var.x>=1 <$var.x>=2}"),
        ("a = { 1 = 2, 1 = 3 }\n", "{1=2 1=3}"),
        ("a = { b : 1, \"c\" : 2 }\n", r#"{b=1 "c"=2}"#),
        ("a = { if = 2, in = 3, null = 4, true = 5 }\n", "{if=2 in=3 null=4 true=5}"),
        ("a = {\n /* x */ b = 1 /* y */\n c = 2 // z\n}\n", "{b=1 c=2}"),
        ("a = {\r\n b = f(1) # y\r\n c = -2 // z\r\n}\r\n", "{b=f(1) c=(Negate 2)}"),
        ("a = { fork = 2, \"for\" = 1 }\n", r#"{fork=2 "for"=1}"#),
    ] {
        assert_eq!(value(text), tree, "{text}");
    }
}

#[test]
fn for_expressions_over_several_lines() {
    for (text, tree) in [
        ("a = { for k in x : k =>\n  b &&\n  c }\n", "for(k in x: k=>(b And c))"),
        ("a = { for k in x : k => b\n  ? 1 : 2 }\n", "for(k in x: k=>(b ? 1 : 2))"),
        ("a = { for k in x : k # why\n  .id => 1 }\n", "for(k in x: k.id=>1)"),
        ("a = [ for k in x ||\n  y : k ]\n", "for(k in (x Or y): k)"),
        ("a = [for\r\n x in y : x]\r\n", "for(x in y: x)"),
        ("a = [for k, v in x : v if v != null]\n", "for(k,v in x: v if (v NotEqual null))"),
        ("a = {\n for k, v in x : k => v...\n}\n", "for(k,v in x: k=>v...)"),
        ("a = [for_x, format(\"a\")]\n", r#"[for_x format("a")]"#),
        ("a = [for x in y : {\n  b = x\n  c = 1\n}]\n", "for(x in y: {b=x c=1})"),
    ] {
        assert_eq!(value(text), tree, "{text}");
    }
}

#[test]
fn strings() {
    for (text, tree) in [
        ("a = \"\"\n", r#""""#),
        ("a = \"x\\ty \\\"z\\\" \\u00e9\"\n", "\"x\\ty \\\"z\\\" é\""),
        ("a = \"$${x} 100% $\"\n", r#""${x} 100% $""#),
        ("a = \"$$${x}\"\n", r#""$${x}""#),
        ("a = \"a $ b % c $${y} %%{z} ${n}\"\n", r#"<"a $ b % c ${y} %{z} " $n>"#),
        ("a = \"${x}\"\n", "<$x>"),
        ("a = \"x ${~ n ~} z\"\n", r#"<"x" $n "z">"#),
        ("a = \"${x[\"a\"]} ${f(\"b ${c}\")}\"\n", r#"<$x["a"] " " $f(<"b " $c>)>"#),
        ("a = \"${\n x # c\n}\"\n", "<$x>"),
        ("a = \"%{ if x ~} a %{~ else ~} b %{~ endif }\"\n", r#"<if(x | "a" | "b")>"#),
        ("a = \"%{if x}y\\\"%{endif}\"\n", r#"<if(x | "y\"" | )>"#),
        ("a = \"%{ if b &&\n c }x%{ endif }\"\n", r#"<if((b And c) | "x" | )>"#),
        ("a = \"%{ for k, v in x }${k}%{ endfor }\"\n", "<for(k,v in x | $k)>"),
    ] {
        assert_eq!(value(text), tree, "{text}");
    }
}

#[test]
fn heredocs() {
    for (text, tree) in [
        ("a = <<EOT\nfoo\n  EOT\n", r#""foo\n""#),
        ("a = <<EOT\r\nfoo\r\nEOT\r\n", r#""foo\r\n""#),
        ("a = <<-E\r\n   foo\r\n     bar\r\n  E\r\n", r#""foo\r\n  bar\r\n""#),
        ("a = <<EOT\nEOT\n", r#""""#),
        ("a = <<EOF\nx\nEOF;\ny\nEOF  \n", r#""x\nEOF;\ny\n""#),
        ("a = <<EOT\n\\n \\\" \"\nEOT\n", r#""\\n \\\" \"\n""#),
        ("a = <<E\n$$$${x} \\n $ %% \nE\n", r#""$$${x} \\n $ %% \n""#),
        ("a = <<EOT\n$$$${x} $${y} ${z} %\nEOT\n", r#"<"$$${x} ${y} " $z " %\n">"#),
        ("a = <<EOT\n${x[\"}\"]}\nEOT\n", r#"<$x["}"] "\n">"#),
        ("a = <<A\n${<<B\nx\nB\n}\nA\n", r#"<$"x\n" "\n">"#),
        ("a = \"${<<B\nx\nB\n}\"\n", r#"<$"x\n">"#),
        ("a = [<<EOT\nfoo\nEOT\n, 1]\n", r#"["foo\n" 1]"#),
        ("a = <<-EOT\n    foo\n   \n\tbar\n    EOT\n", r#""   foo\n   \nbar\n""#),
        ("a = <<-EOT\n    x\n      y ${n}\n\n    ${n ~}\n\n      z\n  EOT\n", r#"<"x\n  y " $n "\n\n" $n "\n  z\n">"#),
        ("a = <<-EOT\n    ${~ n}\n      foo\n    EOT\n", r#"<"" $n "\n      foo\n">"#),
        ("a = <<EOT\n x ${~ n ~}  \n  \n y\nEOT\n", r#"<" x" $n "  \n y\n">"#),
        ("a = <<-EOT\nAKIA\n      z${1}\n      w\n  EOT\n", r#"<"AKIA\n      z" $1 "\n      w\n">"#),
        (
            "a = <<-E\n  \t  tab\n    %{ if true ~}\n      yes\n    %{~ else ~}\n      no\n    %{ endif ~}\n    end\n  E\n",
            r#"<"  \t  tab\n    " if(true | "      yes\n" | "      no\n    ") "    end\n">"#,
        ),
    ] {
        assert_eq!(value(text), tree, "{text}");
    }
}

#[test]
fn a_heredoc_hides_nothing_behind_it() {
    let provider = "provider \"aws\" {\n  access_key = \"AKIAIOSFODNN7EXAMPLE\"\n}\n";
    let seen = r#"provider "aws"{access_key="AKIAIOSFODNN7EXAMPLE"}"#;
    let empty = format!("a = <<EOT\nEOT\n{provider}b = <<EOT\nEOT\n");
    assert_eq!(accepted(&empty), format!(r#"a=""; b=""; {seen}"#));
    let indented = format!("a = <<-EOT\n  EOT\n{provider}b = <<-EOT\n  EOT\n");
    assert_eq!(accepted(&indented), format!(r#"a=""; b=""; {seen}"#));
    let suffixed = format!("a = <<EOT\nfoo\nEOT # x\nb = <<ZZ\nEOT\n{provider}c = <<ZZ\nfoo\nZZ\n");
    assert_eq!(accepted(&suffixed), format!(r#"a="foo\nEOT # x\nb = <<ZZ\n"; c="foo\n"; {seen}"#));
}

#[test]
fn spans_are_those_of_the_file() {
    let text = "r \"a\" {\n  b = <<E\nx${ y.z }w\nE\n  c = [\"é\", -5, f(g.h)]\n}\n";
    let parsed = parse(text.as_bytes());
    let at = |span: crate::text::Span| &text[span.range()];
    let block = &parsed.body.blocks[0];
    assert_eq!(at(block.header), "r \"a\"");
    assert_eq!(at(block.labels[0].span), "\"a\"");
    assert_eq!(at(block.span), text.trim_end());
    assert!(at(block.inner).starts_with("\n  b") && at(block.inner).ends_with("]\n"));
    let [b, c] = &block.body.attributes[..] else { panic!("two attributes") };
    assert_eq!((at(b.name_span), at(b.value.span)), ("b", "<<E\nx${ y.z }w\nE"));
    assert_eq!(at(b.span), "b = <<E\nx${ y.z }w\nE");
    let ExprKind::Template(parts) = &b.value.kind else { panic!("a template") };
    let [Part::Literal(_, x), Part::Interpolation(yz), Part::Literal(_, w)] = &parts[..] else { panic!("three parts") };
    assert_eq!((at(*x), at(yz.span), at(*w)), ("x", "y.z", "w\n"));
    let ExprKind::Tuple(items) = &c.value.kind else { panic!("a tuple") };
    assert_eq!(items.iter().map(|item| at(item.span)).collect::<Vec<_>>(), ["\"é\"", "-5", "f(g.h)"]);
    let ExprKind::Unary(_, five) = &items[1].kind else { panic!("a sign") };
    assert_eq!(at(five.span), "5");
    let ExprKind::Call(call) = &items[2].kind else { panic!("a call") };
    let ExprKind::Traversal(g) = &call.arguments[0].kind else { panic!("a reference") };
    assert_eq!((at(call.arguments[0].span), at(g.source.span)), ("g.h", "g"));
}

#[test]
fn one_bad_value_leaves_its_neighbours() {
    for bad in ["= 1", "\"x", "[\"x", "[1, 2", "\"${x", "f(", "<<EOT", "@", "", "1 2", "(", ")", "\"\\d\""] {
        let text = format!("x {{\n  a = 1\n  bad = {bad}\n  c = 3\n}}\ny {{\n  d = 4\n}}\n");
        let parsed = parse(text.as_bytes());
        assert!(!parsed.problems.is_empty(), "{text}");
        let shown = show_body(&parsed.body);
        assert!(shown.starts_with("x{a=1; bad=?; c=3"), "{text}: {shown}");
        assert!(shown.ends_with("y{d=4}"), "{text}: {shown}");
    }
}

#[test]
fn broken_structure_is_a_problem_of_the_file() {
    for (text, shown) in [
        ("a {\n b = 1\n", "a{b=1}"),
        ("a = 1\n}\nb = 2\n", "a=1; b=2"),
        ("<<<<<<< HEAD\na = 1\n=======\n", "a=1"),
        ("{{ template }}\na = 1\n", "a=1"),
        ("a b ${c} {\n d = 1\n}\ne = 2\n", r#"e=2; a "b"{d=1}"#),
        ("\"a\" = 1\n", "a=1"),
        ("a = 1\n/* b = 2\n", "a=1"),
    ] {
        let parsed = parse(text.as_bytes());
        assert!(parsed.problems.iter().any(|problem| problem.scope == ProblemScope::File), "{text}");
        assert_eq!(show_body(&parsed.body), shown, "{text}");
    }
}

#[test]
fn expressions_and_templates_on_their_own() {
    let expression = |text: &str| parse_expression(text).map(|expr| show(&expr)).map_err(|problem| problem.message);
    assert_eq!(expression("[\"a\",\n var.b\n]").as_deref(), Ok(r#"["a" var.b]"#));
    assert_eq!(expression("{\n a = 1 # c\n b = [\n2]\n}\n").as_deref(), Ok("{a=1 b=[2]}"));
    assert_eq!(expression("1\n+ 2").as_deref(), Ok("(1 Add 2)"));
    assert_eq!(expression("<<E\nx\nE").as_deref(), Ok(r#""x\n""#));
    for bad in ["", "1) + (2", "[1", "\"x", "a = 1", ")"] {
        assert!(expression(bad).is_err(), "{bad}");
    }
    let span = parse_expression("  foo.bar # c").map(|expr| expr.span);
    assert_eq!(span, Ok(crate::text::Span::new(2, 9)));

    let template = |text: &str| parse_template(text).map(|parts| show_parts(&parts)).map_err(|problem| problem.message);
    assert_eq!(template("a \"b\" \\n\n  ${c}\n").as_deref(), Ok(r#""a \"b\" \\n\n  " $c "\n""#));
    assert_eq!(template("%{ for x in y ~}\n${x}\n%{ endfor ~}\n").as_deref(), Ok(r#"for(x in y | "" $x "\n") """#));
    assert_eq!(template("\"${x}\"").as_deref(), Ok(r#""\"" $x "\"""#));
    assert_eq!(template("plain \"").as_deref(), Ok(r#""plain \"""#));
    assert!(template("${x").is_err() && template("%{ if x }").is_err());
    let parts = parse_template("é${ab}").expect("a template");
    let [Part::Literal(_, literal), Part::Interpolation(ab)] = &parts[..] else { panic!("two parts") };
    assert_eq!((*literal, ab.span), (crate::text::Span::new(0, 2), crate::text::Span::new(4, 6)));
}

/// Runs the parser with the stack that it asks for; a stuck parser fails the test.
fn survives(name: &str, text: String) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let parser = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
        drop(parse(text.as_bytes()));
        drop(parse_expression(&text));
        drop(parse_template(&text));
        // Sent when all trees have been dropped, too.
        sender.send(()).is_ok()
    });
    assert!(parser.is_ok(), "a thread starts");
    assert!(receiver.recv_timeout(std::time::Duration::from_secs(60)).is_ok(), "{name} takes too long or overflows");
}

#[test]
fn hostile_inputs_end() {
    for opening in
        ["[", "(", "{a=", "f(", "x[", "\"${", "[for x in ", "!", "-", "a {\n", "%{if x}", "<<E\n${", "a?b:", "[{"]
    {
        survives(opening, format!("a = {}", opening.repeat(20_000)));
    }
    survives("nested and closed", format!("a = {}{}", "[".repeat(20_000), "]".repeat(20_000)));
    survives("closed blocks", format!("{}{}", "a {\n".repeat(20_000), "}\n".repeat(20_000)));
    survives("operators", format!("a = 1{}\n", " + 1".repeat(20_000)));
    survives("steps", format!("a = x{}\n", ".y".repeat(20_000)));
    survives("indices", format!("a = x{}\n", "[0]".repeat(20_000)));
    survives("directives", format!("a = \"{}{}\"\n", "%{if x}".repeat(5_000), "%{endif}".repeat(5_000)));
    let keys = |count: usize| (0..count).map(|key| format!("k{key} = 1\n")).collect::<String>();
    survives("keys", format!("a = {{\n{}}}\n", keys(20_000)));
    survives("objects", (0..40).map(|n| format!("a{n} = {{\n{}}}\n", keys(4_900))).collect());
    survives("equal keys", format!("a = {{\n{}}}\n", "x = 1\n".repeat(4_900)));
    survives("empty heredocs", (0..4_000).map(|n| format!("a{n} = <<E{n}\nE{n}\n")).collect());
    survives("nested empty heredocs", (0..24).map(|n| format!("a_{n} = \"${{<<E_{n}\nE_{n}\n}}\"\n")).collect());
    survives("open heredocs", (0..20_000).map(|n| format!("a{n} = <<E{n}\n")).collect());
    survives("long heredoc", format!("a = <<E\n{}E\n", "x $ y\n".repeat(30_000)));
    survives("open comments", "/* x\n".repeat(100_000));
    survives("dollars", format!("a = \"{}\"\n", "$".repeat(200_000)));
    survives("interpolations", format!("a = \"{}\"\n", "${x}".repeat(50_000)));
    survives("labels", format!("a{} {{}}\n", " b".repeat(100_000)));
    survives("bad values", "a = @\n".repeat(20_000));
    survives("closing braces", "}\n".repeat(100_000));
}

#[test]
fn any_bytes_are_taken() {
    for text in
        [&b"\x00"[..], b"a = \"\xff\xfe\"\n", b"a = <<E\n\xff${x}\xfe\nE\n", b"\xff = 1\n", b"a = \"\\\xff", b"\\"]
    {
        drop(parse(text));
    }
    let parsed = parse(b"a = \"x\xffy ${z}\"\n");
    assert_eq!(show_body(&parsed.body), "a=<\"x\u{fffd}y \" $z>");
}
