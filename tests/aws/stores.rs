//! The real bucket, lock table and key of a backend, as far as the operator may look.

use super::{broken, credlint, report};
use crate::git_repository::Directory;
use crate::support::{Aws, Calls, Key};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A repository with a backend that keeps its state at the real AWS: the server is the environment's business.
fn repository(aws: &Aws, key: &str, table: &str) -> Directory {
    let directory = Directory::with_git();
    let bucket = &aws.bucket;
    directory.write(
        "main.tf",
        &format!(
            r#"terraform {{
  backend "s3" {{
    bucket         = "{bucket}"
    key            = "a/terraform.tfstate"
    region         = "eu-west-1"
    encrypt        = true
    kms_key_id     = "{key}"
    dynamodb_table = "{table}"
  }}
}}
"#
        ),
    );
    directory
}

/// An operator who may look at what keeps state, and do nothing else.
fn operator(aws: &Aws, more: &[&str]) -> Key {
    let actions = [
        "s3:GetBucketVersioning",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketPolicy",
        "s3:ListBucket",
        // What the server calls the permission to ask for the bucket as such; AWS calls it `s3:ListBucket`.
        "s3:HeadBucket",
        "dynamodb:DescribeTable",
        "kms:DescribeKey",
        "kms:GetKeyRotationStatus",
    ];
    aws.key("operator", Some(&allow(&[&actions[..], more].concat())))
}

/// A policy that lets somebody do all this to everything.
fn allow(actions: &[&str]) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": actions}]})
}

fn table(aws: &Aws, name: &str, key: &str) {
    aws.call(
        "dynamodb",
        "create_table",
        &json!({"TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}]}),
    );
}

fn notes(report: &Value) -> Vec<&str> {
    report["notifications"].as_array().unwrap().iter().map(|note| note["message"].as_str().unwrap()).collect()
}

#[test]
fn a_bare_bucket_a_wrong_table_and_a_key_that_stays_are_found() {
    let aws = Aws::start(Calls::Enforced);
    let operator = operator(&aws, &[]);
    table(&aws, "locks", "Id");
    let directory = repository(&aws, &aws.kms_key, "locks");
    aws.log();
    let found = report(credlint(&directory, &aws, Some(&operator)).args(["check", "--verify"]));
    let said = broken(&found, "live-state-bucket");
    assert_eq!(said.len(), 1, "{found}");
    for part in
        ["keeps no versions", "a KMS key by default", "no complete public access block", "no policy that denies"]
    {
        assert!(said[0].1.contains(part), "{}", said[0].1);
    }
    assert!(broken(&found, "live-lock-table")[0].1.contains("another key than the string `LockID`"));
    assert!(broken(&found, "live-kms-rotation")[0].1.contains(&aws.kms_key));
    assert_eq!(notes(&found), Vec::<&str>::new());
    // It was looked at, by the operator alone, and nothing was changed.
    let log = aws.log();
    assert!(log.iter().all(|call| call["key"] == operator.id.as_str()), "{log:?}");
    let methods: BTreeSet<(&str, &str)> =
        log.iter().map(|call| (call["method"].as_str().unwrap(), call["service"].as_str().unwrap())).collect();
    let reads = [("GET", "s3"), ("HEAD", "s3"), ("POST", "dynamodb"), ("POST", "kms"), ("POST", "sts")];
    assert_eq!(methods, BTreeSet::from(reads));
    // Who asks for the inventory is told as well.
    let output = credlint(&directory, &aws, Some(&operator)).arg("verify").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("warning[live-state-bucket]: the real bucket") && text.contains("3 warnings;"), "{text}");
    assert!(output.status.success(), "nothing is an error");
    // Without a word about the table there is none.
    let found =
        report(credlint(&repository(&aws, &aws.kms_key, "gone"), &aws, Some(&operator)).args(["check", "--verify"]));
    assert!(broken(&found, "live-lock-table")[0].1.contains("does not exist"));
}

#[test]
fn what_is_as_it_should_be_is_no_finding() {
    let aws = Aws::start(Calls::Enforced);
    let operator = operator(&aws, &[]);
    let (bucket, key) = (&aws.bucket, &aws.kms_key);
    let s3 = |operation: &str, name: &str, value: Value| {
        aws.call("s3", operation, &json!({"Bucket": bucket, name: value}));
    };
    s3("put_bucket_versioning", "VersioningConfiguration", json!({"Status": "Enabled"}));
    let default = json!({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key});
    let rules = json!({"Rules": [{"ApplyServerSideEncryptionByDefault": default}]});
    s3("put_bucket_encryption", "ServerSideEncryptionConfiguration", rules);
    let blocks = json!({"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true,
        "RestrictPublicBuckets": true});
    s3("put_public_access_block", "PublicAccessBlockConfiguration", blocks);
    table(&aws, "locks", "LockID");
    aws.call("kms", "enable_key_rotation", &json!({"KeyId": key}));
    let directory = repository(&aws, key, "locks");
    let look = || report(credlint(&directory, &aws, Some(&operator)).args(["check", "--verify"]));
    let found = look();
    assert_eq!(broken(&found, "live-state-bucket").len(), 1, "it has no policy yet");
    // The last thing that is done: the server does not evaluate conditions, and lets nobody do anything from now on.
    let everything = format!("arn:aws:s3:::{bucket}/*");
    let deny = |action: &str, condition: Value| json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": everything, "Condition": condition});
    let statements = [
        deny("s3:*", json!({"Bool": {"aws:SecureTransport": "false"}})),
        deny("s3:PutObject", json!({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}})),
    ];
    s3("put_bucket_policy", "Policy", json!(json!({"Version": "2012-10-17", "Statement": statements}).to_string()));
    let found = look();
    for rule in ["live-state-bucket", "live-lock-table", "live-kms-rotation"] {
        assert_eq!(broken(&found, rule), [], "{rule}");
    }
    assert_eq!(notes(&found), Vec::<&str>::new());
}

