//! What is said of an access key, by what AWS answers.

use crate::support::{Aws, Calls, Key};
use credlint::finding::{Beside, Reason, Secret, Status, Verification};
use credlint::verify::{Candidate, Hosts, PATIENCE, Settings, verify};
use serde_json::{Value, json};

/// A candidate as a block would make it.
pub(super) fn candidate(key: &Key, beside: &[(&str, &str)]) -> Candidate {
    let beside = beside.iter().map(|(name, value)| Beside { name: (*name).into(), value: Secret::new(*value) });
    let (id, secret) = (Some(key.id.clone()), Secret::new(&key.secret));
    Candidate { kind: "aws-access-key", secret, id, beside: beside.collect() }
}

/// Settings with which AWS is at an address.
pub(super) fn settings(endpoint: &str) -> Settings {
    let mut hosts = Hosts::default();
    hosts.add(&format!("aws={endpoint}")).unwrap();
    Settings { hosts, logins: false, now: "2026-11-21T12:00:00Z".parse().unwrap(), patience: PATIENCE }
}

fn asked(aws: &Aws, candidate: Candidate) -> Verification {
    verify(&[vec![candidate]], &settings(&aws.endpoint), &|| ()).unwrap().remove(0)
}

fn verdict(of: &Verification) -> (Status, Option<Reason>) {
    (of.status, of.reason)
}

/// A session of a role that anybody may assume.
pub(super) fn session(aws: &Aws) -> (Key, String) {
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]});
    aws.call("iam", "create_role", &json!({"RoleName": "deploy", "AssumeRolePolicyDocument": trust.to_string()}));
    let role = "arn:aws:iam::123456789012:role/deploy";
    let made = aws.call("sts", "assume_role", &json!({"RoleArn": role, "RoleSessionName": "ci"}));
    let text = |name: &str| made["Credentials"][name].as_str().unwrap().to_owned();
    (Key { id: text("AccessKeyId"), secret: text("SecretAccessKey") }, text("SessionToken"))
}

#[test]
fn a_users_key_is_active_until_it_is_not() {
    let aws = Aws::start(Calls::Enforced);
    let key = aws.key("ci", None);
    aws.log();
    let active = asked(&aws, candidate(&key, &[]));
    assert_eq!(verdict(&active), (Status::Active, None), "{active:?}");
    assert_eq!(active.principal.as_deref(), Some("arn:aws:iam::123456789012:user/ci"));
    assert_eq!((active.account.as_deref(), active.root), (Some("123456789012"), false));
    // One call, by this key alone, under the program's own name.
    let log = aws.log();
    assert_eq!(log.len(), 1);
    assert_eq!((&log[0]["key"], &log[0]["action"]), (&json!(key.id), &json!("GetCallerIdentity")));
    let agent = log[0]["agent"].as_str().unwrap();
    assert!(agent.starts_with(concat!("credlint/", env!("CARGO_PKG_VERSION"))), "{agent}");

    let other = Key { secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(), ..key.clone() };
    assert_eq!(verdict(&asked(&aws, candidate(&other, &[]))), (Status::Inactive, Some(Reason::WrongSecret)));
    // Two secrets of one id: the one that works decides.
    let both = vec![candidate(&other, &[]), candidate(&key, &[])];
    assert_eq!(verify(&[both], &settings(&aws.endpoint), &|| ()).unwrap()[0].status, Status::Active);

    // A user's key has no session: what stands beside it is left alone.
    assert_eq!(asked(&aws, candidate(&key, &[("token", "AQoDYXdzEPT")])).status, Status::Active);
    // Another partition knows nothing of it, and says so of itself.
    let elsewhere = asked(&aws, candidate(&key, &[("region", "cn-north-1")]));
    assert_eq!(verdict(&elsewhere), (Status::Inactive, Some(Reason::NotFound)));
    assert!(elsewhere.detail.unwrap().contains("aws-cn"));

    aws.call("iam", "update_access_key", &json!({"UserName": "ci", "AccessKeyId": key.id, "Status": "Inactive"}));
    assert_eq!(verdict(&asked(&aws, candidate(&key, &[]))), (Status::Inactive, Some(Reason::NotFound)));
    aws.call("iam", "delete_access_key", &json!({"UserName": "ci", "AccessKeyId": key.id}));
    assert_eq!(verdict(&asked(&aws, candidate(&key, &[]))), (Status::Inactive, Some(Reason::NotFound)));
}

#[test]
fn what_the_clock_does_is_no_verdict() {
    let aws = Aws::start(Calls::Enforced);
    let key = aws.key("ci", None);
    aws.order(&json!({"do": "clock", "minutes": 65}));
    let late = asked(&aws, candidate(&key, &[]));
    assert_eq!(verdict(&late), (Status::Unknown, Some(Reason::Unreachable)));
    assert!(late.detail.unwrap().contains("clock"));
}

#[test]
fn the_root_user_is_told_apart() {
    let aws = Aws::start(Calls::Enforced);
    let key = aws.key("owner", None);
    aws.order(&json!({"do": "root", "key": key.id}));
    let root = asked(&aws, candidate(&key, &[]));
    assert_eq!((root.status, root.root), (Status::Active, true));
    assert_eq!(root.principal.as_deref(), Some("arn:aws:iam::123456789012:root"));
}

#[test]
fn a_sessions_key_needs_its_token_and_its_time() {
    let aws = Aws::start(Calls::Enforced);
    let (key, token) = session(&aws);
    aws.log();
    let lone = asked(&aws, candidate(&key, &[]));
    assert_eq!(verdict(&lone), (Status::Unknown, Some(Reason::Incomplete)));
    assert_eq!(aws.log(), Vec::<Value>::new(), "half a credential is not sent");

    let whole = asked(&aws, candidate(&key, &[("AWS_SESSION_TOKEN", &token)]));
    assert_eq!(whole.status, Status::Active, "{whole:?}");
    assert_eq!(whole.principal.as_deref(), Some("arn:aws:sts::123456789012:assumed-role/deploy/ci"));
    let wrong = asked(&aws, candidate(&key, &[("token", "AQoDYXdzEPT")]));
    assert_eq!(verdict(&wrong), (Status::Inactive, Some(Reason::NotFound)));
    aws.order(&json!({"do": "expire", "key": key.id}));
    let over = asked(&aws, candidate(&key, &[("token", &token)]));
    assert_eq!(verdict(&over), (Status::Inactive, Some(Reason::Expired)));
}
