//! `--verbose`: how each module was understood.

use super::output;
use crate::resolve::{Program, Role, Supplies};

/// Prints what each module was taken for and why, and the commands that were found.
pub(super) fn explain(program: &Program<'_>, supplies: &Supplies<'_>) {
    let mut lines = Vec::new();
    for (module, role) in program.modules.iter().zip(&program.roles) {
        let directory = &module.directory;
        lines.push(match role {
            Role::Root(why) => format!("module {directory}: a root module, as {why}"),
            Role::Called(by) => format!("module {directory}: called, by {by}"),
            Role::Library => {
                format!("module {directory}: neither run nor called here; nothing says that Terraform is run in it")
            }
        });
    }
    for invocation in &supplies.invocations {
        let arguments = invocation.backend_config.len() + invocation.var_files.len() + invocation.vars.len();
        let place = invocation.place.shown();
        let directory = match invocation.directory.as_known() {
            Some("") => ".".to_owned(),
            Some(directory) => directory.to_owned(),
            None => format!("{} (not wholly known)", invocation.directory.0.join("*")),
        };
        lines.push(format!(
            "command at {place}: {} in {directory}, {arguments} arguments that count",
            invocation.subcommand
        ));
    }
    output::explain(&lines);
}
