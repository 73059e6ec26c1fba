//! Arguments, and the environment variables that take their place.

use clap::builder::FalseyValueParser;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Keeps credentials hygienic in Terraform and OpenTofu repositories.
#[derive(Debug, Parser)]
#[command(name = "credlint", version, about, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = "Exit status: 0 nothing at or above --fail-on; 1 something; 2 could not do what was asked.\n\
    Every option can be set by the environment as CREDLINT_<OPTION>.")]
pub struct Cli {
    /// What to do; `check` if nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of `check`.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a tree: the repository around the current directory, or the paths that are named
    Check(CheckArgs),
    /// The inventory of credentials, each one verified live: status, owner, age, last use
    Verify(CheckArgs),
    /// Post an existing JSON report to GitHub or Bitbucket
    Publish(PublishArgs),
    /// List the rules, or explain one
    Rules(RulesArgs),
    /// Look into the policy: show, check, schema, exceptions
    Policy(PolicyArgs),
    /// Write a starter policy, a workflow and the pre-commit entry
    Init(InitArgs),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
}

/// Options of `check`.
#[derive(Clone, Debug, Args)]
pub struct CheckArgs {
    /// Files, directories or globs to check; the whole repository if none is named
    #[arg(value_name = "PATH|GLOB")]
    pub paths: Vec<String>,
    /// Policy to judge by: a file, a directory of files, or a built-in one (recommended, strict, minimal)
    #[arg(long, value_name = "FILE|DIR|NAME", env = "CREDLINT_POLICY")]
    pub policy: Vec<String>,
    /// Read the policy from this git revision, not from the tree that is judged
    #[arg(long, value_name = "REV", env = "CREDLINT_POLICY_REF")]
    pub policy_ref: Option<String>,
    /// Judge what the next commit would hold, not the files on disk
    #[arg(long, conflicts_with = "base", env = "CREDLINT_STAGED", value_parser = FalseyValueParser::new())]
    pub staged: bool,
    /// Report only what is new since this git revision
    #[arg(long, value_name = "REV", env = "CREDLINT_BASE")]
    pub base: Option<String>,
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", env = "CREDLINT_FORMAT", default_value = "text", value_parser = formats())]
    pub format: String,
    /// Also write the report to a file, in any format; repeatable
    #[arg(long, value_name = "FORMAT=FILE", env = "CREDLINT_OUTPUT", value_parser = output_target)]
    pub output: Vec<OutputTarget>,
    /// Also judge files of Terraform's kinds that git ignores
    #[arg(long, env = "CREDLINT_IGNORED", value_parser = FalseyValueParser::new())]
    pub ignored: bool,
    /// Ask the issuers whether the credentials that are found still work; `plan` prints the calls and makes none
    #[arg(
        long,
        value_name = "WHAT",
        env = "CREDLINT_VERIFY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "ask",
        hide_possible_values = true
    )]
    pub verify: Option<Verify>,
    /// A self-hosted issuer that may be asked, for example `vault=https://vault.example.com:8200`; repeatable
    #[arg(long, value_name = "KIND=URL", env = "CREDLINT_VERIFY_HOST", value_delimiter = ',')]
    pub verify_host: Vec<String>,
    /// Also ask issuers that only a log-in asks (AppRole, Azure): it mints a token, which is given back where that is
    /// possible, and is not used
    #[arg(long, env = "CREDLINT_VERIFY_LOGINS", value_parser = FalseyValueParser::new())]
    pub verify_logins: bool,
    /// With --verify: hold a workload-identity token against the keys that its issuer publishes; the token of a file,
    /// of a variable (env:NAME) or of the GitHub Actions job that runs (github); it is sent nowhere; repeatable
    #[arg(long, value_name = "FILE|env:NAME|github", env = "CREDLINT_OIDC_TOKEN", value_delimiter = ',')]
    pub oidc_token: Vec<String>,
    /// The audience that the tokens of --oidc-token must be for
    #[arg(long, value_name = "AUDIENCE", env = "CREDLINT_OIDC_AUDIENCE")]
    pub oidc_audience: Option<String>,
    /// In a job of GitHub Actions or Bitbucket Pipelines: also post the report there, in every way the token may
    /// (check run, review, comment, summary), or in those that are named; the exit status does not depend on it
    #[arg(
        long,
        value_name = "WHERE,...",
        env = "CREDLINT_PUBLISH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = Publish::parse
    )]
    pub publish: Option<Publish>,
    /// The level from which a finding makes the exit status 1
    #[arg(long, value_name = "LEVEL", env = "CREDLINT_FAIL_ON", default_value = "error")]
    pub fail_on: FailOn,
    /// Hide the findings that this file lists
    #[arg(long, value_name = "FILE", env = "CREDLINT_BASELINE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings to a baseline file, and exit with 0
    #[arg(long, value_name = "FILE", env = "CREDLINT_WRITE_BASELINE")]
    pub write_baseline: Option<PathBuf>,
    /// Threads to use; as many as the machine has cores if not set
    #[arg(long, value_name = "N", env = "CREDLINT_JOBS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Colour on the terminal
    #[arg(long, value_name = "WHEN", env = "CREDLINT_COLOR", default_value = "auto")]
    pub color: Color,
    /// Print findings only: no progress, no summary
    #[arg(long, short, env = "CREDLINT_QUIET", value_parser = FalseyValueParser::new(), conflicts_with = "verbose")]
    pub quiet: bool,
    /// What the policy says of whom credentials may be sent to, where it can be trusted.
    #[arg(skip)]
    pub verify_accounts: crate::policy::VerifyPolicy,
    /// Whether credentials are what is shown, not findings: the command `verify`.
    #[arg(skip)]
    pub inventory: bool,
    /// Also print what was suppressed, and how each module was understood
    #[arg(long, short, env = "CREDLINT_VERBOSE", value_parser = FalseyValueParser::new())]
    pub verbose: bool,
}

