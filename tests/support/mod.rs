//! Real programs for the tests that need them: Terraform, an AWS and a state store on loopback, judges of formats.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod aws;
#[cfg(feature = "live")]
mod faults;
mod node;
mod python;
mod script;
mod state_server;
mod terraform;

#[cfg(feature = "live")]
pub(crate) use aws::Key;
pub(crate) use aws::{Aws, Calls};
#[cfg(feature = "live")]
pub(crate) use faults::{Behaviour, FaultyServer};
pub(crate) use node::{node_package, node_script};
pub(crate) use python::{linter, python};
pub(crate) use script::Script;
pub(crate) use state_server::{StateServer, Writes};
pub(crate) use terraform::{Terraform, must_succeed};

/// Servers start, answer and refuse as the tests that use them rely on.
mod tests {
    use super::*;
    use crate::git_repository::Directory;

    #[test]
    fn an_enforcing_aws_knows_its_own_key_and_no_other() {
        let aws = Aws::start(Calls::Enforced);
        let directory = Directory::without_git();
        directory
            .write("main.tf", &format!("terraform {{\n  backend \"s3\" {{\n{}  }}\n}}\n", aws.backend("a.tfstate")));
        let terraform = Terraform::new(&directory.root);
        let init = |secret: &str| {
            let keys = [("AWS_ACCESS_KEY_ID", aws.access_key.as_str()), ("AWS_SECRET_ACCESS_KEY", secret)];
            terraform.command(&["init", "-no-color"]).envs(keys).output().unwrap()
        };
        assert!(!init("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").status.success());
        let output = init(&aws.secret_key);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[test]
    fn a_state_server_keeps_state_unless_it_refuses_to() {
        for (writes, kept) in [(Writes::Kept, true), (Writes::Refused, false)] {
            let server = StateServer::start(writes);
            let directory = Directory::without_git();
            let backend = format!("terraform {{\n  backend \"http\" {{\n{}  }}\n}}\n", server.backend());
            directory
                .write("main.tf", &format!("{backend}resource \"terraform_data\" \"a\" {{\n  input = \"x\"\n}}\n"));
            let terraform = Terraform::new(&directory.root);
            terraform.run(&["init"]);
            let applied = terraform.command(&["apply", "-auto-approve"]).output().unwrap();
            assert_eq!(applied.status.success(), kept);
            assert_eq!(directory.path("errored.tfstate").exists(), !kept);
            assert_eq!(server.state().is_some(), kept);
        }
    }
    #[test]
    fn judges_of_formats_run() {
        let mut validator = node_script("@umbrelladocs/rdformat-validator", "bin/rdformat-validator.js");
        let output = validator.arg("--version").output().expect("these tests need node on the PATH");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(node_package("@microsoft/sarif-multitool-linux").join("sarif-2.1.0.json").exists());
    }
}
