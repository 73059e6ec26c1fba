//! The whole program over a repository full of secrets, whole and broken: nothing that leaves it, in any format, file or
//! error, holds eight characters in a row of one, plain or encoded.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use crate::git_repository::Directory;
use crate::support::Terraform;
use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::io::Write as _;
use std::process::Command;

/// The length from which a part of a secret confirms it.
const PART: usize = 8;

/// A secret, and how much of it is the same for all of its kind. All are made up.
const SECRETS: [(&str, &str, usize); 19] = [
    ("backend", "bV3xq9ZtLw2Rk8Hs6Nf1Jd4Pc7Gy5Mz0Xa/Qe+Uo", 0),
    ("provider", "Kw7-vQ2x!mZr9uB", 0),
    ("default", "glpat-Yt4rEw8qUi2oPa6sDf1g", 6),
    ("private key", "MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu", 0),
    ("tfvars", "hvs.CAESIGz7XwQ3nRb5VtLk9PmYd2Hc8JfSa1UeOi6WqZy", 4),
    ("tfbackend", "Rn6+Hd2/Vk9Xs4Wm8Zq1Lt7Bc3Jf5Gp0Ya/Te+Oi", 0),
    ("awkward", "aB3<dE&f>9\"Kx\\Lm~qé7'vW", 0),
    ("database", "Nf8kQ2mX7zR4tW", 0),
    ("output", "Jx5cVb1nMl9pOk3", 0),
    ("user data", "Tq6yHu2jIk8oLp4", 0),
    ("key of a map", "ghp_Zc4vBn8mQw2eRt6yUi1oPa5sDf9gHj3kLl7x", 4),
    ("cache", "Gd9sFa3kWz7xCv1", 0),
    ("variable", "Lk5jHg1fDs8aPq3", 0),
    ("argument", "Vb7nMz3xCq9wEr5", 0),
    ("workflow", "Ux8iOy4pTr2eWq6/Za1sXd9cFv5gBh7nJm3kLo0P", 0),
    ("archive", "Pm2oNi8bUv6cYx4", 0),
    ("entry", "Sd4fGh0jKl2zXc8", 0),
    ("broken", "Hy6tGr2fEd8wSq4", 0),
    ("policy", "Ci3vBo9nMu5lKy1", 0),
];

fn secret(name: &str) -> &'static str {
    SECRETS.iter().find(|(known, ..)| *known == name).unwrap().1
}

/// All that must not be seen: every part of every form of every secret.
struct Forms {
    patterns: AhoCorasick,
    names: Vec<(&'static str, String)>,
}

impl Forms {
    fn new() -> Self {
        let mut names = Vec::new();
        for (name, whole, public) in SECRETS {
            let value: Vec<char> = whole.chars().skip(public).collect();
            let private: String = value.iter().collect();
            let json = serde_json::to_string(&private).unwrap();
            // As Terraform writes it.
            let go = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
            let hex: String = private.bytes().map(|byte| format!("{byte:02x}")).collect();
            let escaped = [json, go].map(|text| text.trim_matches('"').to_owned());
            let base64 = (0..3).map(|skipped| STANDARD.encode(&private.as_bytes()[skipped..]));
            // What is left of a group at the end differs with what follows.
            let base64: Vec<String> = base64.map(|text| text[..text.len() - 4].to_owned()).collect();
            let reversed = value.iter().rev().collect();
            for form in [private, reversed, hex.to_uppercase(), hex].into_iter().chain(escaped).chain(base64) {
                let form: Vec<char> = form.chars().collect();
                names.extend(form.windows(PART).map(|part| (name, part.iter().collect::<String>())));
            }
        }
        Self { patterns: AhoCorasick::new(names.iter().map(|(_, part)| part)).unwrap(), names }
    }

