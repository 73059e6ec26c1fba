//! Archives that lie: what can be read is read, and the rest is told.

use super::super::Section;
use super::tests::{Heard, dynamic, field, list, object, resource, text, typed};
use super::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const LIMITS: Limits = Limits { entry: 1 << 20, total: 2 << 20 };

/// An archive of these entries.
fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read_as(path: &str, bytes: &[u8], limits: Limits) -> (Heard, Reading) {
    let mut heard = Heard::default();
    let reading = read_archive(&RepoPath::new(path), bytes, limits, &mut heard);
    (heard, reading)
}

fn messages(reading: &Reading) -> Vec<&str> {
    assert!(reading.problems.iter().all(|problem| problem.span.is_none()));
    reading.problems.iter().map(|problem| problem.message.as_str()).collect()
}

fn small_plan() -> Vec<u8> {
    resource("x.y", &[dynamic(2, object(&[("p", text("planned"))]))])
}

const FILE: (&str, &[u8]) = ("tfconfig/m-/main.tf", b"# configuration");

/// What is heard of [`small_plan`] and [`FILE`].
const BOTH: [&str; 2] = ["tfconfig/m-/main.tf =# configuration", "x.y p=planned"];

#[test]
fn an_archive_with_a_plan_is_one_whatever_its_name() {
    let plan = small_plan();
    let others: [(&str, &[u8]); 5] = [
        ("/etc/passwd", b"outside"),
        ("../../tfplan", b"outside"),
        (".terraform.lock.hcl", b"provider {}"),
        ("tfconfig/", b""),
        ("nested.zip", b"PK\x03\x04"),
    ];
    let bytes = zip_of(&[&[("tfplan", &plan[..]), FILE], &others[..]].concat());
    for name in ["plan.out", "whatever.bin"] {
        let (heard, reading) = read_as(name, &bytes, LIMITS);
        assert_eq!((reading.format, messages(&reading)), (Format::Plan, vec![]));
        assert_eq!(heard.lines(), BOTH);
        assert_eq!(heard.leaves[0].owner.section, Section::Configuration);
    }
}

#[test]
fn other_archives_are_none_and_only_bad_if_they_should_be() {
    let bytes = zip_of(&[("index.js", b"exports.handler")]);
    for (path, problems) in [("lambda.zip", vec![]), ("a/prod.tfplan", vec!["this is a zip archive and no plan"])] {
        let (heard, reading) = read_as(path, &bytes, LIMITS);
        assert_eq!((reading.format, messages(&reading), heard.leaves.len()), (Format::Other, problems, 0));
    }
    let (_, reading) = read_as("tfplan", b"PK\x05\x06", LIMITS);
    assert_eq!((reading.format, reading.problems.len()), (Format::Plan, 1));
}

#[test]
fn names_are_shown_escaped_and_not_endless() {
    let long = "é".repeat(500);
    let name = format!("tfconfig/\u{1b}[31m\n../../{long}.tf");
    let bytes = zip_of(&[("tfplan", b""), (&name, b"text")]);
    let (heard, reading) = read_as("tfplan", &bytes, LIMITS);
    assert_eq!(messages(&reading), [""; 0]);
    let address = &heard.leaves[0].owner.address;
    assert!(address.starts_with(r"tfconfig/\u{1b}[31m\n../../é"), "{address}");
    assert!(address.chars().count() < 250 && address.ends_with("..."));
    assert_eq!(archive::shown(b"a\xff\xfeb"), r"a\xff\xfeb");
}

#[test]
fn bombs_are_let_off_in_small() {
    let limits = Limits { entry: 2 << 20, total: 5 << 20 };
    let zeros = vec![0; 3 << 20];
    let plan = small_plan();
    let too_long = "in `tfconfig` of the archive: it is too large; its end was not read";
    let (heard, reading) = read_as("tfplan", &zip_of(&[("tfconfig/a.tf", &zeros), ("tfplan", &plan), FILE]), limits);
    assert_eq!(messages(&reading), [too_long]);
    assert_eq!(heard.lines()[1..], BOTH);
    assert_eq!(heard.leaves[0].text.len(), 2 << 20);

    let packed = zip_of(&[("tfplan", &zeros)]);
    let unpacked = archive::Archive::open(&packed, limits).ok().and_then(|mut archive| archive.unpack(0).ok()).unwrap();
    assert!(unpacked.bytes.capacity() <= (2 << 20) + 1, "no room is made for what is not kept");

    let names: Vec<_> = (0..9).map(|number| format!("tfconfig/{number}.tf")).collect();
    let mut entries = vec![("tfplan", &plan[..])];
    entries.extend(names.iter().map(|name| (name.as_str(), &zeros[..])));
    let (heard, reading) = read_as("tfplan", &zip_of(&entries), limits);
    let read: usize = heard.leaves.iter().map(|leaf| leaf.text.len()).sum();
    assert!(read <= 5 << 20);
    assert_eq!(messages(&reading).last(), Some(&"the archive holds more than 5 MB; the rest of it was not read"));
}

