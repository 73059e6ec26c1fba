//! Cut off, damaged, nested and huge files: what can be read is read, and the rest is told.

use super::super::{Format, Leaf, Owner, Visitor};
use super::tests::record_as;
use crate::text::Span;
use std::time::{Duration, Instant};

/// A state, a plan and a cache with every shape that the readers know.
const SAMPLES: &[&str] = &[
    r#"{"version":4,"terraform_version":"1.11.4","serial":1,"outputs":{"o":{"value":{"k":["v"]},"type":"string","sensitive":true}},
    "resources":[{"module":"module.m","mode":"managed","type":"t","name":"n","instances":[{"index_key":"k\u00e9","attributes":
    {"input":{"value":{"p":"q\n","l":[1,-2.5e3,true,null]},"type":["map","string"]},"text":"é"},"sensitive_attributes":[[{"type":"get_attr",
    "value":"input"},{"type":"index","value":{"value":0,"type":"number"}}]],"private":"e30="},{"attributes_flat":{"a.0":"b"}}]}]}"#,
    r#"{"version":3,"terraform_version":"0.11.14","backend":{"type":"s3","config":{"access_key":"A","x":{"y":"z"}},"hash":1},"modules":
    [{"path":["root","m"],"outputs":{"o":{"value":"v","sensitive":true}},"resources":{"data.t.n.0":{"type":"t","primary":{"id":"i",
    "attributes":{"a.%":"1","a.b":"c"}},"deposed":[]}}}]}"#,
    r#"{"format_version":"1.2","planned_values":{"outputs":{"o":{"value":"v"}},"root_module":{"resources":[{"address":"t.n","type":"t",
    "values":{"a":"b"},"sensitive_values":{"a":true}}],"child_modules":[{"resources":[{"address":"t.m","values":{"c":"d"}}],
    "address":"module.m"}]}},"variables":{"x":{"value":"y"}},"resource_changes":[{"address":"t.n","change":{"before":{"a":"b"},"after":
    {"a":["c"]},"after_sensitive":{"a":[true]}}}],"output_changes":{"o":{"after":"w"}},"configuration":{"provider_config":{"p":{"name":"p",
    "expressions":{"k":{"constant_value":"l"}}}},"root_module":{"variables":{"x":{"default":"z","sensitive":true}},"module_calls":{"m":
    {"expressions":{"i":{"constant_value":"j"}},"module":{"resources":[{"address":"t.q","expressions":{"r":[{"s":{"constant_value":1}}]}}]}}}}}}"#,
];

/// What is seen, without marks and types of values' own: they may stand behind the cut.
fn plain(seen: &[String]) -> Vec<String> {
    let values = seen.iter().filter(|line| !line.contains("input.type"));
    values.map(|line| line.trim_end_matches(" !").replace("input.value", "input")).collect()
}

