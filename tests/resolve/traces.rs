//! The way of a value from its literal to the sink that it ends in.

use super::{Setup, files};
use credlint::finding::Place;
use credlint::resolve::{Tree, Value, backends_of};
use credlint::rules::trace_of;
use credlint::text::Span;

/// Where the literal stands and what is written there, the steps from it to the sink, and the last of them.
type Way = (String, String, Vec<String>, String);

fn way(value: &Value) -> Way {
    let literal = value.origin.literal.as_ref().expect("a literal made it");
    let text = literal.source.text(literal.span).expect("UTF-8").to_owned();
    let nowhere = Place { span: Span::at(literal.source.bytes().len()), ..literal.clone() };
    let steps: Vec<_> = trace_of(value, &nowhere).into_iter().map(|step| step.message).collect();
    let sink = value.origin.trace.as_ref().map_or_else(String::new, |step| step.place.shown());
    (literal.shown(), text, steps, sink)
}

/// The ways of all known values at a path of a provider block's content.
fn ways(tree: &Tree<'_>, instance: usize, path: &str) -> Vec<Way> {
    let provider = &tree.module(instance).providers[0];
    let evaluator = tree.evaluator(instance);
    let evaluator = evaluator.with(&evaluator.repetition(provider));
    let address = tree.address(instance, "provider.aws");
    let content = evaluator.block(provider.first(), &address);
    let values = content.at(path).into_iter().flat_map(Value::alternatives);
    values.filter(|value| !value.is_unknown()).map(way).collect()
}

fn of_provider<const N: usize>(list: [(&str, &str); N], instance: usize, path: &str) -> Vec<Way> {
    Setup::new(files(list)).in_tree("", |tree| ways(tree, instance, path))
}

/// The way of the secret key of a provider in the root module's `main.tf`.
fn in_main(main: &str) -> Vec<Way> {
    of_provider([("main.tf", main)], 0, "secret_key")
}

fn expected(literal: &str, text: &str, steps: &[&str], sink: &str) -> Way {
    (literal.into(), text.into(), steps.iter().map(|step| (*step).to_owned()).collect(), sink.into())
}

const PROVIDER: &str = "variable \"key\" { type = string }\nprovider \"aws\" {\n  secret_key = var.key\n}\n";

#[test]
fn from_a_variable_file_through_a_module() {
    let main = "variable \"sk\" {}\nmodule \"prod\" {\n  source = \"./m\"\n  key    = var.sk\n}\n";
    let tfvars = "# the key\n\nsk = \"wJalrXUtnFEMI\"\n";
    let found =
        of_provider([("main.tf", main), ("terraform.tfvars", tfvars), ("m/main.tf", PROVIDER)], 1, "secret_key");
    let steps = ["var.sk", "module.prod.key", "module.prod.var.key", "module.prod.provider.aws.secret_key"];
    assert_eq!(found, [expected("terraform.tfvars:3", "\"wJalrXUtnFEMI\"", &steps, "m/main.tf:3")]);
}

#[test]
fn written_in_place() {
    let found = in_main("provider \"aws\" {\n  secret_key = \"wJalrXUtnFEMI\"\n}\n");
    assert_eq!(found, [expected("main.tf:2", "\"wJalrXUtnFEMI\"", &["provider.aws.secret_key"], "main.tf:2")]);
}

#[test]
fn through_locals_maps_and_lists() {
    let main = "locals {\n  keys = { prod = [\"a\", \"wJalrXUtnFEMI\"] }\n  key  = local.keys[\"prod\"][1]\n}\n\
                provider \"aws\" {\n  secret_key = local.key\n}\n";
    let steps = ["local.keys", "local.key", "provider.aws.secret_key"];
    assert_eq!(in_main(main), [expected("main.tf:2", "\"wJalrXUtnFEMI\"", &steps, "main.tf:6")]);
}

#[test]
fn through_defaults_types_and_functions() {
    let main = "variable \"key\" {\n  type = string\n  default = \" wJalrXUtnFEMI \"\n}\n\
                locals {\n  key = trimspace(var.key)\n  number = tostring(12345678)\n}\n\
                provider \"aws\" {\n  secret_key = local.key\n  token = local.number\n}\n";
    let steps = ["var.key", "local.key", "provider.aws.secret_key"];
    assert_eq!(in_main(main), [expected("main.tf:3", "\" wJalrXUtnFEMI \"", &steps, "main.tf:10")]);
    let found = of_provider([("main.tf", main)], 0, "token");
    assert_eq!(found, [expected("main.tf:7", "12345678", &["local.number", "provider.aws.token"], "main.tf:11")]);
}

#[test]
fn of_a_text_the_longest_piece() {
    let main = "variable \"user\" { default = \"ci\" }\nlocals { key = \"wJalrXUtnFEMI\" }\n\
                provider \"aws\" {\n  secret_key = \"${var.user}:${local.key}\"\n}\n";
    let steps = ["local.key", "provider.aws.secret_key"];
    assert_eq!(in_main(main), [expected("main.tf:2", "\"wJalrXUtnFEMI\"", &steps, "main.tf:4")]);
}

