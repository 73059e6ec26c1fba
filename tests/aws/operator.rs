//! What the owner of an account sees of a key, beside what the key itself tells.

use super::{broken, credential, credlint, provider, report};
use crate::git_repository::Directory;
use crate::support::{Aws, Calls, Key};
use serde_json::{Value, json};

/// An operator who may look at keys and do nothing else.
fn operator(aws: &Aws) -> Key {
    let look = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
        "iam:GetAccessKeyLastUsed", "iam:ListAccessKeys", "iam:ListAttachedUserPolicies"]}]});
    aws.key("operator", Some(&look))
}

/// Who asked for what, in order.
fn asked(log: &[Value]) -> Vec<(&str, &str)> {
    log.iter().map(|call| (call["key"].as_str().unwrap(), call["action"].as_str().unwrap())).collect()
}

fn day(days_ago: i64) -> String {
    let now = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days_ago);
    now.strftime("%Y-%m-%d").to_string()
}

#[test]
fn the_owner_knows_how_old_a_key_is_and_when_it_was_used() {
    let aws = Aws::start(Calls::Enforced);
    let (operator, key) = (operator(&aws), aws.key("ci", None));
    let directory = Directory::with_git();
    directory.write("main.tf", &provider(&key));
    // Its first use, then time goes by.
    report(credlint(&directory, &aws, None).arg("verify"));
    aws.order(&json!({"do": "age", "key": key.id, "days": 120}));
    aws.order(&json!({"do": "last_used", "key": key.id, "days": 100}));
    aws.log();

    let found = report(credlint(&directory, &aws, Some(&operator)).arg("verify"));
    let log = aws.log();
    let verdict = &credential(&found, &key)["verification"];
    assert_eq!((&verdict["status"], &verdict["age_days"]), (&json!("active"), &json!(120)), "{verdict}");
    assert!(verdict["created_at"].as_str().unwrap().starts_with(&day(120)), "{verdict}");
    assert!(verdict["last_used_at"].as_str().unwrap().starts_with(&day(100)), "{verdict}");
    for (rule, level) in
        [("credential-active", "error"), ("credential-overdue", "error"), ("credential-unused", "warning")]
    {
        assert_eq!(broken(&found, rule).iter().map(|(level, _)| *level).collect::<Vec<_>>(), [level], "{rule}");
    }
    // Each with its own credentials: the key asks who it is, once, after the operator has looked.
    let own = (&*operator.id, "GetCallerIdentity");
    let look =
        ["GetAccessKeyLastUsed", "ListAccessKeys", "ListAttachedUserPolicies"].map(|action| (&*operator.id, action));
    assert_eq!(asked(&log), [&[own][..], &look, &[(&*key.id, "GetCallerIdentity")]].concat());
    assert!(log.iter().all(|call| call["agent"].as_str().unwrap().starts_with("credlint/")));
}

#[test]
fn nobody_is_asked_unless_somebody_says_so() {
    let aws = Aws::start(Calls::Enforced);
    let (operator, key) = (operator(&aws), aws.key("ci", None));
    let directory = Directory::with_git();
    directory.write("main.tf", &provider(&key));
    aws.log();
    let found = report(credlint(&directory, &aws, Some(&operator)).arg("check"));
    assert!(credential(&found, &key)["verification"].is_null());
    let output = credlint(&directory, &aws, Some(&operator)).args(["verify", "--verify=plan"]).output().unwrap();
    let plan = String::from_utf8(output.stdout).unwrap();
    assert!(plan.contains("sts:GetCallerIdentity") && plan.contains(&aws.endpoint), "{plan}");
    assert!(plan.contains("with your own AWS credentials") && plan.contains("iam:GetAccessKeyLastUsed"), "{plan}");
    assert_eq!(aws.log(), Vec::<Value>::new());
}

#[test]
fn without_the_owner_less_is_known_and_nothing_else_is_said() {
    let aws = Aws::start(Calls::Enforced);
    let (key, stranger) = (aws.key("ci", None), aws.key("stranger", None));
    let directory = Directory::with_git();
    directory.write("main.tf", &provider(&key));
    let wrong = Key { secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(), ..stranger.clone() };
    for operator in [None, Some(&stranger), Some(&wrong)] {
        let found = report(credlint(&directory, &aws, operator).arg("verify"));
        let verdict = &credential(&found, &key)["verification"];
        assert_eq!(verdict["status"], "active", "{verdict}");
        assert!(verdict["created_at"].is_null() && verdict["last_used_at"].is_null(), "{verdict}");
        let told = found["notifications"].to_string().contains("age, last use and owner of AWS keys are not known");
        assert_eq!(told, operator.is_none_or(|operator| operator.secret == wrong.secret), "{found}");
    }
}

