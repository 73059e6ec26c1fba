//! Node with the packages of `package-lock.json`, installed once a target directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const PACKAGE: &str = include_str!("package.json");
const LOCK: &str = include_str!("package-lock.json");

/// The directory of a package. The first test that asks installs all of them; the others wait for that.
pub(crate) fn node_package(name: &str) -> PathBuf {
    static MODULES: LazyLock<PathBuf> = LazyLock::new(install);
    let directory = MODULES.join(name);
    assert!(directory.exists(), "{name} is not in tests/support/package.json");
    directory
}

/// A command that runs a script of a package: `node_script("@stoplight/prism-cli", "dist/index.js")`.
pub(crate) fn node_script(package: &str, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(node_package(package).join(script));
    command
}

/// Installs beside the tests' other temporary files, under the name of what is installed. It is made under another name
/// and then moved, so that one that is there is whole, whoever else makes one at the same time. No package's own script
/// is run.
fn install() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let fingerprint = credlint::finding::plain_fingerprint("packages", &[PACKAGE, LOCK].concat());
    let name = format!("node-{}", fingerprint.replace(':', "-"));
    let modules = target.join(&name).join("node_modules");
    if !modules.exists() {
        std::fs::create_dir_all(target).unwrap();
        let fresh = tempfile::Builder::new().prefix(&name).tempdir_in(target).unwrap();
        std::fs::write(fresh.path().join("package.json"), PACKAGE).unwrap();
        std::fs::write(fresh.path().join("package-lock.json"), LOCK).unwrap();
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
        // One of the packages reports who installs it, unless it is told not to.
        let output = npm.current_dir(fresh.path()).env("SCARF_ANALYTICS", "false").output();
        let output = output.expect("these tests need node and npm on the PATH");
        let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{npm:?}: {said}{wrong}");
        let kept = fresh.keep();
        if let Err(error) = std::fs::rename(&kept, target.join(&name)) {
            let _ = std::fs::remove_dir_all(&kept);
            assert!(modules.exists(), "the packages of Node cannot be moved to their place: {error}");
        }
    }
    modules
}
