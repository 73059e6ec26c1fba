//! Resources say what Terraform makes of their blocks, argument by argument.

use super::{Setup, file, files};
use credlint::resolve::{Mode, Value, resources_of};

fn texts(value: &Value, path: &str) -> Vec<String> {
    value.at(path).into_iter().map(|value| value.as_str().unwrap_or("?").to_owned()).collect()
}

#[test]
fn arguments_are_those_of_the_merged_block() {
    let setup = Setup::new(files([
        (
            "main.tf",
            r#"resource "x_y" "z" {
                 a = "one"
                 b = "two"
                 inner { c = "three" }
                 inner { c = "four" }
               }"#,
        ),
        (
            "override.tf",
            r#"resource "x_y" "z" {
                 a = "uno"
                 dynamic "inner" {
                   for_each = ["cinque", "sei"]
                   content { c = inner.value }
                 }
               }"#,
        ),
    ]));
    setup.in_tree("", |tree| {
        let all: Vec<_> = resources_of(tree, 0).collect();
        let [resource] = all.as_slice() else { panic!("one resource") };
        assert_eq!((resource.mode, resource.kind, resource.name), (Mode::Managed, "x_y", "z"));
        assert_eq!(resource.written().into_iter().collect::<Vec<_>>(), ["a", "b", "inner"]);
        let content = resource.content();
        assert_eq!(texts(&content, "a"), ["uno"]);
        assert_eq!(texts(&content, "b"), ["two"]);
        // https://developer.hashicorp.com/terraform/language/files/override#merging-behavior
        assert_eq!(texts(&content, "inner.c"), ["cinque", "sei"]);
        let replaced = resource.argument_in(0, "inner").expect("it is written");
        assert_eq!(texts(&replaced, "c"), ["three", "four"]);
        assert!(resource.argument("c").is_none() && resource.argument("dynamic").is_none());
    });
}

#[test]
fn each_instance_has_its_own_meaning_and_address() {
    let setup = Setup::new(files([
        (
            "main.tf",
            r#"module "a" {
                 source = "./m"
                 v      = "one"
               }
               module "b" {
                 source = "./m"
                 v      = "two"
               }"#,
        ),
        (
            "m/main.tf",
            r#"variable "v" {}
               data "x_y" "z" {
                 for_each = toset(["k"])
                 a        = "${each.key}-${var.v}"
               }"#,
        ),
    ]));
    setup.in_tree("", |tree| {
        let found: Vec<_> = (0..tree.instances.len())
            .flat_map(|instance| resources_of(tree, instance))
            .map(|resource| (resource.address().to_owned(), texts(&resource.content(), "a")))
            .collect();
        let expected = [("module.a.data.x_y.z", "k-one"), ("module.b.data.x_y.z", "k-two")];
        assert_eq!(found, expected.map(|(address, value)| (address.to_owned(), vec![value.to_owned()])));
    });
}

#[test]
fn what_is_declared_twice_is_judged_twice() {
    let text = "resource \"x_y\" \"z\" {\n  a = \"1\"\n}\nresource \"x_y\" \"z\" {\n  a = \"2\"\n}\nvariable \"v\" {}\nvariable \"v\" {}\n";
    Setup::new(file("main.tf", text)).in_tree("", |tree| {
        let found: Vec<_> = resources_of(tree, 0).flat_map(|resource| texts(&resource.content(), "a")).collect();
        assert_eq!(found, ["1", "2"]);
    });
}
