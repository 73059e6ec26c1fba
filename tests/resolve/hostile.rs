//! Configurations made to take without end, or too much of something: each ends soon, with what is known so far.

use super::{Setup, file, files};
use credlint::resolve::{Kind, Reason, Value, terragrunt_states};
use credlint::rules;
use credlint::text::RepoPath;
use std::fmt::Write as _;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Runs on a stack of the size that the program's own threads have; panics if it takes too long.
fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = channel();
    let worker = std::thread::Builder::new().stack_size(8 << 20).spawn(move || done.send(work()));
    let worker = worker.expect("a thread starts");
    match result.recv_timeout(Duration::from_secs(60)) {
        Ok(result) => result,
        Err(RecvTimeoutError::Disconnected) => panic!("it failed: {:?}", worker.join().is_err()),
        Err(RecvTimeoutError::Timeout) => panic!("it takes too long"),
    }
}

/// Locals of which each is made of the one before: `step(name of the one before)`, the first of `first`.
fn chain(length: usize, first: &str, step: impl Fn(&str) -> String) -> String {
    let mut text = format!("variable \"u\" {{}}\nlocals {{\n  l0 = {first}\n");
    for at in 1..length {
        writeln!(text, "  l{at} = {}", step(&format!("local.l{}", at - 1))).expect("strings take it");
    }
    text + "}\n"
}

/// What an expression comes to, and whether something was cut.
#[derive(Debug, PartialEq)]
struct Seen {
    shape: Shape,
    cut: bool,
}

#[derive(Debug, PartialEq)]
enum Shape {
    Known,
    Unknown(Reason),
    /// So many alternatives, and why some are unknown.
    Either(usize, Vec<Reason>),
    Other,
}

fn shape(value: &Value) -> Shape {
    let reason = |value: &Value| match &value.kind {
        Kind::Unknown(reason) => Some(reason.clone()),
        _ => None,
    };
    match &value.kind {
        Kind::Unknown(reason) => Shape::Unknown(reason.clone()),
        Kind::Either(values) => Shape::Either(values.len(), values.iter().filter_map(reason).collect()),
        Kind::Partial(_) => Shape::Other,
        _ => Shape::Known,
    }
}

/// Evaluates expressions in one tree, in order, and tells of the last.
fn last_of(main: String, expressions: Vec<String>) -> Seen {
    soon(move || {
        let setup = Setup::new(file("main.tf", &main));
        setup.in_tree("", |tree| {
            let values: Vec<Value> = expressions.iter().map(|text| super::evaluate(tree, text)).collect();
            Seen { shape: shape(values.last().expect("something is asked")), cut: tree.is_exhausted() }
        })
    })
}

fn seen(main: String, expression: &str) -> Seen {
    last_of(main, vec![expression.to_owned()])
}

fn cut(reason: Reason) -> Seen {
    Seen { shape: Shape::Unknown(reason), cut: true }
}

fn uncut(shape: Shape) -> Seen {
    Seen { shape, cut: false }
}

#[test]
fn circles_are_unknown() {
    let locals = "locals {\n a = local.b\n b = \"${local.a}x\"\n c = local.c\n}\n";
    let module = "module \"m\" {\n source = \"./m\"\n in = module.m.out\n}\n";
    let inner = "variable \"in\" {}\noutput \"out\" { value = var.in }\n";
    let texts = soon(move || {
        let setup = Setup::new(files([("main.tf", &format!("{locals}{module}")), ("m/main.tf", inner)]));
        setup.in_tree("", |tree| {
            ["local.a", "local.c", "module.m.out", "module.m"].map(|text| shape(&super::evaluate(tree, text)))
        })
    });
    assert_eq!(texts[1], Shape::Unknown(Reason::Cycle));
    assert_eq!(texts[2], Shape::Unknown(Reason::Cycle));
    assert_eq!((&texts[0], &texts[3]), (&Shape::Other, &Shape::Known));
    let over_itself = "module \"m\" {\n source = \"./m\"\n for_each = module.m\n in = each.key\n}\n".to_owned();
    let value = soon(move || {
        let setup = Setup::new(files([("main.tf", &over_itself), ("m/main.tf", inner)]));
        setup.in_tree("", |tree| shape(&super::evaluate(tree, "module.m[\"a\"].out")))
    });
    assert_eq!(value, Shape::Either(2, vec![Reason::Runtime("each.key".into()), Reason::Cycle]));
}

