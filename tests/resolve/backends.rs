//! What completes a partial backend, and what is then known of it.

use super::{Setup, files};
use crate::rules::memory::Files;
use credlint::resolve::{
    Answer, Backend, BackendDefaults, Kind, Program, SettingFrom, Supplies, Tree, Value, VariableFiles, backends_of,
    constant, find_invocations, terragrunt_states,
};
use credlint::text::{RepoPath, Source};
use std::sync::Arc;

/// A policy's values for s3 backends below a directory.
fn policy(below: &'static str, values: &str) -> BackendDefaults {
    let source = Arc::new(Source::new(RepoPath::new("policy"), values.as_bytes()));
    let parsed = credlint::document::hcl::parse_expression(values).expect("the values are well-formed");
    BackendDefaults {
        applies: Box::new(move |path| path.is_inside(&RepoPath::new(below))),
        kind: Some("s3".to_owned()),
        values: constant(&source, &parsed),
    }
}

fn value(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.to_string(),
        Kind::Bool(flag) => flag.to_string(),
        _ => "?".to_owned(),
    }
}

fn from(from: &SettingFrom) -> String {
    match from {
        SettingFrom::Block => "block".to_owned(),
        SettingFrom::File(path) => path.to_string(),
        SettingFrom::Argument => "argument".to_owned(),
        SettingFrom::Policy => "policy".to_owned(),
    }
}

/// `bucket=b@block`, `key!` for what is absent, `key?` for what is not decided; and what completes it.
fn told(backend: &Backend) -> String {
    let mut words: Vec<String> = Vec::new();
    for path in ["bucket", "encrypt", "key", "region", "assume_role.role_arn"] {
        words.push(match backend.answer(path) {
            Answer::Set(values) => {
                let values: Vec<String> = values.iter().map(|(v, by)| format!("{}@{}", value(v), from(by))).collect();
                format!("{path}={}", values.join("|"))
            }
            Answer::Absent => format!("{path}!"),
            Answer::Undecided => format!("{path}?"),
        });
    }
    if let Some(place) = &backend.completed_by {
        words.push(format!("by {}", place.shown()));
    }
    words.join(" ")
}

fn complete(files: Files, defaults: Vec<BackendDefaults>) -> Vec<String> {
    let setup = Setup::new(files);
    let invocations = find_invocations(&setup.repository);
    let program = Program::new(&setup.repository, &invocations);
    let supplies = Supplies::new(&setup.repository, invocations, defaults);
    let mut found = Vec::new();
    for id in 0..program.modules.len() {
        let tree = Tree::new(&program, id, VariableFiles::default());
        for backend in backends_of(&tree, 0) {
            found.extend(supplies.complete(&backend).iter().map(told));
        }
    }
    found
}

const EMPTY: &str = "terraform {\n  backend \"s3\" {}\n}\n";
const WHOLE: &str =
    "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    region = \"r\"\n  }\n}\n";
const KEYED: &str = "terraform {\n  backend \"s3\" {\n    key     = \"own\"\n    encrypt = true\n  }\n}\n";
const FILE: &str = "bucket = \"fb\"\nkey = \"fk\"\nregion = \"fr\"\n";

fn workflow(run: &str) -> String {
    format!(
        "on: push\njobs:\n  plan:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {run}\n        working-directory: app\n"
    )
}

const WORKFLOW: &str = ".github/workflows/plan.yml";

#[test]
fn a_block_alone() {
    let whole = "bucket=b@block encrypt! key=k@block region=r@block assume_role.role_arn!";
    assert_eq!(complete(files([("main.tf", WHOLE)]), Vec::new()), [whole]);
    let partial = "bucket? encrypt=true@block key=own@block region? assume_role.role_arn?";
    assert_eq!(complete(files([("main.tf", KEYED)]), Vec::new()), [partial]);
    let empty = "bucket? encrypt? key? region? assume_role.role_arn?";
    assert_eq!(complete(files([("main.tf", EMPTY)]), Vec::new()), [empty]);
}

