//! GitLab: personal, project and group access tokens, and the tokens of CI jobs.

use super::verdicts::{limited, not_known, says, unsupported};
use crate::finding::{Reason, Verification};
use crate::verify::verifier::{home_beside, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "gitlab",
    issuer: "GitLab",
    kinds: &["gitlab-token"],
    self_hosted: true,
    logs_in: false,
    calls: &[
        Call {
            request: "GET /api/v4/personal_access_tokens/self",
            tells: "a personal, project or group token's scopes, and when it was made, last used and expires",
            leaves: "the token's last use and its address; an authentication event in the instance's log",
            follows: false,
        },
        Call {
            request: "GET /api/v4/job",
            tells: "whether the token of a CI job works",
            leaves: "a line in the instance's log",
            follows: false,
        },
    ],
    ask: Ask::Http { home, next },
};

/// <https://docs.gitlab.com/security/tokens/#token-prefixes>: these have no call that only tells of themselves.
const OTHERS: [&str; 12] = [
    "gldt-",
    "glrt-",
    "glrtr-",
    "glptt-",
    "glft-",
    "glimt-",
    "glagent-",
    "gloas-",
    "glsoat-",
    "glffct-",
    "glwt-",
    "GR1348941",
];

/// Where a server is named beside its token.
const HOST: &[&str] = &[".base_url", "gitlab_base_url", "ci_server_url", "ci_server_host", "gitlab_url", "gitlab_host"];

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    let secret = candidate.secret.expose();
    if OTHERS.iter().any(|prefix| secret.starts_with(prefix)) {
        return Err(unsupported("GitLab has no call that only tells whether a token of this form works"));
    }
    home_beside(VERIFIER.name, (candidate, HOST), hosts, Some("https://gitlab.com"))
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let job = candidate.secret.expose().starts_with("glcbt-");
    let Some(answer) = answers.last() else {
        let secret = candidate.secret.expose();
        return Step::Ask(match job {
            // <https://docs.gitlab.com/api/jobs/#get-job-tokens-job>
            true => Request::get("/api/v4/job").header("job-token", secret),
            // <https://docs.gitlab.com/api/personal_access_tokens/#self-inform>
            false => Request::get("/api/v4/personal_access_tokens/self").header("private-token", secret),
        });
    };
    let says = |status, pointer, words: &[&str]| says(answer, status, pointer, words);
    Step::Done(if answer.status == StatusCode::OK && job && answer.text("/status").is_some() {
        Verification::active().detail("the token of a CI job that is running")
    } else if answer.status == StatusCode::OK && answer.json.as_ref().is_some_and(|json| json.get("revoked").is_some())
    {
        active(answer)
    } else if says(StatusCode::UNAUTHORIZED, "/error_description", &["revoked"]) {
        Verification::inactive(Reason::Revoked)
    } else if says(StatusCode::UNAUTHORIZED, "/error_description", &["expired"]) {
        Verification::inactive(Reason::Expired)
    } else if says(StatusCode::UNAUTHORIZED, "/message", &["401 Unauthorized"]) {
        // An instance may put a prefix of its own before that of access tokens; what has neither may be of another sort.
        match candidate.secret.expose().contains("glpat-") || job {
            true => not_known("GitLab"),
            false => unsupported("GitLab does not know it as an access token: it is dead, or of another sort"),
        }
    } else if says(StatusCode::FORBIDDEN, "/error", &["insufficient_scope", "insufficient_granular_scope"]) {
        limited()
    } else {
        unclear(answer)
    })
}

fn active(answer: &Answer) -> Verification {
    let is = |name: &str| answer.json.as_ref().and_then(|json| json.get(name)?.as_bool());
    if is("revoked") == Some(true) {
        return Verification::inactive(Reason::Revoked);
    }
    let (name, user) = (answer.text("/name"), answer.json.as_ref().and_then(|json| json.get("user_id")?.as_u64()));
    let mut active = Verification::active().principal(match (name, user) {
        (Some(name), Some(user)) => Some(format!("{name} (user {user})")),
        (name, _) => name.map(str::to_owned),
    });
    active.created_at = answer.time("/created_at");
    active.last_used_at = answer.time("/last_used_at");
    // A day, at whose beginning it expires.
    let day: Option<jiff::civil::Date> = answer.text("/expires_at").and_then(|day| day.parse().ok());
    active.expires_at = day.and_then(|day| Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp()));
    let scopes = answer.json.as_ref().and_then(|json| json.get("scopes")?.as_array());
    let scopes: Vec<&str> = scopes.into_iter().flatten().filter_map(|scope| scope.as_str()).collect();
    if scopes.is_empty() { active } else { active.detail(format!("scopes: {}", scopes.join(", "))) }
}
