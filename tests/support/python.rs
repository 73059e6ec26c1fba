//! Python with the packages of a list of requirements, installed once a target directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The interpreter that the AWS and the judge of formats run on. The first test that asks installs it; the others wait.
pub(crate) fn python() -> &'static Path {
    static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| install(include_str!("requirements.txt")).join("python"));
    &PYTHON
}

/// A program that judges files which others read: workflows, scripts, pipelines, hooks.
pub(crate) fn linter(name: &str) -> Command {
    static PROGRAMS: LazyLock<PathBuf> = LazyLock::new(|| install(include_str!("linters.txt")));
    let program = PROGRAMS.join(name);
    let script = std::fs::read(&program).expect(name).starts_with(b"#!");
    // The first line of a script names the interpreter where it was before the environment was moved.
    let mut command = Command::new(if script { PROGRAMS.join("python") } else { program.clone() });
    if script {
        command.arg(program);
    }
    // They look for each other on the path.
    let path = std::option_env!("PATH").unwrap_or("/usr/bin:/bin");
    command.env("PATH", format!("{}:{path}", PROGRAMS.display()));
    command
}

/// Makes a virtual environment beside the tests' other temporary files, named after what is in it. It is made under
/// another name and then moved, so that one that is there is whole, whoever else makes one at the same time. Says where
/// its programs are.
fn install(packages: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name = format!("python-{}", credlint::finding::plain_fingerprint("requirements", packages).replace(':', "-"));
    let environment = target.join(&name);
    let programs = environment.join("bin");
    if !programs.exists() {
        std::fs::create_dir_all(target).unwrap();
        let fresh = tempfile::Builder::new().prefix(&name).tempdir_in(target).unwrap();
        let requirements = fresh.path().join("requirements.txt");
        std::fs::write(&requirements, packages).unwrap();
        run(Command::new("python3").args(["-m", "venv"]).arg(fresh.path().join("venv")));
        let installer = fresh.path().join("venv/bin/python");
        run(Command::new(installer).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements));
        if let Err(error) = std::fs::rename(fresh.path().join("venv"), &environment) {
            assert!(programs.exists(), "the environment of Python cannot be moved to its place: {error}");
        }
    }
    programs
}

fn run(command: &mut Command) {
    let output = command.output().expect("these tests need python3 with its venv module on the PATH");
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {said}{wrong}");
}
