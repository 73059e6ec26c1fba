//! `modules.json`, to which `init` copies the source of every module with all that stands in it.

use crate::git_repository::Directory;
use crate::support::Terraform;
use serde_json::Value;
use std::process::Command;

const TOKEN: &str = "glpat-Ab3dEf6hIj9kLm2nOp5q";

#[test]
fn a_token_in_a_modules_source_is_found_where_init_has_copied_it() {
    let module = Directory::with_git();
    module.write("main.tf", "");
    module.commit();
    let directory = Directory::with_git();
    let source = format!("git::file://ci:{TOKEN}@{}", module.root.display());
    directory.write("live/main.tf", &format!("module \"m\" {{\n  source = \"{source}\"\n}}\n"));
    Terraform::new(&directory.path("live")).run(&["init"]);
    // The configuration was mended and the cache forgotten, once upon a time with all of it.
    directory.write("live/main.tf", "");
    directory.write(".gitignore", ".terraform/\n");
    directory.git(&["add", "--force", "live/.terraform/modules/modules.json"]);
    directory.commit();

    let checked = Command::new(env!("CARGO_BIN_EXE_credlint"))
        .args(["--format", "json"])
        .env_clear()
        .env("HOME", &directory.root)
        .current_dir(&directory.root)
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(1), "{}", String::from_utf8_lossy(&checked.stderr));
    let printed = String::from_utf8(checked.stdout).unwrap();
    assert!(!printed.contains(TOKEN));
    let report: Value = serde_json::from_str(&printed).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let found: Vec<_> = findings.iter().filter(|finding| finding["rule"] == "module-source-credential").collect();
    assert_eq!(found.len(), 1, "{findings:#?}");
    assert_eq!(found[0]["path"], "live/.terraform/modules/modules.json");
    let [line, column] = ["line", "column"].map(|part| found[0]["start"][part].as_u64().unwrap());
    let text = std::fs::read_to_string(directory.path("live/.terraform/modules/modules.json")).unwrap();
    let from = text.lines().nth(line as usize - 1).unwrap().chars().skip(column as usize - 1);
    assert!(from.collect::<String>().starts_with("\"git::file://"));
}
