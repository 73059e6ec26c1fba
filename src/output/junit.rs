//! JUnit's XML: a test for each finding, which fails where the run does.
//!
//! <https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd>

use super::{Context, Format, XmlText, lines_of};
use crate::finding::{Level, Notification};
use crate::report::{Report, ReportedFinding};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "junit", summary: "Test results for Jenkins, GitLab, CircleCI, Azure and others.", render };

/// One test of the suite.
struct Test {
    class: XmlText,
    name: XmlText,
    /// The element that says how it went, its type and the text in it; None if there is nothing to say.
    outcome: Option<(&'static str, &'static str, XmlText)>,
    message: XmlText,
}

fn render(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let mut tests: Vec<Test> = report.counted().map(|finding| Test::of(finding, context.fail_on)).collect();
    // What could not be checked is not clean.
    let undone = report.notifications.iter().filter(|notification| notification.level == Level::Error);
    tests.extend(undone.map(Test::undone));
    if tests.is_empty() {
        tests.push(Test::clean());
    }
    let count = |element: &str| {
        let of_element = tests.iter().filter(|test| test.outcome.as_ref().is_some_and(|(is, ..)| *is == element));
        of_element.count().to_string()
    };
    let (all, failures, errors) = (tests.len().to_string(), count("failure"), count("error"));
    let seconds = format!("{:.3}", report.elapsed.as_secs_f64());
    let counts = [("tests", all.as_str()), ("failures", &failures), ("errors", &errors), ("time", &seconds)];
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites").with_attribute(("name", "credlint")).with_attributes(counts).write_inner_content(
        |xml| {
            let suite = xml.create_element("testsuite").with_attribute(("name", "credlint")).with_attributes(counts);
            suite.write_inner_content(|xml| tests.iter().try_for_each(|test| test.write(xml))).map(|_| ())
        },
    )?;
    writeln!(out)
}

impl Test {
    fn of(finding: &ReportedFinding, fail_on: Level) -> Self {
        let spot = &finding.spot;
        let (path, start) = (spot.path.shown(), spot.start);
        let about = finding.address.as_deref().map(|address| format!(" {address}")).unwrap_or_default();
        let at = format!("{path}:{}:{}", start.line, start.column);
        let text = XmlText::new(std::iter::once(at.as_str()).chain(lines_of(finding)));
        let fails = fail_on != Level::Off && finding.level >= fail_on;
        let element = if fails { "failure" } else { "system-out" };
        Self {
            class: XmlText::new([path]),
            name: XmlText::new([&*format!("{}{about} ({}:{})", finding.rule, start.line, start.column)]),
            outcome: Some((element, finding.level.as_str(), text)),
            message: XmlText::new([&*finding.message]),
        }
    }

    fn undone(notification: &Notification) -> Self {
        let path = notification.path.as_ref().map_or("credlint", |path| path.shown());
        let text = XmlText::new([&*notification.message]);
        let (class, name) = (XmlText::new([path]), XmlText::new(["could be checked"]));
        Self { class, name, outcome: Some(("error", "error", text.clone())), message: text }
    }

    /// Readers take a suite without tests for one that did not run.
    fn clean() -> Self {
        let (class, name) = (XmlText::new(["credlint"]), XmlText::new(["no findings"]));
        Self { class, name, outcome: None, message: XmlText::new([""]) }
    }

    fn write<W: Write>(&self, xml: &mut Writer<W>) -> io::Result<()> {
        let test = xml.create_element("testcase").with_attribute(self.class.attribute("classname"));
        let test = test.with_attribute(self.name.attribute("name"));
        let Some((element, kind, text)) = &self.outcome else { return test.write_empty().map(|_| ()) };
        let write = |xml: &mut Writer<W>| {
            let outcome = xml.create_element(*element);
            let outcome = match *element {
                "system-out" => outcome,
                _ => outcome.with_attribute(("type", *kind)).with_attribute(self.message.attribute("message")),
            };
            outcome.write_text_content(text.content()).map(|_| ())
        };
        test.write_inner_content(write).map(|_| ())
    }
}
