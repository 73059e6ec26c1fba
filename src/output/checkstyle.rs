//! Checkstyle's XML, which many viewers of warnings read.
//!
//! Its shape is that of its listener:
//! <https://github.com/checkstyle/checkstyle/blob/master/src/main/java/com/puppycrawl/tools/checkstyle/XMLLogger.java>

use super::{Context, Format, XmlText, lines_of};
use crate::finding::Level;
use crate::report::{Report, ReportedFinding};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "checkstyle", summary: "Checkstyle's XML, for Jenkins, reviewdog and other viewers.", render };

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<&ReportedFinding> = report.counted().collect();
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("checkstyle").with_attribute(("version", "10.0")).write_inner_content(|xml| {
        // Findings are ordered by path.
        for of_file in findings.chunk_by(|one, other| one.spot.path == other.spot.path) {
            let path = XmlText::new([of_file[0].spot.path.shown()]);
            xml.create_element("file")
                .with_attribute(path.attribute("name"))
                .write_inner_content(|xml| of_file.iter().try_for_each(|finding| error(finding, xml)))?;
        }
        Ok(())
    })?;
    writeln!(out)
}

fn error<W: Write>(finding: &ReportedFinding, xml: &mut Writer<W>) -> io::Result<()> {
    let severity = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "info",
    };
    let (line, column) = (finding.spot.start.line.to_string(), finding.spot.start.column.to_string());
    let message = XmlText::new([&*lines_of(finding).collect::<Vec<_>>().join("; ")]);
    let source = XmlText::new([&*format!("credlint.{}", finding.rule)]);
    let element = xml.create_element("error").with_attribute(("line", line.as_str()));
    let element = element.with_attribute(("column", column.as_str())).with_attribute(("severity", severity));
    let element = element.with_attribute(message.attribute("message")).with_attribute(source.attribute("source"));
    element.write_empty().map(|_| ())
}
