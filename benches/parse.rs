//! What `benches/state.sh` measures against: reads a file and parses it as JSON without looking at any value.
#![expect(clippy::disallowed_methods, reason = "a measured program of one argument needs no parser of arguments")]

use serde::de::IgnoredAny;
use std::process::ExitCode;

fn main() -> ExitCode {
    // `cargo bench` hands over an argument of its own.
    let Some(path) = std::env::args().nth(1).filter(|path| !path.starts_with("--")) else { return ExitCode::SUCCESS };
    let parsed = std::fs::read(path).is_ok_and(|bytes| serde_json::from_slice::<IgnoredAny>(&bytes).is_ok());
    if parsed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
