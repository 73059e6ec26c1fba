//! A place that holds releases, as GitHub does, over TLS on loopback.

use super::ROOT;
use crate::git_repository::Directory;
use crate::support::{must_succeed, python};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(super) const TARGET: &str = "x86_64-unknown-linux-musl";

/// The program of the made-up release: the one under test, by another name.
const PROGRAM: &str = concat!("#!/bin/sh\nexec ", env!("CARGO_BIN_EXE_credlint"), " \"$@\"\n");

/// A server with one release, and an action whose commit holds its checksums. The server ends with this value.
pub(super) struct Releases {
    pub(super) directory: Directory,
    /// `https://127.0.0.1:PORT`.
    pub(super) address: String,
    /// A release's name in its files.
    pub(super) name: String,
    process: Child,
}

impl Releases {
    pub(super) fn start() -> Self {
        let directory = Directory::without_git();
        let version = env!("CARGO_PKG_VERSION");
        directory.write("built/credlint", PROGRAM);
        executable(&directory.path("built/credlint"));
        let files = directory.path(&format!("served/v{version}"));
        for target in [TARGET, "aarch64-apple-darwin"] {
            let packed = directory.path("built/credlint");
            must_succeed(Command::new(script("archive")).args([Path::new(target), &packed, &files]));
        }
        let sums = must_succeed(Command::new(script("checksums")).arg(&files)).stdout;
        directory.write("action/checksums.txt", std::str::from_utf8(&sums).unwrap());
        for file in ["action.yml", "action/install.sh", "action/check.sh"] {
            directory.write(&format!("action/{file}"), &std::fs::read_to_string(Path::new(ROOT).join(file)).unwrap());
        }
        let mut process = Command::new(python())
            .arg(Path::new(ROOT).join("tests/action/releases.py"))
            .args([directory.path("served"), directory.path("certificate.pem")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let address = format!("https://127.0.0.1:{}", port.trim());
        Self { directory, address, name: format!("credlint-{version}-{TARGET}"), process }
    }

    /// The action at the commit of the release.
    pub(super) fn action(&self) -> PathBuf {
        self.directory.path("action")
    }

    pub(super) fn archive(&self) -> PathBuf {
        self.directory.path(&format!("served/v{}/{}.tar.gz", env!("CARGO_PKG_VERSION"), self.name))
    }

    /// What makes its certificate one that is trusted.
    pub(super) fn trust(&self) -> String {
        self.directory.path("certificate.pem").display().to_string()
    }
}

impl Drop for Releases {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(ROOT).join(".ci").join(name)
}

pub(super) fn executable(file: &Path) {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}
