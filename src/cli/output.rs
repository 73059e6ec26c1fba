//! Writing reports and failures: standard output, standard error, files.

use super::args::{CheckArgs, Color};
use super::env;
use super::error::Failure;
use crate::output::{self, Context, TerminalText};
use crate::report::Report;
use std::io::{self, IsTerminal as _, Write as _};

/// Writes the report to standard output and to every file that is wanted.
///
/// # Errors
/// A file that cannot be written. A closed pipe is no error: the reader has had enough.
pub(super) fn write(report: &Report, args: &CheckArgs) -> Result<(), Failure> {
    for target in &args.output {
        let Some(format) = output::format(&target.format) else { continue };
        let mut bytes = Vec::new();
        let context = Context { verbose: args.verbose, fail_on: args.fail_on.level(), ..Context::default() };
        let rendered = (format.render)(report, &context, &mut bytes);
        let written = rendered.and_then(|()| std::fs::write(&target.file, bytes));
        written.map_err(|error| Failure::write(&target.file, &error))?;
    }
    let inventory = Some(&output::INVENTORY).filter(|format| args.inventory && args.format == format.name);
    let Some(format) = inventory.or_else(|| output::format(&args.format)) else { return Ok(()) };
    let context = Context {
        color: color(args),
        verbose: args.verbose,
        quiet: args.quiet,
        width: 0,
        fail_on: args.fail_on.level(),
        stop_token: if args.format == "json" { None } else { env::stop_token() },
    };
    let mut out = io::BufWriter::new(anstream::AutoStream::new(io::stdout().lock(), choice(context.color)));
    let result = (format.render)(report, &context, &mut out).and_then(|()| out.flush());
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(format!("standard output cannot be written: {}", error.kind()))),
        Ok(()) => Ok(()),
    }
}

fn color(args: &CheckArgs) -> bool {
    match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !env::is_set("NO_COLOR") && io::stdout().is_terminal(),
    }
}

/// Where nothing is painted there is nothing to be taken out either.
fn choice(color: bool) -> anstream::ColorChoice {
    if color { anstream::ColorChoice::Always } else { anstream::ColorChoice::AlwaysAnsi }
}

/// Prints text on standard output.
///
/// # Errors
/// If it cannot be written; a closed pipe is no error.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output cannot be written: {}", error.kind())))
        }
        _ => Ok(()),
    }
}

/// Prints lines for people on standard error. GitHub's runner takes one that begins with two colons for a command:
/// nothing that is printed here begins so by itself, but text of somebody's may go over several lines.
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
pub(super) fn explain(lines: &[String]) {
    let mut err = io::stderr().lock();
    for line in lines {
        let quote = if line.trim_start().starts_with("::") { "| " } else { "" };
        let _ = writeln!(err, "{quote}{}", TerminalText::new(line));
    }
}

/// Prints why the program could not do what was asked.
pub(super) fn failure(failure: &Failure) {
    let mut lines: Vec<String> = failure.messages.iter().map(|message| format!("credlint: {message}")).collect();
    lines.extend(failure.hint.as_ref().map(|hint| format!("  hint: {hint}")));
    explain(&lines);
}

/// The failure of a run that could not check all that it was asked to; the report itself is already written.
pub(super) fn incomplete(report: &Report) -> Failure {
    let not_done = report.notifications.iter().filter(|note| note.level == crate::finding::Level::Error);
    let messages = not_done.map(|note| match &note.path {
        Some(path) => format!("{path}: {}", note.message),
        None => note.message.clone(),
    });
    Failure { messages: messages.collect(), hint: None }
}
