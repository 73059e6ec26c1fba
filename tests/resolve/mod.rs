//! Values are what Terraform makes of them, or open: never wrong, whatever the configuration.

mod backends;
mod differential;
mod hostile;
mod resources;
mod roles;
mod traces;

use crate::rules::memory::{self, Files};
use credlint::document::Repository;
use credlint::document::hcl::parse_expression;
use credlint::resolve::{Program, Supplies, Tree, Value, VariableFiles, find_invocations, read_always};
use credlint::rules::{Outcome, Rule};
use credlint::text::{RepoPath, Source};
use std::sync::Arc;

/// A repository of one file.
fn file(path: &str, text: &str) -> Files {
    files([(path, text)])
}

/// A repository of these files.
fn files<const N: usize>(list: [(&str, &str); N]) -> Files {
    list.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// A repository that is ready to be judged.
struct Setup {
    files: Files,
    repository: Repository,
}

impl Setup {
    fn new(files: Files) -> Self {
        let repository = memory::with_named_files(&files);
        Self { files, repository }
    }

    /// Calls `f` with the tree of the module in a directory.
    fn in_tree<T>(&self, directory: &str, f: impl FnOnce(&Tree<'_>) -> T) -> T {
        let program = Program::new(&self.repository, &find_invocations(&self.repository));
        let supplies = Supplies::new(&self.repository, find_invocations(&self.repository), Vec::new());
        let directory = RepoPath::new(directory);
        let files = VariableFiles {
            always: read_always(program.beside(&directory)),
            sometimes: supplies.variable_files(&directory),
        };
        let root = program.modules_in(&directory).first().expect("there is a module");
        f(&Tree::new(&program, *root, files))
    }

    /// What rules make of it.
    fn outcome(&self, rules: &[&'static Rule]) -> Outcome {
        memory::outcome(&self.files, rules, &[])
    }
}

/// The value of an expression in a root module.
fn evaluate(tree: &Tree<'_>, text: &str) -> Value {
    let source = Arc::new(Source::new(RepoPath::new("console"), text.as_bytes()));
    tree.evaluator(0).expr(&source, &parse_expression(text).expect("the expression is well-formed"))
}
