//! Workload-identity tokens against the keys that their issuers publish. No token is sent anywhere: its issuer's
//! discovery document (<https://openid.net/specs/openid-connect-discovery-1_0.html>) and keys are public.

use super::http::Sender;
use super::issuers::jwt::Claims;
use super::{Answer, Hosts, Request, VerifyError, hosts, signature};
use crate::finding::{Secret, TokenVerdict};
use jiff::Timestamp;
use reqwest::Url;
use signature::Signer;

/// Where an issuer says what its keys' address is.
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// Issuers of workload identity that anybody may use; the addresses of a single tenant stand below them. Each
/// publishes its keys on its own host.
const ISSUERS: &[&str] = &[
    // <https://docs.github.com/en/actions/reference/security/oidc>
    "https://token.actions.githubusercontent.com",
    // <https://docs.gitlab.com/ci/secrets/id_token_authentication/>
    "https://gitlab.com",
    // <https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens>
    "https://app.terraform.io",
    // <https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/>
    "https://oidc.circleci.com/org",
    // <https://buildkite.com/docs/pipelines/security/oidc>
    "https://agent.buildkite.com",
    // <https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/>
    "https://api.bitbucket.org/2.0/workspaces",
    // <https://learn.microsoft.com/en-us/azure/devops/pipelines/release/configure-workload-identity>
    "https://vstoken.dev.azure.com",
];

/// Characters of an issuer's own texts that are repeated.
const MOST_SHOWN: usize = 200;
/// Why GitHub's endpoint has given no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It has no address of a kind that can be asked.
    #[error("the address of GitHub's token endpoint is no https URL")]
    Address,
    /// It did not answer with a token.
    #[error("GitHub's token endpoint gave no token: {0}")]
    NoToken(String),
    /// Nothing can be asked from this machine.
    #[error(transparent)]
    Client(#[from] VerifyError),
}

impl TokenError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            TokenError::Client(error) => error.hint(),
            _ => "the job needs `permissions: id-token: write`, and a runner of GitHub Actions",
        }
    }
}

/// What a token names as its issuer.
pub fn issuer_of(token: &Secret) -> Option<String> {
    Claims::of(token)?.issuer.map(|issuer| shown(&issuer))
}

/// Holds a token against its issuer's keys, for an audience if one is named.
///
/// # Errors
/// If no connection can be made from this machine.
pub fn check_token(
    token: &Secret,
    audience: Option<&str>,
    hosts: &Hosts,
    now: Timestamp,
) -> Result<TokenVerdict, VerifyError> {
    super::session::run(async |sender| match keys_of(sender, token, hosts).await {
        Ok((claims, keys)) => judge(token, &claims, &keys, audience, now),
        Err(why) => TokenVerdict::Unknown { why },
    })
}

/// The requests that [`check_token`] would make, or why it would make none.
///
/// # Errors
/// Why nobody would be asked.
pub fn plan_token(token: &Secret, hosts: &Hosts) -> Result<String, String> {
    let (_, home) = home_of(token, hosts)?;
    Ok(format!("GET {}{DISCOVERY}, and the keys' address that it names", base(&home)))
}

/// A fresh token of the job that runs, from the endpoint that GitHub gives a job which may have one:
/// <https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token>
///
/// # Errors
/// If the endpoint gives none.
pub fn github_token(endpoint: &str, bearer: &Secret, audience: Option<&str>) -> Result<Secret, TokenError> {
    let mut url = Url::parse(endpoint).ok().filter(hosts::is_safe).ok_or(TokenError::Address)?;
    if let Some(audience) = audience {
        url.query_pairs_mut().append_pair("audience", audience);
    }
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let home = url.join("/").map_err(|_| TokenError::Address)?;
    let answer = super::session::run(async |sender| sender.send(&home, &Request::get(path).bearer(bearer)).await)?;
    let answer = answer.map_err(|fault| TokenError::NoToken(fault.to_string()))?;
    let token = answer.text("/value").filter(|_| answer.is_ok());
    token.map(Secret::new).ok_or_else(|| TokenError::NoToken(format!("status {}", answer.status.as_u16())))
}