    fn absent(&self, bytes: &[u8], from: &str) {
        if let Some(found) = self.patterns.find(bytes) {
            let (name, part) = &self.names[found.pattern().as_usize()];
            let around = found.start().saturating_sub(200)..(found.end() + 100).min(bytes.len());
            panic!("{from} shows {part:?} of {name}: {}", String::from_utf8_lossy(&bytes[around]));
        }
    }
}

/// Runs credlint in every format and all ways to write a report; says what it printed as text, at its most talkative.
fn nothing_leaves(directory: &Directory, forms: &Forms) -> String {
    let elsewhere = tempfile::tempdir().unwrap();
    let file = |name: &str| elsewhere.path().join(name).to_str().unwrap().to_owned();
    let all: Vec<String> =
        credlint::output::ALL.iter().map(|format| format!("--output={}={}", format.name, file(format.name))).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for more in [&[][..], &["--verbose", "--color", "always"], &["--quiet"], &["--ignored"]] {
        run(directory, forms, &[&["check"], &*all, more].concat());
    }
    let baseline = &*file("baseline");
    run(directory, forms, &["check", "--write-baseline", baseline]);
    run(directory, forms, &["check", "--baseline", baseline, "--verbose"]);
    run(directory, forms, &["check", "--staged"]);
    run(directory, forms, &["policy", "show"]);
    run(directory, forms, &["policy", "exceptions"]);
    // A policy that cannot be read makes no baseline.
    if let Ok(bytes) = std::fs::read(baseline) {
        forms.absent(&bytes, baseline);
    }
    run(directory, forms, &["check", "--verbose", "--policy", "strict"])
}

fn run(directory: &Directory, forms: &Forms, arguments: &[&str]) -> String {
    let mut text = String::new();
    for key in [None, Some(("CREDLINT_FINGERPRINT_KEY", "a key"))] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_credlint"));
        command.args(arguments).env_clear().envs(key).env("HOME", &directory.root).env("RUST_BACKTRACE", "full");
        let output = command.current_dir(&directory.root).output().unwrap();
        forms.absent(&output.stdout, &format!("{arguments:?}"));
        forms.absent(&output.stderr, &format!("{arguments:?}, as an error,"));
        // Nor does it make reports.
        for target in arguments.iter().filter_map(|argument| argument.strip_prefix("--output=")) {
            let (format, file) = target.split_once('=').unwrap();
            if let Ok(bytes) = std::fs::read(file) {
                forms.absent(&bytes, format);
                std::fs::remove_file(file).unwrap();
            }
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0..=2)) && !said.contains("panicked"), "{arguments:?}: {said}");
        text += &String::from_utf8_lossy(&output.stdout);
        text += &said;
    }
    text
}

const MAIN: &str = r#"terraform {
  backend "s3" {
    bucket     = "example-tfstate"
    key        = "a.tfstate"
    region     = "eu-west-1"
    access_key = "AKIAIOSFODNN7EXAMPLE"
    secret_key = "<backend>"
  }
}
provider "postgresql" {
  host     = "db.example.com"
  password = "<provider>"
}
variable "token" {
  default = "<default>" # it was <default> before
}
provider "gitlab" {
  token = var.token
}
resource "aws_instance" "a" {
  user_data = <<EOT
-----BEGIN RSA PRIVATE KEY-----
<private key>
-----END RSA PRIVATE KEY-----
EOT
}
"#;

const WORKFLOW: &str = r#"on: push
jobs:
  plan:
    runs-on: ubuntu-latest
    env: { AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE, AWS_SECRET_ACCESS_KEY: "<workflow>" }
    steps:
      - run: terraform init -backend-config="secret_key=<workflow>"
"#;

const LOG: &str = r#"2026-11-21T08:43:48.929Z [INFO]  CLI args: []string{"terraform", "apply", "-var", "db_password=<argument>"}
2026-11-21T08:43:48.931Z [DEBUG] UpgradeResourceState: map[string]interface {}{"type":"string", "value":"<database>"}
2026-11-21T08:43:48.932Z [DEBUG] authorization: Bearer <key of a map>
"#;

/// A template with its secrets in place.
fn filled(template: &str) -> String {
    SECRETS.iter().fold(template.to_owned(), |text, (name, value, _)| text.replace(&format!("<{name}>"), value))
}

fn resource(kind: &str, name: &str, attributes: &serde_json::Value) -> serde_json::Value {
    let provider = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let instance = json!({ "schema_version": 0, "attributes": attributes, "sensitive_attributes": [] });
    json!({ "mode": "managed", "type": kind, "name": name, "provider": provider, "instances": [instance] })
}

