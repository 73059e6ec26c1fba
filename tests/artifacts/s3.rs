//! What an S3 backend leaves behind, by the way that its key was given.

use super::oracle::{Spot, shown, spots_of};
use super::report::Expected;
use crate::git_repository::Directory;
use crate::support::{Aws, Calls, Terraform};

const SECRET: &str = "S3cret-in-the-state";

fn configuration(arguments: &str) -> String {
    format!(
        r#"
terraform {{
  backend "s3" {{
{arguments}  }}
}}
variable "secret" {{
  type      = string
  sensitive = true
}}
resource "terraform_data" "a" {{
  input = var.secret
}}
"#
    )
}

/// A module below a repository, and what Terraform made there with an AWS that knows one key.
struct Stack {
    directory: Directory,
    aws: Aws,
    terraform: Terraform,
}

impl Stack {
    fn new(more: impl Fn(&Aws) -> String) -> Self {
        let aws = Aws::start(Calls::Enforced);
        let directory = Directory::with_git();
        directory.write("stack/main.tf", &configuration(&(aws.backend("a/terraform.tfstate") + &more(&aws))));
        let terraform = Terraform::new(&directory.path("stack"));
        Self { directory, aws, terraform }
    }

    /// Initialises with a trace log, applies, plans a change.
    fn work(&self, init: &[&str], variables: &[(&str, &str)]) {
        let variable = format!("-var=secret={SECRET}");
        let steps: [&[&str]; 3] = [
            &[&["init"], init].concat(),
            &["apply", "-auto-approve", &variable],
            &["plan", "-out=tfplan", "-replace=terraform_data.a", &variable],
        ];
        for step in steps {
            let mut command = self.terraform.command(step);
            command.envs(variables.iter().copied()).env("TF_LOG", "trace");
            crate::support::must_succeed(command.env("TF_LOG_PATH", self.directory.path("stack/trace.log")));
        }
    }

    /// What is expected with the key in cache and plan, or without.
    fn hold(&self, in_cache: bool, in_log: &[&str]) {
        let (id, key) = (self.aws.access_key.as_str(), self.aws.secret_key.as_str());
        let mut expected = Expected { secrets: vec![key, SECRET], ids: vec![id], ..Expected::default() };
        let cache: Spot = ("terraform.backend.s3".to_owned(), "secret_key".to_owned());
        let file = |name: &str| std::fs::read(self.directory.path(name)).unwrap();
        let holds = |name: &str| String::from_utf8_lossy(&file(name)).contains(key);
        assert_eq!(holds("stack/.terraform/terraform.tfstate"), in_cache);
        let in_plan = spots_of(&shown(&self.terraform, "tfplan"), &expected.secrets);
        assert!(!in_plan.is_empty());
        expected.at("stack/tfplan", in_plan);
        if in_cache {
            expected.at("stack/.terraform/terraform.tfstate", [cache.clone()]);
            expected.at("stack/tfplan", [cache]);
        }
        let log = file("stack/trace.log");
        let log = String::from_utf8_lossy(&log);
        let in_log: Vec<&str> = in_log.iter().copied().chain([SECRET]).collect();
        assert!(in_log.iter().all(|secret| log.contains(secret)), "the log holds what it is expected to");
        expected.logs.insert("stack/trace.log".to_owned(), in_log);
        expected.hold(&self.directory);
    }
}

#[test]
fn a_key_in_the_block() {
    let stack =
        Stack::new(|aws| format!("    access_key = \"{}\"\n    secret_key = \"{}\"\n", aws.access_key, aws.secret_key));
    stack.work(&[], &[]);
    stack.hold(true, &[]);
}

#[test]
fn a_key_in_a_file() {
    let stack = Stack::new(|_| String::new());
    let file = format!("access_key = \"{}\"\nsecret_key = \"{}\"\n", stack.aws.access_key, stack.aws.secret_key);
    stack.directory.write("stack/prod.s3.tfbackend", &file);
    stack.work(&["-backend-config=prod.s3.tfbackend"], &[]);
    stack.hold(true, &[]);
}

#[test]
fn a_key_on_the_command_line() {
    let stack = Stack::new(|_| String::new());
    let id = format!("-backend-config=access_key={}", stack.aws.access_key);
    let secret = format!("-backend-config=secret_key={}", stack.aws.secret_key);
    stack.work(&[&id, &secret], &[]);
    stack.hold(true, &[&stack.aws.secret_key]);
}

#[test]
fn a_key_in_the_environment_stays_there() {
    let stack = Stack::new(|_| String::new());
    let key = [("AWS_ACCESS_KEY_ID", &*stack.aws.access_key), ("AWS_SECRET_ACCESS_KEY", &*stack.aws.secret_key)];
    stack.work(&[], &key);
    stack.hold(false, &[]);
}