#[test]
fn files_that_stand_ready() {
    let list = files([
        ("app/main.tf", KEYED),
        ("app/config/prod.tfbackend", FILE),
        ("app/config/test.tfbackend", "region = \"tr\"\n"),
        ("app/sub/main.tf", ""),
        ("app/sub/other.tfbackend", FILE),
        ("elsewhere.tfbackend", FILE),
    ]);
    let told = [
        "bucket=fb@app/config/prod.tfbackend encrypt=true@block key=fk@app/config/prod.tfbackend \
         region=fr@app/config/prod.tfbackend assume_role.role_arn! by app/config/prod.tfbackend:1",
        "bucket? encrypt=true@block key=own@block region=tr@app/config/test.tfbackend assume_role.role_arn? \
         by app/config/test.tfbackend:1",
    ];
    assert_eq!(complete(list, Vec::new()), told);
}

#[test]
fn a_complete_block_waits_for_no_file() {
    let list = files([("app/main.tf", WHOLE), ("app/prod.tfbackend", FILE)]);
    let told = ["bucket=b@block encrypt! key=k@block region=r@block assume_role.role_arn!"];
    assert_eq!(complete(list, Vec::new()), told);
}

#[test]
fn a_command_in_a_workflow() {
    let run = workflow(
        "terraform init -backend-config=prod.s3.tfbackend -backend-config=\"key=argument\" -backend-config=encrypt=true",
    );
    let list = files([
        ("app/main.tf", EMPTY),
        ("app/prod.s3.tfbackend", FILE),
        ("app/unused.tfbackend", "bucket = \"unused\"\n"),
        (WORKFLOW, &run),
    ]);
    let told = [
        "bucket=fb@app/prod.s3.tfbackend encrypt=true@argument key=argument@argument region=fr@app/prod.s3.tfbackend \
         assume_role.role_arn! by .github/workflows/plan.yml:6",
    ];
    assert_eq!(complete(list, Vec::new()), told);
}

#[test]
fn later_arguments_win() {
    let run = workflow("terraform init -backend-config=key=first -backend-config=a.tfbackend");
    let list = files([("app/main.tf", EMPTY), ("app/a.tfbackend", FILE), (WORKFLOW, &run)]);
    let told = "bucket=fb@app/a.tfbackend encrypt! key=fk@app/a.tfbackend region=fr@app/a.tfbackend \
                assume_role.role_arn! by .github/workflows/plan.yml:6";
    assert_eq!(complete(list, Vec::new()), [told]);
}

#[test]
fn an_argument_that_only_the_run_knows() {
    let run = workflow("terraform init -backend-config=\"bucket=$BUCKET\" -backend-config=key=k");
    let list = files([("app/main.tf", EMPTY), (WORKFLOW, &run)]);
    let told =
        "bucket=?@argument encrypt! key=k@argument region! assume_role.role_arn! by .github/workflows/plan.yml:6";
    assert_eq!(complete(list, Vec::new()), [told]);
}

#[test]
fn a_file_that_is_not_in_the_repository() {
    let run = workflow("terraform init -backend-config=secret.tfbackend -backend-config=key=k");
    let list = files([("app/main.tf", EMPTY), (WORKFLOW, &run)]);
    let told = "bucket? encrypt? key=k@argument region? assume_role.role_arn? by .github/workflows/plan.yml:6";
    assert_eq!(complete(list, Vec::new()), [told]);
}

#[test]
fn a_file_for_each_environment() {
    let run = workflow("terraform init -backend-config=env/${{ matrix.env }}.tfbackend");
    let list = files([
        ("app/main.tf", EMPTY),
        ("app/env/prod.tfbackend", "bucket = \"p\"\nkey = \"k\"\nassume_role = { role_arn = \"arn\" }\n"),
        ("app/env/test.tfbackend", "bucket = \"t\"\nkey = \"k\"\nencrypt = true\n"),
        (WORKFLOW, &run),
    ]);
    let by = "by .github/workflows/plan.yml:6";
    let (prod, test) = ("app/env/prod.tfbackend", "app/env/test.tfbackend");
    let told = [
        format!("bucket=p@{prod} encrypt! key=k@{prod} region! assume_role.role_arn=arn@{prod} {by}"),
        format!("bucket=t@{test} encrypt=true@{test} key=k@{test} region! assume_role.role_arn! {by}"),
    ];
    assert_eq!(complete(list, Vec::new()), told);
}

