//! Which modules Terraform is run in, and which are called.

use super::{Setup, files};
use crate::rules::memory::Files;
use credlint::resolve::{Program, Role, find_invocations};

/// The role of every module, by directory: `root: why`, `called by file`, `library`; and those that evaluation starts
/// from, marked `*`.
fn roles(files: Files) -> Vec<String> {
    let setup = Setup::new(files);
    let program = Program::new(&setup.repository, &find_invocations(&setup.repository));
    let starts = &program.starts;
    let role = |(id, role): (usize, &Role)| {
        let mark = if starts.contains(&id) { "*" } else { "" };
        let role = match role {
            Role::Root(why) => format!("root: {why}"),
            Role::Called(by) => format!("called by {by}"),
            Role::Library => "library".to_owned(),
        };
        format!("{mark}{} {role}", program.modules[id].directory)
    };
    program.roles.iter().enumerate().map(role).collect()
}

/// Files by path.
type List = &'static [(&'static str, &'static str)];

const CALL: &str = "module \"m\" { source = \"../m\" }\n";
const BACKEND: &str = "terraform {\n  backend \"s3\" {}\n}\n";
const PROVIDER: &str = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";

#[test]
fn signs_of_a_root_module() {
    let table: [(List, &[&str]); 12] = [
        (&[("a/main.tf", BACKEND)], &["*a root: it has a backend or cloud block"]),
        (&[("a/main.tf", "terraform {\n  cloud {}\n}\n")], &["*a root: it has a backend or cloud block"]),
        (&[("a/main.tf", ""), ("a/.terraform.lock.hcl", "")], &["*a root: it has a dependency lock file"]),
        (
            &[("a/main.tf", ""), ("a/x.auto.tfvars", "")],
            &["*a root: it has a variable file that is read automatically"],
        ),
        (&[("a/main.tf", ""), ("a/terraform.tfstate", "{}")], &["*a root: it holds state"]),
        (&[("a/main.tf", PROVIDER)], &["*a root: it configures a provider and no module calls it"]),
        (&[("a/main.tf", "provider \"aws\" {\n  alias = \"x\"\n}\n")], &["*a library"]),
        (&[("a/main.tf", ""), ("a/prod.tfvars", "")], &["*a library"]),
        (&[("a/main.tf", CALL), ("m/main.tf", PROVIDER)], &["*a library", "m called by a/main.tf"]),
        (
            // An example calls the module at the top, which is run by nobody.
            &[
                ("main.tf", ""),
                ("examples/x/main.tf", "module \"m\" { source = \"../../\" }\nprovider \"aws\" { region = 1 }\n"),
            ],
            &[". called by examples/x/main.tf", "*examples/x root: it configures a provider and no module calls it"],
        ),
        (
            &[("m/main.tf", PROVIDER), ("live/terragrunt.hcl", "terraform {\n  source = \"../m\"\n}\n")],
            &["*m called by live/terragrunt.hcl"],
        ),
        (
            &[
                ("m/main.tf", PROVIDER),
                ("m/tests/a.tftest.hcl", "run \"x\" {\n  module {\n    source = \"../\"\n  }\n}\n"),
            ],
            &["*m called by m/tests/a.tftest.hcl"],
        ),
    ];
    for (list, expected) in table {
        let files = list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        assert_eq!(roles(files), expected, "{list:?}");
    }
}

#[test]
fn a_module_that_is_run_and_called_is_run() {
    let list = files([("a/main.tf", CALL), ("m/main.tf", BACKEND)]);
    assert_eq!(roles(list), ["*a library", "*m root: it has a backend or cloud block"]);
}

#[test]
fn commands_of_the_repository_tell_where_terraform_is_run() {
    let workflow = |command: &str| {
        let step = format!("      - run: terraform {command}\n        working-directory: a\n");
        format!("on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n{step}")
    };
    let of = |command: &str| roles(files([("a/main.tf", ""), (".github/workflows/x.yml", &workflow(command))]));
    for command in ["plan", "apply -auto-approve", "init -backend-config=bucket=b"] {
        assert_eq!(of(command), ["*a root: a command of this repository runs Terraform in it"], "{command}");
    }
    for command in ["init", "validate", "fmt"] {
        assert_eq!(of(command), ["*a library"], "{command}");
    }
}

#[test]
fn circles_are_evaluated_from_somewhere() {
    let list = files([
        ("a/main.tf", "module \"m\" { source = \"../b\" }"),
        ("b/main.tf", "module \"m\" { source = \"../a\" }"),
    ]);
    assert_eq!(roles(list), ["*a called by b/main.tf", "b called by a/main.tf"]);
    assert_eq!(roles(files([("a/main.tf", "module \"m\" { source = \"./\" }")])), ["*a called by a/main.tf"]);
}

#[test]
fn a_directory_for_both_programs_is_two_modules() {
    let list = files([("a/main.tf", "locals { x = 1 }"), ("a/main.tofu", BACKEND), ("a/other.tf", "")]);
    assert_eq!(roles(list), ["*a library", "*a root: it has a backend or cloud block"]);
    let list = files([("a/main.tf", ""), ("a/more.tofu", BACKEND)]);
    assert_eq!(roles(list), ["*a root: it has a backend or cloud block"]);
}
