//! Asks issuers whether credentials still work. Invariant: the only layer that sends a credential anywhere; it knows no
//! rules.

mod aws;
mod candidate;
mod hosts;
mod http;
mod issuers;
mod oidc;
mod request;
mod session;
mod signature;
mod verifier;

pub use aws::{KEY_CALLS, KeyFacts, Operator, OperatorError, STORE_CALLS};
pub use candidate::Candidate;
pub use hosts::{Accounts, HostError, Hosts};
pub use oidc::{TokenError, check_token, github_token, issuer_of, plan_token};
pub use request::{Answer, Body, Request};
pub use session::{PATIENCE, Planned, PlannedCall, Settings, VerifyError, candidates, plan, verify};
pub use verifier::{Ask, Asking, Call, Step, Verifier};

/// Every verifier, ordered by name.
pub const ALL: &[Verifier] = &[
    issuers::anthropic::VERIFIER,
    issuers::aws::VERIFIER,
    issuers::azure::VERIFIER,
    issuers::buildkite::VERIFIER,
    issuers::cloudflare::VERIFIER,
    issuers::datadog::VERIFIER,
    issuers::digitalocean::VERIFIER,
    issuers::doppler::VERIFIER,
    issuers::fastly::VERIFIER,
    issuers::gcp::VERIFIER,
    issuers::github::VERIFIER,
    issuers::gitlab::VERIFIER,
    issuers::hetzner::VERIFIER,
    issuers::huggingface::VERIFIER,
    issuers::jwt::VERIFIER,
    issuers::kubernetes::VERIFIER,
    issuers::launchdarkly::VERIFIER,
    issuers::linode::VERIFIER,
    issuers::newrelic::VERIFIER,
    issuers::npm::VERIFIER,
    issuers::okta::VERIFIER,
    issuers::openai::VERIFIER,
    issuers::pagerduty::VERIFIER,
    issuers::slack::VERIFIER,
    issuers::stripe::VERIFIER,
    issuers::tfe::VERIFIER,
    issuers::vault::VERIFIER,
    issuers::approle::VERIFIER,
];
