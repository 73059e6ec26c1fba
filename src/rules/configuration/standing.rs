//! Where a literal stands: that decides which rule speaks of it.

use crate::document::{Document, Kind};
use crate::finding::Place;
use crate::resolve::{Declared, Program};
use crate::text::RepoPath;

/// Where a literal stands.
pub(super) enum Standing<'p> {
    /// In a variable file, as the value of a variable.
    VariableFile(&'p Document, &'p str),
    /// In the default of a variable.
    Default(&'p Declared<'p>),
    /// Somewhere else in configuration.
    Elsewhere,
}

impl<'p> Standing<'p> {
    /// Of a place.
    pub(super) fn of(program: &'p Program<'p>, place: &Place) -> Self {
        let directory = place.path().parent();
        if let Some(document) =
            document(program, &directory, place.path()).filter(|document| is_variable_file(document))
        {
            let attributes = document.body.iter().flat_map(|body| &body.attributes);
            let holding = attributes.into_iter().find(|attribute| attribute.span.contains(place.span));
            return Standing::VariableFile(document, holding.map_or("", |attribute| &attribute.name));
        }
        let modules = program.modules_in(&directory).iter().map(|id| &program.modules[*id]);
        let holds = |variable: &&'p Declared<'p>| {
            let mut layers = variable.layers.iter();
            layers.any(|layer| layer.source.path == *place.path() && layer.block.span.contains(place.span))
        };
        match modules.flat_map(|module| module.variables.values()).find(holds) {
            Some(variable) => Standing::Default(variable),
            None => Standing::Elsewhere,
        }
    }
}

fn document<'p>(program: &'p Program<'p>, directory: &RepoPath, path: &RepoPath) -> Option<&'p Document> {
    program.beside(directory).iter().find(|document| document.path() == path).copied()
}

/// Whether a file gives values to variables.
pub(super) fn is_variable_file(document: &Document) -> bool {
    matches!(document.kind, Kind::Tfvars | Kind::TfvarsJson)
}
