//! Plans as Terraform does not write them, built byte by byte.

use super::super::{Leaf, Owner, Section, Visitor};
use super::*;
use rmp::encode;

/// Remembers what it is told.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) leaves: Vec<HeardLeaf>,
    /// Attributes that are not wanted.
    unwanted: Vec<&'static str>,
    /// Asked for, each with whether it is marked.
    asked: Vec<(String, String, bool)>,
}

pub(super) struct HeardLeaf {
    pub(super) owner: Owner,
    path: String,
    pub(super) text: String,
    marked: bool,
}

impl Heard {
    /// `address path=text`, with `!` for what is marked.
    pub(super) fn lines(&self) -> Vec<String> {
        let mark = |leaf: &HeardLeaf| if leaf.marked { "!" } else { "" };
        let line = |leaf: &HeardLeaf| format!("{} {}={}{}", leaf.owner.address, leaf.path, leaf.text, mark(leaf));
        self.leaves.iter().map(line).collect()
    }
}

impl Visitor for Heard {
    fn wants(&mut self, owner: &Owner, attribute: &str, span: Option<Span>, marked: bool) -> bool {
        assert_eq!(span, None, "inside an archive nothing has a line");
        self.asked.push((owner.address.clone(), attribute.to_owned(), marked));
        !self.unwanted.contains(&attribute)
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        assert_eq!(leaf.span, None);
        self.leaves.push(HeardLeaf {
            owner: owner.clone(),
            path: leaf.path.to_owned(),
            text: leaf.text.to_owned(),
            marked: leaf.marked,
        });
    }
}

/// A field that is a text, bytes or a message.
pub(super) fn field(number: u8, value: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    if number > 15 {
        bytes = vec![(number << 3 | 2) | 0x80, number >> 4];
    }
    let mut length = value.as_ref().len();
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(value.as_ref());
    bytes
}

/// A `DynamicValue` that is field `number`.
pub(super) fn dynamic(number: u8, value: impl AsRef<[u8]>) -> Vec<u8> {
    field(number, field(1, value))
}

pub(super) fn text(value: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::write_str(&mut bytes, value).unwrap();
    bytes
}

pub(super) fn object(attributes: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::write_map_len(&mut bytes, attributes.len() as u32).unwrap();
    for (name, value) in attributes {
        bytes.extend(text(name));
        bytes.extend(value);
    }
    bytes
}

pub(super) fn list(values: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::write_array_len(&mut bytes, values.len() as u32).unwrap();
    bytes.extend(values.concat());
    bytes
}

/// A value of open type, with the JSON of its type.
pub(super) fn typed(kind: &str, value: Vec<u8>) -> Vec<u8> {
    let mut bytes = vec![0x92];
    encode::write_bin(&mut bytes, kind.as_bytes()).unwrap();
    bytes.extend(value);
    bytes
}

/// A change to a resource, with the values and paths of its `Change`.
pub(super) fn resource(address: &str, change: &[Vec<u8>]) -> Vec<u8> {
    field(3, [field(13, address), field(9, change.concat())].concat())
}

/// Reads a `tfplan` without an archive around it.
fn tfplan(parts: &[Vec<u8>]) -> (Heard, Vec<String>) {
    let mut heard = Heard::default();
    let problems = tfplan::read(&parts.concat(), &mut Variables::new(), &mut heard);
    (heard, problems)
}

fn lines(parts: &[Vec<u8>]) -> Vec<String> {
    let (heard, problems) = tfplan(parts);
    assert_eq!(problems, [""; 0]);
    heard.lines()
}

