//! AWS as the operator's own credentials show it. They are loaded as every tool of AWS loads them, and never meet a
//! candidate's: a client has the ones or the others.

use super::client::{AwsFault, Named, app_name, fault, http_client, retries, time_outs};
use crate::finding::{Reason, Status, Verification, account_of_aws_key};
use crate::verify::Candidate;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_iam::types::StatusType;
use aws_sdk_sts::config::ProvideCredentials as _;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Keys that are looked up in one run.
const MOST_KEYS: usize = 100;
/// Longest that the operator's credentials are looked for: outside of AWS nobody answers where machines ask.
const LONGEST: Duration = Duration::from_secs(5);

/// What AWS attaches to the user of a key that it found published.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/security-iam-awsmanpol.html>
const QUARANTINE: &str = "AWSCompromisedKeyQuarantine";

/// Who runs the program, as AWS knows them.
pub struct Operator {
    pub(super) runtime: Runtime,
    pub(super) config: SdkConfig,
    pub(super) arn: String,
    pub(super) account: String,
}

/// What is called with the operator's credentials: first who they are, then what is seen of keys. All of it only reads.
pub const KEY_CALLS: [&str; 5] = [
    "sts:GetCallerIdentity",
    "sts:GetAccessKeyInfo",
    "iam:GetAccessKeyLastUsed",
    "iam:ListAccessKeys",
    "iam:ListAttachedUserPolicies",
];

/// What is called with the operator's credentials to see what keeps the state. All of it only reads.
pub const STORE_CALLS: [&str; 11] = [
    "sts:GetCallerIdentity",
    "s3:HeadBucket",
    "s3:GetBucketVersioning",
    "s3:GetBucketEncryption",
    "s3:GetPublicAccessBlock",
    "s3:GetBucketPolicy",
    "dynamodb:DescribeTable",
    "kms:DescribeKey",
    "kms:GetKeyRotationStatus",
    "iam:GetRole",
    "iam:SimulatePrincipalPolicy",
];

/// Why there is no operator's view.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OperatorError {
    /// There are no credentials.
    #[error("no AWS credentials of your own were found")]
    Absent,
    /// AWS does not take them, or cannot be asked.
    #[error("AWS could not be asked with your own credentials: {0}")]
    Refused(String),
}

/// What the owner of the account sees of keys, by their ids.
#[derive(Debug, Default)]
pub struct KeyFacts(BTreeMap<String, KeyFact>);

#[derive(Debug, Default)]
struct KeyFact {
    asked_at: Timestamp,
    account: Option<String>,
    user: Option<String>,
    created: Option<Timestamp>,
    used: Option<Timestamp>,
    is_on: Option<bool>,
    quarantine: Option<String>,
}