/// The claims of a token, and its issuer as an address that may be asked.
fn home_of(token: &Secret, hosts: &Hosts) -> Result<(Claims, Url), String> {
    let claims = Claims::of(token).ok_or("it is no signed JSON web token")?;
    let issuer = claims.issuer.as_deref().ok_or("it names no issuer")?;
    let home = Url::parse(issuer).ok().filter(hosts::is_plain).ok_or("its issuer is no https URL")?;
    let compiled = ISSUERS.iter().filter_map(|issuer| Url::parse(issuer).ok());
    if !compiled.chain(hosts.of("oidc").iter().cloned()).any(|known| is_at_or_below(&home, &known)) {
        return Err(format!("nobody named its issuer: --verify-host oidc={} does", shown(issuer)));
    }
    Ok((claims, home))
}

fn is_at_or_below(url: &Url, known: &Url) -> bool {
    let (url, known) = (base(url), base(known));
    url.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn base(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

/// The claims of a token, and the keys that its issuer publishes.
async fn keys_of(sender: &Sender, token: &Secret, hosts: &Hosts) -> Result<(Claims, Vec<signature::Key>), String> {
    let (claims, home) = home_of(token, hosts)?;
    let discovery = get(sender, &home, DISCOVERY, "its issuer's discovery document").await?;
    if discovery.text("/issuer") != claims.issuer.as_deref() {
        return Err("its issuer's discovery document is another issuer's".into());
    }
    let keys = discovery.text("/jwks_uri").and_then(|url| Url::parse(url).ok());
    let same_host = |keys: &Url| (keys.scheme(), keys.host_str()) == (home.scheme(), home.host_str());
    let keys = keys.filter(same_host).filter(hosts::is_safe);
    let keys = keys.ok_or("its issuer's keys are not on its issuer's own host")?;
    let set = get(sender, &keys, "", "its issuer's keys").await?;
    let keys = set.json.as_ref().and_then(signature::keys).ok_or("its issuer's keys are no key set")?;
    Ok((claims, keys))
}

async fn get(sender: &Sender, home: &Url, path: &str, what: &str) -> Result<Answer, String> {
    let answer = sender.send(home, &Request::get(path)).await.map_err(|fault| format!("{what}: {fault}"))?;
    if answer.is_ok() { Ok(answer) } else { Err(format!("{what}: status {}", answer.status.as_u16())) }
}

/// The verdict. A key that is gone by now says nothing of a token whose time is over: it may have been there then.
fn judge(
    token: &Secret,
    claims: &Claims,
    keys: &[signature::Key],
    audience: Option<&str>,
    now: Timestamp,
) -> TokenVerdict {
    let (signer, key) = match signature::signer(token, keys) {
        Ok((signer, key)) => (signer, key.map(|key| shown(&key))),
        Err(why) => return TokenVerdict::Unknown { why: why.into() },
    };
    let ended = claims.expires_at.filter(|_| claims.is_over(now));
    match (signer, ended) {
        (Signer::Other(signer), _) => {
            TokenVerdict::OtherKey { key: key.unwrap_or_default(), signer: signer.map(|signer| shown(&signer)) }
        }
        (Signer::Nobody, _) => TokenVerdict::SignatureBad { key },
        (_, Some(at)) => TokenVerdict::Expired { at },
        (Signer::Missing, None) => TokenVerdict::KeyMissing { key, published: keys.len() },
        (Signer::Named, None) if claims.is_early(now) => {
            TokenVerdict::Unknown { why: "its time has not come yet: is this machine's clock right?".into() }
        }
        (Signer::Named, None) => match audience {
            Some(wanted) if !claims.audiences.iter().any(|audience| audience == wanted) => {
                let audiences = claims.audiences.iter().take(5).map(|audience| shown(audience)).collect();
                TokenVerdict::WrongAudience { wanted: wanted.to_owned(), audiences }
            }
            _ => TokenVerdict::Good { expires_at: claims.expires_at },
        },
    }
}

fn shown(text: &str) -> String {
    text.chars().take(MOST_SHOWN).collect()
}
