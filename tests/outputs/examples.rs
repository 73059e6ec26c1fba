//! The examples in the rules' documentation hold made-up credentials. Where a repository holds the same ones, they are
//! secrets as all others: no format shows them, not even as an example.

use super::{in_actions, rendered};
use crate::outputs::fixture::input;
use crate::rules::{markdown::examples, memory};
use credlint::finding::Finding;
use credlint::output::ALL as FORMATS;
use credlint::report::{Input, RuleMeta, build};
use credlint::rules::{self, Check};

/// What is shorter stands in any text.
const LEAST: usize = 8;

#[test]
fn no_format_shows_the_secret_of_an_example() {
    let meta = |rule: &&'static rules::Rule| RuleMeta {
        id: rule.id,
        severity: rule.severity,
        summary: rule.summary,
        documentation: rule.documentation,
        doc_url: "",
        ran: true,
    };
    let metas: Vec<RuleMeta> = rules::ALL.iter().map(meta).collect();
    let mut looked_for = 0;
    for rule in rules::ALL.iter().copied().filter(|rule| !matches!(rule.check, Check::Report)) {
        for files in examples(rule.documentation, "Bad") {
            let findings = memory::findings(&files, &[rule]);
            let secrets: Vec<String> = findings.iter().filter_map(secret).collect();
            looked_for += secrets.len();
            let report = build(Input { rules: &metas, ..input(findings) });
            for format in FORMATS {
                let text = rendered(format.name, &report, &in_actions());
                let shown = secrets.iter().any(|secret| text.contains(secret));
                assert!(!shown, "{}: {} shows a secret of an example", rule.id, format.name);
            }
        }
    }
    assert!(looked_for > 20, "{looked_for} secrets were looked for");
}

fn secret(finding: &Finding) -> Option<String> {
    let value = finding.credential.as_ref()?.secret.expose();
    (value.len() >= LEAST).then(|| value.to_owned())
}
