//! What functions ask of the evaluator: the repository's files and rendered templates.

use super::evaluate::Evaluator;
use super::functions::{FileText, Host, Template};
use super::names::Names;
use super::template;
use super::value::{Kind, Reason, Value};
use crate::document::hcl::parse_template;
use crate::finding::Place;
use crate::text::{RepoPath, Source};
use std::sync::Arc;

/// The expression that calls a function.
pub(super) struct Caller<'e, 't, 'r> {
    /// Evaluates it.
    pub(super) evaluator: &'e Evaluator<'t, 'r>,
    /// How many levels the evaluation of the arguments took.
    pub(super) height: u32,
}

impl Host for Caller<'_, '_, '_> {
    fn read(&self, path: &str) -> Option<FileText> {
        let (tree, _) = self.evaluator.instance().filter(|_| is_relative(path))?;
        let (source, place) = tree.text_of(path)?;
        let text = std::str::from_utf8(source.bytes()).ok()?.into();
        Some(FileText { text, place })
    }

    /// Told only where the whole tree is at hand. What git ignores is not counted in: it is not there when the
    /// repository is cloned.
    fn list(&self, directory: &str) -> Option<Vec<String>> {
        let (tree, _) = self.evaluator.instance().filter(|_| is_relative(directory))?;
        let repository = tree.program.repository;
        let directory = tree.module(0).directory.join(directory);
        if !repository.whole || directory.escapes_root() {
            return None;
        }
        let paths = repository.on_demand.paths();
        if !self.evaluator.budget.spend(paths.len()) {
            return None;
        }
        let prefix = if directory.as_str().is_empty() { String::new() } else { format!("{directory}/") };
        Some(paths.iter().filter_map(|path| path.as_str().strip_prefix(&prefix).map(str::to_owned)).collect())
    }

    /// A template sees nothing but its variables, and no files here: Terraform lets it read them, but hardly one does.
    fn render(&self, template: &Template<'_>) -> Value {
        if !self.evaluator.budget.spend(template.text.len() / 16) {
            return Value::unknown(Reason::Budget);
        }
        let Ok(parts) = parse_template(template.text) else { return Value::unknown(Reason::Unparsed) };
        let mut names = Names::default();
        for (name, value) in template.variables {
            names = names.and_evaluated(name, value.clone(), self.height);
        }
        let (source, place) = match template.place {
            Some(place) if place.source.slice(place.span) == template.text.as_bytes() && place.span.start == 0 => {
                (Arc::clone(&place.source), None)
            }
            other => (Arc::new(Source::new(RepoPath::new("template"), template.text.as_bytes())), Some(other)),
        };
        let value = {
            let alone = Evaluator::alone(names, self.evaluator.depth, self.evaluator.budget);
            template::evaluate(&alone, &source, &parts)
        };
        match place {
            None => value,
            Some(place) => moved(value, &source, place),
        }
    }
}

/// Other paths lead out of the repository: to the root of the file system, or a home directory.
fn is_relative(path: &str) -> bool {
    !path.starts_with(['/', '~'])
}

/// Literals of a template that stands in a string are changed where the string stands.
fn moved(mut value: Value, from: &Arc<Source>, to: Option<&Place>) -> Value {
    value.kind = match value.kind {
        Kind::Partial(parts) => Kind::Partial(parts.iter().map(|part| moved(part.clone(), from, to)).collect()),
        Kind::Either(values) => Kind::Either(values.iter().map(|one| moved(one.clone(), from, to)).collect()),
        other => other,
    };
    if value.origin.literal.as_ref().is_some_and(|place| Arc::ptr_eq(&place.source, from)) {
        value.origin.literal = to.cloned();
    }
    value
}

#[cfg(test)]
mod tests {
    use crate::document::{Kind as DocumentKind, ReadOnDemand, Repository, parse};
    use crate::resolve::{Kind, Program, Tree, Value, VariableFiles};
    use crate::text::{RepoPath, Source};
    use std::sync::Arc;