#[test]
fn sensitive_paths_mark_the_parts_they_lead_to() {
    let value = object(&[
        ("a", object(&[("k", text("1")), ("other", text("2"))])),
        ("b", list(&[text("3"), text("4"), text("5")])),
        ("c", typed(r#""string""#, text("6"))),
        ("d", text("7")),
    ]);
    let name = |name: &str| field(1, field(1, name));
    // The key of an element is a value of open type.
    let key = |key: Vec<u8>| field(1, dynamic(2, key));
    let paths = [
        field(4, [name("a"), key(typed(r#""string""#, text("k")))].concat()),
        field(4, [name("b"), key(typed(r#""number""#, vec![1]))].concat()),
        field(4, name("c")),
    ];
    let change = resource("x.y", &[vec![8, 1], dynamic(2, value.clone()), paths.concat()]);
    let expected = ["x.y a.k=1!", "x.y a.other=2", "x.y b=3", "x.y b=4!", "x.y b=5", "x.y c=6!", "x.y d=7"];
    assert_eq!(lines(std::slice::from_ref(&change)), expected);

    // What nobody wants is heard of only where it is marked.
    let mut heard = Heard { unwanted: vec!["a", "b", "c", "d"], ..Heard::default() };
    assert!(tfplan::read(&change, &mut Variables::new(), &mut heard).is_empty());
    assert_eq!(heard.lines(), ["x.y a.k=1!", "x.y b=4!", "x.y c=6!"]);
    let asked: Vec<_> = heard.asked.iter().map(|(_, attribute, marked)| (attribute.as_str(), *marked)).collect();
    assert_eq!(asked, [("a", false), ("b", false), ("c", true), ("d", false)]);

    // A path of no steps is the whole; so is one into a set, which names an element by itself.
    let of_set = field(4, [name("a"), key(object(&[("k", text("1"))]))].concat());
    let marked = lines(&[resource("x.y", &[dynamic(2, value.clone()), of_set])]);
    assert_eq!(marked[..3], ["x.y a.k=1!", "x.y a.other=2!", "x.y b=3"]);
    let all = lines(&[resource("x.y", &[dynamic(2, value), field(4, "")])]);
    assert!(all.len() == 7 && all.iter().all(|line| line.ends_with('!')), "{all:?}");
}

#[test]
fn before_and_after_have_their_own_paths() {
    let value = |value: &str| dynamic(2, object(&[("p", text(value))]));
    let path = |number| field(number, field(1, field(1, "p")));
    let update = resource("x.y", &[vec![8, 3], value("old"), value("new"), path(3)]);
    assert_eq!(lines(&[update]), ["x.y p=old!", "x.y p=new"]);
    let update = resource("x.y", &[vec![8, 3], value("old"), value("new"), path(4)]);
    assert_eq!(lines(&[update]), ["x.y p=old", "x.y p=new!"]);
    for number in [3, 4] {
        let delete = resource("x.y", &[vec![8, 5], value("old"), path(number)]);
        assert_eq!(lines(&[delete]), ["x.y p=old!"]);
    }
}

#[test]
fn values_of_all_sorts() {
    let unknown = vec![0xd4, 0, 0];
    let refined = vec![0xc7, 3, 0x0c, 0x81, 1, 0xc2];
    let half = [vec![0xcb], 0.5_f64.to_be_bytes().to_vec()].concat();
    let infinity = [vec![0xcb], f64::INFINITY.to_be_bytes().to_vec()].concat();
    let value = object(&[
        ("null", vec![0xc0]),
        ("true", vec![0xc3]),
        ("empty", text("")),
        ("unknown", unknown.clone()),
        ("refined", refined),
        ("small", vec![5]),
        ("negative", vec![0xff]),
        ("large", [vec![0xcf], u64::MAX.to_be_bytes().to_vec()].concat()),
        ("half", half),
        ("infinity", infinity),
        ("long", text(&"x".repeat(300))),
        ("typed", typed(r#"["object",{"a":"dynamic"}]"#, object(&[("a", typed(r#""string""#, text("in")))]))),
        ("pair", list(&[text("one"), text("two")])),
        ("foreign", vec![0xa2, 0xff, b'x']),
    ]);
    let long = format!("var.v long={}", "x".repeat(300));
    let expected = [
        "var.v small=5",
        "var.v negative=-1",
        "var.v large=18446744073709551615",
        "var.v half=0.5",
        &long,
        "var.v typed.a=in",
        "var.v pair=one",
        "var.v pair=two",
        "var.v foreign=\u{fffd}x",
    ];
    let variable = |value: &[u8]| field(2, [field(1, "v"), dynamic(2, value)].concat());
    assert_eq!(lines(&[variable(&value)]), expected);
    assert_eq!(lines(&[variable(&unknown)]), [""; 0]);
    assert_eq!(lines(&[resource("x.y", &[dynamic(2, &unknown), dynamic(2, [0xc0])])]), [""; 0]);
}

#[test]
fn what_else_a_plan_holds() {
    let value = || object(&[("p", text("secret"))]);
    let old = [field(1, "module.m"), vec![2 << 3, 1], field(3, "http"), field(4, "n"), vec![6 << 3, 2]].concat();
    let plan = [
        field(4, [field(1, "o"), field(2, dynamic(2, text("secret"))), vec![3 << 3, 1]].concat()),
        field(3, [old, field(9, dynamic(2, value()))].concat()),
        field(18, [field(13, "x.drifted"), field(9, dynamic(2, value()))].concat()),
        field(27, field(2, [field(13, "x.deferred"), field(9, dynamic(2, value()))].concat())),
        field(3, [field(13, "x.y"), field(10, r#"{"k":"v"}"#), field(9, field(6, "resource {}"))].concat()),
        field(13, [field(1, "s3"), dynamic(2, object(&[("access_key", text("AKIAIOSFODNN7EXAMPLE"))]))].concat()),
        field(29, {
            let provider = [field(1, "registry.terraform.io/hashicorp/aws"), dynamic(3, value())].concat();
            [field(1, "aws_s3"), dynamic(2, value()), field(4, provider)].concat()
        }),
        field(30, [field(1, "action.aws_x.n"), dynamic(4, value()), field(5, field(1, field(1, "p")))].concat()),
        // What nobody knows yet.
        field(31, ""),
        field(99, "x"),
    ];
    let (heard, problems) = tfplan(&plan);
    assert_eq!(problems, [""; 0]);
    let expected = [
        (Section::Output, "", "output.o =secret!"),
        (Section::Data, "http", "module.m.data.http.n[2] p=secret"),
        (Section::Resource, "x", "x.drifted p=secret"),
        (Section::Resource, "x", "x.deferred p=secret"),
        (Section::Resource, "x", r#"x.y private={"k":"v"}"#),
        (Section::Configuration, "", "x.y =resource {}"),
        (Section::Backend, "s3", "terraform.backend.s3 access_key=AKIAIOSFODNN7EXAMPLE"),
        (Section::Backend, "aws_s3", "terraform.state_store.aws_s3 p=secret"),
        (Section::Provider, "aws", "provider.aws p=secret"),
        (Section::Other, "aws_x", "action.aws_x.n p=secret!"),
    ];
    let owners = heard.leaves.iter().map(|leaf| (leaf.owner.section, leaf.owner.kind.as_str()));
    let heard: Vec<_> = owners.zip(heard.lines()).map(|((section, kind), line)| (section, kind, line)).collect();
    assert_eq!(heard, expected.map(|(section, kind, line)| (section, kind, line.to_owned())));
}

#[test]
fn broken_values_spoil_nothing_beside_them() {
    let good = |address: &str| resource(address, &[dynamic(2, object(&[("p", text("good"))]))]);
    let deep = |depth: usize| [vec![0x91; depth], text("deep")].concat();
    let broken: Vec<(Vec<u8>, &[&str])> = vec![
        (vec![0xdd, 0xff, 0xff, 0xff, 0xff], &[]),
        (object(&[("a", text("first")), ("b", vec![0xdd, 0xff, 0xff, 0xff, 0xff, 1])]), &["x.y a=first", "x.y b=1"]),
        (object(&[("a", text("first")), ("b", vec![0xdb, 0xff, 0xff, 0xff, 0xff, b'x'])]), &["x.y a=first"]),
        (object(&[("a", vec![0xc1])]), &[]),
        (object(&[("a", object(&[("b", vec![])]))]), &[]),
        (vec![0x81, 5, 5], &[]),
        (object(&[("a", deep(1_000_000)), ("b", text("beside"))]), &["x.y b=beside"]),
        (object(&[("a", [[0x81, 0xa1, b'k'].repeat(100_000), text("deep")].concat())]), &[]),
        (object(&[("a", [[0x92, 0xc4, 0].repeat(100_000), text("deep")].concat())]), &[]),
    ];
    for (at, (value, expected)) in broken.into_iter().enumerate() {
        let (heard, problems) = tfplan(&[good("x.before"), resource("x.y", &[dynamic(2, value)]), good("x.after")]);
        assert_eq!(problems.len(), 1, "{at}: {problems:?}");
        let lines = heard.lines();
        assert_eq!(lines[0], "x.before p=good", "{at}");
        assert_eq!(lines[1..lines.len() - 1], *expected, "{at}");
        assert_eq!(lines[lines.len() - 1], "x.after p=good", "{at}");
    }
    let (heard, problems) = tfplan(&[good("x.y"), vec![0x1a, 0xff, 0xff, 0xff, 0xff, 0x7f]]);
    assert_eq!((heard.lines().len(), problems.len()), (1, 1));
    // Nesting that is deep, but not without reason.
    assert_eq!(lines(&[resource("x.y", &[dynamic(2, object(&[("a", deep(150))]))])]), ["x.y a=deep"]);
}

#[test]
fn many_marks_are_heeded_and_too_many_told() {
    let elements: Vec<_> = (0..5000).map(|number: u32| text(&format!("v{number}"))).collect();
    let index = |number: u32| {
        let mut bytes = Vec::new();
        encode::write_uint(&mut bytes, number.into()).unwrap();
        field(4, [field(1, field(1, "l")), field(1, dynamic(2, bytes))].concat())
    };
    let paths: Vec<_> = (0..5000).rev().filter(|number| number % 2 == 1).map(index).collect();
    let all = lines(&[resource("x.y", &[dynamic(2, object(&[("l", list(&elements))])), paths.concat()])]);
    assert_eq!(all.len(), 5000);
    for (number, line) in all.iter().enumerate() {
        assert_eq!(line.ends_with('!'), number % 2 == 1, "{line}");
    }
    let many = field(4, field(1, field(1, "p"))).repeat(300_000);
    let (heard, problems) = tfplan(&[resource("x.y", &[dynamic(2, object(&[("p", text("v"))])), many])]);
    assert_eq!((heard.lines(), problems.len()), (vec!["x.y p=v!".to_owned()], 1));
}
