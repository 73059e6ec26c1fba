use super::*;
use crate::document::{Kind, ReadOnDemand, Repository, parse};
use crate::resolve::{Program, VariableFiles};
use crate::text::{RepoPath, Source};

struct Nothing;

impl ReadOnDemand for Nothing {
    fn read(&self, _: &RepoPath) -> Option<Box<[u8]>> {
        None
    }

    fn exists(&self, _: &RepoPath) -> bool {
        false
    }

    fn paths(&self) -> Vec<RepoPath> {
        Vec::new()
    }
}

/// What flows into `x` of the resource `r.r` of the module in the root directory.
fn into_x(files: &[(&str, &str)], seek: Seek) -> (Vec<Inflow>, bool) {
    let parsed = files
        .iter()
        .map(|(path, text)| parse(Arc::new(Source::new(RepoPath::new(path), text.as_bytes())), Kind::Tf, true, true));
    let repository = Repository::new(parsed.collect(), Box::new(Nothing));
    let program = Program::new(&repository, &[]);
    let tree = Tree::new(&program, program.modules_in(&RepoPath::new(""))[0], VariableFiles::default());
    let declared = &tree.module(0).resources["r.r"];
    let arguments = written(declared);
    let x = arguments.iter().find(|one| one.path.ends_with('x')).expect("there is an x");
    (inflows(&tree, 0, declared, x, seek), tree.is_exhausted())
}

fn resources(main: &str) -> Vec<String> {
    let (found, _) = into_x(&[("main.tf", main)], Seek::References);
    found.iter().map(|inflow| format!("{:?}", inflow.spring)).collect()
}

fn literals(main: &str) -> Vec<String> {
    let (found, _) = into_x(&[("main.tf", main)], Seek::Literals);
    let text = |inflow: Inflow| match inflow.spring {
        Spring::Literal { text, .. } => text.to_string(),
        other => format!("{other:?}"),
    };
    found.into_iter().map(text).collect()
}

#[test]
fn only_the_entry_that_is_asked_for_flows() {
    let objects = "locals {\n o = { a = k.k.a, b = k.k.b }\n l = [k.k.c, { d = k.k.d }]\n}\n";
    let of = |x: &str| resources(&format!("{objects}resource \"r\" \"r\" {{\n x = {x}\n}}"));
    assert_eq!(of("local.o.a"), ["k.k.a"]);
    assert_eq!(of("local.o[\"b\"]"), ["k.k.b"]);
    assert_eq!(of("local.o[var.open]"), ["k.k.a", "k.k.b"]);
    assert_eq!(of("lookup(local.o, \"a\", k.other.z)"), ["k.k.a", "k.other.z"]);
    assert_eq!(of("[for v in [k.k] : v.a]"), ["k.k.a"]);
    assert_eq!(of("[for n, v in { n = k.k } : \"${n}-${v.a}\"]"), ["k.k.a"]);
    assert_eq!(of("k.k[\"instance\"].a.b[0].c"), ["k.k.a.b.c"]);
    assert_eq!(of("k.k.*.a"), ["k.k.a"]);
    assert_eq!(of("data.k.k.a == \"\" ? 1 : sha256(k.k.a)"), Vec::<String>::new());
    assert_eq!(of("var.c ? data.k.k.a : jsonencode({ z = local.l })"), ["data.k.k.a", "k.k.c", "k.k.d"]);
}

#[test]
fn loops_of_blocks_are_seen_by_what_stands_in_them() {
    let each = "resource \"r\" \"r\" {\n for_each = { n = k.k }\n x = each.value.a\n}";
    assert_eq!(resources(each), ["k.k.a"]);
    let key = "resource \"r\" \"r\" {\n for_each = { n = k.k }\n x = each.key\n}";
    assert_eq!(resources(key), Vec::<String>::new());
    let dynamic = "resource \"r\" \"r\" {\n dynamic \"b\" {\n for_each = k.list\n iterator = i\n content {\n \
                   dynamic \"c\" {\n for_each = i.value.inner\n content {\n x = c.value.a\n }\n }\n }\n }\n}";
    assert_eq!(resources(dynamic), ["k.list.inner.a"]);
}

#[test]
fn the_way_leads_from_the_spring_to_the_sink() {
    let main = "module \"m\" {\n source = \"./m\"\n in = k.k.a\n}\nlocals {\n l = module.m.out\n}\nresource \"r\" \"r\" {\n \
                x = local.l\n}";
    let inner = "variable \"in\" {}\noutput \"out\" {\n value = { a = var.in }\n}";
    let (found, _) = into_x(&[("main.tf", main), ("m/main.tf", inner)], Seek::References);
    let [one] = found.as_slice() else { panic!("one inflow: {found:?}") };
    let way: Vec<&str> = one.way.iter().map(|station| &*station.name).collect();
    assert_eq!(way, ["module.m.in", "module.m.var.in", "module.m.out", "local.l"]);
    assert_eq!(one.entry.start().line, 9);
}

#[test]
fn literals_of_texts_put_together() {
    let main = "variable \"v\" {\n default = \"three\"\n}\nlocals {\n l = \"two\"\n}\nresource \"r\" \"r\" {\n \
                x = base64encode(\"one ${local.l}${var.v}${k.k.a}%{ if var.c }four%{ endif }\")\n}";
    assert_eq!(literals(main), ["one ", "two", "three", "four"]);
}

#[test]
fn hostile_references_end() {
    let circle = "locals {\n a = [local.b, local.a]\n b = { a = local.a }\n}\nresource \"r\" \"r\" {\n x = local.a\n}";
    assert_eq!(resources(circle), Vec::<String>::new());
    let doubling = |last: &str| {
        let locals: String = (0..80).map(|n| format!(" l{n} = [local.l{}, local.l{}]\n", n + 1, n + 1)).collect();
        format!("locals {{\n{locals} l80 = {last}\n}}\nresource \"r\" \"r\" {{\n x = local.l0\n}}")
    };
    assert!(resources(&doubling("\"x\"")).is_empty());
    assert_eq!(resources(&doubling("k.k.a")).len(), walk::MAX_INFLOWS);
    let chain: String = (0..5_000).map(|n| format!(" l{n} = local.l{}\n", n + 1)).collect();
    let (found, exhausted) = into_x(
        &[("main.tf", &format!("locals {{\n{chain}}}\nresource \"r\" \"r\" {{\n x = local.l0\n}}"))],
        Seek::References,
    );
    assert!(found.is_empty() && exhausted, "what was cut is told");
}
