//! State and plans of configurations without a backend.

use super::oracle::{Spot, shown, spots, spots_of};
use super::report::Expected;
use crate::git_repository::Directory;
use crate::support::Terraform;
use std::collections::BTreeSet;

const PASSWORD: &str = "hunter2-Sup3rS3cret";
const PLANNED: &str = "planned-Passw0rd-7";
const TOKEN: &str = "glpat-Ab3dEf6hIj9kLm2nOp5q";

const MAIN: &str = r#"
variable "db_password" {
  type      = string
  sensitive = true
}
variable "api_token" {
  type = string
}
resource "terraform_data" "plain" {
  input = { user = "app", token = var.api_token }
}
resource "terraform_data" "counted" {
  count = 2
  input = { user = "n-${count.index}", password = "${var.db_password}-${count.index}" }
}
resource "terraform_data" "each" {
  for_each         = toset(["blue", "two words"])
  input            = { key = each.key, password = var.db_password }
  triggers_replace = [var.db_password]
}
module "m" {
  source   = "./mod"
  for_each = toset(["a"])
  password = var.db_password
}
output "password" {
  value     = terraform_data.counted[1].output.password
  sensitive = true
}
output "leaked" {
  value = { token = var.api_token, region = "eu-west-1" }
}
"#;

const MODULE: &str = r#"
variable "password" {
  sensitive = true
}
resource "terraform_data" "inner" {
  input = var.password
}
"#;

fn spot(address: &str, attribute: &str) -> Spot {
    (address.to_owned(), attribute.to_owned())
}

/// The configuration, applied with [`PASSWORD`] and [`TOKEN`].
fn applied() -> (Directory, Terraform) {
    let directory = Directory::with_git();
    directory.write("main.tf", MAIN);
    directory.write("mod/main.tf", MODULE);
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    apply(&terraform, PASSWORD);
    (directory, terraform)
}

fn variables(password: &str) -> [String; 2] {
    [format!("-var=db_password={password}"), format!("-var=api_token={TOKEN}")]
}

fn apply(terraform: &Terraform, password: &str) {
    let [password, token] = variables(password);
    terraform.run(&["apply", "-auto-approve", &password, &token]);
}

fn plan(terraform: &Terraform, file: &str, more: &[&str]) {
    let [password, token] = variables(PLANNED);
    terraform.run(&[&["plan", "-out", file, &password, &token], more].concat());
}

#[test]
fn secrets_of_a_state() {
    let (directory, terraform) = applied();
    let mut expected = Expected { secrets: vec![PASSWORD, TOKEN], ..Expected::default() };
    let in_state = spots(&terraform, "terraform.tfstate", &expected.secrets);
    // The oracle itself: what is known without it.
    for (address, attribute) in [
        ("terraform_data.plain", "input.token"),
        ("terraform_data.counted[1]", "output.password"),
        ("terraform_data.each[\"two words\"]", "triggers_replace"),
        ("module.m[\"a\"].terraform_data.inner", "input"),
        ("output.password", "value"),
        ("output.leaked", "token"),
    ] {
        assert!(in_state.contains(&spot(address, attribute)), "{address} {attribute}: {in_state:?}");
    }
    let json = terraform.run(&["show", "-json"]);
    let outputs = terraform.run(&["output", "-json"]);
    std::fs::write(directory.path("state.json"), json).unwrap();
    std::fs::write(directory.path("outputs.json"), outputs).unwrap();
    expected.at("terraform.tfstate", in_state.clone());
    expected.at("state.json", in_state.clone());
    let of_outputs = in_state.into_iter().filter(|(address, _)| address.starts_with("output."));
    expected.at("outputs.json", of_outputs);
    expected.hold(&directory);
}

#[test]
fn secrets_of_backups_and_of_a_tainted_state() {
    let (directory, terraform) = applied();
    let before = spots(&terraform, "terraform.tfstate", &[PASSWORD, TOKEN]);
    apply(&terraform, PLANNED);
    terraform.run(&["taint", "terraform_data.counted[0]"]);
    let mut expected = Expected { secrets: vec![PASSWORD, PLANNED, TOKEN], ..Expected::default() };
    let backups: Vec<String> = std::fs::read_dir(&directory.root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".backup"))
        .collect();
    assert!(!backups.is_empty());
    for backup in &backups {
        let shown = spots(&terraform, backup, &expected.secrets);
        expected.at(backup, shown);
    }
    let now = spots(&terraform, "terraform.tfstate", &expected.secrets);
    assert!(before.is_subset(&now));
    expected.at("terraform.tfstate", now);
    expected.hold(&directory);
}

#[test]
fn secrets_of_plans() {
    let (directory, terraform) = applied();
    let mut expected = Expected { secrets: vec![PASSWORD, PLANNED, TOKEN], ..Expected::default() };
    let kinds: [(&str, &[&str]); 3] = [("change", &[]), ("destroy", &["-destroy"]), ("refresh", &["-refresh-only"])];
    for (name, arguments) in kinds {
        // Binary plans are known by their content, whatever they are called.
        let file = format!("plans/{name}.bin");
        std::fs::create_dir_all(directory.path("plans")).unwrap();
        plan(&terraform, &file, arguments);
        let json = shown(&terraform, &file);
        let spots = spots_of(&json, &expected.secrets);
        assert!(spots.contains(&spot("var.db_password", "value")) && spots.contains(&spot("var.api_token", "value")));
        directory.write(&format!("plans/{name}.json"), &json.to_string());
        expected.at(&file, spots.clone());
        expected.at(&format!("plans/{name}.json"), spots);
    }
    expected.at("terraform.tfstate", BTreeSet::new());
    let state = spots(&terraform, "terraform.tfstate", &expected.secrets);
    expected.at("terraform.tfstate", state);
    expected.hold(&directory);
}

#[test]
fn secrets_of_workspaces() {
    let (directory, terraform) = applied();
    let mut expected = Expected { secrets: vec![PASSWORD, PLANNED, TOKEN], ..Expected::default() };
    for workspace in ["dev", "prod"] {
        terraform.run(&["workspace", "new", workspace]);
        apply(&terraform, PLANNED);
        let file = format!("terraform.tfstate.d/{workspace}/terraform.tfstate");
        let spots = spots(&terraform, &file, &expected.secrets);
        assert!(!spots.is_empty());
        expected.at(&file, spots);
    }
    let state = spots(&terraform, "terraform.tfstate", &expected.secrets);
    expected.at("terraform.tfstate", state);
    expected.hold(&directory);
}

#[test]
fn values_of_ephemeral_variables_are_in_no_plan() {
    let directory = Directory::with_git();
    let main = r#"
variable "token" {
  type      = string
  ephemeral = true
}
variable "region" {
  type    = string
  default = "eu-west-1"
}
resource "terraform_data" "a" {
  input = var.token == "" ? "none" : var.region
}
"#;
    directory.write("main.tf", &main.replace("var.token == \"\"", "nonsensitive(ephemeralasnull(var.token)) == null"));
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    terraform.run(&["plan", "-out=tfplan", &format!("-var=token={TOKEN}")]);
    Expected::default().hold(&directory);
}
