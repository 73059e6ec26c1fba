//! Saved plans, against what `terraform show -json` says of them.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format>

use crate::git_repository::Directory;
use crate::support::{StateServer, Terraform, Writes};
use credlint::document::artifact::{Format, Leaf, Owner, Section, Visitor, read};
use credlint::text::{RepoPath, Span};
use serde_json::Value;
use std::collections::BTreeSet;

/// Address, path and text of a value, and whether it is marked as sensitive.
type Spot = (String, String, String, bool);

/// Remembers all that is handed over.
#[derive(Default)]
struct Heard {
    spots: BTreeSet<(Section, Spot)>,
    kinds: BTreeSet<(String, String)>,
    /// Whether values have places.
    placed: bool,
}

impl Heard {
    /// Reads an artifact, which must be of that format and without a fault.
    fn of(format: Format, bytes: &[u8]) -> Self {
        let mut heard = Self { placed: format != Format::Plan, ..Self::default() };
        let reading = read(&RepoPath::new("x"), bytes, &mut heard);
        assert_eq!((reading.format, reading.problems), (format, Vec::new()));
        heard
    }

    /// The spots of what `terraform show` speaks of as well. It leaves out what providers keep for themselves.
    fn shown(&self) -> BTreeSet<Spot> {
        let shown = [Section::Resource, Section::Data, Section::Output, Section::Variable];
        let spots = self.spots.iter().filter(|(section, spot)| shown.contains(section) && spot.1 != "private");
        spots.map(|(_, spot)| spot.clone()).collect()
    }

    fn of_section(&self, wanted: Section) -> Vec<&Spot> {
        self.spots.iter().filter(|(section, _)| *section == wanted).map(|(_, spot)| spot).collect()
    }
}

impl Visitor for Heard {
    fn wants(&mut self, owner: &Owner, _: &str, span: Option<Span>, _: bool) -> bool {
        assert_eq!(span.is_some(), self.placed);
        self.kinds.insert((owner.address.clone(), owner.kind.clone()));
        true
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        assert_eq!(leaf.span.is_some(), self.placed);
        let spot = (owner.address.clone(), leaf.path.to_owned(), leaf.text.to_owned(), leaf.marked);
        self.spots.insert((owner.section, spot));
    }
}

/// What stands in a plan as `terraform show -json` prints it.
fn spots(shown: &[u8]) -> BTreeSet<Spot> {
    let shown: Value = serde_json::from_slice(shown).unwrap();
    let mut spots = BTreeSet::new();
    let declared = &shown["configuration"]["root_module"]["variables"];
    for (name, variable) in entries(&shown["variables"]) {
        add(&mut spots, &format!("var.{name}"), "", &variable["value"], &declared[name]["sensitive"]);
    }
    let resources = [&shown["resource_changes"], &shown["resource_drift"]];
    for change in resources.into_iter().filter_map(Value::as_array).flatten() {
        add_change(&mut spots, change["address"].as_str().unwrap(), &change["change"]);
    }
    for (name, change) in entries(&shown["output_changes"]) {
        add_change(&mut spots, &format!("output.{name}"), change);
    }
    add_state(&mut spots, &shown["prior_state"]["values"]);
    spots
}