impl Operator {
    /// Signs in, with what the environment, the profile or the machine has for its user.
    ///
    /// # Errors
    /// If there is nothing to sign in with, or AWS does not take it.
    pub fn connect() -> Result<Self, OperatorError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| OperatorError::Absent)?;
        let (config, identity) = runtime.block_on(async {
            let looking = tokio::time::timeout(LONGEST, config());
            let config = looking.await.ok().flatten().ok_or(OperatorError::Absent)?;
            let client = aws_sdk_sts::Client::new(&config);
            let asked = client.get_caller_identity().customize().interceptor(Named).send().await;
            let identity = asked.map_err(|error| OperatorError::Refused(fault(&error).to_string()))?;
            Ok((config, identity))
        })?;
        let (Some(arn), Some(account)) = (identity.arn, identity.account) else {
            return Err(OperatorError::Refused(AwsFault::Unreadable.to_string()));
        };
        Ok(Self { runtime, config, arn, account })
    }

    /// Whether there may be something to be seen of a candidate: it is a user's access key.
    pub fn knows_of(candidate: &Candidate) -> bool {
        candidate.id.as_ref().is_some_and(|id| id.starts_with("AKIA") && id.len() == 20)
    }

    /// What can be seen of the keys among candidates at this time. It is to be looked up before they are asked about: to
    /// ask is to use them.
    pub fn keys(&self, credentials: &[Vec<Candidate>], now: Timestamp) -> KeyFacts {
        let concerned = credentials.iter().flatten().filter(|candidate| Self::knows_of(candidate));
        let ids = concerned.filter_map(|candidate| candidate.id.as_deref());
        let ids: Vec<&str> = ids.take(MOST_KEYS).collect();
        self.runtime.block_on(async {
            let mut facts = BTreeMap::new();
            for id in ids {
                match self.key(id, now).await {
                    Ok(fact) => facts.insert(id.to_owned(), fact),
                    // The next one would not be answered either.
                    Err(_) => break,
                };
            }
            KeyFacts(facts)
        })
    }

    /// What can be seen of a key. What the operator may not ask stays unknown.
    async fn key(&self, id: &str, asked_at: Timestamp) -> Result<KeyFact, AwsFault> {
        let mut fact = KeyFact { asked_at, account: account_of_aws_key(id), ..KeyFact::default() };
        if fact.account.is_none() {
            let client = aws_sdk_sts::Client::new(&self.config);
            let asked = client.get_access_key_info().access_key_id(id).customize().interceptor(Named).send().await;
            fact.account = permitted(asked.map_err(|error| fault(&error)))?.and_then(|info| info.account);
        }
        if fact.account.as_deref() != Some(&self.account) {
            return Ok(fact);
        }
        let client = aws_sdk_iam::Client::new(&self.config);
        let asked = client.get_access_key_last_used().access_key_id(id).customize().interceptor(Named).send().await;
        let Some(used) = permitted(asked.map_err(|error| fault(&error)))? else { return Ok(fact) };
        let Some(user) = used.user_name().map(str::to_owned) else { return Ok(fact) };
        let date = used.access_key_last_used().and_then(|used| used.last_used_date());
        fact.used = date.and_then(|date| Timestamp::from_second(date.secs()).ok());
        let asked = client.list_access_keys().user_name(&user).customize().interceptor(Named).send().await;
        let keys = permitted(asked.map_err(|error| fault(&error)))?;
        let keys = keys.map(|keys| keys.access_key_metadata).unwrap_or_default();
        if let Some(own) = keys.iter().find(|key| key.access_key_id() == Some(id)) {
            fact.created = own.create_date().and_then(|date| Timestamp::from_second(date.secs()).ok());
            fact.is_on = own.status().map(|status| *status == StatusType::Active);
        }
        let asked = client.list_attached_user_policies().user_name(&user).customize().interceptor(Named).send().await;
        let policies = permitted(asked.map_err(|error| fault(&error)))?;
        let policies = policies.and_then(|policies| policies.attached_policies).unwrap_or_default();
        let names = policies.into_iter().filter_map(|policy| policy.policy_name);
        fact.quarantine = names.into_iter().find(|name| name.starts_with(QUARANTINE));
        fact.user = Some(user);
        Ok(fact)
    }
}

/// The operator's configuration; None without credentials.
async fn config() -> Option<SdkConfig> {
    let loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client(false));
    let loader = loader.retry_config(retries()).timeout_config(time_outs()).app_name(app_name());
    let config = loader.load().await;
    config.credentials_provider()?.provide_credentials().await.ok()?;
    let region = config.region().cloned().unwrap_or(Region::from_static("us-east-1"));
    Some(config.into_builder().region(region).build())
}

