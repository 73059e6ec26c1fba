//! `credlint init`: a starter policy, a workflow and the pre-commit entry.

use super::args::InitArgs;
use super::error::Failure;
use super::output;
use crate::document::collect::{Request, locate_root};
use std::path::Path;
use std::process::ExitCode;

/// What is written where.
const FILES: [(&str, &str); 3] = [
    (".credlint.yaml", include_str!("init/credlint.yaml")),
    (".github/workflows/credlint.yml", include_str!("init/workflow.yml")),
    (".pre-commit-config.yaml", include_str!("init/pre-commit-config.yaml")),
];

/// Runs the command. A file that exists is never touched: what would have been written is printed instead.
pub(super) fn run(args: &InitArgs) -> Result<ExitCode, Failure> {
    let root = match &args.directory {
        Some(directory) if directory.is_dir() => directory.clone(),
        Some(directory) => return Err(Failure::new(format!("{} is not a directory", directory.display()))),
        None => {
            let current = std::env::current_dir().map_err(|error| Failure::new(error.to_string()))?;
            locate_root(&Request::new(current, Vec::new()))?
        }
    };
    let mut text = String::new();
    for (path, content) in FILES {
        text.push_str(&write_new(&root, path, content)?);
    }
    text.push_str("next: `credlint` checks the repository; `credlint policy show` prints the effective policy\n");
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn write_new(root: &Path, path: &str, content: &str) -> Result<String, Failure> {
    let file = root.join(path);
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory).map_err(|error| Failure::write(directory, &error))?;
    }
    let created = std::fs::OpenOptions::new().write(true).create_new(true).open(&file);
    match created {
        Ok(mut created) => {
            std::io::Write::write_all(&mut created, content.as_bytes())
                .map_err(|error| Failure::write(&file, &error))?;
            Ok(format!("wrote {path}\n"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let indented: String = content.lines().map(|line| format!("    {line}\n")).collect();
            Ok(format!("{path} exists and is left as it is; what it could hold:\n{indented}"))
        }
        Err(error) => Err(Failure::write(&file, &error)),
    }
}