    struct Files(Vec<(&'static str, &'static str)>);

    impl ReadOnDemand for Files {
        fn read(&self, path: &RepoPath) -> Option<Box<[u8]>> {
            let file = self.0.iter().find(|(name, _)| *name == path.as_str())?;
            Some(file.1.as_bytes().into())
        }

        fn exists(&self, path: &RepoPath) -> bool {
            self.read(path).is_some()
        }

        fn paths(&self) -> Vec<RepoPath> {
            self.0.iter().map(|(name, _)| RepoPath::new(name)).collect()
        }
    }

    /// The value of `local.x` of a root module that stands in `live`, and what else is in the repository.
    fn local(main: &str, others: &[(&'static str, &'static str)]) -> Value {
        let source =
            Arc::new(Source::new(RepoPath::new("live/main.tf"), format!("locals {{\n{main}\n}}").into_bytes()));
        let document = parse(source, DocumentKind::Tf, true, true);
        let repository = Repository::new(vec![document], Box::new(Files(others.to_vec())));
        let program = Program::new(&repository, &[]);
        let root = program.modules_in(&RepoPath::new("live"))[0];
        Tree::new(&program, root, VariableFiles::default()).local(0, "x")
    }

    /// The path and bytes that a value comes from.
    fn origin(value: &Value) -> (String, String) {
        let place = value.origin.literal.clone().expect("it has a place");
        (place.path().to_string(), place.source.text(place.span).unwrap_or_default().to_owned())
    }

    #[test]
    fn files_are_read_beside_the_root_module_and_nowhere_else() {
        let files = [("live/key.txt", "AKIAIOSFODNN7EXAMPLE"), ("up.txt", "up"), ("live/etc/passwd", "x")];
        let key = local("x = file(\"${path.module}/key.txt\")", &files);
        assert_eq!(key.as_str(), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!(origin(&key), ("live/key.txt".into(), "AKIAIOSFODNN7EXAMPLE".into()));
        assert_eq!(local("x = file(\"../up.txt\")", &files).as_str(), Some("up"));
        assert!(local("x = file(\"../../up.txt\")", &files).is_unknown());
        assert!(local("x = file(\"/etc/passwd\")", &files).is_unknown());
    }

    #[test]
    fn templates_see_their_variables_only() {
        let files = [("live/a.tpl", "key=${k}%{ for x in l }-${x}%{ endfor }"), ("live/b.tpl", "${local.y}")];
        let main = "y = \"no\"\nx = templatefile(\"a.tpl\", { k = \"AKIAIOSFODNN7EXAMPLE\", l = [1, \"b\"] })";
        let rendered = local(main, &files);
        assert_eq!(rendered.as_str(), Some("key=AKIAIOSFODNN7EXAMPLE-1-b"));
        assert_eq!(origin(&rendered), ("live/main.tf".into(), "\"AKIAIOSFODNN7EXAMPLE\"".into()));
        assert!(local("y = \"no\"\nx = templatefile(\"b.tpl\", {})", &files).is_unknown());
    }

    #[test]
    fn templates_in_strings_are_changed_where_the_string_stands() {
        let main = "t = \"password=hunter2 $${u}\"\nx = templatestring(local.t, { u = \"a\" })";
        let rendered = local(main, &[]);
        assert_eq!(rendered.as_str(), Some("password=hunter2 a"));
        assert_eq!(origin(&rendered), ("live/main.tf".into(), "\"password=hunter2 $${u}\"".into()));
    }

    #[test]
    fn sets_of_files_are_those_below_the_directory() {
        let files = [("live/p/a.json", ""), ("live/p/q/b.json", ""), ("live/c.json", ""), ("p/d.json", "")];
        let set = local("x = fileset(\"${path.module}/p\", \"**/*.json\")", &files);
        let Kind::List(found) = &set.kind else { panic!("a set of files") };
        assert_eq!(found.iter().filter_map(Value::as_str).collect::<Vec<_>>(), ["a.json", "q/b.json"]);
    }
}
