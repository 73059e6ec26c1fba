//! Real git repositories in temporary directories.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory that is removed at the end, with a git repository in it or not.
pub(crate) struct Directory {
    _keep: tempfile::TempDir,
    pub(crate) root: PathBuf,
}

impl Directory {
    pub(crate) fn without_git() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let root = keep.path().canonicalize().unwrap();
        Self { _keep: keep, root }
    }

    pub(crate) fn with_git() -> Self {
        let directory = Self::without_git();
        directory.git(&["init", "--quiet", "--initial-branch=main"]);
        directory
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.root, arguments)
    }

    /// Adds everything that is not ignored and commits it.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }
}

/// Runs git with nothing of the user's or the system's configuration.
pub(crate) fn git_in(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", std::option_env!("PATH").unwrap_or("/usr/bin:/bin"))
        .env("HOME", directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
