//! Service messages, which TeamCity shows as inspections of the build.
//!
//! <https://www.jetbrains.com/help/teamcity/service-messages.html#Reporting+Inspections>

use super::{Context, Format, TeamcityValue, lines_of, text, worst_first};
use crate::finding::Level;
use crate::report::{Report, ReportedFinding};
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "teamcity", summary: "Inspections in TeamCity, and the text for its log.", render };

/// Most characters of an id and a name, and of a description and a message.
const MAX_NAME: usize = 255;
const MAX_TEXT: usize = 4000;

fn render(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    for rule in &report.rules {
        let id = TeamcityValue::new([rule.id], MAX_NAME);
        let summary = TeamcityValue::new([rule.summary, rule.doc_url], MAX_TEXT);
        let category = "credlint";
        writeln!(
            out,
            "##teamcity[inspectionType id='{id}' name='{id}' category='{category}' description='{summary}']"
        )?;
    }
    for finding in worst_first(report) {
        inspect(finding, out)?;
    }
    (text::FORMAT.render)(report, context, out)
}

fn inspect(finding: &ReportedFinding, out: &mut dyn Write) -> io::Result<()> {
    let severity = match finding.level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Note | Level::Off => "WEAK WARNING",
    };
    let (id, message) =
        (TeamcityValue::new([&*finding.rule], MAX_NAME), TeamcityValue::new(lines_of(finding), MAX_TEXT));
    let (path, line) = (TeamcityValue::new([finding.spot.path.shown()], MAX_TEXT), finding.spot.start.line);
    writeln!(
        out,
        "##teamcity[inspection typeId='{id}' message='{message}' file='{path}' line='{line}' SEVERITY='{severity}']"
    )
}
