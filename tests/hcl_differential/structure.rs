//! The structure of hand cases and of thousands of mutations of them, on all levels.

use super::cases::CASES;
use super::random::Random;
use super::terraform::{Verdict, validate};
use credlint::document::hcl::{Body, Parsed, ProblemScope, parse};
use std::collections::BTreeSet;

/// How deep the comparison goes.
const LEVELS: usize = 6;

/// What is accepted, but by the limits of our parser without a value.
const WITHOUT_VALUE: &[&str] = &["num_huge"];

fn offsets(body: &Body) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let attributes = body.attributes.iter().map(|attribute| attribute.name_span.start as usize).collect();
    let blocks = body.blocks.iter().map(|block| block.span.start as usize).collect();
    (attributes, blocks)
}

/// Compares one file with Terraform's verdict; says what is wrong with it.
fn difference(parsed: &Parsed, verdict: &Verdict) -> Option<String> {
    if let Some(problem) = parsed.problems.iter().find(|problem| problem.scope == ProblemScope::File) {
        return Some(format!("accepted by Terraform: {problem:?}"));
    }
    let (attributes, blocks) = offsets(&parsed.body);
    if attributes != verdict.attributes {
        return Some(format!("attributes at {attributes:?}, Terraform has {:?}", verdict.attributes));
    }
    (blocks != verdict.blocks).then(|| format!("blocks at {blocks:?}, Terraform has {:?}", verdict.blocks))
}

/// Compares files, then what stands inside their blocks as files of their own, and so on. Returns how many Terraform
/// accepts, and which of those have values that could not be parsed.
fn compare(files: Vec<Vec<u8>>) -> (usize, Vec<usize>) {
    let mut accepted = 0;
    let mut without_value = Vec::new();
    let mut level: Vec<(usize, Vec<u8>)> = files.into_iter().enumerate().collect();
    for depth in 0..LEVELS {
        let texts: Vec<Vec<u8>> = level.iter().map(|(_, bytes)| bytes.clone()).collect();
        if texts.is_empty() {
            break;
        }
        let mut inner = Vec::new();
        for ((index, bytes), verdict) in level.iter().zip(validate(&texts)) {
            let shown = bytes.escape_ascii();
            if !verdict.refusals.is_empty() {
                assert_eq!(depth, 0, "Terraform refuses what is inside a block: {verdict:?}\n{shown}");
                continue;
            }
            let parsed = parse(bytes);
            if let Some(difference) = difference(&parsed, &verdict) {
                panic!("{difference}\n{shown}");
            }
            if depth == 0 {
                accepted += 1;
                if !parsed.problems.is_empty() {
                    without_value.push(*index);
                }
            }
            let bodies = parsed.body.blocks.iter().map(|block| bytes[block.inner.range()].to_vec());
            inner.extend(bodies.filter(|body| !body.trim_ascii().is_empty()).map(|body| (*index, body)));
        }
        level = inner;
    }
    (accepted, without_value)
}

#[test]
fn hand_cases_have_the_structure_that_terraform_sees() {
    let (accepted, without_value) = compare(CASES.iter().map(|case| case.1.to_vec()).collect());
    let without_value: Vec<&str> = without_value.into_iter().map(|index| CASES[index].0).collect();
    assert_eq!(without_value, WITHOUT_VALUE, "accepted by Terraform, but a value is not parsed");
    assert!(accepted * 2 > CASES.len(), "Terraform accepts only {accepted} of {} cases", CASES.len());
}

/// Pieces of the language, to be thrown in anywhere.
const PIECES: &[&str] = &[
    "\n",
    " ",
    "\r\n",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "${",
    "%{",
    "~}",
    "$${",
    "%%{",
    "<<E\n",
    "<<-E\n",
    "\nE\n",
    "  E\n",
    "E",
    "#",
    "//",
    "/*",
    "*/",
    "=",
    "==",
    "=>",
    ":",
    ",",
    ".",
    "...",
    "?",
    "-",
    "!",
    "&&",
    "1",
    "\\",
    "\\\"",
    "for ",
    "x in y",
    "if ",
    "%{ if x }",
    "%{ endif }",
    "a",
    "b = 1\n",
    "c {\n",
    "}\n",
    "d {}\n",
    "\u{e9}",
    "\0",
    "\u{feff}",
    "null",
    "*",
    "[*]",
];

/// A text made of a few cases, some of them inside blocks, with a few small changes.
fn mutation(random: &mut Random, cases: &[&[u8]]) -> Vec<u8> {
    let mut text: Vec<u8> = Vec::new();
    for _ in 0..1 + random.below(3) {
        let case = random.pick(cases);
        let name = random.below(1_000_000);
        // Attributes must not be defined twice: each case gets a block of its own.
        text.extend_from_slice(format!("block{name} {{\n").as_bytes());
        text.extend_from_slice(case);
        if !case.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(b"}\n");
    }
    for _ in 0..random.below(4) {
        let at = random.below(text.len());
        let end = (at + random.below(4)).min(text.len());
        let piece = PIECES[random.below(PIECES.len())].as_bytes().to_vec();
        match random.below(4) {
            0 => drop(text.drain(at..end)),
            1 => drop(text.splice(at..end, piece)),
            2 => {
                let copied = text[at..end].to_vec();
                let to = random.below(text.len());
                drop(text.splice(to..to, copied));
            }
            _ => drop(text.splice(at..at, piece)),
        }
        if text.is_empty() {
            text.push(b'\n');
        }
    }
    text
}

#[test]
fn mutations_have_the_structure_that_terraform_sees() {
    let cases: Vec<Vec<u8>> = CASES.iter().map(|case| case.1.to_vec()).collect();
    let verdicts = validate(&cases);
    let accepted = cases.iter().zip(&verdicts).filter(|(_, verdict)| verdict.refusals.is_empty());
    let accepted = accepted.map(|(case, _)| &case[..]).filter(|case| parse(case).problems.is_empty());
    let accepted: Vec<&[u8]> = accepted.collect();
    let mut random = Random::new(20_240_607);
    // Terraform's scanner takes some bytes that are not UTF-8 for letters; what it makes of them is of no use.
    let files = (0..3_000).map(|_| mutation(&mut random, &accepted)).filter(|file| std::str::from_utf8(file).is_ok());
    let files: Vec<Vec<u8>> = files.collect();
    let (accepted, without_value) = compare(files.clone());
    assert!(without_value.is_empty(), "a value is not parsed: {}", files[without_value[0]].escape_ascii());
    assert!(accepted > 500, "Terraform accepts only {accepted}: they say too little");
}