#[test]
fn texts_that_double_end_at_a_megabyte() {
    let text = |length| chain(length, "\"lol\"", |before| format!("\"${{{before}}}${{{before}}}\""));
    assert_eq!(seen(text(15), "local.l14"), uncut(Shape::Known));
    assert!(seen(text(40), "local.l39").cut);
    assert!(matches!(seen(text(40), "local.l19").shape, Shape::Unknown(Reason::Budget)));
    let joined = chain(60, "\"lol\"", |before| format!("join(\",\", [{before}, {before}])"));
    assert!(seen(joined, "local.l59").cut);
    let formatted = chain(60, "\"lol\"", |before| format!("format(\"%s%s\", {before}, {before})"));
    assert!(seen(formatted, "local.l59").cut);
}

#[test]
fn partly_known_texts_that_double_end() {
    let text = chain(60, "\"lol${var.u}\"", |before| format!("\"${{{before}}}${{{before}}}\""));
    assert!(seen(text, "local.l59").cut);
}

#[test]
fn collections_that_double_share_their_parts() {
    let text = chain(60, "[\"lol\"]", |before| format!("[{before}, {before}]"));
    assert_eq!(seen(text.clone(), "local.l59"), uncut(Shape::Known));
    for expensive in ["jsonencode(local.l59)", "flatten(local.l59)", "toset(local.l59)", "yamlencode(local.l59)"] {
        assert_eq!(seen(text.clone(), expensive), cut(Reason::Budget), "{expensive}");
    }
    assert!(matches!(seen(text.clone(), "local.l59 == local.l58").shape, Shape::Unknown(_) | Shape::Known));
    assert_eq!(seen(text, "local.l59[*][0][1]"), uncut(Shape::Known));
    let maps = chain(60, "{}", |before| format!("{{ a = {before}, b = {before} }}"));
    assert!(seen(maps, "true ? local.l59 : { c = 1 }").cut);
    let concat = chain(60, "[1]", |before| format!("concat({before}, {before})"));
    assert_eq!(seen(concat, "local.l59"), cut(Reason::Budget));
    let products = chain(12, "[1, 2, 3]", |before| format!("setproduct({before}, {before})"));
    assert_eq!(seen(products, "local.l11"), cut(Reason::Budget));
}

#[test]
fn long_chains_end_where_they_are_too_deep() {
    let text = chain(10_000, "\"x\"", str::to_owned);
    assert_eq!(seen(text.clone(), "local.l30"), uncut(Shape::Known));
    assert_eq!(seen(text.clone(), "local.l9999"), cut(Reason::Budget));
    // Asked in order, each is one step from the one before, and still the way has an end.
    let in_order = (0..10_000).map(|at| format!("local.l{at}")).collect();
    assert_eq!(last_of(text, in_order), cut(Reason::Budget));
}

#[test]
fn values_are_never_nested_without_end() {
    let in_order = || (0..10_000).map(|at| format!("local.l{at}"));
    let nested = chain(10_000, "\"x\"", |before| format!("[{before}]"));
    assert!(last_of(nested.clone(), in_order().collect()).cut);
    assert!(last_of(nested, in_order().chain(["jsonencode(local.l900)".to_owned()]).collect()).cut);
    let objects = chain(10_000, "\"x\"", |before| format!("{{ a = {before} }}"));
    assert!(last_of(objects, in_order().collect()).cut);
    // A name of `for` brings its whole value along.
    let (open, close) = ("[".repeat(20), "]".repeat(20));
    let in_for = chain(3_000, "\"x\"", |before| format!("[for x in [{before}] : {open}x{close}]"));
    assert!(last_of(in_for, (0..3_000).map(|at| format!("local.l{at}")).collect()).cut);
    let in_template = chain(3_000, "\"x\"", |before| format!("templatestring(local.t, {{ x = {before} }})"));
    let in_template = in_template.replace("locals {", &format!("locals {{\n  t = \"$${{{open}x{close}}}\""));
    assert!(last_of(in_template, (0..3_000).map(|at| format!("local.l{at}")).collect()).cut);
}

