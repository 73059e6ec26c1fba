//! What the console cannot show: unknown values, alternatives, origins, bounds.

use super::*;
use crate::finding::Place;
use crate::resolve::{Number, Origin};
use crate::text::{RepoPath, Source, Span};

struct Nothing;

impl Host for Nothing {}

/// One file, `key.txt`, and templates that are rendered as they are.
struct OneFile;

impl Host for OneFile {
    fn read(&self, path: &str) -> Option<FileText> {
        (path == "key.txt").then(|| FileText { text: "AKIAIOSFODNN7EXAMPLE".into(), place: place("key.txt", 0, 20) })
    }

    fn list(&self, _: &str) -> Option<Vec<String>> {
        Some(["a.tf", "b.txt", "sub/c.tf", "sub/deep/d.tf", ".hidden.tf"].map(str::to_owned).to_vec())
    }

    fn render(&self, template: &Template<'_>) -> Value {
        Value::new(Kind::String(Arc::clone(template.text)))
    }
}

fn place(path: &str, start: usize, end: usize) -> Place {
    Place::new(&Arc::new(Source::new(RepoPath::new(path), vec![b'x'; 64])), Span::new(start, end))
}

fn run(name: &str, arguments: Vec<Value>) -> Value {
    call(name, arguments, &Nothing, &Budget::default())
}

fn text(text: &str) -> Value {
    Value::string(text)
}

fn number(value: i128) -> Value {
    Value::new(Kind::Number(Number::Integer(value)))
}

fn list(values: impl Into<Arc<[Value]>>) -> Value {
    Value::new(Kind::List(values.into()))
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::new(Kind::Map(Arc::new(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())))
}

fn either<const N: usize>(values: [Value; N]) -> Value {
    Value::either(values)
}

fn unknown() -> Value {
    Value::unknown(Reason::NoDefault("var.x".into()))
}

fn literal(value: &str, start: usize) -> Value {
    Value::literal(Kind::String(value.into()), place("main.tf", start, start + value.len()))
}

/// A short rendering that keeps what is unknown and what is open.
fn shown(value: &Value) -> String {
    let all = |values: &[Value], separator: &str| values.iter().map(shown).collect::<Vec<_>>().join(separator);
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::Bool(flag) => flag.to_string(),
        Kind::Number(number) => convert::number_text(*number),
        Kind::String(text) => format!("{text:?}"),
        Kind::Partial(parts) => format!("<{}>", all(parts, " ")),
        Kind::List(values) => format!("[{}]", all(values, ", ")),
        Kind::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}={}", shown(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Kind::Either(values) => format!("({})", all(values, " | ")),
        Kind::Unknown(Reason::NoDefault(_)) => "?".into(),
        Kind::Unknown(reason) => format!("?{reason:?}"),
    }
}

fn start_of(value: &Value) -> Option<u32> {
    value.origin.literal.as_ref().map(|place| place.span.start)
}

