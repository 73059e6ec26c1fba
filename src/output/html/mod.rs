//! One page for people that needs nothing but a browser: findings, the credential map, what to run.

mod credentials;
mod findings;
mod map;

use self::credentials::{Entry, Rotation};
use self::findings::{Group, ModuleRow};
use self::map::Map;
use super::{Context, Format, counted, inventory};
use crate::report::{Counts, Report};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "html",
    summary: "One page for people: findings with filters, a map of the credentials, what to run. Needs no network.",
    render,
};

/// The page's style sheet.
const STYLE: &str = include_str!("style.css");

/// The page's script: filters, copying, the theme. Everything can be read without it.
const SCRIPT: &str = include_str!("script.js");

/// The page, as `page.html` lays it out.
#[derive(Template)]
#[template(path = "page.html", config = "src/output/html/askama.toml")]
struct Page<'a> {
    report: &'a Report,
    counts: Counts,
    title: String,
    groups: Vec<Group<'a>>,
    modules: Vec<ModuleRow<'a>>,
    /// How many modules [`Page::modules`] has no room for, if any.
    more_modules: Option<String>,
    map: Map,
    inventory: Vec<Entry<'a>>,
    rotations: Vec<Rotation<'a>>,
    /// What the issuers said in one line, if they were asked.
    asked: Option<String>,
    policy: String,
    style: &'static str,
    script: &'static str,
    version: &'static str,
}

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    let counts = report.counts();
    let worst = credentials::worst_first(report);
    let (modules, more_modules) = findings::modules(report);
    let page = Page {
        report,
        counts,
        title: format!("{}, {}", counted(counts.error, "error"), counted(counts.warning, "warning")),
        groups: findings::groups(report),
        modules,
        more_modules,
        map: Map::of(&worst, report.today),
        inventory: credentials::entries(&worst, report.today),
        rotations: credentials::rotations(&worst, report),
        asked: inventory::summary(report),
        policy: security_policy(),
        style: STYLE,
        script: SCRIPT,
        version: env!("CARGO_PKG_VERSION"),
    };
    page.write_into(out)?;
    writeln!(out)
}

/// Nothing is loaded and nothing is run but what is written here, whatever the rest of the page says
/// (<https://www.w3.org/TR/CSP3/#csp-header>).
fn security_policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'")
}

/// A sentence in its parts, and whether each is a name: what stands between two backticks.
fn prose(mut text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    while let Some((before, rest)) = text.split_once('`')
        && let Some((name, after)) = rest.split_once('`')
    {
        parts.extend([(false, before), (true, name)]);
        text = after;
    }
    parts.push((false, text));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_words_and_nothing_is_lost() {
        assert_eq!(prose("a `b` c"), [(false, "a "), (true, "b"), (false, " c")]);
        assert_eq!(prose("`a` `b"), [(false, ""), (true, "a"), (false, " `b")]);
    }
}