#[test]
fn what_nobody_may_look_at_is_no_finding_and_not_forgotten() {
    let aws = Aws::start(Calls::Enforced);
    let directory = repository(&aws, &aws.kms_key, "locks");
    let nobody = aws.key("nobody", None);
    let found = report(credlint(&directory, &aws, Some(&nobody)).args(["check", "--verify"]));
    for rule in ["live-state-bucket", "live-lock-table", "live-kms-rotation"] {
        assert_eq!(broken(&found, rule), [], "{rule}");
    }
    let notes = notes(&found);
    for what in ["bucket", "lock table", "key"] {
        assert!(notes.iter().any(|note| note.contains(&format!("of the state's {what} `"))), "{what}: {notes:?}");
    }
    let found = report(credlint(&directory, &aws, None).args(["check", "--verify"]));
    let said = found["notifications"].to_string();
    assert!(said.contains("the real bucket, lock table and key of the state are not known"), "{said}");
}

/// A repository with a backend that locks with a file.
fn with_lock_file(aws: &Aws) -> Directory {
    let directory = Directory::with_git();
    let backend = format!(
        "terraform {{\n  backend \"s3\" {{\n    bucket       = \"{}\"\n    key          = \"a/terraform.tfstate\"\n    \
         region       = \"eu-west-1\"\n    encrypt      = true\n    use_lockfile = true\n  }}\n}}\n",
        aws.bucket
    );
    directory.write("main.tf", &backend);
    directory
}

/// What is said of locks, and of what nobody could tell of them.
fn of_locks(directory: &Directory, aws: &Aws, operator: &Key) -> (Vec<String>, Vec<String>) {
    let found = report(credlint(directory, aws, Some(operator)).args(["check", "--verify"]));
    let said = broken(&found, "live-lock-table").into_iter().map(|(_, message)| message.to_owned()).collect();
    let unknown = notes(&found).into_iter().filter(|note| note.contains("lock file"));
    (said, unknown.map(str::to_owned).collect())
}

