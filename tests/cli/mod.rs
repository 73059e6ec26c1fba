//! The command line as its users meet it: arguments, files and environment in; text, files and exit status out.
//! `UPDATE=1 cargo test cli` writes what is printed into the cases anew: read the difference before you commit it.

mod case;
#[cfg(unix)]
mod commands;
#[cfg(target_os = "linux")]
mod large;
mod system;
mod texts;

use case::Case;
use std::path::Path;

#[test]
fn every_case_holds() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/cases");
    let mut files: Vec<_> =
        std::fs::read_dir(directory).expect("there are cases").flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(files.len() > 10, "the cases were not found");
    let update = crate::generated::updating();
    let mut broken = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case can be read");
        let mut case = Case::read(&text);
        broken.extend(case.run(update).into_iter().map(|what| format!("{}: {what}", file.display())));
        if update {
            std::fs::write(&file, case.to_string()).expect("a case can be written");
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_case_that_does_not_hold_is_found() {
    let broken = |text: &str| Case::read(text).run(false).len();
    assert_eq!(broken("== run 0: --version\ncredlint [..]\n"), 0);
    assert_eq!(broken("== run 1: --version\ncredlint [..]\n"), 1, "another status");
    assert_eq!(broken("== run 0: --version\nsomething else\n"), 1, "another text");
    assert_eq!(broken("== run 0: --version\n"), 1, "text that nobody expects");
    assert_eq!(broken("== run 2: nowhere\n"), 1, "an error that nobody expects");
    assert_eq!(broken("== run 2: nowhere\n== stderr\n...\n"), 0);
    assert_eq!(broken("== holds out.json\nx\n"), 1, "a file that is not there");
}
