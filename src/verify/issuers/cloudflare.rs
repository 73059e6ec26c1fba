//! Cloudflare: API tokens of users and of accounts.

use super::verdicts::{incomplete, not_known, unsupported};
use crate::finding::{Reason, Verification};
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "cloudflare",
    issuer: "Cloudflare",
    kinds: &["cloudflare-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[
        Call {
            request: "GET /client/v4/user/tokens/verify",
            tells: "whether a user's token works, and when it expires",
            leaves: "nothing that its owner is shown",
            follows: false,
        },
        Call {
            request: "GET /client/v4/accounts/*/tokens/verify",
            tells: "the same of an account's token, where the account stands beside it",
            leaves: "nothing that its owner is shown",
            follows: true,
        },
    ],
    ask: Ask::Http { home, next },
};

/// <https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/>
const OF_ACCOUNT: &str = "cfat_";
const OF_USER: &str = "cfut_";

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    let secret = candidate.secret.expose();
    if secret.starts_with("cfk_") || secret.starts_with("v1.0-") {
        return Err(unsupported("only tokens can be asked about: a global or origin key reads everything or nothing"));
    }
    if secret.starts_with(OF_ACCOUNT) && account(candidate).is_none() {
        return Err(incomplete("the account that the token belongs to does not stand beside it"));
    }
    only(VERIFIER.name, hosts, "https://api.cloudflare.com")
}

/// An account's id becomes a part of the address.
fn account(candidate: &Candidate) -> Option<&str> {
    let id = candidate.beside(&[".account_id", "cloudflare_account_id", "cf_account_id"])?;
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

/// <https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify/>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let (secret, account) = (candidate.secret.expose(), account(candidate));
    let of_account =
        |id: &str| Step::Ask(Request::get(format!("/client/v4/accounts/{id}/tokens/verify")).bearer(&candidate.secret));
    match (answers, account) {
        ([], Some(id)) if secret.starts_with(OF_ACCOUNT) => of_account(id),
        ([], _) => Step::Ask(Request::get("/client/v4/user/tokens/verify").bearer(&candidate.secret)),
        // A token of the older form does not say whose it is.
        ([first], Some(id)) if is_invalid(first) && !is_told(secret) => of_account(id),
        ([first], None) if is_invalid(first) && !is_told(secret) => Step::Done(incomplete(
            "Cloudflare knows no user's token of this value; whether an account has it needs `account_id` beside it",
        )),
        ([.., last], _) => Step::Done(judge(last)),
    }
}

/// Whether the token says whose it is.
fn is_told(secret: &str) -> bool {
    secret.starts_with(OF_USER) || secret.starts_with(OF_ACCOUNT)
}

/// `Invalid API Token`.
fn is_invalid(answer: &Answer) -> bool {
    let code = answer.json.as_ref().and_then(|json| json.pointer("/errors/0/code")?.as_u64());
    answer.status == StatusCode::UNAUTHORIZED && code == Some(1000)
}

fn judge(answer: &Answer) -> Verification {
    let mut verdict = match answer.text("/result/status").filter(|_| answer.is_ok()) {
        Some("active") => Verification::active(),
        Some("disabled") => Verification::inactive(Reason::Disabled),
        Some("expired") => Verification::inactive(Reason::Expired),
        _ if is_invalid(answer) => return not_known("Cloudflare"),
        _ => return unclear(answer),
    };
    verdict.expires_at = answer.time("/result/expires_on");
    verdict.principal(answer.text("/result/id").map(|id| format!("token {id}")))
}