#[test]
fn files_of_any_name_that_a_command_names() {
    let run = workflow("terraform init -backend-config=../config/backend.conf");
    let list = files([("app/main.tf", EMPTY), ("config/backend.conf", FILE), (WORKFLOW, &run)]);
    let by = "config/backend.conf";
    let told = format!(
        "bucket=fb@{by} encrypt! key=fk@{by} region=fr@{by} assume_role.role_arn! by .github/workflows/plan.yml:6"
    );
    assert_eq!(complete(list, Vec::new()), [told]);
}

#[test]
fn a_command_for_another_module_says_nothing() {
    let run =
        workflow("terraform init -backend-config=key=k").replace("working-directory: app", "working-directory: web");
    let list = files([("app/main.tf", EMPTY), ("web/main.tf", WHOLE), (WORKFLOW, &run)]);
    let told = [
        "bucket? encrypt? key? region? assume_role.role_arn?",
        "bucket=b@block encrypt! key=k@argument region=r@block assume_role.role_arn! by .github/workflows/plan.yml:6",
    ];
    assert_eq!(complete(list, Vec::new()), told);
}

#[test]
fn what_the_policy_says() {
    let values = "{ bucket = \"org\", encrypt = true, key = \"policy\" }";
    let list = files([("app/main.tf", KEYED), ("web/main.tf", KEYED)]);
    let told = [
        // The block's own arguments stay.
        "bucket=org@policy encrypt=true@block key=own@block region! assume_role.role_arn!",
        "bucket? encrypt=true@block key=own@block region? assume_role.role_arn?",
    ];
    assert_eq!(complete(list, vec![policy("app", values)]), told);
    // What the repository says counts more.
    let list = files([("app/main.tf", EMPTY), ("app/x.tfbackend", FILE)]);
    let by = "app/x.tfbackend";
    let told = format!("bucket=fb@{by} encrypt! key=fk@{by} region=fr@{by} assume_role.role_arn! by {by}:1");
    assert_eq!(complete(list, vec![policy("app", values)]), [told]);
}

#[test]
fn other_kinds_are_not_partial() {
    let local = "terraform {\n  backend \"local\" {}\n}\n";
    let told = "bucket! encrypt! key! region! assume_role.role_arn!";
    assert_eq!(complete(files([("main.tf", local)]), Vec::new()), [told]);
    let state = "data \"terraform_remote_state\" \"x\" {\n  backend = \"s3\"\n  config = { bucket = \"b\" }\n}\n";
    let told = "bucket=b@block encrypt! key! region! assume_role.role_arn!";
    assert_eq!(complete(files([("main.tf", state)]), vec![policy("", "{ key = \"k\" }")]), [told]);
}

#[test]
fn what_terragrunt_writes() {
    let text = "locals {\n  region = \"eu-west-1\"\n  bucket = \"state-${local.region}\"\n}\n\
                remote_state {\n  backend = \"s3\"\n  config = {\n    bucket  = local.bucket\n    encrypt = true\n    \
                key     = \"${path_relative_to_include()}/terraform.tfstate\"\n    region  = try(dependency.x.outputs.r, \"fell back\")\n  }\n}\n";
    let setup = Setup::new(files([("live/terragrunt.hcl", text)]));
    let document = setup.repository.document(&RepoPath::new("live/terragrunt.hcl")).expect("it is there");
    let told: Vec<String> = terragrunt_states(document).iter().map(told).collect();
    let expected = "bucket=state-eu-west-1@block encrypt=true@block key=?@block region=?@block|fell back@block \
                    assume_role.role_arn!";
    assert_eq!(told, [expected]);
}
