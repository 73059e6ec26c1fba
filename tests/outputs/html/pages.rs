//! The reports that are looked at: one with everything, one hostile, one large, one empty.

use crate::outputs::fixture::{RULES, input, place, source};
use credlint::finding::{
    CredentialUse, Finding, Notification, Occurrence, Place, Reason, Secret, Strength, Verification,
};
use credlint::report::{Input, Report, build};
use credlint::text::{RepoPath, Source, Span};
use std::sync::Arc;

pub(super) fn all() -> [(&'static str, Report); 4] {
    [("verified", verified()), ("hostile", hostile()), ("large", large()), ("empty", whole(Vec::new()))]
}

fn whole(findings: Vec<Finding>) -> Report {
    build(Input { whole_tree: false, ..input(findings) })
}

fn at(time: &str) -> Option<jiff::Timestamp> {
    Some(time.parse().unwrap())
}

/// What five issuers say, each in its own way.
fn verdicts() -> [(&'static str, &'static str, Option<&'static str>, Option<Verification>); 6] {
    let root = Verification {
        root: true,
        account: Some("111122223333".into()),
        created_at: at("2024-02-11T08:00:00Z"),
        last_used_at: at("2026-11-20T08:00:00Z"),
        ..Verification::active().principal("arn:aws:iam::111122223333:root".to_owned())
    };
    let deployer = Verification {
        account: Some("111122223333".into()),
        created_at: at("2026-09-01T08:00:00Z"),
        expires_at: at("2027-09-01T08:00:00Z"),
        ..Verification::active()
            .principal("arn:aws:iam::111122223333:user/ci/terraform-deployer-of-everything".to_owned())
    };
    let revoked = Verification::inactive(Reason::Revoked).principal("octocat".to_owned());
    let silent = Verification::unknown(Reason::Unreachable, "vault.example.com did not answer within 10 s");
    [
        ("aws-access-key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Some("AKIAIOSFODNN7EXAMPLE"), Some(deployer)),
        ("aws-access-key", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY", Some("AKIAI44QH8DHBEXAMPLE"), Some(root)),
        ("github-token", "ghp_0123456789abcdefghijklmnopqrstuvwxyz", None, Some(revoked)),
        ("vault-token", "hvs.CAESIJexampleexampleexampleexample", None, Some(silent)),
        ("password", "correct-horse-battery", None, None),
        ("database-password", "staple-horse-battery", None, None),
    ]
}

const COMMAND: &str = "aws iam update-access-key --access-key-id 'AKIAIOSFODNN7EXAMPLE' --status Inactive";

/// A report with something of everything, and credentials in every state.
pub(super) fn verified() -> Report {
    let verdicts = verdicts();
    let main = verdicts.iter().map(|(_, value, ..)| format!("resource \"x\" \"y\" {{\n  secret = \"{value}\"\n}}\n"));
    let main = source("infra/main.tf", &main.collect::<String>());
    let mut findings = Vec::new();
    for (number, (kind, value, id, verdict)) in verdicts.into_iter().enumerate() {
        let state = format!("{{\n  \"secret_key\": \"{value}\"\n}}\n");
        let state =
            source(&format!("environments/production/eu-west-1/stack-{}/terraform.tfstate", number / 2), &state);
        for (file, found_in) in [(&main, Occurrence::Hcl), (&state, Occurrence::State)] {
            let strength = if number < 4 { Strength::Unguessable } else { Strength::Guessable };
            let spot = place(file, value);
            let mut used = CredentialUse::new(kind, Secret::new(value), strength, found_in, spot.clone());
            used = used.id(id.map(str::to_owned));
            used.verification = verdict.clone().map(Arc::new);
            let finding =
                Finding::new("backend-static-credential", spot, format!("a {kind} stands in the {found_in:?}"));
            let finding = finding.address(format!("aws_db_instance.db{number}")).attribute("password").credential(used);
            findings.push(finding.remedy("Make a new one, then switch off the old one.").command(COMMAND));
        }
    }
    let provider = place(&main, "resource \"x\"");
    let snippet = "required_providers {\n  aws = { source = \"hashicorp/aws\", version = \"~> 6.0\" }\n}\n";
    let unpinned = Finding::new("provider-unpinned", provider.clone(), "provider aws has no version constraint");
    let unpinned = unpinned.address("provider.aws").module("infra").related(provider, "it is configured here");
    findings.push(unpinned.remedy("Say which versions it was tested with:").command("terraform init").snippet(snippet));
    let old = source("legacy/main.tf", "provider \"aws\" {\n}\n");
    let hidden = Finding::new("provider-unpinned", place(&old, "provider"), "provider aws has no version constraint");
    findings.push(hidden.address("provider.aws").module("legacy"));
    let note = Finding::new("unused-ignore", place(&old, "}"), "this ignore hides nothing");
    findings.push(note.module("legacy"));
    let notifications = vec![Notification::warning(&RepoPath::new("infra/broken.tf"), "line 3 could not be parsed")];
    build(Input { notifications, ..input(findings) })
}

const NAMES: [&str; 11] = [
    "<script>window.pwned = 1</script>",
    "\"><img src=x onerror=window.pwned=1>",
    "' onmouseover='window.pwned=1' x='",
    "</style></script><script>window.pwned=1</script>",
    "</title></svg><svg onload=window.pwned=1>",
    "javascript:window.pwned=1",
    "]]><iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<!--<script>",
    "x\n::error::y\n  ::stop-commands::z",
    "{{ 7 * 7 }} &lt;b&gt; &amp;",
    "ok\u{202e}mt.niam\u{200b}\n<base href=https://example.com>",
];

/// A report in which every text that a repository or an issuer chooses tries to be more than text.
pub(super) fn hostile() -> Report {
    let findings = NAMES.iter().map(|name| {
        let file =
            Arc::new(Source::new(RepoPath::new(name), format!("secret = \"hunter2-hunter2-{name}\"").into_bytes()));
        let spot = Place::new(&file, Span::new(0, 12));
        let secret = Secret::new(format!("hunter2-hunter2-{name}"));
        let mut used = CredentialUse::new("password", secret, Strength::Unguessable, Occurrence::Hcl, spot.clone());
        used = used.id(Some((*name).to_owned()));
        let said =
            Verification { account: Some((*name).into()), ..Verification::active().principal((*name).to_owned()) };
        used.verification = Some(Arc::new(said.detail(*name)));
        let finding = Finding::new("tfvars-secret", spot.clone(), *name).address(*name).attribute(*name).module(*name);
        finding.related(spot, *name).remedy(*name).command(*name).snippet(*name).credential(used)
    });
    let findings: Vec<Finding> = findings.collect();
    let notifications = NAMES.iter().map(|name| Notification::warning(&RepoPath::new(name), *name)).collect();
    let root = NAMES.concat();
    build(Input { whole_tree: false, root, notifications, ..input(findings) })
}

/// 5,000 findings in 200 modules.
fn large() -> Report {
    let files = (0..200).map(|module| {
        let text: String = (0..25).map(|line| format!("name_{line} = \"value-{module}-{line}\"\n")).collect();
        (format!("modules/m{module}"), source(&format!("modules/m{module}/main.tf"), &text))
    });
    let findings = files.flat_map(|(module, file)| {
        (0..25_usize).map(move |line| {
            let rule = RULES[line % 2].id;
            let spot = place(&file, &format!("name_{line} ="));
            let finding = Finding::new(rule, spot, format!("argument {line} of {module} is not as it should be"));
            let finding = finding.module(module.as_str()).attribute(format!("name_{line}"));
            finding.remedy("Mend it, and see what follows from it.").command("terraform init -reconfigure")
        })
    });
    whole(findings.collect())
}
