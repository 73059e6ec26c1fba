//! Files that are made from the code or from `data/` are current. `UPDATE=1 cargo test generated` writes them anew.

mod tables;

use std::path::Path;

/// The committed file says what is generated; with `UPDATE` set it is written instead.
fn current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().expect("a generated file stands in a directory")).expect(path);
        std::fs::write(&file, text).expect(path);
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == text, "{path} is not what is generated: run `UPDATE=1 cargo test generated`");
}

#[test]
fn backend_table() {
    current("src/resolve/schema/backends.rs", &tables::backends());
}

#[test]
fn provider_table() {
    current("src/resolve/schema/providers.rs", &tables::providers());
}
