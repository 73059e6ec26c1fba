//! The page that says whom `--verify` asks, what is sent, and what that leaves behind.

use credlint::verify::{ALL, Ask, KEY_CALLS, STORE_CALLS, Verifier};
use std::fmt::Write as _;

const HEAD: &str = "# Verification

Written from the verifiers themselves; `UPDATE=1 cargo test generated` writes this page anew.

`credlint verify` and `check --verify` ask a credential's own issuer whether it still works, whose it is, and how old it
is. `--verify=plan` prints every call that would be made and makes none.

```sh
credlint verify --verify=plan    # who would be asked what; nothing is sent
credlint verify                  # the inventory: what works, whose it is, how old it is
credlint check --verify          # all findings, with what to do about each
```

## What is safe about it

- Nobody is asked unless you ask for it, and never on a pull or merge request from a fork.
- A credential is sent to its own issuer and to nobody else. The addresses of issuers are compiled in. Those of servers
  that people run themselves are taken from `--verify-host KIND=URL`, and from the policy's `verify: { hosts: [KIND=URL] }`
  where the policy is read from a revision that the change cannot have written (`--policy-ref`, `--base`); never from the
  files that are checked: whoever wrote those could name a host of their own.
- Only `https`, with certificates checked; plain `http` only to this machine itself. Redirects are not followed. No
  cookies are kept.
- Ten seconds a call, thirty for all about one secret, 64 KiB of an answer, four calls at the same time, and one at a
  time for each credential. A call is made once more only where the issuer says that it is busy (429, 5xx), after the
  time that it asks for, up to five seconds.
- The calls read. Nothing is made, changed, refreshed, rotated or revoked. Where only a log-in tells, it needs
  `--verify-logins` as well, and what the log-in gives is thrown away.
- What is needed beside a credential - a tenant, a region, an organization - is taken from the same block, resource,
  object or environment. What only stands near does not count, and of two different values none is used.
- The program names itself: `User-Agent: credlint/VERSION` with the project's address. Whoever reads an audit log can tell
  it from a thief.

## What the answers mean

| status | meaning |
| --- | --- |
| active | the issuer accepted it; of an AWS key of which only the id was found: its account says that it is switched on |
| inactive | the issuer itself says that it does not work, in words that mean nothing else |
| unknown | anything else: no answer in time, a busy or broken service, a sign-in page, a part that is missing, an issuer that cannot be asked. It is neither clean nor dead |

The reason stands beside it:

| reason | of | meaning |
| --- | --- | --- |
| expired, revoked, disabled | inactive | its time is over, it was taken back, it is switched off |
| not-found | inactive | its issuer does not know it: deleted, or never issued there |
| wrong-secret | inactive | its public half is known and works, and this secret does not belong to it |
| unreachable | unknown | no answer that counts, or one that is not the issuer's |
| incomplete | unknown | what is needed to ask does not stand beside it: the other half, the tenant, the host |
| skipped | unknown | nobody allowed it: `--verify-host`, `--verify-logins`, the policy's `accounts` |
| canary | unknown | its owner laid it as a trap: to ask would raise the alarm |
| unsupported | unknown | nobody here knows how to ask |

What works is an error (`credential-active`), and so the exit status is 1. What is unknown is no finding: the last line
tells `none of them works` from `none is known to work; of 2 nobody could tell (1 unreachable, 1 skipped)`.

";

/// Text of `docs/verification.md`.
pub(super) fn page() -> String {
    let mut out = String::from(HEAD);
    out.push_str(
        "## Who is asked\n\n| issuer | kinds of credentials | hosts of its own | how |\n| --- | --- | --- | --- |\n",
    );
    for verifier in ALL {
        let kinds: Vec<String> = verifier.kinds.iter().map(|kind| format!("`{kind}`")).collect();
        let _ =
            writeln!(out, "| {} | {} | {} | {} |", verifier.issuer, kinds.join(", "), hosts(verifier), way(verifier));
    }
    out.push_str("\nKinds that are not listed are not asked about.\n");
    own_credentials(&mut out);
    out.push_str("\n## What each call tells and leaves behind\n");
    for verifier in ALL.iter().filter(|verifier| !verifier.calls.is_empty()) {
        let _ = write!(out, "\n### {} (`{}`)\n\n", verifier.issuer, verifier.name);
        out.push_str("| call | tells | leaves |\n| --- | --- | --- |\n");
        for call in verifier.calls {
            let _ = writeln!(out, "| `{}` | {} | {} |", call.request, cell(call.tells), cell(call.leaves));
        }
    }
    out
}

/// What is looked at in AWS by who runs the program.
fn own_credentials(out: &mut String) {
    let list = |calls: &[&str]| calls.iter().map(|call| format!("`{call}`")).collect::<Vec<_>>().join(", ");
    let (keys, stores) = (list(&KEY_CALLS), list(&STORE_CALLS));
    let _ = write!(
        out,
        "
## With your own AWS credentials

Where AWS's tools would find credentials of yours (environment, profile, single sign-on, role of the machine), they are
used to look, and never meet those that were found. Without them, or without a permission, less is known, and that is
said.

- Of access keys in your account: when they were made and last used, whether they are switched on, whose they are, and
  whether AWS has restricted their user because it found them in public. That is the only way to tell anything of a key of
  which only the id was found. Calls: {keys}.
- Of what keeps the state of S3 backends: versioning, encryption, public access, policy, lock table or the right to the
  lock file, rotation of the key. Calls: {stores}.

All of it reads. Your requests stand in CloudTrail under your own name. A policy that lets you see all of it:

```json
{POLICY}
```
"
    );
}

/// What `s3:HeadBucket` and some others need is called otherwise:
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": [
      "iam:GetAccessKeyLastUsed", "iam:ListAccessKeys", "iam:ListAttachedUserPolicies", "sts:GetAccessKeyInfo",
      "iam:GetRole", "iam:SimulatePrincipalPolicy",
      "s3:ListBucket", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketPolicy", "dynamodb:DescribeTable", "kms:DescribeKey", "kms:GetKeyRotationStatus"
    ],
    "Resource": "*"
  }]
}"#;

/// How people name the hosts that they run themselves.
fn hosts(verifier: &Verifier) -> String {
    // `vault-approle` is a way into what `vault` names.
    let word = verifier.name.split('-').next();
    let named = ALL.iter().find(|other| other.self_hosted && Some(other.name) == word);
    named.map(|named| format!("`--verify-host {}=URL`", named.name)).unwrap_or_default()
}

fn way(verifier: &Verifier) -> &'static str {
    match (&verifier.ask, verifier.logs_in) {
        (Ask::Offline(_), _) => "nothing is sent",
        (_, true) => "by a log-in: `--verify-logins`",
        (_, false) => "by reading",
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
