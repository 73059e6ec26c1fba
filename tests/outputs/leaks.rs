//! Secrets of many shapes, recognised or not, on lines that findings point at: no output holds a part of one.

use super::fixture::{input, place, source};
use super::{in_actions, rendered};
use credlint::finding::{CredentialUse, Finding, Fix, IgnoreSite, Occurrence, Secret, Strength};
use credlint::output::Context;
use credlint::report::build;

const SECRETS: [&str; 12] = [
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
    "hvs.CAESIJexampleexampleexampleexample",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def_ghi",
    "deadbeefdeadbeefdeadbeefdeadbeef",
    "correct horse battery staple",
    "Tr0ub4dor&3!x,y:z=1{2}[3](4)",
    "SharedAccessSignature=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==",
    "postgres://admin:hunter2hunter2@db.example.com:5432/x",
    "MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy",
    "SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "pässwörd-mit-ümlaut-lang",
];

const LINES: [&str; 16] = [
    "password = \"$\"",
    "x = \"$\" # $",
    "# $",
    "$",
    "    $\\",
    "bucket = \"$\"",
    "\"x\": \"$\",",
    "- run: curl -u $ https://example.com",
    "export X=$",
    "source = \"git::https://x:$@example.com/r?token=$\"",
    "tags = { Name = \"$\", Other = \"y\" }",
    "region = \"$\"",
    "version = \"$\"",
    "x = <<EOT $",
    "name = \"a\\\"$\"",
    "# credlint:ignore tfvars-secret reason=\"$\"",
];

#[test]
fn no_format_shows_a_part_of_a_secret() {
    for secret in SECRETS {
        for line in LINES {
            for recognised in [true, false] {
                // A reason in plain words is a sentence to anybody who does not know the secret.
                if !recognised && secret.contains(' ') && line.contains("reason") {
                    continue;
                }
                check(secret, line, recognised);
            }
        }
    }
}

fn check(secret: &str, line: &str, recognised: bool) {
    let text = line.replace('$', secret);
    let file = source("a.tf", &format!("first = 1\n{text}\nlast = 1\n"));
    let whole = place(&file, &text);
    let mut finding = Finding::new("tfvars-secret", whole.clone(), "a secret").related(whole.clone(), "here");
    finding = finding.fix(Fix::safe(whole.clone(), ""));
    if recognised {
        let (value, weak) = (Secret::new(secret), Strength::Guessable);
        let found = CredentialUse::new("password", value, weak, Occurrence::Text, place(&file, secret));
        finding = finding.credential(found);
    }
    let mut input = input(vec![finding]);
    input.ignores = vec![IgnoreSite { source: file, comment: whole.span, covers: whole.span }];
    let report = build(input);
    let chars: Vec<char> = secret.chars().collect();
    let parts: Vec<String> = chars.windows(12).map(|part| part.iter().collect()).collect();
    for format in credlint::output::ALL {
        for context in [in_actions(), Context { color: true, verbose: true, ..Context::default() }] {
            let out = rendered(format.name, &report, &context);
            let leak = parts.iter().find(|part| out.contains(*part));
            assert_eq!(leak, None, "{} of {line:?}: {out}", format.name);
        }
    }
    let debug = format!("{report:?}");
    assert!(!parts.iter().any(|part| debug.contains(part)), "{debug}");
}
