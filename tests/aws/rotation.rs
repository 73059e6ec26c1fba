//! The story of a rotation: keys in a backend are cached, the key is switched off, nothing works, and credlint says
//! what to do.

use super::{broken, credential, credlint, report};
use crate::git_repository::Directory;
use crate::support::{Aws, Calls, Terraform};
use serde_json::json;

#[test]
fn what_is_left_of_a_rotated_key_is_found_and_mended() {
    let aws = Aws::start(Calls::Enforced);
    let everything =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let old = aws.key("deployer", Some(&everything));
    let directory = Directory::with_git();
    directory.write(".gitignore", ".terraform/\n*.tfstate*\n.home/\n");
    let configuration = |keys: &str| {
        let rest = "resource \"terraform_data\" \"a\" {\n  input = \"x\"\n}\n";
        format!("terraform {{\n  backend \"s3\" {{\n{}{keys}  }}\n}}\n{rest}", aws.backend("a.tfstate"))
    };
    let keys = format!("    access_key = \"{}\"\n    secret_key = \"{}\"\n", old.id, old.secret);
    directory.write("main.tf", &configuration(&keys));
    let terraform = Terraform::new(&directory.root);
    terraform.run(&["init"]);
    terraform.run(&["apply", "-auto-approve"]);

    // The key is taken out of the configuration, and rotated. The cache remembers it.
    directory.write("main.tf", &configuration(""));
    directory.commit();
    let new = aws.key("deployer", None);
    aws.call("iam", "update_access_key", &json!({"UserName": "deployer", "AccessKeyId": old.id, "Status": "Inactive"}));
    let environment = [("AWS_ACCESS_KEY_ID", &*new.id), ("AWS_SECRET_ACCESS_KEY", &*new.secret)];
    let failed = terraform.command(&["plan"]).envs(environment).output().unwrap();
    assert!(!failed.status.success(), "the cache still holds the old key");

    let found = report(credlint(&directory, &aws, Some(&new)).args(["check", "--ignored", "--verify"]));
    let cached = &credential(&found, &old);
    assert_eq!(cached["occurrences"][0]["path"], ".terraform/terraform.tfstate");
    assert_eq!(cached["verification"]["status"], "inactive");
    assert_eq!(cached["verification"]["reason"], "disabled");
    assert!(cached["verification"]["detail"].as_str().unwrap().contains("deployer"));
    assert_eq!(broken(&found, "backend-cache-credential").len(), 1);
    assert_eq!(broken(&found, "credential-active"), []);
    let findings = found["findings"].as_array().unwrap();
    let cache = findings.iter().find(|finding| finding["rule"] == "backend-cache-credential").unwrap();
    assert_eq!(cache["credential"], cached["fingerprint"]);
    let remedy: Vec<&str> = cache["remedy"]["commands"].as_array().unwrap()[0].as_str().unwrap().split(' ').collect();
    assert_eq!(remedy, ["terraform", "init", "-reconfigure"]);

    // The remedy works.
    crate::support::must_succeed(terraform.command(&remedy[1..]).envs(environment));
    crate::support::must_succeed(terraform.command(&["plan"]).envs(environment));
    let found = report(credlint(&directory, &aws, Some(&new)).args(["check", "--ignored", "--verify"]));
    assert_eq!(broken(&found, "backend-cache-credential"), []);
    let left = std::fs::read_to_string(directory.path(".terraform/terraform.tfstate")).unwrap();
    assert!(!left.contains(&old.id) && !left.contains(&old.secret));
}
