//! [Jenkinsfiles](https://www.jenkins.io/doc/book/pipeline/syntax/), as text.

use super::super::jenkins::{Reader, Token};
use super::super::lexer::{Dialect, Lexer};
use super::super::script::Script;
use super::super::words::{Word, is_name};
use super::draft::Draft;
use super::{Holder, Site, commands};
use crate::text::Source;

pub(super) fn read(source: &Source, draft: &mut Draft<'_>) {
    let site = Site { job: 0, group: draft.group(), on_demand: false };
    let mut reader = Reader::new(source.bytes());
    let mut step: &[u8] = b"";
    // The name that the next text is given to, as `NAME = '...'` or `name: 'NAME', defaultValue: '...'`.
    let mut assigned: Option<String> = None;
    let mut parameter: Option<String> = None;
    while let Some(token) = reader.next() {
        match token {
            Token::Word(word) => {
                let name = std::str::from_utf8(word).unwrap_or("");
                let assigns = is_name(name) && reader.assigns();
                // `PASSWORD = credentials('id')` names a secret of Jenkins' own.
                assigned = assigns.then(|| name.to_owned());
                if !matches!(word, b"script" | b"label" | b"returnStdout" | b"returnStatus" | b"encoding") {
                    step = word;
                }
            }
            Token::Text(script) => {
                let before = assigned.take();
                text(&script, step, before, &mut parameter, site, draft);
            }
            Token::Open | Token::Close => {
                assigned = None;
                step = b"";
            }
        }
    }
}

fn text(
    script: &Script<'_>,
    step: &[u8],
    assigned: Option<String>,
    parameter: &mut Option<String>,
    site: Site,
    draft: &mut Draft<'_>,
) {
    let value = || Lexer::new(script, Dialect::Posix).value();
    match (step, assigned) {
        (_, Some(name)) => draft.setting(&name, value(), Holder::Environment, site),
        (b"sh", _) => commands::read(script, Dialect::Posix, site, draft),
        (b"bat", _) => commands::read(script, Dialect::Batch, site, draft),
        (b"powershell" | b"pwsh", _) => commands::read(script, Dialect::PowerShell, site, draft),
        (b"archiveArtifacts" | b"artifacts", _) => {
            for path in script.bytes.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
                let at = path.as_ptr() as usize - script.bytes.as_ptr() as usize;
                let (span, exact) = script.span(at..at + path.len());
                let part = match exact {
                    true => Script::verbatim(path, span.start as usize),
                    false => Script::mapped(path, Vec::new(), span),
                };
                draft.upload(&part, Dialect::Posix, "the build's artifacts", site);
            }
        }
        (b"name", _) => *parameter = value().literal().map(|name| name.into_owned()),
        (b"defaultValue", _) => {
            if let Some(name) = parameter.take() {
                draft.setting(&name, value(), Holder::Default, site);
            }
        }
        // `withEnv(['NAME=value'])`
        (b"withEnv", _) => {
            let word = value();
            if let Some((name, pieces, _)) = word.assignment() {
                let value = Word { span: word.span_of(&pieces), pieces, array: Vec::new() };
                draft.setting(name, value, Holder::Environment, site);
            }
        }
        _ => {}
    }
}
