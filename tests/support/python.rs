//! Python with the packages of `requirements.txt`, installed once a target directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The interpreter. The first test that asks installs it; the others wait for that.
pub(super) fn python() -> &'static Path {
    static PYTHON: LazyLock<PathBuf> = LazyLock::new(install);
    &PYTHON
}

/// Makes a virtual environment beside the tests' other temporary files, named after what is in it. It is made under
/// another name and then moved, so that one that is there is whole, whoever else makes one at the same time.
fn install() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name =
        format!("python-{}", credlint::finding::plain_fingerprint("requirements", REQUIREMENTS).replace(':', "-"));
    let environment = target.join(&name);
    let python = environment.join("bin/python");
    if !python.exists() {
        std::fs::create_dir_all(target).unwrap();
        let fresh = tempfile::Builder::new().prefix(&name).tempdir_in(target).unwrap();
        let requirements = fresh.path().join("requirements.txt");
        std::fs::write(&requirements, REQUIREMENTS).unwrap();
        run(Command::new("python3").args(["-m", "venv"]).arg(fresh.path().join("venv")));
        let installer = fresh.path().join("venv/bin/python");
        run(Command::new(installer).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements));
        if let Err(error) = std::fs::rename(fresh.path().join("venv"), &environment) {
            assert!(python.exists(), "the environment of Python cannot be moved to its place: {error}");
        }
    }
    python
}

fn run(command: &mut Command) {
    let output = command.output().expect("these tests need python3 with its venv module on the PATH");
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {said}{wrong}");
}
