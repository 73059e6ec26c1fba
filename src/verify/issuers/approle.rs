//! Secret ids of an AppRole of HashiCorp Vault or OpenBao.

use super::vault;
use crate::finding::{Reason, Secret, Verification};
use crate::verify::verifier::{home_beside, unclear};
use crate::verify::{Answer, Ask, Body, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};
use serde_json::json;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "vault-approle",
    issuer: "Vault or OpenBao (AppRole)",
    kinds: &["vault-secret-id"],
    self_hosted: false,
    logs_in: true,
    calls: &[
        Call {
            request: "POST /v1/auth/*/login",
            tells: "whether role and secret id are a pair",
            leaves: "a token for the moment until the next call; one use less of a secret id whose uses are limited; \
                     entries in Vault's audit log",
            follows: false,
        },
        Call {
            request: "POST /v1/auth/token/revoke-self",
            tells: "nothing: it takes that token back",
            leaves: "an entry in Vault's audit log",
            follows: true,
        },
    ],
    ask: Ask::Http { home, next },
};

/// Where an AppRole is mounted unless somebody says otherwise:
/// <https://developer.hashicorp.com/vault/api-docs/auth/approle>
const MOUNT: &str = "approle";

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if candidate.beside(&["role_id"]).is_none() {
        let detail = "no role id stands beside the secret id";
        return Err(Verification::unknown(Reason::Incomplete, detail));
    }
    if mount(candidate).is_none() {
        let detail = "its AppRole is mounted at a path that is not known";
        return Err(Verification::unknown(Reason::Unsupported, detail));
    }
    home_beside(vault::VERIFIER.name, (candidate, vault::ADDRESS), hosts, None)
}

/// The mount: `auth/MOUNT/login` in `auth_login`, or what a resource calls its backend.
fn mount(candidate: &Candidate) -> Option<&str> {
    let written = candidate.beside(&["path", "backend", "mount"]).unwrap_or(MOUNT).trim_matches('/');
    let written = written.strip_prefix("auth/").unwrap_or(written);
    let mount = written.strip_suffix("/login").unwrap_or(written);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!mount.is_empty() && mount.chars().all(plain)).then_some(mount)
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let ask = |request| vault::in_namespace(request, candidate);
    match answers {
        [] => {
            let role = candidate.beside(&["role_id"]).unwrap_or_default();
            let body = json!({ "role_id": role, "secret_id": candidate.secret.expose() }).to_string();
            let path = format!("/v1/auth/{}/login", mount(candidate).unwrap_or(MOUNT));
            Step::Ask(ask(Request::post(path, Body::Json(Secret::new(body)))))
        }
        [login] if login.is_ok() => match login.text("/auth/client_token") {
            Some(token) => {
                let revoke = Request::post("/v1/auth/token/revoke-self", Body::Empty).header("x-vault-token", token);
                let kept = active(login).detail("the token that the log-in made could not be revoked: it expires soon");
                Step::Also(kept, ask(revoke))
            }
            None => Step::Done(unclear(login)),
        },
        [login] if login.status == StatusCode::BAD_REQUEST && says_invalid(login) => {
            let detail = "this AppRole does not know the pair: destroyed, expired, used up, or another role's";
            Step::Done(Verification::inactive(Reason::NotFound).detail(detail))
        }
        [login] => Step::Done(unclear(login)),
        [login, revoked, ..] if revoked.status.is_success() => Step::Done(active(login)),
        [login, ..] => {
            Step::Done(active(login).detail("the token that the log-in made could not be revoked: it expires soon"))
        }
    }
}

fn says_invalid(login: &Answer) -> bool {
    login.text("/errors/0") == Some("invalid role or secret ID")
}

fn active(login: &Answer) -> Verification {
    let mut active = Verification::active().principal(login.text("/auth/metadata/role_name").map(str::to_owned));
    let policies = login.json.as_ref().and_then(|json| json.pointer("/auth/policies")?.as_array());
    active.root = policies.is_some_and(|policies| policies.iter().any(|policy| policy == "root"));
    active
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Beside;

    fn candidate(path: &str) -> Candidate {
        let beside = Beside { name: "path".into(), value: Secret::new(path) };
        Candidate { kind: "vault-secret-id", secret: Secret::new("x"), id: None, beside: vec![beside] }
    }

    #[test]
    fn the_mount_is_one_plain_segment() {
        for (written, expected) in [
            ("auth/ci/login", Some("ci")),
            ("approle", Some("approle")),
            ("auth/my_role-1", Some("my_role-1")),
            ("auth/../sys/seal", None),
            ("a?b", None),
            ("", None),
        ] {
            assert_eq!(mount(&candidate(written)), expected, "{written}");
        }
    }
}
