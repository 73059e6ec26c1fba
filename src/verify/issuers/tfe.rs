//! HCP Terraform and Terraform Enterprise: user, team and organization tokens.

use crate::finding::{Reason, Verification};
use crate::verify::verifier::{home_beside, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};
use serde_json::Value;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "tfe",
    issuer: "HCP Terraform or Terraform Enterprise",
    kinds: &["tfe-token"],
    self_hosted: true,
    logs_in: false,
    calls: &[
        Call {
            request: "GET /api/v2/account/details",
            tells: "whose it is: a user's, a team's or an organization's",
            leaves: "the token's last use",
            follows: false,
        },
        Call {
            request: "GET /api/v2/ping",
            tells: "the release of a Terraform Enterprise",
            leaves: "nothing; no token is sent",
            follows: true,
        },
        Call {
            request: "GET /api/v2/users/*/authentication-tokens",
            tells: "when a user's only token was made and when it expires",
            leaves: "the token's last use",
            follows: true,
        },
    ],
    ask: Ask::Http { home, next },
};

/// <https://developer.hashicorp.com/terraform/cloud-docs/api-docs>
const API: &str = "https://app.terraform.io";

/// Where a host is named beside its token.
const HOST: &[&str] = &["hostname", "tfe_hostname", "tfe_address", "tf_cloud_hostname"];

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    home_beside(VERIFIER.name, (candidate, HOST), hosts, Some(API))
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    match answers {
        [] => Step::Ask(Request::get("/api/v2/account/details").bearer(&candidate.secret)),
        [details] if details.is_ok() && details.text("/data/id").is_some() => {
            Step::Also(active(details), Request::get("/api/v2/ping"))
        }
        // <https://developer.hashicorp.com/terraform/cloud-docs/api-docs#response-codes>
        [details] if details.status == StatusCode::UNAUTHORIZED && says_unauthorized(details) => {
            Step::Done(not_known(candidate))
        }
        [details] => Step::Done(unclear(details)),
        [details, ping] => {
            let known = with_release(active(details), ping);
            match user(details) {
                Some(id) => {
                    let path = format!("/api/v2/users/{id}/authentication-tokens");
                    Step::Also(known, Request::get(path).bearer(&candidate.secret))
                }
                None => Step::Done(known),
            }
        }
        [details, ping, tokens, ..] => Step::Done(with_dates(with_release(active(details), ping), tokens)),
    }
}

fn says_unauthorized(details: &Answer) -> bool {
    details.text("/errors/0/status") == Some("401")
}

/// A token says nothing of the host that issued it: where no host stands beside it, the one that was asked need not be
/// its own.
fn not_known(candidate: &Candidate) -> Verification {
    if candidate.beside(HOST).is_some() {
        return Verification::inactive(Reason::NotFound).detail("its host does not know it: deleted or expired");
    }
    let detail = "the host that was asked does not know it; no host stands beside it, so that it may be another one's";
    Verification::unknown(Reason::NotFound, detail)
}

/// Teams and organizations are shown as a synthetic user, and `authenticated-resource` names them:
/// <https://developer.hashicorp.com/terraform/cloud-docs/api-docs/account>
fn active(details: &Answer) -> Verification {
    let resource = "/data/relationships/authenticated-resource/data";
    let of = match details.text(&format!("{resource}/type")) {
        Some("teams") => "team",
        Some("organizations") => "organization",
        _ => "user",
    };
    let id = details.text(&format!("{resource}/id")).filter(|_| of != "user");
    let name = details.text("/data/attributes/username").or(id);
    let active = Verification::active().principal(name.map(str::to_owned)).detail(format!("the token of a {of}"));
    let account = id.filter(|_| of == "organization").map(str::to_owned);
    Verification { account, ..active }
}

/// The user whose token it is, for whom there is more to know. Ids are letters and digits: this one becomes part of
/// a path.
fn user(details: &Answer) -> Option<&str> {
    let id = details.text("/data/id").filter(|id| id.starts_with("user-"))?;
    let of_user = details.text("/data/relationships/authenticated-resource/data/type").is_none_or(|of| of == "users");
    let service = details.json.as_ref()?.pointer("/data/attributes/is-service-account").is_some_and(|is| is == true);
    (of_user && !service && id.len() < 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')).then_some(id)
}

/// The header by which Terraform's own client tells releases:
/// <https://github.com/hashicorp/go-tfe/blob/main/tfe.go>
fn with_release(known: Verification, ping: &Answer) -> Verification {
    let release = ping.header("x-tfe-version").filter(|_| ping.status.is_success() && is_release(ping));
    Verification { issuer_version: release.map(str::to_owned), ..known }
}

fn is_release(ping: &Answer) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    ping.header("x-tfe-version").is_some_and(|text| !text.is_empty() && text.len() < 32 && text.chars().all(plain))
}

/// A user's tokens are listed without their secrets: which of several this one is, nobody tells.
/// <https://developer.hashicorp.com/terraform/cloud-docs/api-docs/user-tokens>
fn with_dates(known: Verification, tokens: &Answer) -> Verification {
    let list = tokens.json.as_ref().and_then(|json| json.get("data")).and_then(Value::as_array);
    let Some([_]) = list.filter(|_| tokens.is_ok()).map(Vec::as_slice) else { return known };
    let time = |name: &str| tokens.time(&format!("/data/0/attributes/{name}"));
    let (created_at, last_used_at, expires_at) = (time("created-at"), time("last-used-at"), time("expired-at"));
    Verification { created_at, last_used_at, expires_at, ..known }
}
