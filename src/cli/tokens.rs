//! Workload-identity tokens of `--oidc-token`: where they come from, and what became of them.

use super::args::CheckArgs;
use super::env;
use super::error::Failure;
use crate::finding::{Level, Notification, Place, Secret, TokenVerdict, WorkloadToken};
use crate::text::{RepoPath, Source, Span};
use crate::verify::{self, Hosts};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Component, Path};
use std::sync::Arc;

/// A token with what it is called.
struct Token {
    name: String,
    path: RepoPath,
    value: Secret,
}

/// Tokens are a few kilobytes; a longer file holds none.
const MAX_BYTES: u64 = 64 << 10;

/// Holds the tokens that were asked for against their issuers' keys.
///
/// # Errors
/// For a token that is not there, and where no connection can be made at all.
pub(super) fn check(args: &CheckArgs, hosts: &Hosts) -> Result<Vec<WorkloadToken>, Failure> {
    let mut checked = Vec::new();
    for token in read(args)? {
        let verdict = verify::check_token(&token.value, args.oidc_audience.as_deref(), hosts, env::now());
        let verdict = verdict.map_err(|error| Failure::new(error.to_string()).hint(error.hint()))?;
        let place = Place::new(&Arc::new(Source::new(token.path, Vec::new())), Span::at(0));
        checked.push(WorkloadToken { name: token.name, place, issuer: verify::issuer_of(&token.value), verdict });
    }
    Ok(checked)
}

/// What [`check`] would ask, in lines for people. A token of the job that runs is not asked for.
///
/// # Errors
/// For a token that is not there.
pub(super) fn plan(args: &CheckArgs, hosts: &Hosts) -> Result<String, Failure> {
    let mut text = String::new();
    for source in &args.oidc_token {
        if source == GITHUB {
            text.push_str("the token of this job\n  GET $ACTIONS_ID_TOKEN_REQUEST_URL, then its issuer's keys\n");
            continue;
        }
        let token = token(source, args)?;
        let _ = match verify::plan_token(&token.value, hosts) {
            Ok(request) => writeln!(text, "{}\n  {request}; the token is not sent", token.name),
            Err(why) => writeln!(text, "{} is not checked: {why}", token.name),
        };
    }
    Ok(text)
}

/// What the findings do not say of tokens: that one is good, for people, and that nobody could tell, for the report.
pub(super) fn said(tokens: &[WorkloadToken]) -> (Vec<String>, Vec<Notification>) {
    let (mut good, mut unclear) = (Vec::new(), Vec::new());
    for token in tokens {
        let issuer = token.issuer.as_deref().unwrap_or("its issuer");
        match &token.verdict {
            TokenVerdict::Good { expires_at } => {
                let until = expires_at.map(|at| format!(", and is good until {at}")).unwrap_or_default();
                good.push(format!("{} is signed by the key that it names and {issuer} publishes{until}", token.name));
            }
            TokenVerdict::Unknown { why } => {
                let message = format!("{} was not checked: {why}", token.name);
                unclear.push(Notification { path: None, level: Level::Warning, message });
            }
            _ => {}
        }
    }
    (good, unclear)
}

/// The word for a fresh token of the job that runs.
const GITHUB: &str = "github";

fn read(args: &CheckArgs) -> Result<Vec<Token>, Failure> {
    args.oidc_token.iter().map(|source| token(source, args)).collect()
}

fn token(source: &str, args: &CheckArgs) -> Result<Token, Failure> {
    let (name, path, value) = if source == GITHUB {
        ("the token of this job".to_owned(), workflow(), of_this_job(args.oidc_audience.as_deref())?)
    } else if let Some(name) = source.strip_prefix("env:") {
        let value = env::text(name).filter(|value| !value.trim().is_empty());
        let missing = || Failure::new(format!("--oidc-token: the environment has no {name}"));
        (format!("the token in {name}"), workflow(), value.map(Secret::new).ok_or_else(missing)?)
    } else {
        (format!("the token in {source}"), inside(source), of_file(source)?)
    };
    Ok(Token { name, path, value })
}

/// A fresh token of the job of GitHub Actions that runs.
fn of_this_job(audience: Option<&str>) -> Result<Secret, Failure> {
    let variable = |name: &str| env::text(name).filter(|value| !value.is_empty());
    let endpoint = variable("ACTIONS_ID_TOKEN_REQUEST_URL").zip(variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN"));
    let (url, bearer) = endpoint.ok_or_else(|| {
        Failure::new("--oidc-token: this is no job of GitHub Actions that may have a token")
            .hint("the job needs `permissions: id-token: write`")
    })?;
    let token = verify::github_token(&url, &Secret::new(bearer), audience);
    token.map_err(|error| Failure::new(format!("--oidc-token: {error}")).hint(error.hint()))
}

fn of_file(path: &str) -> Result<Secret, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("--oidc-token: {path}: {}", error.kind()));
    // A pipe or device is never opened: that would wait for its writer.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(failed(std::io::ErrorKind::InvalidInput.into()));
    }
    let mut text = String::new();
    std::fs::File::open(path).map_err(failed)?.take(MAX_BYTES).read_to_string(&mut text).map_err(failed)?;
    Ok(Secret::new(text.trim()))
}

/// A path below the current directory; the root for any other.
fn inside(path: &str) -> RepoPath {
    let below = Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    RepoPath::new(if below { path } else { "" })
}

/// The workflow that runs: `OWNER/REPO/.github/workflows/x.yml@refs/heads/main`. The root where none does.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>
fn workflow() -> RepoPath {
    let named = env::text("GITHUB_WORKFLOW_REF").unwrap_or_default();
    let file = named.split('@').next().and_then(|path| path.find(".github/").map(|at| &path[at..]));
    RepoPath::new(file.unwrap_or_default())
}
