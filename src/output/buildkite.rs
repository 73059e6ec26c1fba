//! The body of an annotation in Buildkite: `buildkite-agent annotate --context credlint`.
//!
//! <https://buildkite.com/docs/agent/cli/reference/annotate>

use super::{Context, Format, Summary, summary};
use crate::report::Report;
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "buildkite", summary: "The body of an annotation, for `buildkite-agent annotate`.", render };

/// Buildkite takes no longer body than this many bytes.
const MAX_BYTES: usize = 1024 * 1024;

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    // It knows no Mermaid.
    out.write_all(summary(report, Summary { max_bytes: MAX_BYTES, picture: false }).as_bytes())
}