/// A state of version 4.
fn state() -> serde_json::Value {
    let key = filled("-----BEGIN RSA PRIVATE KEY-----\n<private key>\n-----END RSA PRIVATE KEY-----\n");
    let script = filled("#!/bin/sh\nexport DB_PASSWORD=<user data>\n");
    let database = json!({ "id": "db", "username": "admin", "password": secret("database") });
    let mut of_keys = resource("aws_ssm_parameter", "keyed", &json!({ "name": "x", "value": secret("output") }));
    of_keys["instances"][0]["index_key"] = secret("key of a map").into();
    let tags = json!({ "id": "i", "tags": { secret("key of a map"): secret("database") },
                       "user_data": STANDARD.encode(&script), "password_data": secret("database") });
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "f2968801-fa14-41ab-a044-224f3a4adf04",
        "outputs": { "password": { "value": secret("output"), "type": "string", "sensitive": true } },
        "resources": [
            resource("random_password", "a", &json!({ "id": "none", "length": 23, "result": secret("awkward") })),
            resource("aws_db_instance", "a", &database),
            resource("tls_private_key", "a", &json!({ "algorithm": "RSA", "private_key_pem": key })),
            resource("aws_instance", "a", &tags),
            of_keys,
        ],
        "check_results": null
    })
}

fn cache() -> serde_json::Value {
    let address = format!("https://ci:{}@state.example.com", secret("cache"));
    let config = json!({ "address": address, "username": "ci", "password": secret("cache") });
    json!({ "version": 3, "backend": { "type": "http", "config": config, "hash": 1 } })
}

fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The files by path, all well-formed.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let pretty = |value: &serde_json::Value| serde_json::to_vec_pretty(value).unwrap();
    let as_go = state().to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    vec![
        ("main.tf", filled(MAIN).into_bytes()),
        ("terraform.tfvars", filled("vault_token = \"<tfvars>\"\n").into_bytes()),
        (
            "prod.s3.tfbackend",
            filled("access_key = \"AKIAIOSFODNN7EXAMPLE\"\nsecret_key = \"<tfbackend>\"\n").into_bytes(),
        ),
        ("terraform.tfstate", pretty(&state())),
        ("one-line.tfstate", as_go.into_bytes()),
        (".terraform/terraform.tfstate", pretty(&cache())),
        ("trace.log", filled(LOG).into_bytes()),
        (".github/workflows/ci.yml", filled(WORKFLOW).into_bytes()),
    ]
}

fn write(directory: &Directory, path: &str, bytes: &[u8]) {
    directory.write(path, "");
    std::fs::write(directory.path(path), bytes).unwrap();
}

#[test]
fn no_secret_leaves_a_repository() {
    let forms = Forms::new();
    let directory = Directory::with_git();
    let plan = r#"
variable "secret" {
  sensitive = true
}
resource "terraform_data" "a" {
  input = { secret = var.secret, token = "<default>" }
}
"#;
    directory.write("planned/main.tf", &filled(plan));
    let terraform = Terraform::new(&directory.path("planned"));
    terraform.run(&["init"]);
    terraform.run(&["plan", "-out=tfplan", &format!("-var=secret={}", secret("variable"))]);
    let json = terraform.run(&["show", "-json", "tfplan"]);
    write(&directory, "planned/plan.json", &json);
    for (path, bytes) in files() {
        write(&directory, path, &bytes);
    }
    let entry = format!("{}/../{}.tf", secret("entry"), secret("entry"));
    write(&directory, "no-plan.tfplan", &zipped(&[("a.txt", secret("archive")), (&entry, "x")]));
    write(&directory, "odd.tfplan", &zipped(&[("tfplan", secret("archive")), (&entry, secret("archive"))]));
    directory.git(&["add", "--all", "--force"]);
    let said = nothing_leaves(&directory, &forms);
    // The search would find what it seeks, and there was something to hide.
    assert!(std::panic::catch_unwind(|| forms.absent(secret("backend").as_bytes(), "")).is_err());
    assert!(said.contains("backend-static-credential"), "{said}");
}

