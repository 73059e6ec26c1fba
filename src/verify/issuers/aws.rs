//! Amazon Web Services: access keys, of users and of sessions.

use crate::finding::{Reason, Verification, account_of_aws_key};
use crate::verify::aws::{AwsFault, Named, Partition, app_name, fault, http_client, is_canary, retries, time_outs};
use crate::verify::hosts::is_loopback;
use crate::verify::verifier::no_home;
use crate::verify::{Ask, Asking, Call, Candidate, Hosts, Verifier};
use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::{Config, Region};
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use reqwest::Url;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "aws",
    issuer: "AWS",
    kinds: &["aws-access-key", "aws-secret-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "POST /",
        tells: "whose key it is (sts:GetCallerIdentity, which needs no permission)",
        leaves: "an event in the CloudTrail of the key's account; the key's last use; the alarm of a canary's owner",
        follows: false,
    }],
    ask: Ask::Client { home, ask },
};

/// Names under which a session's token stands beside its key.
const SESSION_TOKEN: [&str; 3] = ["session_token", "security_token", "token"];

/// A key pair that can be asked about.
struct Pair<'c> {
    id: &'c str,
    secret: &'c str,
    /// Of a session's key alone: a user's key with a token is refused, whether it works or not.
    token: Option<&'c str>,
}

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if candidate.id.as_deref().and_then(account_of_aws_key).is_some_and(|account| is_canary(&account)) {
        return Err(Verification::unknown(
            Reason::Canary,
            "its account holds nothing but canary tokens: to ask would raise the alarm",
        ));
    }
    pair(candidate)?;
    hosts.home(VERIFIER.name, None, Some(partition(candidate).sts)).ok_or_else(|| no_home(VERIFIER.name))
}

fn partition(candidate: &Candidate) -> &'static Partition {
    Partition::of(candidate.beside(&["region"]))
}

