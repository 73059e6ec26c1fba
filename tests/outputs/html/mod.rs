//! The HTML report in a real browser, under a validator and under a judge of accessibility.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod pages;

use super::rendered;
use crate::support::node_package;
use credlint::output::Context;
use credlint::report::Report;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes a page where the browser finds it.
fn written(directory: &Path, name: &str, report: &Report) -> PathBuf {
    let file = directory.join(format!("{name}.html"));
    std::fs::write(&file, rendered("html", report, &Context::default())).unwrap();
    file
}

/// The directory that Chromium unpacks itself into: beside what it is unpacked from.
fn chromium_home(modules: &Path) -> PathBuf {
    let home = modules.join(".chromium");
    std::fs::create_dir_all(&home).unwrap();
    home
}

#[test]
fn the_page_holds_in_a_real_browser() {
    let chromium = node_package("@sparticuz/chromium");
    let modules = chromium.ancestors().nth(2).unwrap();
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]);
    node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outputs/html/browser.test.mjs"));
    node.env("MODULES", modules);
    for (name, report) in pages::all() {
        node.env(format!("PAGE_{}", name.to_uppercase()), written(directory.path(), name, &report));
    }
    // Chromium brings the libraries and fonts that a bare machine lacks, and unpacks them where this says so.
    node.env("TMPDIR", chromium_home(modules)).env("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs20.x");
    let output = node.output().expect("these tests need node on the PATH");
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}{wrong}");
}

#[test]
fn the_same_report_is_the_same_page() {
    let page = || rendered("html", &pages::verified(), &Context::default());
    assert_eq!(page(), page());
}

#[test]
fn no_line_of_the_page_is_a_command_in_a_log() {
    let page = rendered("html", &pages::hostile(), &Context::default());
    assert!(page.contains("::stop-commands::z"));
    let obeyed = page.lines().find(|line| line.trim_start().starts_with("::") || line.contains("##["));
    assert_eq!(obeyed, None);
}
