//! One fixed report through every format, and what hostile names and planted secrets may not do to any of them.

mod examples;
pub(crate) mod fixture;
pub(crate) mod hostile;
mod html;
mod judges;
mod leaks;
mod markdown;
mod planted;
mod sarif;
mod snapshots;
mod strangers;

use credlint::output::{Context, StopToken};
use credlint::report::Report;

/// What a format writes.
fn rendered(format: &str, report: &Report, context: &Context) -> String {
    let mut out = Vec::new();
    let format = credlint::output::format(format).expect("the format exists");
    (format.render)(report, context, &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("outputs are UTF-8")
}

fn in_actions() -> Context {
    Context { stop_token: Some(StopToken::new([0xab; 16])), ..Context::default() }
}