/// Whether issuers are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Verify {
    /// They are.
    #[value(alias = "true", alias = "1")]
    Ask,
    /// What would be asked is printed, and nobody is.
    Plan,
    /// They are not.
    #[value(alias = "false", alias = "0")]
    Never,
}

/// From which level a finding fails the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Anything.
    Note,
    /// Nothing.
    Never,
}

/// Where a report is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Publish {
    /// Nowhere.
    Never,
    /// In these ways; none stands for all that there are.
    To(Vec<String>),
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A format and the file it goes to.
#[derive(Clone, Debug)]
pub struct OutputTarget {
    /// Name of the format.
    pub format: String,
    /// Where it is written.
    pub file: PathBuf,
}

/// Options of `publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// The JSON report to post, of the schema credlint/report/v1
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// In which ways to post it; in all that there are if none is named
    #[arg(long, value_name = "WHERE", env = "CREDLINT_TO", value_delimiter = ',', value_parser = publisher)]
    pub to: Vec<String>,
    /// The level from which a finding makes the check fail
    #[arg(long, value_name = "LEVEL", env = "CREDLINT_FAIL_ON", default_value = "error")]
    pub fail_on: FailOn,
}

/// Options of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// The rule to explain
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
    /// Print the list as JSON
    #[arg(long)]
    pub json: bool,
}

/// Options of `policy`.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PolicyCommand,
    /// Policy to look at, as for `check`
    #[arg(long, value_name = "FILE|DIR|NAME", env = "CREDLINT_POLICY", global = true)]
    pub policy: Vec<String>,
    /// Read the policy from this git revision
    #[arg(long, value_name = "REV", env = "CREDLINT_POLICY_REF", global = true)]
    pub policy_ref: Option<String>,
}

/// What `policy` does.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print the effective policy, and where each setting comes from
    Show,
    /// Say whether the policy is valid: every error at once
    Check,
    /// Print the JSON Schema of policies
    Schema,
    /// List the exceptions, the first to expire first
    Exceptions,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Directory to write to; the repository's root if not set
    #[arg(value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// The whole command line, for completions and documentation.
pub fn command() -> clap::Command {
    Cli::command()
}

fn formats() -> clap::builder::PossibleValuesParser {
    crate::output::ALL.iter().map(|format| format.name).collect::<Vec<_>>().into()
}

fn output_target(text: &str) -> Result<OutputTarget, String> {
    let names = || crate::output::ALL.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let (format, file) = text.split_once('=').ok_or("write it as FORMAT=FILE, for example json=report.json")?;
    if crate::output::format(format).is_none() {
        return Err(format!("there is no such format; there are {}", names()));
    }
    if file.is_empty() {
        return Err("the file's name is missing: FORMAT=FILE".into());
    }
    Ok(OutputTarget { format: format.to_owned(), file: file.into() })
}

fn publisher(word: &str) -> Result<String, String> {
    let names = super::publish::names();
    match names.contains(&word) {
        true => Ok(word.to_owned()),
        false => Err(format!("there is no such way; there are {}", names.join(", "))),
    }
}

impl Publish {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "true" | "1" => Ok(Self::To(Vec::new())),
            "false" | "0" => Ok(Self::Never),
            words => words.split(',').map(publisher).collect::<Result<_, _>>().map(Self::To),
        }
    }

    /// The ways that are named, if it is to be posted at all.
    pub(super) fn wanted(&self) -> Option<&[String]> {
        match self {
            Self::Never => None,
            Self::To(names) => Some(names),
        }
    }
}

impl CheckArgs {
    /// The same as options of `verify`: issuers are asked about all that is there, and the inventory is what is shown.
    pub(super) fn verifying(&self) -> Self {
        let verify = Some(self.verify.filter(|verify| *verify == Verify::Plan).unwrap_or(Verify::Ask));
        Self { verify, ignored: true, inventory: true, ..self.clone() }
    }

    /// The same with what the policy says of whom credentials may be sent to, if it was read from a revision: a change
    /// could otherwise name a host of its own, and be sent what the tree holds.
    pub(super) fn trusting(&self, policy: &crate::policy::Policy) -> Self {
        let mut args = self.clone();
        if args.policy_ref.is_some() || args.base.is_some() {
            args.verify_accounts.clone_from(policy.verify());
            args.verify_host.extend(policy.verify().hosts.iter().map(|host| host.value.clone()));
        }
        args
    }
}

impl FailOn {
    /// The level, `Off` for never.
    pub fn level(self) -> crate::finding::Level {
        use crate::finding::Level;
        match self {
            FailOn::Error => Level::Error,
            FailOn::Warning => Level::Warning,
            FailOn::Note => Level::Note,
            FailOn::Never => Level::Off,
        }
    }
}
