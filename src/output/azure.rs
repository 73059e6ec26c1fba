//! Logging commands, which Azure Pipelines shows as issues of the run.
//!
//! <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#logissue-log-an-error-or-warning>

use super::{AzureData, AzureProperty, Context, Format, lines_of, text, worst_first};
use crate::finding::Level;
use crate::report::{Report, ReportedFinding};
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "azure", summary: "Issues in Azure Pipelines, and the text for its log.", render };

fn render(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    for finding in worst_first(report) {
        // There are no other types; what is less stands in the text.
        match finding.level {
            Level::Error => log("error", finding, out)?,
            Level::Warning => log("warning", finding, out)?,
            Level::Note | Level::Off => {}
        }
    }
    (text::FORMAT.render)(report, context, out)
}

fn log(kind: &str, finding: &ReportedFinding, out: &mut dyn Write) -> io::Result<()> {
    let (path, start) = (finding.spot.path.as_str(), finding.spot.start);
    write!(out, "##vso[task.logissue type={kind};")?;
    if !path.is_empty() {
        let path = AzureProperty::new(path);
        write!(out, "sourcepath={path};linenumber={};columnnumber={};", start.line, start.column)?;
    }
    writeln!(out, "code={}]{}", AzureProperty::new(&finding.rule), AzureData::new(lines_of(finding)))
}