/// What was answered; None for what this operator may not ask, or of what is not there.
///
/// # Errors
/// If nobody answered.
pub(super) fn permitted<T>(answer: Result<T, AwsFault>) -> Result<Option<T>, AwsFault> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(AwsFault::Refused { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}

impl KeyFacts {
    /// Adds what the owner sees to what the issuer said of the same credentials. It settles two things alone: a key that
    /// is switched off does not work, and one of which only the id is known does if it is switched on.
    pub fn complete(&self, credentials: &[Vec<Candidate>], verdicts: &mut [Verification]) {
        for (candidates, verdict) in credentials.iter().zip(verdicts) {
            let id = candidates.iter().find_map(|candidate| candidate.id.as_ref());
            if let Some(fact) = id.and_then(|id| self.0.get(id)) {
                fact.add_to(verdict, candidates.iter().any(Candidate::is_whole));
            }
        }
    }
}

impl KeyFact {
    fn add_to(&self, verdict: &mut Verification, is_whole: bool) {
        verdict.account = verdict.account.take().or_else(|| self.account.clone());
        verdict.created_at = verdict.created_at.or(self.created);
        verdict.last_used_at = verdict.last_used_at.or(self.used);
        let user = self.user.as_deref().unwrap_or_default();
        match self.is_on {
            Some(false) if verdict.status != Status::Active => {
                (verdict.status, verdict.reason) = (Status::Inactive, Some(Reason::Disabled));
                verdict.detail = Some(format!("it is switched off, and still a key of {user}"));
            }
            Some(true) if !is_whole && verdict.reason == Some(Reason::Incomplete) => {
                (verdict.status, verdict.reason) = (Status::Active, None);
                verdict.detail = Some(format!("it is switched on, a key of {user}; its secret half was not found"));
            }
            _ => {}
        }
        if self.user.is_some() {
            verdict.checked_at = verdict.checked_at.or(Some(self.asked_at));
        }
        if let Some(quarantine) = &self.quarantine {
            let before = verdict.detail.take().map(|detail| format!("{detail}; ")).unwrap_or_default();
            let found = "AWS has found this key in public and restricted its user";
            verdict.detail = Some(format!("{before}{found} ({quarantine})"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fact: &KeyFact, mut verdict: Verification) -> Verification {
        fact.add_to(&mut verdict, true);
        verdict
    }

    #[test]
    fn of_a_lone_id_the_owner_alone_can_tell() {
        let told = |is_on, reason| {
            let mut verdict = Verification::unknown(reason, "x");
            KeyFact { is_on, user: Some("ci".into()), ..KeyFact::default() }.add_to(&mut verdict, false);
            (verdict.status, verdict.reason)
        };
        assert_eq!(told(Some(true), Reason::Incomplete), (Status::Active, None));
        assert_eq!(told(Some(false), Reason::Incomplete), (Status::Inactive, Some(Reason::Disabled)));
        assert_eq!(told(None, Reason::Incomplete), (Status::Unknown, Some(Reason::Incomplete)));
        assert_eq!(told(Some(true), Reason::Canary), (Status::Unknown, Some(Reason::Canary)));
    }

    #[test]
    fn only_a_key_that_is_switched_off_changes_a_verdict() {
        let used: Timestamp = "2026-10-01T00:00:00Z".parse().expect("a time");
        let fact = KeyFact { used: Some(used), user: Some("ci".into()), is_on: Some(false), ..KeyFact::default() };
        let off = told(&fact, Verification::inactive(Reason::NotFound));
        assert_eq!((off.status, off.reason, off.last_used_at), (Status::Inactive, Some(Reason::Disabled), Some(used)));
        assert_eq!(told(&fact, Verification::active()).status, Status::Active);
        let on = KeyFact { is_on: Some(true), ..fact };
        let unknown = told(&on, Verification::unknown(Reason::Unreachable, "it cannot be reached"));
        assert_eq!((unknown.status, unknown.last_used_at), (Status::Unknown, Some(used)));
    }

    #[test]
    fn a_quarantine_is_told_beside_what_is_known() {
        let fact = KeyFact { quarantine: Some("AWSCompromisedKeyQuarantineV3".into()), ..KeyFact::default() };
        let told = told(&fact, Verification::active().detail("scopes: all"));
        assert!(told.detail.is_some_and(|text| text.starts_with("scopes: all; ") && text.contains("QuarantineV3")));
    }
}