/// The defaults of the variables of the root module's configuration.
fn defaults(shown: &[u8]) -> BTreeSet<Spot> {
    let shown: Value = serde_json::from_slice(shown).unwrap();
    let mut spots = BTreeSet::new();
    for (name, variable) in entries(&shown["configuration"]["root_module"]["variables"]) {
        add(&mut spots, &format!("var.{name}"), "", &variable["default"], &variable["sensitive"]);
    }
    spots
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn add_change(spots: &mut BTreeSet<Spot>, address: &str, change: &Value) {
    add(spots, address, "", &change["before"], &change["before_sensitive"]);
    add(spots, address, "", &change["after"], &change["after_sensitive"]);
}

fn add_state(spots: &mut BTreeSet<Spot>, state: &Value) {
    for (name, output) in entries(&state["outputs"]) {
        add(spots, &format!("output.{name}"), "", &output["value"], &output["sensitive"]);
    }
    add_module(spots, &state["root_module"]);
}

fn add_module(spots: &mut BTreeSet<Spot>, module: &Value) {
    for resource in module["resources"].as_array().into_iter().flatten() {
        add(spots, resource["address"].as_str().unwrap(), "", &resource["values"], &resource["sensitive_values"]);
    }
    module["child_modules"].as_array().into_iter().flatten().for_each(|child| add_module(spots, child));
}

/// Adds the parts of a value; `sensitive` has the form of the value, or is true of all of it.
fn add(spots: &mut BTreeSet<Spot>, address: &str, path: &str, value: &Value, sensitive: &Value) {
    let inner = |part: &Value| if *sensitive == Value::Bool(true) { Value::Bool(true) } else { part.clone() };
    let text = match value {
        Value::Null | Value::Bool(_) => return,
        Value::String(text) if text.is_empty() => return,
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => {
            let parts = values.iter().enumerate();
            return parts.for_each(|(at, value)| add(spots, address, path, value, &inner(&sensitive[at])));
        }
        Value::Object(values) => {
            let dot = if path.is_empty() { "" } else { "." };
            return values.iter().for_each(|(key, value)| {
                add(spots, address, &format!("{path}{dot}{key}"), value, &inner(&sensitive[key]))
            });
        }
    };
    spots.insert((address.to_owned(), path.to_owned(), text, *sensitive == Value::Bool(true)));
}

const PASSWORD: &str = "hunter2-Sup3rS3cret";
const NEXT: &str = "planned-Passw0rd-7";
const EPHEMERAL: &str = "never-Wr1tten-Anywhere";

const MAIN: &str = r#"
variable "password" {
  sensitive = true
}
variable "region" {
  default = "eu-west-1"
}
variable "settings" {
  type    = object({ port = number, ratio = optional(number), users = list(object({ name = string, key = string })) })
  default = { port = 5432, ratio = 0.25, users = [{ name = "app", key = "k-1" }, { name = "ops", key = "k-2" }] }
}
variable "token" {
  type      = string
  ephemeral = true
}
resource "terraform_data" "plain" {
  input            = var.settings
  triggers_replace = [var.region, 12, true, null, -7.5, 123456789012345678]
}
resource "terraform_data" "counted" {
  count = 2
  input = { user = "n-${count.index}", "dotted.key" = [["x", "${var.password}-${count.index}"], "open"] }
}
resource "terraform_data" "each" {
  for_each = toset(["blue", "two \"quoted\".words ${"$"}{x}"])
  input    = { key = each.key, password = var.password, made = terraform_data.plain.id }
}
module "m" {
  source   = "./mod"
  for_each = toset(["a.b"])
  password = var.password
}
output "password" {
  value     = { all = [var.password, "open"] }
  sensitive = true
}
output "region" {
  value = upper(var.region)
}
"#;

const MODULE: &str = r#"
variable "password" {
}
resource "terraform_data" "inner" {
  count = 1
  input = { connection = "postgres://app:${nonsensitive(var.password)}@db" }
}
"#;

/// The configuration of all tests, ready to be planned.
fn configuration(backend: &str) -> (Directory, Terraform) {
    let directory = Directory::without_git();
    directory.write("main.tf", &format!("terraform {{\n{backend}}}\n{MAIN}"));
    directory.write("mod/main.tf", MODULE);
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    (directory, terraform)
}

/// Saves a plan, and reads it.
fn plan(place: &(Directory, Terraform), password: &str, arguments: &[&str]) -> Heard {
    let (directory, terraform) = place;
    let variables = [&format!("-var=password={password}")[..], &format!("-var=token={EPHEMERAL}")];
    terraform.run(&[&["plan", "-out=p.tfplan"], &variables[..], arguments].concat());
    Heard::of(Format::Plan, &std::fs::read(directory.path("p.tfplan")).unwrap())
}

fn apply(place: &(Directory, Terraform)) {
    place.1.run(&["apply", &format!("-var=token={EPHEMERAL}"), "p.tfplan"]);
}

fn assert_same(place: &(Directory, Terraform), heard: &Heard, what: &str) {
    let shown = place.1.run(&["show", "-json", "p.tfplan"]);
    let (ours, theirs) = (heard.shown(), spots(&shown));
    assert!(theirs.len() > 10, "{what}: there is something to compare");
    let missing: Vec<_> = theirs.difference(&ours).collect();
    let invented: Vec<_> = ours.difference(&theirs).collect();
    assert!(missing.is_empty() && invented.is_empty(), "{what}: missing {missing:#?}, invented {invented:#?}");
    // There the configuration is shown too, with the defaults of variables.
    let with_defaults: BTreeSet<_> = theirs.union(&defaults(&shown)).cloned().collect();
    let read_as_json = Heard::of(Format::PlanJson, &shown).shown();
    assert_eq!(read_as_json, with_defaults, "{what}: the same, read as JSON");
    let leaked = heard.spots.iter().find(|(_, spot)| spot.2.contains(EPHEMERAL));
    assert_eq!(leaked, None, "{what}: Terraform keeps ephemeral values out of plans");
}

fn has(heard: &Heard, address: &str, path: &str, text: &str, marked: bool) -> bool {
    heard.shown().contains(&(address.to_owned(), path.to_owned(), text.to_owned(), marked))
}

#[test]
fn plans_of_a_life_say_what_terraform_shows_of_them() {
    let place = configuration("");
    let heard = plan(&place, PASSWORD, &[]);
    assert_same(&place, &heard, "create");
    let each = r#"terraform_data.each["two \"quoted\".words $${x}"]"#;
    assert!(has(&heard, "var.password", "", PASSWORD, true));
    assert!(has(&heard, "var.settings", "users.key", "k-2", false));
    assert!(has(&heard, each, "input.password", PASSWORD, true));
    assert!(has(&heard, "terraform_data.counted[1]", "input.dotted.key", &format!("{PASSWORD}-1"), true));
    assert!(has(&heard, "terraform_data.counted[1]", "input.dotted.key", "open", false));
    let connection = format!("postgres://app:{PASSWORD}@db");
    let inner = r#"module.m["a.b"].terraform_data.inner[0]"#;
    assert!(has(&heard, inner, "input.connection", &connection, false));
    assert!(heard.kinds.contains(&(inner.to_owned(), "terraform_data".to_owned())));
    assert!(has(&heard, "output.password", "all", PASSWORD, true));
    assert!(has(&heard, "terraform_data.plain", "triggers_replace", "123456789012345678", false));
    apply(&place);

    let heard = plan(&place, NEXT, &["-var=region=us-east-1"]);
    assert_same(&place, &heard, "update and replace");
    assert!(has(&heard, each, "input.password", PASSWORD, true) && has(&heard, each, "input.password", NEXT, true));
    // What a provider computes has no mark: only that it is a copy tells.
    assert!(has(&heard, each, "output.password", PASSWORD, false));

    let heard = plan(&place, PASSWORD, &[]);
    assert_same(&place, &heard, "nothing to do");
    let heard = plan(&place, PASSWORD, &["-refresh-only"]);
    assert_same(&place, &heard, "refresh only");
    let heard = plan(&place, PASSWORD, &["-destroy"]);
    assert_same(&place, &heard, "destroy");
    assert!(has(&heard, each, "input.password", PASSWORD, true));
}

#[test]
fn the_configuration_stands_in_a_plan() {
    let place = configuration("");
    let heard = plan(&place, PASSWORD, &[]);
    let files = heard.of_section(Section::Configuration);
    let text = |address: &str| files.iter().find(|spot| spot.0 == address && spot.1.is_empty()).map(|spot| &*spot.2);
    assert_eq!(text("tfconfig/m-/main.tf"), Some(&*format!("terraform {{\n}}\n{MAIN}")));
    assert_eq!(text("tfconfig/m-m/main.tf"), Some(MODULE));
}

#[test]
fn the_backend_stands_in_a_plan_with_its_credentials() {
    let server = StateServer::start(Writes::Kept);
    let credentials = "    username = \"ci\"\n    password = \"backend-Passw0rd-1\"\n";
    let place = configuration(&format!("  backend \"http\" {{\n{}{credentials}  }}\n", server.backend()));
    let heard = plan(&place, PASSWORD, &[]);
    let spot = |path: &str, text: &str| ("terraform.backend.http".to_owned(), path.to_owned(), text.to_owned(), false);
    let backend = heard.of_section(Section::Backend);
    for wanted in [spot("username", "ci"), spot("password", "backend-Passw0rd-1"), spot("address", &server.url())] {
        assert!(backend.contains(&&wanted), "{wanted:?} in {backend:?}");
    }
    assert!(heard.kinds.contains(&("terraform.backend.http".to_owned(), "http".to_owned())));
}

#[test]
fn the_local_backend_stands_in_a_plan_too() {
    let place = configuration("  backend \"local\" {\n    path = \"x.tfstate\"\n  }\n");
    let heard = plan(&place, PASSWORD, &[]);
    let path = ("terraform.backend.local".to_owned(), "path".to_owned(), "x.tfstate".to_owned(), false);
    assert_eq!(heard.of_section(Section::Backend), [&path]);
}