#[test]
fn no_secret_leaves_through_what_is_broken() {
    let forms = Forms::new();
    let directory = Directory::with_git();
    let broken = secret("broken");
    for (at, (path, bytes)) in files().into_iter().enumerate() {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let place = |variant: &str| format!("{at}-{variant}/{parent}/{name}");
        // Cut within a secret.
        let secrets = SECRETS.iter().filter_map(|(_, value, _)| memchr::memmem::find(&bytes, value.as_bytes()));
        for (nth, offset) in secrets.enumerate() {
            write(&directory, &place(&format!("cut{nth}")), &bytes[..offset + 9]);
        }
        let ill: [(&str, Vec<u8>); 6] = [
            ("quote", [&bytes[..bytes.len() / 2], format!("\"{broken}\" = \"{broken}").as_bytes(), &bytes].concat()),
            ("nul", [&bytes[..bytes.len() / 2], b"\0", broken.as_bytes(), b"\0", &bytes].concat()),
            ("utf8", [broken.as_bytes(), b"\xff\xfe", &bytes[..], b"\xc3"].concat()),
            ("after", [&bytes[..], format!("\n{broken}: \"\\u{broken}\\q\"").as_bytes()].concat()),
            ("before", [format!("{{ {broken} }}\n").as_bytes(), &bytes].concat()),
            ("brackets", [vec![b'['; 5000], bytes.clone()].concat()),
        ];
        for (variant, bytes) in ill {
            write(&directory, &place(variant), &bytes);
        }
    }
    let text = |value: serde_json::Value| value.to_string().into_bytes();
    for (path, bytes) in [
        (
            "version/terraform.tfstate",
            text(json!({ "version": broken, "serial": broken, "terraform_version": broken })),
        ),
        ("types/terraform.tfstate", text(json!({ "version": 4, "resources": [{ "type": broken, "mode": broken }] }))),
        ("types2/terraform.tfstate", text(json!({ "version": 4, "outputs": broken, "resources": { broken: broken } }))),
        (
            "types3/.terraform/terraform.tfstate",
            text(json!({ "version": 3, "backend": { "type": broken, "config": broken } })),
        ),
        (
            "types4/plan.json",
            text(json!({ "format_version": broken, "variables": [broken], "resource_changes": broken })),
        ),
        (".terraform/modules/modules.json", text(json!({ "Modules": broken }))),
        ("cut.tfplan", zipped(&[("tfplan", broken), ("tfstate", broken)])[..60].to_vec()),
        ("crash.log", filled("panic: <broken>\n[DEBUG] password=\"<broken>").into_bytes()),
    ] {
        write(&directory, path, &bytes);
    }
    directory.git(&["add", "--all", "--force"]);
    nothing_leaves(&directory, &forms);
}

#[test]
fn no_secret_leaves_through_policies_and_baselines() {
    let forms = Forms::new();
    let policies = [
        "version: 1\nrules: { state-secret: \"<policy>\" }\n",
        "version: 1\n# <policy>\nexceptions:\n  - { rule: state-secret, path: a, reason: \"<policy>\" }\n",
        "version: 1\nextends: [recommended\npassword: \"<policy>\"\n",
        "version: 1\nbackends:\n  - { paths: [\"**\"], type: s3, values: { secret_key: [\"<policy>\"], encrypt: \"<policy>\" } }\n",
        "version: 1\nextends: recommended\n\tpassword: <policy>\n",
    ];
    for policy in policies {
        let directory = Directory::with_git();
        directory.write(".credlint.yaml", &filled(policy));
        for (path, bytes) in files() {
            write(&directory, path, &bytes);
        }
        directory.git(&["add", "--all", "--force"]);
        nothing_leaves(&directory, &forms);
    }
    let directory = Directory::with_git();
    directory
        .write("baseline.json", &filled("{\"findings\": [{\"fingerprint\": \"<policy>\", \"path\": 1}], <policy>"));
    run(&directory, &forms, &["check", "--baseline", "baseline.json", "--verbose"]);
}
