//! Every format is found where it stands and nowhere else.

use super::*;
use crate::finding::Confidence;

/// Of a kind: texts in which it stands, with the secret between « and »; texts in which it does not. A middle dot breaks
/// what others would take for a live credential, and is left out.
pub(super) type Example = (&'static str, &'static [&'static str], &'static [&'static str]);

const EXAMPLES: &[&[Example]] = &[
    aws::EXAMPLES,
    google::EXAMPLES,
    azure::EXAMPLES,
    hashicorp::EXAMPLES,
    github::EXAMPLES,
    gitlab::EXAMPLES,
    atlassian::EXAMPLES,
    slack::EXAMPLES,
    monitoring::EXAMPLES,
    hosting::EXAMPLES,
    databases::EXAMPLES,
    packages::EXAMPLES,
    services::EXAMPLES,
    automation::EXAMPLES,
    delivery::EXAMPLES,
    networks::EXAMPLES,
    workplaces::EXAMPLES,
    commerce::EXAMPLES,
    models::EXAMPLES,
    identity::EXAMPLES,
    private_key::EXAMPLES,
    jwt::EXAMPLES,
    http::EXAMPLES,
    urls::EXAMPLES,
];

fn examples() -> impl Iterator<Item = &'static Example> {
    EXAMPLES.iter().flat_map(|family| family.iter())
}

/// The text of an example, and where its secret stands.
fn read(example: &str) -> (String, Range<usize>) {
    let example = example.replace('·', "");
    let (before, rest) = example.split_once('«').expect("an example marks its secret");
    let (secret, after) = rest.split_once('»').expect("an example marks the end of its secret");
    (format!("{before}{secret}{after}"), before.len()..before.len() + secret.len())
}

/// A text as Go writes it into JSON.
fn json(text: &str) -> String {
    let text = serde_json::to_string(text).expect("a string is JSON");
    text.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

#[test]
fn every_example_is_found_where_it_stands() {
    let mut broken = Vec::new();
    for (kind, found, _) in examples() {
        for example in *found {
            let (text, secret) = read(example);
            let hits = find(&text);
            if !matches!(&hits[..], [hit] if hit.kind == *kind && hit.secret == secret) {
                let hits: Vec<_> = hits.iter().map(|hit| (hit.kind, &text[hit.secret.clone()])).collect();
                broken.push(format!("{kind}: {text}\n    {hits:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn what_is_no_credential_is_not_found() {
    let mut broken = Vec::new();
    for (kind, _, not_found) in examples() {
        for text in *not_found {
            let text = text.replace('·', "");
            let hits: Vec<_> = find(&text).into_iter().filter(|hit| hit.confidence > Confidence::Low).collect();
            if !hits.is_empty() || find(&text).iter().any(|hit| hit.kind == *kind && *kind == aws::KEY_ID) {
                broken.push(format!("{kind}: {text}\n    {hits:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_detector_is_tried_and_documented() {
    for detector in detectors() {
        let kind = detector.kind;
        assert!(examples().any(|(of, found, _)| *of == kind && !found.is_empty()), "{kind} has no example");
        assert!(detector.reference.starts_with("https://"), "{kind} names no source");
        for literal in detector.literals {
            assert!(literal.len() >= 3, "{literal} of {kind} is too common");
            let safe = |c: char| c.is_ascii_alphanumeric() || " !$()+-./:=@_~{}".contains(c);
            assert!(literal.chars().all(safe), "{literal} of {kind} may be escaped in JSON");
        }
        assert!(kind.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{kind}");
    }
    for (kind, ..) in examples() {
        assert!(detectors().any(|detector| detector.kind == *kind), "{kind}");
    }
}

#[test]
fn literals_are_met_in_the_order_that_they_end_in() {
    let literals: Vec<&str> = detectors().flat_map(|detector| detector.literals).copied().collect();
    let owners = detectors().enumerate().flat_map(|(number, detector)| vec![number; detector.literals.len()]);
    let owners: Vec<usize> = owners.collect();
    let automaton = aho_corasick::AhoCorasick::new(&literals).unwrap();
    let once = literals.concat();
    for shift in 0..8 {
        let text = format!("{}{}", "y".repeat(shift), once.repeat(2 * search::CHUNK / once.len() + 2));
        let met = search::sightings(&text).map(|sighting| (sighting.number, sighting.literal));
        let all = automaton.find_overlapping_iter(&text);
        assert!(met.eq(all.map(|found| (owners[found.pattern().as_usize()], found.range()))), "{shift}");
    }
}

/// The contract of [`Candidates`], wherever the chunks of a parallel search begin.
#[test]
fn what_is_found_in_a_string_has_a_candidate_in_it() {
    let (mut raw, mut strings) = ("[\"k\"".to_owned(), Vec::new());
    for example in examples().flat_map(|(_, found, _)| *found) {
        let encoded = json(&read(example).0);
        strings.push(raw.len() + 1..raw.len() + 1 + encoded.len());
        raw = raw + "," + &encoded;
    }
    for chunk in [search::CHUNK, 61, 64, 67] {
        let offsets = search::Offsets::new(raw.as_bytes(), chunk);
        for string in &strings {
            assert!(offsets.any_in(string.clone()), "{}", &raw[string.clone()]);
        }
        assert!(!offsets.any_in(0..0) && !offsets.any_in(0..4) && !offsets.any_in(raw.len()..raw.len() + 9));
    }
}

#[test]
fn a_whole_value_is_recognised() {
    let key = concat!("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17");
    assert_eq!(recognise(&format!(" {key}\n")), Some("github-token"));
    assert_eq!(recognise(&format!("token {key}")), None);
    assert_eq!(recognise("AKIAIOSFODNN7EXAMPLE"), None);
    assert_eq!(recognise(""), None);
}

/// Cuts every example everywhere, and repeats every literal: nothing panics, and nothing is looked at over and over.
#[test]
fn hostile_texts_cost_little() {
    for (_, found, not_found) in examples() {
        for example in found.iter().chain(*not_found) {
            for (at, _) in example.char_indices() {
                find(&example[at..]);
                find(&example[..at]);
            }
        }
    }
    let candidates = |bytes: &[u8]| Candidates::new(bytes).any_in(0..bytes.len());
    let literals = || detectors().flat_map(|detector| detector.literals);
    for between in ["", "=", "/a", "\"é:a@"] {
        for literal in literals() {
            let unit = format!("{literal}{between}");
            find(&unit.repeat(4_000 / unit.len()));
            candidates(unit.repeat(1_000 / unit.len()).as_bytes());
        }
    }
    for bytes in [&b""[..], b"\xff", b"\0\0\0\0", b"AKIA\xff\xff"] {
        candidates(bytes);
    }
}