#[test]
fn through_outputs_of_modules() {
    let main =
        "module \"keys\" { source = \"./keys\" }\nprovider \"aws\" {\n  secret_key = module.keys.all.secret\n}\n";
    let keys = "output \"all\" {\n  value = { secret = local.secret }\n}\nlocals {\n  secret = \"wJalrXUtnFEMI\"\n}\n";
    let found = of_provider([("main.tf", main), ("keys/main.tf", keys)], 0, "secret_key");
    let steps = ["module.keys.local.secret", "module.keys.all", "provider.aws.secret_key"];
    assert_eq!(found, [expected("keys/main.tf:5", "\"wJalrXUtnFEMI\"", &steps, "main.tf:3")]);
    let keys = "output \"all\" {\n  value = \"wJalrXUtnFEMI\"\n}\n";
    let main = main.replace(".secret", "");
    let found = of_provider([("main.tf", &main), ("keys/main.tf", keys)], 0, "secret_key");
    let steps = ["module.keys.all", "provider.aws.secret_key"];
    assert_eq!(found, [expected("keys/main.tf:2", "\"wJalrXUtnFEMI\"", &steps, "main.tf:3")]);
}

#[test]
fn both_branches_of_what_is_not_decided() {
    let main = "variable \"prod\" {}\nlocals {\n  key = var.prod ? \"wJalrXUtnFEMI\" : \"hunter2\"\n}\n\
                provider \"aws\" {\n  secret_key = local.key\n}\n";
    let steps = ["local.key", "provider.aws.secret_key"];
    let both = [
        expected("main.tf:3", "\"wJalrXUtnFEMI\"", &steps, "main.tf:6"),
        expected("main.tf:3", "\"hunter2\"", &steps, "main.tf:6"),
    ];
    assert_eq!(in_main(main), both);
    assert_eq!(in_main(&main.replace("{}", "{ default = true }")), both[..1]);
    assert_eq!(in_main(&main.replace("{}", "{ default = false }")), both[1..]);
}

#[test]
fn every_value_that_variable_files_give() {
    let main = "variable \"key\" { default = \"hunter2\" }\nprovider \"aws\" {\n  secret_key = var.key\n}\n";
    let list =
        [("main.tf", main), ("env/prod.tfvars", "key = \"wJalrXUtnFEMI\"\n"), ("env/test.tfvars", "other = 1\n")];
    let steps = ["var.key", "provider.aws.secret_key"];
    let found = of_provider(list, 0, "secret_key");
    let both = [
        expected("main.tf:1", "\"hunter2\"", &steps, "main.tf:3"),
        expected("env/prod.tfvars:1", "\"wJalrXUtnFEMI\"", &steps, "main.tf:3"),
    ];
    assert_eq!(found, both);
}

#[test]
fn each_instance_of_a_repeated_module() {
    let main = "module \"m\" {\n  source = \"./m\"\n  for_each = {\n    prod = \"wJalrXUtnFEMI\"\n    test = \"hunter2\"\n  }\n\
                  key = each.value\n}\n";
    let found = of_provider([("main.tf", main), ("m/main.tf", PROVIDER)], 1, "secret_key");
    let steps = ["module.m.key", "module.m.var.key", "module.m.provider.aws.secret_key"];
    let both = [
        expected("main.tf:4", "\"wJalrXUtnFEMI\"", &steps, "m/main.tf:3"),
        expected("main.tf:5", "\"hunter2\"", &steps, "m/main.tf:3"),
    ];
    assert_eq!(found, both);
}

#[test]
fn into_dynamic_blocks() {
    let main = "locals {\n  roles = [{ id = \"wJalrXUtnFEMI\" }, { id = \"hunter2\" }]\n}\n\
                provider \"aws\" {\n  dynamic \"assume_role\" {\n    for_each = local.roles\n    iterator = role\n\
                content {\n      external_id = role.value.id\n    }\n  }\n}\n";
    let found = of_provider([("main.tf", main)], 0, "assume_role.external_id");
    let steps = ["local.roles", "provider.aws.assume_role.external_id"];
    let both = [
        expected("main.tf:2", "\"wJalrXUtnFEMI\"", &steps, "main.tf:9"),
        expected("main.tf:2", "\"hunter2\"", &steps, "main.tf:9"),
    ];
    assert_eq!(found, both);
    let undecided = main.replace("local.roles", "var.on ? local.roles : []") + "variable \"on\" {}\n";
    assert_eq!(of_provider([("main.tf", &undecided)], 0, "assume_role.external_id"), both);
}

#[test]
fn into_backends_and_remote_states() {
    let main = "locals { key = \"wJalrXUtnFEMI\" }\ndata \"terraform_remote_state\" \"net\" {\n  backend = \"s3\"\n\
                config = {\n    bucket     = \"b\"\n    secret_key = local.key\n  }\n}\n";
    Setup::new(files([("main.tf", main)])).in_tree("", |tree| {
        let backends = backends_of(tree, 0);
        let [backend] = backends.as_slice() else { panic!("one remote state") };
        let (value, _) = backend.values("secret_key")[0];
        let steps = ["local.key", "data.terraform_remote_state.net.config.secret_key"];
        assert_eq!(way(value).0, "main.tf:1");
        assert_eq!(way(value).2, steps);
    });
}
