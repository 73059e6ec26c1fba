//! State files, what `show -json` and `output -json` print, and the backend cache: every planted value is seen at the
//! address that Terraform gives it, with its mark, and its span holds it.

use crate::git_repository::Directory;
use crate::support::{StateServer, Terraform, Writes};
use credlint::document::artifact::{Format, Leaf, Owner, Section, Visitor, read};
use credlint::text::{RepoPath, Span};
use std::collections::BTreeSet;

const MAIN: &str = r#"
variable "password" {
  type      = string
  sensitive = true
  default   = "planted-password"
}
variable "plain" {
  default = { token = "planted-token" }
}
resource "terraform_data" "counted" {
  count = 2
  input = "planted-counted-${count.index}"
}
resource "terraform_data" "each" {
  for_each = toset(["blue", "a\"b\\c", "$${x} %%{y} $", "tab\tline\n", "é 😀", "\u200b", ""])
  input    = "planted-each-${each.key}"
}
resource "terraform_data" "nested" {
  input = {
    password = var.password
    list     = [{ key = "planted-in-list" }, { key = var.password }]
    map      = { "a.b" = "planted-in-map" }
    typed    = { value = "planted-value", type = "string" }
    number   = 12345678901234567890
    quoted   = "planted-\"quoted\"\\\n<&>é😀"
    none     = null
    yes      = true
    empty    = ""
  }
  triggers_replace = [var.password, "planted-trigger"]
}
module "db" {
  source   = "./db"
  for_each = toset(["x", "y z"])
  password = "planted-in-module-${each.key}"
}
data "terraform_remote_state" "other" {
  backend = "local"
  config  = { path = "other.tfstate" }
}
output "password" {
  value     = { of = [var.password] }
  sensitive = true
}
output "plain" {
  value = var.plain
}
"#;

const MODULE: &str = r#"
variable "password" {
  type      = string
  sensitive = true
}
resource "terraform_data" "inner" {
  input = var.password
}
module "deep" {
  source = "./deep"
  count  = 2
}
"#;

const DEEP: &str = r#"
resource "terraform_data" "deepest" {
  input = "planted-deep"
}
"#;

/// A remote state to be read, in the form of Terraform's own.
const OTHER: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"l","outputs":{"key":{"value":"planted-remote",
"type":"string"}},"resources":[],"check_results":null}"#;