#[test]
fn long_loops_are_not_run() {
    let list = format!("locals {{\n  l = [{}]\n}}\n", "1,".repeat(100_000));
    assert_eq!(seen(list.clone(), "[for x in local.l : x]"), cut(Reason::Budget));
    assert_eq!(seen(list.clone(), "local.l[*].a"), cut(Reason::Budget));
    assert_eq!(seen(list.clone(), "\"%{for x in local.l}x%{endfor}\""), cut(Reason::Budget));
    assert_eq!(seen(list, "local.l[99999]"), uncut(Shape::Known));
    let nested = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a + b + c]]]";
    assert!(seen(String::new(), nested).cut);
    let directives =
        "\"%{for a in range(1000)}%{for b in range(1000)}%{for c in range(1000)}x%{endfor}%{endfor}%{endfor}\"";
    assert_eq!(seen(String::new(), directives), cut(Reason::Budget));
}

#[test]
fn of_many_alternatives_some_are_known() {
    let budget = || vec![Reason::Budget];
    let text = chain(100, "\"x\"", |before| format!("var.u ? {before} : \"y\""));
    assert_eq!(seen(text, "local.l99"), uncut(Shape::Either(65, budget())));
    let doubling = chain(100, "\"x\"", |before| format!("var.u ? {before} : {before}"));
    assert_eq!(seen(doubling, "local.l99"), uncut(Shape::Either(65, budget())));
    let two = "locals {\n  two = var.u ? \"a\" : \"b\"\n}\nvariable \"u\" {}\n";
    let all = format!("\"{}\"", "${local.two}".repeat(40));
    assert_eq!(seen(two.into(), &all), uncut(Shape::Either(65, budget())));
    let function = format!("join(\"-\", [{}])", "local.two, ".repeat(40));
    assert_eq!(seen(two.into(), &function), uncut(Shape::Either(65, budget())));
    let object = format!("{{ {} }}", "(local.two) = 1, ".repeat(40));
    assert_eq!(seen(two.into(), &object), uncut(Shape::Either(65, budget())));
    let six = format!("\"{}\"", "${local.two}".repeat(6));
    assert_eq!(seen(two.into(), &six), uncut(Shape::Either(64, Vec::new())));
    let many = format!("[for x in range(1000) : \"{}\"]", "${local.two}".repeat(7));
    assert_eq!(seen(two.into(), &many), uncut(Shape::Known));
}

/// Modules that call each other: how many instances there are, whether calls were left out, and what is told.
fn modules(list: Vec<(String, String)>) -> (usize, bool, Vec<String>) {
    soon(move || {
        let setup = Setup::new(list.into_iter().collect());
        let (instances, cut) = setup.in_tree("", |tree| {
            for instance in 0..tree.instances.len() {
                tree.variable(instance, "in");
            }
            super::evaluate(tree, "module.a.out");
            (tree.instances.len(), tree.cut)
        });
        // As the program does, on threads with enough of a stack.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(8 << 20).build().expect("threads start");
        let outcome = pool.install(|| setup.outcome(rules::ALL));
        (instances, cut, outcome.notifications.into_iter().map(|notification| notification.message).collect())
    })
}

const CUT: &str = "module calls beyond the first 1,000, or more than 24 deep, were not followed";

#[test]
fn graphs_of_modules_that_double_end() {
    let module = |next: &str| {
        let call = |name: &str| format!("module \"{name}\" {{\n  source = \"{next}\"\n  in = \"${{var.in}}x\"\n}}\n");
        format!(
            "variable \"in\" {{ default = \"\" }}\n{}{}output \"out\" {{ value = module.a.out }}\n",
            call("a"),
            call("b")
        )
    };
    let mut list = vec![("main.tf".to_owned(), module("./m0"))];
    list.extend((0..30).map(|at| (format!("m{at}/main.tf"), module(&format!("../m{}", at + 1)))));
    let (instances, cut, notifications) = modules(list);
    assert_eq!((instances, cut), (1_000, true));
    // What is left out below the first tree is judged from where that ended, and so on.
    assert!(notifications.len() < 10 && notifications.iter().all(|message| message == CUT));
}