#[test]
fn a_key_that_is_switched_off_is_not_merely_unknown() {
    let aws = Aws::start(Calls::Enforced);
    let (operator, key) = (operator(&aws), aws.key("ci", None));
    let directory = Directory::with_git();
    directory.write("main.tf", &provider(&key));
    let document =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]});
    let quarantine = json!({"PolicyName": "AWSCompromisedKeyQuarantineV3", "PolicyDocument": document.to_string()});
    let made = aws.call("iam", "create_policy", &quarantine);
    aws.call("iam", "attach_user_policy", &json!({"UserName": "ci", "PolicyArn": made["Policy"]["Arn"]}));
    aws.call("iam", "update_access_key", &json!({"UserName": "ci", "AccessKeyId": key.id, "Status": "Inactive"}));
    let found = report(credlint(&directory, &aws, Some(&operator)).arg("verify"));
    let verdict = &credential(&found, &key)["verification"];
    assert_eq!((&verdict["status"], &verdict["reason"]), (&json!("inactive"), &json!("disabled")), "{verdict}");
    let detail = verdict["detail"].as_str().unwrap();
    assert!(detail.contains("a key of ci") && detail.contains("AWSCompromisedKeyQuarantineV3"), "{detail}");
    aws.call("iam", "delete_access_key", &json!({"UserName": "ci", "AccessKeyId": key.id}));
    let found = report(credlint(&directory, &aws, Some(&operator)).arg("verify"));
    assert_eq!(credential(&found, &key)["verification"]["reason"], "not-found");
}

#[test]
fn a_session_is_asked_about_with_its_own_profiles_token() {
    let aws = Aws::start(Calls::Enforced);
    let (key, token) = super::keys::session(&aws);
    let other = aws.key("ci", None);
    let directory = Directory::with_git();
    let profile = |name: &str, key: &Key| {
        format!("[{name}]\naws_access_key_id = {}\naws_secret_access_key = {}\n", key.id, key.secret)
    };
    let text = format!("{}aws_session_token = {token}\n\n{}", profile("session", &key), profile("ci", &other));
    directory.write(".aws/credentials", &text);
    // Only committed files of logins are read as what they are.
    directory.commit();
    let found = report(credlint(&directory, &aws, None).arg("verify"));
    let verdict = &credential(&found, &key)["verification"];
    assert_eq!(verdict["principal"], "arn:aws:sts::123456789012:assumed-role/deploy/ci", "{verdict}");
    assert_eq!(credential(&found, &other)["verification"]["status"], "active");
}

#[test]
fn an_id_without_its_secret_is_listed_and_looked_up_by_the_owner_alone() {
    let aws = Aws::start(Calls::Enforced);
    let (operator, key) = (operator(&aws), aws.key("ci", None));
    let directory = Directory::with_git();
    let id = &key.id;
    directory.write("main.tf", &format!("# The key {id} of ci is in the vault.\nlocals {{}}\n"));
    directory.write("provider.tf", &format!("provider \"aws\" {{\n  access_key = \"{id}\"\n}}\n"));
    let job = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: terraform plan\n";
    let environment = format!("{job}        env:\n          AWS_ACCESS_KEY_ID: {id}\n");
    directory.write(".github/workflows/a.yml", &environment);
    let state = json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "a", "outputs": {},
        "resources": [{"mode": "managed", "type": "aws_iam_access_key", "name": "ci",
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"schema_version": 0,
                "attributes": {"create_date": "2020-02-03T04:05:06Z", "id": id, "user": "ci", "status": "Active"}}]}]});
    directory.write("terraform.tfstate", &state.to_string());
    aws.log();

    let found = report(credlint(&directory, &aws, None).arg("verify"));
    let listed = credential(&found, &key);
    let places: Vec<&str> =
        listed["occurrences"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(places, [".github/workflows/a.yml", "main.tf", "provider.tf", "terraform.tfstate"], "{listed}");
    assert_eq!((&listed["kind"], &listed["verification"]["reason"]), (&json!("aws-access-key"), &json!("incomplete")));
    assert_eq!(listed["verification"]["status"], "unknown");
    assert_eq!(broken(&found, "credential-active"), []);
    assert_eq!(aws.log(), Vec::<Value>::new());

    let found = report(credlint(&directory, &aws, Some(&operator)).arg("verify"));
    let verdict = &credential(&found, &key)["verification"];
    assert_eq!((&verdict["status"], &verdict["account"]), (&json!("active"), &json!("123456789012")), "{verdict}");
    assert!(verdict["created_at"].is_string() && verdict["checked_at"].is_string(), "{verdict}");
    let said = broken(&found, "credential-active");
    assert!(
        said.len() == 1 && said[0].0 == "warning" && said[0].1.contains("its secret half was not found"),
        "{said:?}"
    );
    assert!(aws.log().iter().all(|call| call["key"] == operator.id.as_str()));

    aws.call("iam", "update_access_key", &json!({"UserName": "ci", "AccessKeyId": id, "Status": "Inactive"}));
    let found = report(credlint(&directory, &aws, Some(&operator)).arg("verify"));
    let verdict = &credential(&found, &key)["verification"];
    assert_eq!((&verdict["status"], &verdict["reason"]), (&json!("inactive"), &json!("disabled")), "{verdict}");
    assert_eq!(broken(&found, "credential-active"), []);

    // Where the secret is found as well, the key is asked about, and is one.
    directory.write("main.tf", &format!("# {id}\n{}", provider(&key)));
    aws.call("iam", "update_access_key", &json!({"UserName": "ci", "AccessKeyId": id, "Status": "Active"}));
    let found = report(credlint(&directory, &aws, None).arg("verify"));
    assert_eq!(credential(&found, &key)["verification"]["status"], "active");
    assert_eq!(broken(&found, "credential-active")[0].0, "error");
}