/// What is planted: section, address, path, text, and whether `input`, which has the mark, is.
fn planted() -> BTreeSet<Spot> {
    let mut spots = BTreeSet::new();
    let mut add = |section, address: &str, path: &str, text: &str, marked| {
        spots.insert((section, address.to_owned(), path.to_owned(), text.to_owned(), marked));
    };
    let data = Section::Resource;
    add(data, "terraform_data.counted[0]", "input", "planted-counted-0", false);
    add(data, "terraform_data.counted[1]", "input", "planted-counted-1", false);
    for (key, text) in [
        (r#"["blue"]"#, "blue"),
        (r#"["a\"b\\c"]"#, "a\"b\\c"),
        (r#"["$${x} %%{y} $"]"#, "${x} %{y} $"),
        (r#"["tab\tline\n"]"#, "tab\tline\n"),
        ("[\"é 😀\"]", "é 😀"),
        (r#"["\u200b"]"#, "\u{200b}"),
        (r#"[""]"#, ""),
    ] {
        add(data, &format!("terraform_data.each{key}"), "input", &format!("planted-each-{text}"), false);
    }
    let nested = "terraform_data.nested";
    add(data, nested, "input.password", "planted-password", true);
    add(data, nested, "input.list.key", "planted-in-list", false);
    add(data, nested, "input.list.key", "planted-password", true);
    add(data, nested, "input.map.a.b", "planted-in-map", false);
    add(data, nested, "input.typed.value", "planted-value", false);
    add(data, nested, "input.number", "12345678901234567890", false);
    add(data, nested, "input.quoted", "planted-\"quoted\"\\\n<&>é😀", false);
    add(data, nested, "triggers_replace", "planted-password", true);
    add(data, nested, "triggers_replace", "planted-trigger", false);
    for key in ["x", "y z"] {
        let module = format!("module.db[\"{key}\"]");
        add(data, &format!("{module}.terraform_data.inner"), "input", &format!("planted-in-module-{key}"), true);
        for index in 0..2 {
            let address = format!("{module}.module.deep[{index}].terraform_data.deepest");
            add(data, &address, "input", "planted-deep", false);
        }
    }
    add(Section::Data, "data.terraform_remote_state.other", "outputs.key", "planted-remote", false);
    add(Section::Data, "data.terraform_remote_state.other", "config.path", "other.tfstate", false);
    add(Section::Output, "output.password", "of", "planted-password", true);
    add(Section::Output, "output.plain", "token", "planted-token", false);
    spots
}

/// Section, address, path and text of a value, and whether it is marked as sensitive.
type Spot = (Section, String, String, String, bool);

/// Remembers all that is handed over, and holds each span against what it shall hold.
struct Seen<'t> {
    text: &'t [u8],
    spots: BTreeSet<Spot>,
    /// Addresses of resources and data sources.
    addresses: BTreeSet<String>,
}

impl<'t> Seen<'t> {
    /// Reads an artifact, which must be of that format and without a fault.
    fn of(format: Format, text: &'t [u8]) -> Self {
        let mut seen = Self { text, spots: BTreeSet::new(), addresses: BTreeSet::new() };
        let reading = read(&RepoPath::new("x"), text, &mut seen);
        assert_eq!((reading.format, reading.problems), (format, Vec::new()));
        seen
    }

    fn holds(&self, planted: &BTreeSet<Spot>) {
        let missing: Vec<_> = planted.difference(&self.spots).collect();
        assert!(missing.is_empty(), "missing {missing:#?} in {:#?}", self.spots);
    }
}

impl Visitor for Seen<'_> {
    fn wants(&mut self, owner: &Owner, _: &str, span: Option<Span>, _: bool) -> bool {
        let span = span.expect("a file has places");
        let value = serde_json::from_slice::<serde_json::Value>(&self.text[span.range()]);
        assert!(value.is_ok(), "an attribute's span holds its value");
        if matches!(owner.section, Section::Resource | Section::Data) {
            assert!(owner.kind.starts_with("terraform_"));
            self.addresses.insert(owner.address.clone());
        }
        true
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        let raw = &self.text[leaf.span.expect("a file has places").range()];
        let text = if leaf.number { String::from_utf8(raw.to_vec()).ok() } else { serde_json::from_slice(raw).ok() };
        assert_eq!(text.as_deref(), Some(leaf.text), "the span holds the value");
        let spot = (owner.section, owner.address.clone(), leaf.path.to_owned(), leaf.text.to_owned(), leaf.marked);
        self.spots.insert(spot);
    }
}

fn configured() -> (Directory, Terraform) {
    let directory = Directory::without_git();
    directory.write("main.tf", MAIN);
    directory.write("db/main.tf", MODULE);
    directory.write("db/deep/main.tf", DEEP);
    directory.write("other.tfstate", OTHER);
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    (directory, terraform)
}

/// What Terraform calls the resources of its state, one a line.
fn listed(terraform: &Terraform) -> BTreeSet<String> {
    let list = String::from_utf8(terraform.run(&["state", "list"])).unwrap();
    list.lines().map(str::to_owned).collect()
}

#[test]
fn all_that_is_planted_is_seen_in_states_and_plans() {
    let (directory, terraform) = configured();
    let file = |path: &str| std::fs::read(directory.path(path)).unwrap();
    let planted = planted();
    let state = Format::State { version: 4 };

    terraform.run(&["plan", "-out", "first.plan"]);
    let plan = terraform.run(&["show", "-json", "first.plan"]);
    let seen = Seen::of(Format::PlanJson, &plan);
    seen.holds(&planted);
    let variable = |name: &str, path: &str, text: &str, marked| {
        (Section::Variable, format!("var.{name}"), path.to_owned(), text.to_owned(), marked)
    };
    seen.holds(
        &[variable("password", "", "planted-password", true), variable("plain", "token", "planted-token", false)]
            .into(),
    );

    terraform.run(&["apply", "-auto-approve"]);
    let listed = listed(&terraform);
    let text = file("terraform.tfstate");
    let seen = Seen::of(state, &text);
    seen.holds(&planted);
    assert_eq!(seen.addresses, listed, "addresses are Terraform's own");
    let shown = terraform.run(&["show", "-json"]);
    let seen = Seen::of(Format::StateJson, &shown);
    seen.holds(&planted);
    assert_eq!(seen.addresses, listed);
    let outputs = terraform.run(&["output", "-json"]);
    let of_outputs = planted.iter().filter(|spot| spot.0 == Section::Output).cloned().collect();
    let seen = Seen::of(Format::OutputsJson, &outputs);
    assert_eq!(seen.spots, of_outputs);

    // The backup keeps what was, the plan of a change has both, a tainted instance is one.
    terraform.run(&["taint", "terraform_data.counted[1]"]);
    let change = ["-var", "password=planted-later"];
    terraform.run(&[&["plan", "-out", "second.plan"][..], &change].concat());
    let plan = terraform.run(&["show", "-json", "second.plan"]);
    terraform.run(&[&["apply", "-auto-approve"][..], &change].concat());
    let later: BTreeSet<Spot> = planted
        .iter()
        .map(|(section, address, path, text, marked)| {
            let text = text.replace("planted-password", "planted-later");
            (*section, address.clone(), path.clone(), text, *marked)
        })
        .collect();
    let seen = Seen::of(Format::PlanJson, &plan);
    seen.holds(&planted);
    seen.holds(&later);
    let (text, backup) = (file("terraform.tfstate"), file("terraform.tfstate.backup"));
    Seen::of(state, &text).holds(&later);
    Seen::of(state, &backup).holds(&planted);
}

#[test]
fn workspaces_and_errored_states_are_states() {
    let (directory, terraform) = configured();
    terraform.run(&["workspace", "new", "dev"]);
    terraform.run(&["apply", "-auto-approve"]);
    let text = std::fs::read(directory.path("terraform.tfstate.d/dev/terraform.tfstate")).unwrap();
    Seen::of(Format::State { version: 4 }, &text).holds(&planted());

    let server = StateServer::start(Writes::Refused);
    let (directory, _) = configured();
    let mut backend = server.backend();
    backend.push_str("password = \"planted-backend\"\n");
    directory.write("backend.tf", &format!("terraform {{\n  backend \"http\" {{\n{backend}}}\n}}\n"));
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    let applied = terraform.command(&["apply", "-auto-approve"]).output().unwrap();
    assert!(!applied.status.success(), "the state is refused");
    let text = std::fs::read(directory.path("errored.tfstate")).unwrap();
    Seen::of(Format::State { version: 4 }, &text).holds(&planted());

    let cache = std::fs::read(directory.path(".terraform/terraform.tfstate")).unwrap();
    let seen = Seen::of(Format::BackendCache, &cache);
    let argument = |name: &str, text: &str| {
        (Section::Backend, "terraform.backend.http".to_owned(), name.to_owned(), text.to_owned(), false)
    };
    let url = server.url();
    let expected = [
        argument("password", "planted-backend"),
        argument("address", &url),
        argument("lock_address", &format!("{url}/lock")),
        argument("unlock_address", &format!("{url}/lock")),
        argument("retry_max", "0"),
    ];
    assert_eq!(seen.spots, expected.into(), "and nothing that is not set");
}
