//! What functions ask of the evaluator: files beside the module, and rendered templates.

use super::budget::Budget;
use super::evaluate::{Evaluator, Names};
use super::functions::{FileText, Host, Template};
use super::value::{Reason, Value};
use crate::document::hcl::parse_template;
use crate::text::{RepoPath, Source};
use std::sync::Arc;

impl Host for Evaluator<'_, '_> {
    fn read(&self, path: &str) -> Option<FileText> {
        let (tree, _) = self.instance()?;
        let (source, place) = tree.text_of(path)?;
        let text = source.text(source.whole()).filter(|text| text.len() <= Budget::LONGEST)?;
        Some(FileText { text: text.into(), place })
    }

    fn list(&self, directory: &str) -> Option<Vec<String>> {
        let (tree, _) = self.instance()?;
        let directory = tree.module(0).directory.join(directory);
        // A part of the repository is not enough: what was not collected would be missing.
        if directory.escapes_root() || !tree.program.repository.whole {
            return None;
        }
        let below = tree.program.repository.on_demand.paths().into_iter().filter(|path| path.is_inside(&directory));
        let prefix = directory.as_str().len();
        Some(below.map(|path| path.as_str()[prefix..].trim_start_matches('/').to_owned()).collect())
    }

    fn render(&self, template: &Template<'_>) -> Value {
        let Ok(parts) = parse_template(template.text) else { return Value::unknown(Reason::Unparsed) };
        let names =
            template.variables.iter().fold(Names::default(), |names, (name, value)| names.and(name, value.clone()));
        let evaluator = if template.files { self.clone() } else { self.without_files() };
        // The template's own text is one source: where it came from is where it is to be changed.
        let path = template.place.map_or_else(|| RepoPath::new(""), |place| place.path().clone());
        let source = Arc::new(Source::new(path, template.text.as_bytes()));
        let mut value = super::template::evaluate(&evaluator.isolated(&names), &source, &parts);
        value.origin.literal = template.place.cloned();
        value
    }
}
