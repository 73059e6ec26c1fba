//! Asks issuers whether credentials still work. Invariant: the only layer that sends a credential anywhere; it knows no
//! rules.

mod candidate;
mod hosts;
mod http;
mod issuers;
mod oidc;
mod request;
mod session;
mod signature;
mod verifier;

pub use candidate::Candidate;
pub use hosts::{Accounts, HostError, Hosts};
pub use oidc::{TokenError, check_token, github_token, issuer_of, plan_token};
pub use request::{Answer, Body, Request};
pub use session::{Planned, PlannedCall, Settings, VerifyError, candidates, plan, verify};
pub use verifier::{Ask, Asking, Call, Step, Verifier};

/// Every verifier, ordered by name.
pub const ALL: &[Verifier] = &[
    issuers::github::VERIFIER,
    issuers::jwt::VERIFIER,
    issuers::kubernetes::VERIFIER,
    issuers::tfe::VERIFIER,
    issuers::vault::VERIFIER,
    issuers::approle::VERIFIER,
];