#[test]
fn modules_that_call_themselves_end() {
    let module = "variable \"in\" {}\nmodule \"a\" {\n  source = \"./\"\n  in = var.in\n}\noutput \"out\" { value = module.a.out }\n";
    let (instances, cut, notifications) = modules(vec![("main.tf".to_owned(), module.to_owned())]);
    assert_eq!((instances, cut, notifications), (1, false, Vec::new()));
    let twice = format!("{module}{}", "module \"b\" {\n  source = \"./\"\n  in = \"b\"\n}\n");
    let (instances, cut, _) = modules(vec![("main.tf".to_owned(), twice)]);
    assert_eq!((instances, cut), (1, false));
}

#[test]
fn modules_outside_the_repository_are_not_followed() {
    let main = "module \"a\" { source = \"../..\" }\nmodule \"b\" { source = \"./x/../../../etc\" }\nmodule \"c\" { source = \"./none\" }\n";
    let (instances, cut, notifications) = modules(vec![("main.tf".to_owned(), main.to_owned())]);
    assert_eq!((instances, cut, notifications), (1, false, Vec::new()));
    let value = seen(main.to_owned(), "module.a.out");
    assert_eq!(value, uncut(Shape::Unknown(Reason::RemoteModule("module.a".into()))));
}

#[test]
fn what_was_cut_is_told() {
    let main = chain(2_000, "\"x\"", str::to_owned) + "provider \"aws\" {\n  secret_key = local.l1999\n}\n";
    let (.., notifications) = modules(vec![("main.tf".to_owned(), main)]);
    assert_eq!(notifications, ["evaluation was cut at its budget; values beyond it count as unknown"]);
}

#[test]
fn large_variable_files_are_read_in_time() {
    let mut main = String::new();
    let mut values = String::new();
    for at in 0..5_000 {
        writeln!(main, "variable \"v{at}\" {{ type = map(string) }}").expect("strings take it");
        writeln!(values, "v{at} = {{ a = \"{}\", b = {at} }}", "x".repeat(500)).expect("strings take it");
    }
    let known = soon(move || {
        let setup = Setup::new(files([("main.tf", &main), ("terraform.tfvars", &values)]));
        setup.in_tree("", |tree| {
            let all = (0..5_000).map(|at| super::evaluate(tree, &format!("var.v{at}.b")));
            all.filter(|value| value.as_str().is_some()).count()
        })
    });
    assert_eq!(known, 5_000);
}

#[test]
fn files_of_values_take_time_by_their_length() {
    let ones = "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]";
    let mut loops = "1".to_owned();
    for name in ["a", "b", "c", "d", "e", "f"] {
        loops = format!("[for {name} in {ones} : {loops}]");
    }
    let tfvars: String = (0..500).map(|at| format!("v{at} = {loops}\n")).collect();
    let main: String = (0..500).map(|at| format!("variable \"v{at}\" {{}}\n")).collect();
    let shapes = soon(move || {
        let setup = Setup::new(files([("main.tf", &main), ("terraform.tfvars", &tfvars)]));
        setup.in_tree("", |tree| {
            (0..500).map(|at| shape(&super::evaluate(tree, &format!("var.v{at}[0]")))).collect::<Vec<_>>()
        })
    });
    assert!(shapes.iter().all(|shape| *shape != Shape::Unknown(Reason::Unparsed)));
    let doubling: String = (1..40).map(|at| format!("  l{at} = [local.l{0}, local.l{0}]\n", at - 1)).collect();
    let terragrunt = format!(
        "locals {{\n  l0 = {loops}\n{doubling}}}\nremote_state {{\n  backend = \"s3\"\n  config = {{ key = jsonencode(local.l39) }}\n}}\n"
    );
    let states = soon(move || {
        let setup = Setup::new(file("terragrunt.hcl", &terragrunt));
        let document = setup.repository.document(&RepoPath::new("terragrunt.hcl")).expect("it is there");
        terragrunt_states(document).len()
    });
    assert_eq!(states, 1);
}