#[test]
fn a_file_cut_anywhere_is_read_up_to_there() {
    for sample in SAMPLES {
        let (whole, all) = record_as("x", sample.as_bytes(), true);
        assert_eq!(whole.problems, []);
        let all = plain(&all.seen);
        // Before that it is not known what it is.
        let known = sample.find(r#"","#).expect("the version is told first") + 30;
        let mut most = 0;
        for cut in 0..sample.len() {
            let (reading, recorder) = record_as("x", &sample.as_bytes()[..cut], true);
            if cut < known {
                continue;
            }
            assert_eq!(reading.problems.len(), 1, "{cut}");
            let at = reading.problems[0].span.expect("a file has spans").start as usize;
            assert!(at <= cut);
            let seen = plain(&recorder.seen);
            // A number that is cut is a shorter number; addresses of variables come last.
            let found = seen.iter().filter(|line| all.contains(line)).count();
            assert!(found + 1 >= seen.len(), "{cut}: {seen:?}");
            most = most.max(found);
        }
        assert_eq!(most, all.len(), "without the last bracket all is seen");
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let pieces =
        ["\"", "{", "}", "[", "]", ",", ":", "\\", "\\u", "\0", "\u{7f}", "<<<<<<< a\n", "1", "true", "\"type\":"];
    for sample in SAMPLES {
        for _ in 0..1500 {
            let mut bytes = sample.as_bytes().to_vec();
            for _ in 0..=next() % 4 {
                let at = (next() % bytes.len() as u64) as usize;
                match next() % 4 {
                    0 => bytes[at] = next() as u8,
                    1 => drop(bytes.remove(at)),
                    2 => {
                        let piece = pieces[(next() % pieces.len() as u64) as usize];
                        bytes.splice(at..at, piece.bytes());
                    }
                    _ => {
                        let end = (at + (next() % 40) as usize).min(bytes.len());
                        bytes.drain(at..end);
                        bytes.push(b' ');
                    }
                }
            }
            for wants in [true, false] {
                assert!(record_as("terraform.tfstate", &bytes, wants).0.problems.len() <= 1);
            }
        }
    }
}

/// A state whose instance has these attributes between two others.
fn with(attribute: &[u8]) -> Vec<u8> {
    let before = br#"{"version":4,"terraform_version":"1.11.4","resources":[{"mode":"managed","type":"t","name":"n","instances":[
        {"attributes":{"before":"b","#;
    [before, attribute, br#","after":"a"}}]}]}"#].concat()
}

#[test]
fn damage_costs_no_more_than_it_touches() {
    let deep = format!("\"x\":{}1{}", "[".repeat(5000), "]".repeat(5000));
    let cases: &[(&[u8], &str, Option<&str>)] = &[
        (b"\"x\":\"line\nbreak\"", "a control character in a string", Some("line\nbreak")),
        (b"\"x\":\"nul\0\"", "a control character in a string", Some("nul\0")),
        (b"\"x\":\"not \xff utf-8\"", "a string that is not UTF-8", Some("not \u{fffd} utf-8")),
        (b"\"x\":\"half \\ud83d\"", "a string with an escape that JSON does not know", Some("half \u{fffd}")),
        (b"\"x\":\"\\q\"", "a string with an escape that JSON does not know", Some("q")),
        (b"\"\xffx\":\"of a key\"", "a string that is not UTF-8", None),
        (b"\"x\":nonsense", "not JSON", None),
        (b"\"x\":-", "a malformed number", None),
        (b"\"x\":{\"y\":1 \"z\":2}", "not JSON", None),
        (b"\"x\":[1,]", "not JSON", None),
        (deep.as_bytes(), "nested too deeply", None),
    ];
    for (attribute, message, text) in cases {
        let bytes = with(attribute);
        let (reading, recorder) = record_as("x", &bytes, true);
        let case = String::from_utf8_lossy(&attribute[..attribute.len().min(40)]);
        assert_eq!(reading.format, Format::State { version: 4 });
        assert_eq!(reading.problems.len(), 1, "{case}");
        assert_eq!(reading.problems[0].message, *message, "{case}");
        assert!(recorder.seen.contains(&"Resource t.n <t> before = b".to_owned()), "{case}");
        assert!(recorder.seen.contains(&"Resource t.n <t> after = a".to_owned()), "{case}: {:?}", recorder.seen);
        if let Some(text) = text {
            assert!(recorder.seen.contains(&format!("Resource t.n <t> x = {text}")), "{case}: {:?}", recorder.seen);
        }
    }
    let bytes = with(b"\"x\":\"y\" \"z\":\"missing comma\"");
    let (reading, recorder) = record_as("x", &bytes, true);
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(recorder.seen.len(), 4, "{:?}", recorder.seen);
}

#[test]
fn both_sides_of_a_merge_conflict_are_read() {
    let text = r#"{
  "version": 4,
  "terraform_version": "1.11.4",
<<<<<<< HEAD
  "serial": 3,
=======
  "serial": 4,
>>>>>>> other
  "resources": [
    {"mode": "managed", "type": "t", "name": "n", "instances": [
      {"attributes": {
<<<<<<< HEAD
        "password": "ours",
||||||| base
        "password": "theirs before",
=======
        "password": "theirs"
>>>>>>> other
      }},
<<<<<<< HEAD
      {"index_key": 1, "attributes": {"password": "added"}}
=======
>>>>>>> other
    ]}
  ]
}"#;
    let (reading, recorder) = record_as("x", text.as_bytes(), true);
    let problem = &reading.problems[0];
    assert_eq!(problem.message, "a merge conflict that is not resolved");
    assert_eq!(problem.span.map(|span| span.start as usize), text.find("<<<<<<<"));
    let expected = [
        "Resource t.n <t> password = ours",
        "Resource t.n <t> password = theirs before",
        "Resource t.n <t> password = theirs",
        "Resource t.n[1] <t> password = added",
    ];
    assert_eq!(recorder.seen, expected);
}

#[test]
fn a_byte_order_mark_does_not_hide_a_state() {
    let bytes = [b"\xef\xbb\xbf", &with(b"\"x\":\"y\"")[..]].concat();
    let (reading, recorder) = record_as("x", &bytes, true);
    assert_eq!((reading.problems.len(), recorder.seen.len()), (0, 3));
}

/// Wants all and keeps nothing.
struct Counter(usize);

impl Visitor for Counter {
    fn wants(&mut self, _: &Owner, _: &str, _: Option<Span>, _: bool) -> bool {
        true
    }

    fn leaf(&mut self, _: &Owner, _: Leaf<'_>) {
        self.0 += 1;
    }
}

#[test]
fn nesting_and_size_cost_neither_the_stack_nor_much_time() {
    let state = r#"{"version":4,"terraform_version":"1","#;
    let attributes = format!(r#"{state}"resources":[{{"instances":[{{"attributes":{{"a":"#);
    let shown = r#"{"format_version":"1.0","values":{"root_module":"#;
    let open = |head: &str, piece: &str, bytes: usize| format!("{head}{}", piece.repeat(bytes / piece.len()));
    let million = 1_000_000;
    let cases = [
        open("", "[", 50 * million),
        open("", "{\"a\":", 2 * million),
        open(&format!("{state}\"x\":"), "[", 10 * million),
        open(&format!("{state}\"resources\":"), "[", 2 * million),
        open(&attributes, "[", 2 * million),
        open(&attributes, "{\"value\":", 2 * million),
        open(&format!("{state}\"outputs\":"), "{\"value\":", 2 * million),
        open(&format!("{state}\"resources\":["), "{\"instances\":[", 2 * million),
        open(&format!("{state}\"resources\":[{{\"instances\":[{{\"sensitive_attributes\":"), "[", 2 * million),
        open(shown, "{\"child_modules\":[", 2 * million),
        open(shown, "{\"resources\":[{\"address\":\"a.b\",\"values\":{}}],\"child_modules\":[", 2 * million),
        open(r#"{"format_version":"1.0","resource_changes":[{"change":{"after_sensitive":"#, "{\"a\":", 2 * million),
        open(
            r#"{"format_version":"1.0","configuration":{"root_module":"#,
            "{\"module_calls\":{\"m\":{\"module\":",
            2 * million,
        ),
        open(state, "\"a\":0,", 2 * million),
        open("{", "\"a\":0,", 2 * million),
        open(&attributes, "\"b\":\"\",\"a\":", 2 * million),
        format!("{attributes}\"{}", "\\u0061".repeat(million)),
    ];
    for (number, text) in cases.iter().enumerate() {
        let start = Instant::now();
        let mut counter = Counter(0);
        super::super::read(&crate::text::RepoPath::new("x"), text.as_bytes(), &mut counter);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(30), "case {number} took {took:?}");
    }
}

#[test]
fn more_attributes_than_can_wait_are_told() {
    let many: Vec<String> = (0..1_000_010).map(|number| format!("\"{number}\":1")).collect();
    let text = with(many.join(",").as_bytes());
    let mut counter = Counter(0);
    let reading = super::super::read(&crate::text::RepoPath::new("x"), &text, &mut counter);
    assert_eq!(reading.problems[0].message, "more attributes in one object than are looked at");
    assert_eq!(counter.0, 1_000_000);
}