#[test]
fn a_lock_file_that_the_bucket_denies_to_everybody_is_found() {
    let aws = Aws::start(Calls::Enforced);
    let operator = operator(&aws, &["iam:SimulatePrincipalPolicy"]);
    let directory = with_lock_file(&aws);
    assert_eq!(of_locks(&directory, &aws, &operator), Default::default(), "who only looks needs no lock");
    let on = |objects: &str| format!("arn:aws:s3:::{}/{objects}", aws.bucket);
    for (objects, is_found) in [("*.tflock", true), ("b/*", false)] {
        let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": on(objects)});
        let policy = json!({"Version": "2012-10-17", "Statement": [deny]}).to_string();
        aws.call("s3", "put_bucket_policy", &json!({"Bucket": aws.bucket, "Policy": policy}));
        let (said, unknown) = of_locks(&directory, &aws, &operator);
        assert_eq!((said.len(), unknown.len()), (usize::from(is_found), 0), "{said:?} {unknown:?}");
        assert!(said.iter().all(|said| said.contains("denies everybody s3:DeleteObject")), "{said:?}");
    }
}

#[test]
fn who_may_write_the_state_and_not_its_lock_is_told() {
    let aws = Aws::start(Calls::Enforced);
    let directory = with_lock_file(&aws);
    let operator = operator(&aws, &["s3:PutObject"]);
    let (said, unknown) = of_locks(&directory, &aws, &operator);
    assert_eq!(said, Vec::<String>::new());
    assert!(
        unknown.len() == 1 && unknown[0].contains("whether you may write it (AWS answers AccessDenied)"),
        "{unknown:?}"
    );
    let also = |actions: &[&str]| {
        let more = json!({"UserName": "operator", "PolicyName": "more", "PolicyDocument": allow(actions).to_string()});
        aws.call("iam", "put_user_policy", &more);
    };
    also(&["iam:SimulatePrincipalPolicy", "s3:GetObject"]);
    let (said, unknown) = of_locks(&directory, &aws, &operator);
    assert_eq!(unknown, Vec::<String>::new());
    let lock = format!("lacks s3:DeleteObject on its lock file `{}/a/terraform.tfstate.tflock`", aws.bucket);
    assert!(
        said.len() == 1 && said[0].contains("user/operator` may write the state") && said[0].contains(&lock),
        "{said:?}"
    );
    also(&["iam:SimulatePrincipalPolicy", "s3:GetObject", "s3:DeleteObject"]);
    assert_eq!(of_locks(&directory, &aws, &operator), Default::default());
}

#[test]
fn a_session_is_judged_by_its_role_wherever_that_is() {
    let aws = Aws::start(Calls::Enforced);
    let directory = with_lock_file(&aws);
    let trust = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"});
    let trust = json!({"Version": "2012-10-17", "Statement": [trust]}).to_string();
    let role = json!({"RoleName": "ci", "Path": "/teams/", "AssumeRolePolicyDocument": trust});
    let role = aws.call("iam", "create_role", &role)["Role"]["Arn"].as_str().unwrap().to_owned();
    let actions = ["iam:GetRole", "iam:SimulatePrincipalPolicy", "s3:PutObject"];
    let own = allow(&[&actions[..], &["s3:GetBucketPolicy", "s3:GetBucketVersioning"]].concat()).to_string();
    aws.call("iam", "put_role_policy", &json!({"RoleName": "ci", "PolicyName": "own", "PolicyDocument": own}));
    let session = aws.call("sts", "assume_role", &json!({"RoleArn": role, "RoleSessionName": "job"}));
    let of = |name: &str| session["Credentials"][name].as_str().unwrap().to_owned();
    let key = Key { id: of("AccessKeyId"), secret: of("SecretAccessKey") };
    let mut command = credlint(&directory, &aws, Some(&key));
    let found = report(command.env("AWS_SESSION_TOKEN", of("SessionToken")).args(["check", "--verify"]));
    let said = broken(&found, "live-lock-table");
    assert!(said.len() == 1 && said[0].1.contains(&role), "{found}");
    assert!(said[0].1.contains("lacks s3:GetObject and s3:DeleteObject"), "{said:?}");
}