#[test]
fn thousands_of_entries_are_read_and_told_of_once() {
    let names: Vec<_> = (0..5000).map(|number| format!("tfconfig/m-{number}/main.tf")).collect();
    let mut entries = vec![("tfplan", &b"\x1a\xff"[..])];
    entries.extend(names.iter().map(|name| (name.as_str(), &b"text"[..])));
    let (heard, reading) = read_as("tfplan", &zip_of(&entries), LIMITS);
    assert_eq!((heard.leaves.len(), reading.problems.len()), (5000, 1));
}

/// Where a local header with this name begins, and where the entry of the central directory.
fn headers(bytes: &[u8], name: &str) -> (usize, usize) {
    let mut at = memchr::memmem::find_iter(bytes, name.as_bytes());
    let (local, central) = (at.next().unwrap() - 30, at.next().unwrap() - 46);
    assert!(bytes[local..].starts_with(b"PK\x03\x04") && bytes[central..].starts_with(b"PK\x01\x02"));
    (local, central)
}

#[test]
fn a_bad_entry_is_told_and_its_neighbours_are_read() {
    let plan = small_plan();
    let good = zip_of(&[("tfplan", &plan), ("tfconfig/bad.tf", b"some text of a file"), FILE]);
    let (local, central) = headers(&good, "tfconfig/bad.tf");
    let damaged =
        "in `tfconfig` of the archive: it is damaged, cut off, or packed in a way that Terraform does not use";
    // Offset from the central header and from the local one, what is put there, and what is said of it.
    let cases: [(usize, usize, &[u8], &str); 5] = [
        (16, 14, b"\x01\x02\x03\x04", damaged), // the checksum
        (24, 22, b"\xff\xff\xff\x7f", damaged), // the size, which is not believed
        (8, 6, b"\x01\x00", "in `tfconfig` of the archive: it is encrypted"),
        (10, 8, b"\x0c\x00", damaged),         // the method
        (42, 0, b"\xf0\xff\xff\x00", damaged), // where the entry begins
    ];
    for (in_central, in_local, value, message) in cases {
        let mut bytes = good.clone();
        bytes[central + in_central..][..value.len()].copy_from_slice(value);
        if in_central != 42 {
            bytes[local + in_local..][..value.len()].copy_from_slice(value);
        }
        let (heard, reading) = read_as("tfplan", &bytes, LIMITS);
        let said = messages(&reading);
        assert!(said == [message] || (in_central == 24 && said.is_empty()), "{in_central}: {said:?}");
        let lines: Vec<_> = heard.lines().into_iter().filter(|line| !line.contains("bad.tf")).collect();
        assert_eq!(lines, BOTH, "{in_central}");
    }
}

#[test]
fn archives_inside_archives_are_not_opened() {
    let bytes = zip_of(&[("tfplan", b""), FILE]);
    let (heard, reading) = read_as("tfplan", &zip_of(&[("tfplan", b""), ("tfstate", &bytes)]), LIMITS);
    assert_eq!(messages(&reading), ["in `tfstate` of the archive: it is no state"]);
    assert!(heard.leaves.is_empty());
}

#[test]
fn names_that_occur_twice_are_told() {
    let mut bytes = zip_of(&[("tfplan", &small_plan()), ("tfconfig/a.tf", b"one"), ("tfconfig/b.tf", b"two")]);
    let (local, central) = headers(&bytes, "tfconfig/b.tf");
    bytes[local + 30 + 9] = b'a';
    bytes[central + 46 + 9] = b'a';
    let (heard, reading) = read_as("tfplan", &bytes, LIMITS);
    assert_eq!(messages(&reading), ["the archive holds several entries of one name; one of each was read"]);
    assert_eq!(heard.leaves.len(), 2);
}

#[test]
fn what_is_cut_off_or_scribbled_over_ends_in_a_problem_and_no_panic() {
    let plan = small_plan();
    let good = zip_of(&[("tfplan", &plan), FILE, ("tfstate", br#"{"version":4}"#)]);
    for length in 4..good.len() {
        let (_, reading) = read_as("x", &good[..length], LIMITS);
        // Until the first name is there, nothing says that it is a plan.
        assert_eq!(!reading.problems.is_empty(), length >= 36, "{length}");
        let (_, reading) = read_as("tfplan", &good[..length], LIMITS);
        assert_eq!(messages(&reading).len(), 1, "{length}");
    }
    for at in 0..good.len() {
        for value in [0, 0xff, good[at] ^ 1, good[at] ^ 0x80] {
            let mut bytes = good.clone();
            bytes[at] = value;
            read_as("tfplan", &bytes, LIMITS);
        }
    }
    // The same of the message, without the archive's checksums in the way.
    let deep = object(&[("l", list(&[typed(r#""string""#, text("a")), object(&[("k", vec![0xcd, 1, 0])])]))]);
    let path = field(4, [field(1, field(1, "l")), field(1, dynamic(2, vec![1]))].concat());
    let message = resource("x.y[0]", &[dynamic(2, deep.clone()), dynamic(2, deep), path]);
    for at in 0..message.len() {
        for value in 0..=0xff {
            let mut bytes = message.clone();
            bytes[at] = value;
            tfplan::read(&bytes, &mut Variables::new(), &mut Heard::default());
            tfplan::read(&bytes[..at], &mut Variables::new(), &mut Heard::default());
        }
    }
}