fn pair(candidate: &Candidate) -> Result<Pair<'_>, Verification> {
    let incomplete = |detail| Err(Verification::unknown(Reason::Incomplete, detail));
    let secret = candidate.secret.expose();
    if !candidate.is_whole() {
        return incomplete("its secret half was not found: only the owner of its account can tell what became of it");
    }
    if is_key_id(secret) {
        return incomplete("an access key id stands where the secret belongs: the two may be swapped");
    }
    let Some(id) = candidate.id.as_deref().filter(|id| is_key_id(id)) else {
        return incomplete("the access key id that belongs to it is not beside it");
    };
    let session = id.starts_with("ASIA");
    let token = candidate.beside(&SESSION_TOKEN).filter(|_| session);
    if session && token.is_none() {
        return incomplete("it is the key of a session, whose token is not beside it");
    }
    Ok(Pair { id, secret, token })
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
fn is_key_id(text: &str) -> bool {
    let rest = text.strip_prefix("AKIA").or_else(|| text.strip_prefix("ASIA"));
    rest.is_some_and(|rest| {
        rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}

fn ask(candidate: &Candidate, home: Url) -> Asking<'_> {
    Box::pin(async move {
        let pair = match pair(candidate) {
            Ok(pair) => pair,
            Err(verdict) => return verdict,
        };
        let partition = partition(candidate);
        let client = client(&pair, partition, &home);
        let mut answer = client.get_caller_identity().send().await.map_err(|error| fault(&error));
        // AWS refuses a secret that is asked about soon after another one of the same id, even if it is right; asked
        // again, it tells. <https://github.com/trufflesecurity/trufflehog/blob/main/pkg/detectors/aws/access_keys/accesskey.go>
        if answer.as_ref().is_err_and(|fault| fault.code() == "SignatureDoesNotMatch") {
            answer = client.get_caller_identity().send().await.map_err(|error| fault(&error));
        }
        match answer {
            Ok(identity) => active(&identity),
            Err(fault) => refused(&fault, &pair, partition),
        }
    })
}

/// A client with this key and nothing else: no loader has a say in whose credentials go where.
fn client(pair: &Pair<'_>, partition: &Partition, home: &Url) -> Client {
    let token = pair.token.map(str::to_owned);
    let config = Config::builder()
        .behavior_version_latest()
        .credentials_provider(Credentials::new(pair.id, pair.secret, token, None, "candidate"))
        .region(Region::new(partition.region))
        .endpoint_url(home.as_str())
        .http_client(http_client(is_loopback(home)))
        .retry_config(retries())
        .timeout_config(time_outs())
        .app_name(app_name())
        .interceptor(Named)
        .build();
    Client::from_conf(config)
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
fn active(identity: &GetCallerIdentityOutput) -> Verification {
    let (Some(arn), Some(account)) = (identity.arn(), identity.account()) else {
        return Verification::unknown(Reason::Unreachable, AwsFault::Unreadable.to_string());
    };
    let root = arn.ends_with(":root");
    Verification { account: Some(account.to_owned()), root, ..Verification::active() }.principal(arn.to_owned())
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>
fn refused(fault: &AwsFault, pair: &Pair<'_>, partition: &Partition) -> Verification {
    let AwsFault::Refused { code, message } = fault else {
        return Verification::unknown(Reason::Unreachable, fault.to_string());
    };
    let account = account_of_aws_key(pair.id);
    let verdict = match code.as_str() {
        "InvalidClientTokenId" => Verification::inactive(Reason::NotFound).detail(format!(
            "the partition {} does not accept it: deleted, switched off, never issued, or of another partition",
            partition.name
        )),
        "ExpiredToken" | "ExpiredTokenException" => Verification::inactive(Reason::Expired),
        "SignatureDoesNotMatch" if !is_of_the_clock(message) => Verification::inactive(Reason::WrongSecret)
            .detail("its id is known and switched on, and this secret is not the one that belongs to it"),
        "SignatureDoesNotMatch" | "RequestExpired" | "RequestTimeTooSkewed" => Verification::unknown(
            Reason::Unreachable,
            "AWS refuses the time of the request: set this machine's clock and ask again",
        ),
        // Who may not even ask who he is has been recognised: the policy of a network's own way to AWS refuses.
        "AccessDenied" | "AccessDeniedException" => {
            Verification::active().detail("it is recognised, and the way to AWS from here is closed to it")
        }
        _ => Verification::unknown(Reason::Unreachable, fault.to_string()),
    };
    Verification { account, ..verdict }
}

/// `Signature expired: ... is now earlier than ...`, `Signature not yet current: ...`.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html>
fn is_of_the_clock(message: &str) -> bool {
    message.contains("Signature expired") || message.contains("Signature not yet current")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Beside, Secret, Status};

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn candidate(id: Option<&str>, secret: &str, beside: &[(&str, &str)]) -> Candidate {
        let beside = beside.iter().map(|(name, value)| Beside { name: (*name).into(), value: Secret::new(*value) });
        let (id, secret) = (id.map(str::to_owned), Secret::new(secret));
        Candidate { kind: "aws-access-key", secret, id, beside: beside.collect() }
    }

    fn home_of(candidate: &Candidate) -> Result<String, Reason> {
        let verdict = |verdict: Verification| verdict.reason.expect("a reason");
        home(candidate, &Hosts::default()).map(String::from).map_err(verdict)
    }

    #[test]
    fn half_a_pair_is_not_asked_about() {
        let (user, session) = (Some("AKIAIOSFODNN7EXAMPLE"), Some("ASIAIOSFODNN7EXAMPLE"));
        let of = |id, secret, beside| home_of(&candidate(id, secret, beside));
        assert_eq!(of(None, SECRET, &[]), Err(Reason::Incomplete));
        assert_eq!(of(session, SECRET, &[]), Err(Reason::Incomplete));
        assert_eq!(of(Some(SECRET), "AKIAIOSFODNN7EXAMPLE", &[]), Err(Reason::Incomplete), "swapped");
        assert_eq!(of(session, SECRET, &[("token", "t")]).as_deref(), Ok("https://sts.amazonaws.com/"));
        assert_eq!(of(user, SECRET, &[]).as_deref(), Ok("https://sts.amazonaws.com/"));
        // A user's key has no token: what stands beside it is not sent.
        assert!(pair(&candidate(user, SECRET, &[("token", "t")])).is_ok_and(|pair| pair.token.is_none()));
    }

    #[test]
    fn the_region_beside_it_names_the_partition() {
        let of = |region| home_of(&candidate(Some("AKIAIOSFODNN7EXAMPLE"), SECRET, &[("AWS_REGION", region)]));
        assert_eq!(of("cn-north-1").as_deref(), Ok("https://sts.cn-north-1.amazonaws.com.cn/"));
        assert_eq!(of("us-gov-east-1").as_deref(), Ok("https://sts.us-gov-west-1.amazonaws.com/"));
        assert_eq!(of("eu-west-1").as_deref(), Ok("https://sts.amazonaws.com/"));
    }

    #[test]
    fn a_canary_is_not_asked_about() {
        // Of account 171436882533, by the documented form of ids.
        let account: u64 = 171_436_882_533;
        let mut bits = ((1_u64 << 47) | (account << 7)) << 2;
        let mut id = [b'A'; 10];
        for digit in id.iter_mut().rev() {
            *digit = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(bits & 31) as usize];
            bits >>= 5;
        }
        let id = format!("AKIA{}AAAAAA", String::from_utf8_lossy(&id));
        assert_eq!(account_of_aws_key(&id).as_deref(), Some("171436882533"));
        assert_eq!(home_of(&candidate(Some(&id), SECRET, &[])), Err(Reason::Canary));
    }

    #[test]
    fn only_words_that_mean_nothing_else_are_a_verdict() {
        let pair = Pair { id: "AKIAIOSFODNN7EXAMPLE", secret: SECRET, token: None };
        let of = |code: &str, message: &str| {
            let fault = AwsFault::Refused { code: code.into(), message: message.into() };
            let verdict = refused(&fault, &pair, Partition::of(None));
            (verdict.status, verdict.reason)
        };
        assert_eq!(of("InvalidClientTokenId", ""), (Status::Inactive, Some(Reason::NotFound)));
        assert_eq!(of("SignatureDoesNotMatch", "The request..."), (Status::Inactive, Some(Reason::WrongSecret)));
        let late = "Signature expired: 20261121T000000Z is now earlier than 20261121T010000Z";
        assert_eq!(of("SignatureDoesNotMatch", late), (Status::Unknown, Some(Reason::Unreachable)));
        assert_eq!(of("ExpiredToken", ""), (Status::Inactive, Some(Reason::Expired)));
        assert_eq!(of("AccessDenied", ""), (Status::Active, None));
        assert_eq!(of("Throttling", ""), (Status::Unknown, Some(Reason::Unreachable)));
    }
}
