use super::*;
use std::fmt::Write as _;

fn one(text: &str) -> Node {
    let mut documents = parse(text.as_bytes()).unwrap();
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn refused(text: &[u8]) -> YamlError {
    parse(text).unwrap_err()
}

/// Every node of a document, with the bytes that its span covers.
fn spans<'a>(text: &'a str, node: &Node, out: &mut Vec<&'a str>) {
    out.push(&text[node.span.range()]);
    match &node.kind {
        NodeKind::Scalar { .. } => {}
        NodeKind::Sequence(items) => items.iter().for_each(|item| spans(text, item, out)),
        NodeKind::Mapping(entries) => entries.iter().for_each(|(key, value)| {
            spans(text, key, out);
            spans(text, value, out);
        }),
    }
}

fn all_spans(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    spans(text, &one(text), &mut out);
    out
}

#[test]
fn spans_are_bytes_of_what_they_name() {
    assert_eq!(all_spans("é: 'ü' # ö\nb: \"→\"\n"), ["é: 'ü' # ö\nb: \"→\"", "é", "'ü'", "b", "\"→\""]);
    assert_eq!(
        all_spans("a:\n  - x   # c\n  - y\n\n# end\n"),
        ["a:\n  - x   # c\n  - y", "a", "- x   # c\n  - y", "x", "y"]
    );
    assert_eq!(
        all_spans("a: [ x, {k: v} ]   # c\n"),
        ["a: [ x, {k: v} ]", "a", "[ x, {k: v} ]", "x", "{k: v}", "k", "v"]
    );
    assert_eq!(all_spans("a: |\n  ü\n  y\n\nb: z\n"), ["a: |\n  ü\n  y\n\nb: z", "a", "ü\n  y", "b", "z"]);
    assert_eq!(
        all_spans("a: >-\n    x\n# c\nb: [\"q\\\"]\" , 'it''s' # c\n]\n"),
        [
            "a: >-\n    x\n# c\nb: [\"q\\\"]\" , 'it''s' # c\n]",
            "a",
            "x",
            "b",
            "[\"q\\\"]\" , 'it''s' # c\n]",
            "\"q\\\"]\"",
            "'it''s'"
        ]
    );
    assert_eq!(all_spans("a: one\n  two\nb:\n"), ["a: one\n  two\nb", "a", "one\n  two", "b", ""]);
    assert_eq!(all_spans("\u{feff}a: b\r\nc: d\r\n"), ["a: b\r\nc: d", "a", "b", "c", "d"]);
    assert_eq!(
        all_spans("a: &x !!str b\nc: !<tag:x,y> [d]\ne: &y\n  f: g\n"),
        ["a: &x !!str b\nc: !<tag:x,y> [d]\ne: &y\n  f: g", "a", "b", "c", "[d]", "d", "e", "f: g", "f", "g"]
    );
}

#[test]
fn brackets_may_close_at_the_start_of_a_line() {
    // As libyaml and go-yaml take it.
    let root = one("on:\n  push:\n    branches: [\n    'main', # c\n    ]\n");
    let branches = root.get("on").and_then(|on| on.get("push")).and_then(|push| push.get("branches")).unwrap();
    assert_eq!(branches.as_sequence().unwrap()[0].as_str(), Some("main"));
}

#[test]
fn an_alias_points_at_what_it_stands_for() {
    let text = "a: &x secret\nb: *x\nc: [*x]\n";
    let root = one(text);
    let alias = root.get("b").unwrap();
    assert_eq!(alias.as_str(), Some("secret"));
    assert_eq!(alias.span, root.get("a").unwrap().span);
    // The sequence that holds the alias keeps its own bytes.
    assert_eq!(&text[root.get("c").unwrap().span.range()], "[*x]");
    assert_eq!(&text[root.span.range()], text.trim_end());
}

/// The words of https://yaml.org/spec/1.2.2/#103-core-schema, and those that YAML 1.1 took for booleans.
#[test]
fn scalars_mean_what_the_core_schema_says() {
    for (text, null, boolean, int, string) in [
        ("~", true, None, None, false),
        ("null", true, None, None, false),
        ("\"null\"", false, None, None, true),
        ("true", false, Some(true), None, false),
        ("FALSE", false, Some(false), None, false),
        ("'true'", false, None, None, true),
        ("!!str true", false, None, None, true),
        ("off", false, None, None, true),
        ("no", false, None, None, true),
        ("yes", false, None, None, true),
        ("on", false, None, None, true),
        ("12", false, None, Some(12), false),
        ("-0o7", false, None, None, true),
        ("0o17", false, None, Some(15), false),
        ("0x1F", false, None, Some(31), false),
        ("0x+1", false, None, None, true),
        ("+3", false, None, Some(3), false),
        ("1.5", false, None, None, false),
        ("1.", false, None, None, false),
        (".5e3", false, None, None, false),
        ("1e", false, None, None, true),
        (".", false, None, None, true),
        (".inf", false, None, None, false),
        ("1_000", false, None, None, true),
        ("2027-01-31", false, None, None, true),
        ("99999999999999999999", false, None, None, false),
    ] {
        let node = one(text);
        assert_eq!(node.is_null(), null, "{text}");
        assert_eq!(node.as_bool(), boolean, "{text}");
        assert_eq!(node.as_int(), int, "{text}");
        assert_eq!(node.as_string().is_some(), string, "{text}");
    }
    assert_eq!(one("1.5").as_float(), Some(1.5));
    assert_eq!(one("-.inf").as_float(), Some(f64::NEG_INFINITY));
    assert_eq!(one("infinity").as_float(), None);
}