#[test]
fn alternatives_are_tried_one_by_one_at_every_depth() {
    assert_eq!(shown(&run("upper", vec![either([text("a"), text("b")])])), r#"("A" | "B")"#);
    let nested = list([either([text("a"), text("b")]), text("c")]);
    assert_eq!(shown(&run("join", vec![text("-"), nested])), r#"("a-c" | "b-c")"#);
    let halfway = run("upper", vec![either([text("a"), unknown()])]);
    assert_eq!(shown(&halfway), r#"("A" | ?)"#);
}

#[test]
fn of_too_many_alternatives_some_are_tried() {
    let many = list((0..7).map(|_| either([text("a"), text("b")])).collect::<Vec<_>>());
    let joined = run("join", vec![text(""), many]);
    let shown: Vec<String> = joined.alternatives().iter().map(shown).collect();
    assert_eq!(shown.len(), 65);
    assert_eq!((shown[0].as_str(), shown[63].as_str(), shown[64].as_str()), ("\"aaaaaaa\"", "\"bbbbbba\"", "?Budget"));
}

#[test]
fn unknown_elements_do_not_spoil_the_rest() {
    let settings = || map([("a", text("x")), ("b", unknown())]);
    assert_eq!(shown(&run("lookup", vec![settings(), text("a")])), r#""x""#);
    assert_eq!(shown(&run("merge", vec![settings(), map([("c", text("y"))])])), r#"{a="x", b=?, c="y"}"#);
    assert_eq!(shown(&run("merge", vec![unknown(), settings()])), "?");
    assert_eq!(shown(&run("keys", vec![settings()])), r#"["a", "b"]"#);
    assert_eq!(shown(&run("length", vec![settings()])), "2");
    assert_eq!(shown(&run("concat", vec![list([unknown()]), list([text("a")])])), r#"[?, "a"]"#);
    assert_eq!(shown(&run("concat", vec![unknown(), list([text("a")])])), "?");
    assert_eq!(shown(&run("toset", vec![list([unknown(), text("a")])])), "?");
    assert_eq!(shown(&run("flatten", vec![list([list([map([("k", unknown())])])])])), "[{k=?}]");
    assert_eq!(shown(&run("flatten", vec![list([unknown()])])), "?");
    assert_eq!(shown(&run("contains", vec![list([unknown(), text("a")]), text("a")])), "true");
    assert_eq!(shown(&run("contains", vec![list([unknown(), text("a")]), text("b")])), "?");
    assert_eq!(shown(&run("alltrue", vec![list([unknown(), Value::new(Kind::Bool(false))])])), "?");
}

#[test]
fn texts_are_partly_known() {
    let joined = run("join", vec![text(":"), list([text("user"), unknown(), text("host")])]);
    assert_eq!(shown(&joined), r#"<"user:" ? ":host">"#);
    let formatted = run("format", vec![text("a-%s-%d"), unknown(), number(3)]);
    assert_eq!(shown(&formatted), r#"<"a-" ? "-3">"#);
    assert_eq!(shown(&run("format", vec![text("%5s"), unknown()])), "?");
    let encoded = run("jsonencode", vec![map([("k", joined)])]);
    assert_eq!(shown(&encoded), r#"<"{\"k\":\"user:" ? ":host\"}">"#);
    let partial = Value::new(Kind::Partial([text("arn:aws:"), unknown()].into()));
    assert_eq!(shown(&run("startswith", vec![partial.clone(), text("arn:")])), "true");
    assert_eq!(shown(&run("startswith", vec![partial.clone(), text("x")])), "false");
    assert_eq!(shown(&run("startswith", vec![partial.clone(), text("arn:aws:iam")])), "?");
    assert_eq!(shown(&run("upper", vec![partial])), "?");
}

#[test]
fn the_first_of_several_may_be_open() {
    assert_eq!(shown(&run("coalesce", vec![unknown(), text("a"), text("b")])), r#"(? | "a")"#);
    assert_eq!(shown(&run("coalesce", vec![either([text(""), text("a")]), text("b")])), r#"("a" | "b")"#);
    assert_eq!(shown(&run("try", vec![unknown(), text("a")])), r#"(? | "a")"#);
    assert_eq!(shown(&run("try", vec![Value::unknown(Reason::Invalid), text("a")])), r#""a""#);
    assert_eq!(shown(&run("try", vec![Value::unknown(Reason::Undeclared("x".into())), text("a")])), r#""a""#);
    assert_eq!(shown(&run("try", vec![text("a"), text("b")])), r#""a""#);
    assert_eq!(shown(&run("can", vec![unknown()])), "?");
    assert_eq!(shown(&run("can", vec![Value::unknown(Reason::Invalid)])), "false");
    assert_eq!(shown(&run("lookup", vec![unknown(), text("k"), text("d")])), r#"(? | "d")"#);
    assert_eq!(shown(&run("lookup", vec![map([]), text("k")])), "?Invalid");
}

#[test]
fn what_is_not_computed_is_unknown_by_name() {
    for name in ["timestamp", "uuid", "bcrypt", "base64gzip", "no_such", "provider::aws::arn_parse", "type"] {
        assert_eq!(run(name, vec![]).kind_reason(), Some(Reason::Function(name.into())), "{name}");
    }
    assert_eq!(shown(&run("upper", vec![])), "?Invalid");
    assert_eq!(shown(&run("upper", vec![text("a"), text("b")])), "?Invalid");
    assert_eq!(shown(&run("list", vec![text("a")])), "?Invalid");
    assert_eq!(shown(&run("core::upper", vec![text("a")])), r#""A""#);
}

#[test]
fn results_keep_the_place_of_what_they_are_made_of() {
    let key = || literal("AKIAIOSFODNN7EXAMPLE", 7);
    for (name, arguments) in [
        ("upper", vec![key()]),
        ("base64encode", vec![key()]),
        ("trimspace", vec![key()]),
        ("sensitive", vec![key()]),
        ("tostring", vec![key()]),
        ("coalesce", vec![Value::new(Kind::Null), key()]),
        ("try", vec![key()]),
        ("one", vec![list([key()])]),
        ("element", vec![list([key()]), number(3)]),
        ("lookup", vec![map([("k", key())]), text("k")]),
        ("format", vec![text("%s"), key()]),
        ("format", vec![literal("id=%s", 50), key()]),
        ("join", vec![literal(",", 50), list([literal("x", 40), key()])]),
        ("jsonencode", vec![map([("k", key())])]),
        ("replace", vec![key(), literal("A", 50), literal("B", 40)]),
        ("substr", vec![key(), number(0), number(4)]),
    ] {
        assert_eq!(start_of(&run(name, arguments)), Some(7), "{name}");
    }
    let decoded = run("jsondecode", vec![literal(r#"{"a":["x"]}"#, 3)]);
    let inner = decoded.as_map().unwrap()["a"].as_list().unwrap()[0].clone();
    assert_eq!(start_of(&inner), Some(3));
}

#[test]
fn marks_go_with_the_values() {
    let secret = || Value { origin: Origin { sensitive: true, ..Origin::default() }, ..text("s") };
    assert!(run("upper", vec![secret()]).origin.sensitive);
    assert!(run("join", vec![text(","), list([secret()])]).origin.sensitive);
    assert!(run("coalesce", vec![text("a"), secret()]).origin.sensitive);
    assert!(!run("concat", vec![list([secret()])]).origin.sensitive);
    assert!(!run("nonsensitive", vec![secret()]).origin.sensitive);
}

#[test]
fn files_are_read_through_the_host() {
    let run = |name: &str, arguments| call(name, arguments, &OneFile, &Budget::default());
    let file = run("file", vec![text("key.txt")]);
    assert_eq!(shown(&file), r#""AKIAIOSFODNN7EXAMPLE""#);
    assert_eq!(file.origin.literal.map(|place| place.path().to_string()), Some("key.txt".to_owned()));
    assert_eq!(shown(&run("fileexists", vec![text("key.txt")])), "true");
    assert_eq!(run("fileexists", vec![text("gone")]).kind_reason(), Some(Reason::Function("fileexists".into())));
    let rendered = run("templatefile", vec![text("key.txt"), map([])]);
    assert_eq!(rendered.origin.literal.map(|place| place.span.end), Some(20));
    for (pattern, expected) in [
        ("*.tf", r#"[".hidden.tf", "a.tf"]"#),
        ("**/*.tf", r#"[".hidden.tf", "a.tf", "sub/c.tf", "sub/deep/d.tf"]"#),
        ("{a,b}.{tf,txt}", r#"["a.tf", "b.txt"]"#),
        ("sub/?.tf", r#"["sub/c.tf"]"#),
        ("[^a]*.txt", r#"["b.txt"]"#),
    ] {
        assert_eq!(shown(&run("fileset", vec![text("."), text(pattern)])), expected, "{pattern}");
    }
}

#[test]
fn nothing_grows_without_bound() {
    let long = text(&"a".repeat(1 << 20));
    let mut doubling = text("lol");
    for _ in 0..64 {
        doubling = list([doubling.clone(), doubling]);
    }
    for (name, arguments) in [
        ("replace", vec![long.clone(), text("a"), long.clone()]),
        ("replace", vec![long.clone(), text("/a/"), long.clone()]),
        ("indent", vec![number(1 << 40), text("a\nb")]),
        ("format", vec![text("%999999999s"), text("a")]),
        ("join", vec![long.clone(), list(vec![long.clone(); 100])]),
        ("jsonencode", vec![doubling.clone()]),
        ("flatten", vec![doubling.clone()]),
        ("toset", vec![doubling.clone()]),
        ("yamlencode", vec![doubling]),
        ("setproduct", vec![list(vec![text("a"), text("b")]); 40]),
        ("cidrsubnets", vec![text("10.0.0.0/8"), number(1 << 60)]),
    ] {
        let result = call(name, arguments, &Nothing, &Budget::new(100_000, 4 << 20));
        assert!(matches!(result.kind, Kind::Unknown(Reason::Budget | Reason::Invalid)), "{name}");
    }
    let nested = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    assert!(run("jsondecode", vec![text(&nested)]).is_unknown());
    assert!(run("yamldecode", vec![text(&nested)]).is_unknown());
    assert!(run("regex", vec![text(&"(".repeat(5000)), text("a")]).is_unknown());
    assert!(run("regex", vec![text("((a{100}){100}){100}"), text("a")]).is_unknown());
}

trait KindReason {
    fn kind_reason(&self) -> Option<Reason>;
}

impl KindReason for Value {
    fn kind_reason(&self) -> Option<Reason> {
        match &self.kind {
            Kind::Unknown(reason) => Some(reason.clone()),
            _ => None,
        }
    }
}
