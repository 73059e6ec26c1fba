//! Terraform in a directory, with nothing of the environment: no plugins to install, nobody to ask, nothing to report to.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Terraform in one directory.
pub(crate) struct Terraform {
    directory: PathBuf,
    /// The configuration of its command line, empty; outside of the directory, which may be a repository.
    home: tempfile::TempDir,
}

impl Terraform {
    pub(crate) fn new(directory: &Path) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("empty.tfrc"), "").unwrap();
        Self { directory: directory.to_owned(), home }
    }

    /// A command to add variables to.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("terraform");
        command
            .args(arguments)
            .current_dir(&self.directory)
            .env_clear()
            .env("PATH", std::option_env!("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin"))
            .env("HOME", self.home.path())
            .env("TF_CLI_CONFIG_FILE", self.home.path().join("empty.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command that must succeed, and says what it prints.
    pub(crate) fn run(&self, arguments: &[&str]) -> Vec<u8> {
        must_succeed(&mut self.command(arguments)).stdout
    }
}

/// Runs a command that must succeed.
pub(crate) fn must_succeed(command: &mut Command) -> Output {
    let output = command.output().expect("these tests need the terraform binary on the PATH");
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {said}{wrong}");
    output
}