#[test]
fn merge_keys_yield_to_own_keys_and_to_earlier_ones() {
    let root = one("base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nuse:\n  <<: [*b, *m]\n  x: 0\n");
    let merged = root.get("use").unwrap().merged();
    let shown: Vec<_> = merged.iter().map(|(key, value)| (key.as_str().unwrap(), value.as_int().unwrap())).collect();
    assert_eq!(shown, [("x", 0), ("y", 2), ("z", 4)]);
}

#[test]
fn documents_are_told_apart() {
    assert_eq!(parse(b"").unwrap().len(), 0);
    assert_eq!(parse(b"# only a comment\n").unwrap().len(), 0);
    assert_eq!(parse(b"a: 1\n---\nb: 2\n").unwrap().len(), 2);
    assert!(parse(b"a: &x 1\n---\nb: *x\n").is_err());
}

#[test]
fn errors_name_the_place_and_nothing_of_the_text() {
    let error = refused(b"a: b\nc: \"hunter2\n");
    assert!(error.position.line >= 2);
    for text in
        ["a: hunter2: x", "hunter2: [", "*hunter2", "a: b\n hunter2", "!hunter2!x y", "a: @hunter2", "%hunter2\n"]
    {
        let shown = format!("{:?}", parse(text.as_bytes()));
        assert!(!shown.contains("hunter2"), "{text}: {shown}");
    }
    assert_eq!(refused(b"a: \xff").offset, 3);
}

#[test]
fn hostile_texts_end_in_time() {
    let many = 50_000;
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    let mut heavy = format!("a: &a \"{}\"\nb:\n", "x".repeat(100_000));
    let mut chain = String::from("a0: &a0 [x]\n");
    for level in 1..40 {
        let before = level - 1;
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", vec![format!("*a{before}"); 10].join(", "));
        let _ = writeln!(chain, "a{level}: &a{level} [[[[[*a{before}]]]]]");
    }
    (0..1000).for_each(|_| heavy.push_str("- *a\n"));
    let nested: String = (0..2000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let texts = [
        bomb,
        heavy,
        chain,
        nested,
        "a: &a [*a]\n".into(),
        "- ".repeat(many),
        "? ".repeat(many),
        "[".repeat(many),
        "{".repeat(many),
        "[a: ".repeat(many),
        format!("a: {}", "[{".repeat(many)),
        format!("[{}]", "a,".repeat(1_000_001)),
        "\"".repeat(many + 1),
        "a\0b".into(),
        "&a ".repeat(many),
        "!!".repeat(many),
    ];
    for text in texts {
        let error = refused(text.as_bytes());
        assert!(!error.message.is_empty(), "{}", error.offset);
    }
    // Long but harmless.
    assert!(parse("- a\n".repeat(many).as_bytes()).is_ok());
    assert!(parse("# c\n".repeat(many).as_bytes()).is_ok());
    assert!(parse("é\n".repeat(many).as_bytes()).is_ok());
}

#[test]
fn any_bytes_are_taken_without_panic() {
    let alphabet: Vec<&[u8]> = vec![
        b"a",
        b": ",
        b"- ",
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b"\n",
        b" ",
        b"#",
        b"&a ",
        b"*a",
        b"!t ",
        b"|",
        b">",
        b"'",
        b"\"",
        b"\xc3\xa9",
        b"\xff",
        b"---\n",
        b"? ",
        b"\t",
        b"%",
        b"\0",
        b"<<",
    ];
    // A fixed linear congruence (Knuth's MMIX): the same texts in every run.
    let mut state = 1_u64;
    for _ in 0..5_000 {
        let mut text = Vec::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.extend_from_slice(alphabet[(state >> 33) as usize % alphabet.len()]);
        }
        if let Ok(documents) = parse(&text) {
            for document in documents {
                assert!(document.span.end as usize <= text.len());
                document.merged();
            }
        }
    }
}
