//! Whether a run judges what a stranger wrote: on a pull request from a fork nobody is asked about anything.

use super::env;
use super::error::Failure;
use serde_json::Value;

/// Refuses to ask issuers on a pull request from a fork: whoever opened it would choose what is sent.
/// <https://docs.github.com/en/actions/reference/security/secure-use#mitigating-the-risks-of-untrusted-code-checkout>
///
/// # Errors
/// On a pull request from a fork, and on one of which nobody can tell.
pub(super) fn refuse() -> Result<(), Failure> {
    let event = env::text("GITHUB_EVENT_NAME").unwrap_or_default();
    match is_trusted(&event, env::event_payload().as_deref()) && !is_fork_elsewhere(&env::text) {
        true => Ok(()),
        false => Err(Failure::new(
            "credentials are not verified on a pull request from a fork: who opened it would choose what is sent",
        )
        .hint("run `credlint verify` on a branch of the repository, on a schedule or by hand")),
    }
}

fn is_trusted(event: &str, payload: Option<&[u8]>) -> bool {
    if !event.starts_with("pull_request") {
        return true;
    }
    let payload: Option<Value> = payload.and_then(|bytes| serde_json::from_slice(bytes).ok());
    let id = |side: &str| payload.as_ref()?.pointer(&format!("/pull_request/{side}/repo/id"))?.as_u64();
    matches!((id("head"), id("base")), (Some(head), Some(base)) if head == base)
}

/// Whether another CI system says that the change comes from a fork.
///
/// <https://docs.gitlab.com/ci/variables/predefined_variables/#predefined-variables-for-merge-request-pipelines>,
/// <https://learn.microsoft.com/azure/devops/pipelines/build/variables#system-variables>,
/// <https://circleci.com/docs/reference/variables/#built-in-environment-variables>,
/// <https://buildkite.com/docs/pipelines/configure/environment-variables>,
/// <https://github.com/jenkinsci/branch-api-plugin> (`CHANGE_FORK`)
fn is_fork_elsewhere(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let of = |name: &str| variable(name).filter(|value| !value.is_empty());
    let gitlab = of("CI_MERGE_REQUEST_SOURCE_PROJECT_ID").zip(of("CI_MERGE_REQUEST_PROJECT_ID"));
    let buildkite = of("BUILDKITE_PULL_REQUEST_REPO").zip(of("BUILDKITE_REPO"));
    gitlab.is_some_and(|(source, target)| source != target)
        || buildkite.is_some_and(|(source, target)| repository(&source) != repository(&target))
        || of("SYSTEM_PULLREQUEST_ISFORK").is_some_and(|is| is.eq_ignore_ascii_case("true"))
        // Set on pull requests from forks alone.
        || of("CIRCLE_PR_REPONAME").is_some()
        || of("CHANGE_FORK").is_some()
}

/// Owner and name of a repository, however it is cloned: `git@host:owner/name.git`, `https://host/owner/name`.
fn repository(url: &str) -> String {
    let url = url.trim_end_matches('/').trim_end_matches(".git").to_ascii_lowercase();
    let mut last: Vec<&str> = url.rsplit(['/', ':']).take(2).collect();
    last.reverse();
    last.join("/")
}

#[cfg(test)]
mod tests {
    use super::{is_fork_elsewhere, is_trusted};

    #[test]
    fn other_systems_tell_forks_as_well() {
        let fork = |variables: &[(&str, &str)]| {
            let of =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            is_fork_elsewhere(&of)
        };
        let gitlab =
            |source| fork(&[("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", source), ("CI_MERGE_REQUEST_PROJECT_ID", "1")]);
        assert!(gitlab("2") && !gitlab("1") && !gitlab(""));
        assert!(fork(&[("SYSTEM_PULLREQUEST_ISFORK", "True")]) && !fork(&[("SYSTEM_PULLREQUEST_ISFORK", "False")]));
        assert!(fork(&[("CIRCLE_PR_REPONAME", "terraform")]) && !fork(&[]));
        assert!(fork(&[("CHANGE_FORK", "stranger/terraform")]) && !fork(&[("CHANGE_FORK", "")]));
        let buildkite = |source| {
            fork(&[("BUILDKITE_PULL_REQUEST_REPO", source), ("BUILDKITE_REPO", "git@github.com:org/terraform.git")])
        };
        assert!(buildkite("https://github.com/stranger/terraform.git") && !buildkite(""));
        assert!(!buildkite("git://github.com/org/terraform.git") && !buildkite("https://github.com/Org/terraform"));
    }

    #[test]
    fn only_a_pull_request_from_the_repository_itself_is_trusted() {
        let of =
            |head: &str| format!(r#"{{"pull_request":{{"head":{{"repo":{head}}},"base":{{"repo":{{"id":1}}}}}}}}"#);
        let trusted = |event, head: &str| is_trusted(event, Some(of(head).as_bytes()));
        assert!(trusted("pull_request", r#"{"id":1}"#) && trusted("pull_request_target", r#"{"id":1}"#));
        assert!(!trusted("pull_request", r#"{"id":2}"#) && !trusted("pull_request_target", r#"{"id":2}"#));
        // The fork was deleted, or the payload is not there or no JSON.
        assert!(!trusted("pull_request", "null"));
        assert!(!is_trusted("pull_request", None) && !is_trusted("pull_request_review", Some(b"{")));
        assert!(is_trusted("push", None) && is_trusted("", None));
    }
}
