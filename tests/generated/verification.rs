//! The page that says whom `--verify` asks, what is sent, and what that leaves behind.

use credlint::verify::{ALL, Ask, Verifier};
use std::fmt::Write as _;

const HEAD: &str = "# Verification

Written from the verifiers themselves; `UPDATE=1 cargo test generated` writes this page anew.

`credlint verify` and `check --verify` ask a credential's own issuer whether it still works, whose it is, and how old it
is. `--verify=plan` prints every call that would be made and makes none.

## What is safe about it

- Nobody is asked unless you ask for it, and never on a pull request from a fork.
- A credential is sent to its own issuer and to nobody else. The addresses of issuers are compiled in. Those of servers
  that people run themselves are taken from `--verify-host KIND=URL` alone, never from the files that are checked: whoever
  wrote those could name a host of their own.
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
| active | the issuer accepted it |
| inactive | the issuer itself says that it does not work, in words that mean nothing else |
| unknown | anything else: no answer in time, a busy or broken service, a sign-in page, a part that is missing, an issuer that cannot be asked. It is neither clean nor dead |

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
    out.push_str("\nKinds that are not listed are not asked about.\n\n## What each call tells and leaves behind\n");
    for verifier in ALL.iter().filter(|verifier| !verifier.calls.is_empty()) {
        let _ = write!(out, "\n### {} (`{}`)\n\n", verifier.issuer, verifier.name);
        out.push_str("| call | tells | leaves |\n| --- | --- | --- |\n");
        for call in verifier.calls {
            let _ = writeln!(out, "| `{}` | {} | {} |", call.request, cell(call.tells), cell(call.leaves));
        }
    }
    out
}

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
