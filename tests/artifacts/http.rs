//! What an HTTP backend leaves behind: its password in cache and plan, and a state that could not be sent.

use super::oracle::{Spot, shown, spots, spots_of};
use super::report::Expected;
use crate::git_repository::Directory;
use crate::support::{StateServer, Terraform, Writes};

const PASSWORD: &str = "Zq8-http-backend-Pw";
const SECRET: &str = "S3cret-in-the-state";

const RESOURCES: &str = r#"
variable "secret" {
  type      = string
  sensitive = true
}
resource "terraform_data" "a" {
  input = var.secret
}
output "secret" {
  value     = var.secret
  sensitive = true
}
"#;

fn configuration(arguments: &str) -> String {
    format!("terraform {{\n  backend \"http\" {{\n{arguments}  }}\n}}\n{RESOURCES}")
}

fn variable() -> String {
    format!("-var=secret={SECRET}")
}

fn of_backend(attributes: &[&str]) -> impl Iterator<Item = Spot> {
    attributes.iter().map(|name| ("terraform.backend.http".to_owned(), (*name).to_owned()))
}

#[test]
fn a_state_that_could_not_be_sent() {
    let server = StateServer::start(Writes::Refused);
    let directory = Directory::with_git();
    let user = format!("    username       = \"ci-bot\"\n    password       = \"{PASSWORD}\"\n");
    directory.write("main.tf", &configuration(&(server.backend() + &user)));
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    let applied = terraform.command(&["apply", "-auto-approve", &variable()]).output().unwrap();
    assert!(!applied.status.success() && directory.path("errored.tfstate").exists());
    terraform.run(&["plan", "-out=tfplan", &variable()]);
    let mut expected = Expected { secrets: vec![PASSWORD, SECRET], ..Expected::default() };
    expected.at(".terraform/terraform.tfstate", of_backend(&["password"]));
    let in_state = spots(&terraform, "errored.tfstate", &expected.secrets);
    assert!(in_state.len() >= 3, "{in_state:?}");
    expected.at("errored.tfstate", in_state);
    let in_plan = spots_of(&shown(&terraform, "tfplan"), &expected.secrets);
    expected.at("tfplan", in_plan.into_iter().chain(of_backend(&["password"])));
    expected.hold(&directory);
}

#[test]
fn a_password_in_an_address() {
    let server = StateServer::start(Writes::Kept);
    let directory = Directory::with_git();
    let arguments = server.backend().replace("http://", &format!("http://ci-bot:{PASSWORD}@"));
    directory.write("main.tf", &configuration(&arguments));
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    terraform.run(&["plan", "-out=tfplan", &variable()]);
    let mut expected = Expected { secrets: vec![PASSWORD, SECRET], ..Expected::default() };
    let of_addresses = || of_backend(&["address", "lock_address", "unlock_address"]);
    expected.at(".terraform/terraform.tfstate", of_addresses());
    let in_plan = spots_of(&shown(&terraform, "tfplan"), &expected.secrets);
    expected.at("tfplan", in_plan.into_iter().chain(of_addresses()));
    expected.hold(&directory);
}

#[test]
fn the_state_of_another_configuration() {
    let server = StateServer::start(Writes::Kept);
    let producer = Directory::without_git();
    producer.write("main.tf", &configuration(&server.backend()));
    let terraform = Terraform::new(&producer.root);
    terraform.run(&["init"]);
    terraform.run(&["apply", "-auto-approve", &variable()]);
    let state = server.state().unwrap();
    assert!(String::from_utf8(state).unwrap().contains(SECRET));

    let directory = Directory::with_git();
    let url = server.url();
    let consumer = format!(
        r#"
data "terraform_remote_state" "net" {{
  backend = "http"
  config = {{
    address  = "{url}"
    username = "ci-bot"
    password = "{PASSWORD}"
  }}
}}
resource "terraform_data" "user" {{
  input = {{ endpoint = "db.example.com", password = data.terraform_remote_state.net.outputs.secret }}
}}
"#
    );
    directory.write("main.tf", &consumer);
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    terraform.run(&["apply", "-auto-approve"]);
    terraform.run(&["plan", "-out=tfplan", "-replace=terraform_data.user"]);
    let mut expected = Expected { secrets: vec![PASSWORD, SECRET], ..Expected::default() };
    let in_state = spots(&terraform, "terraform.tfstate", &expected.secrets);
    for attribute in ["config.password", "outputs.secret"] {
        assert!(in_state.contains(&("data.terraform_remote_state.net".to_owned(), attribute.to_owned())));
    }
    expected.at("terraform.tfstate", in_state);
    let json = shown(&terraform, "tfplan");
    let in_plan = spots_of(&json, &expected.secrets);
    directory.write("plan.json", &json.to_string());
    expected.at("plan.json", in_plan.clone());
    expected.at("tfplan", in_plan);
    expected.hold(&directory);
}
