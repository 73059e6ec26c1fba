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
    let payload = env::text("GITHUB_EVENT_PATH").and_then(|path| std::fs::read(path).ok());
    match is_trusted(&event, payload.as_deref()) {
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

#[cfg(test)]
mod tests {
    use super::is_trusted;

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
