//! The credential map: where the worst credentials stand, whether they work, how old they are, what they open. Geometry
//! only; `map.html` draws it.

use super::super::counted;
use super::credentials::{self, Verdict};
use crate::finding::{Occurrence, Status, Verification};
use crate::report::Credential;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// More credentials are counted, not drawn: a picture of everything shows nothing.
const MAX_CREDENTIALS: usize = 12;

/// More places of one credential are counted, not drawn.
const MAX_PLACES: usize = 5;

/// Characters that fit on a line of a box.
const ROOM: usize = 38;

/// Base line of a box's first line, and the distance of the others.
const TITLE: usize = 20;
const LINE: usize = 18;

const GAP: usize = 12;
const HEAD: usize = 34;

/// Left edges of the columns, and the width of their boxes.
const PLACES_X: usize = 2;
const CREDENTIALS_X: usize = 406;
const TARGETS_X: usize = 810;
const BOX: usize = 300;

/// The whole picture, in user units that are pixels at its natural size.
pub(super) struct Map {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Each with its lines to places and targets, so that they can be shown together.
    pub(super) credentials: Vec<Drawn>,
    /// Places and targets, which credentials may share.
    pub(super) others: Vec<Node>,
    /// How many credentials are not drawn, if any.
    pub(super) more: Option<String>,
}

/// One credential with its lines.
pub(super) struct Drawn {
    pub(super) node: Node,
    pub(super) edges: Vec<Edge>,
}

/// A box.
pub(super) struct Node {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) height: usize,
    /// Of the style sheet.
    pub(super) class: &'static str,
    /// The first line.
    pub(super) title: String,
    /// Further lines, each with its base line inside the box.
    pub(super) lines: Vec<(usize, String)>,
    /// What a pointer that rests on it is told.
    pub(super) full: String,
}

/// A line from the right side of one box to the left side of another.
pub(super) struct Edge {
    pub(super) from: (usize, usize),
    pub(super) to: (usize, usize),
}

impl Edge {
    /// The control points' x: half-way.
    pub(super) fn middle(&self) -> usize {
        usize::midpoint(self.from.0, self.to.0)
    }
}

impl Node {
    fn new(x: usize, class: &'static str, title: &str, lines: Vec<String>) -> Self {
        let full = [&[title.to_owned()][..], &lines].concat().join(", ");
        let height = TITLE + lines.len() * LINE + LINE / 2;
        let lines = lines.iter().enumerate().map(|(at, line)| (TITLE + (at + 1) * LINE, shortened(line))).collect();
        Self { x, y: 0, height, class, title: shortened(title), lines, full }
    }

    fn left(&self) -> (usize, usize) {
        (self.x, self.y + self.height / 2)
    }

    fn right(&self) -> (usize, usize) {
        (self.x + BOX, self.y + self.height / 2)
    }
}

/// The end of a path and the start and end of a name say the most: what is too long loses its middle.
fn shortened(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= ROOM {
        return text.to_owned();
    }
    let (head, tail) = (&chars[..ROOM / 2 - 6], &chars[chars.len() - (ROOM / 2 + 5)..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

/// Boxes that several credentials may lead to, by what they are.
#[derive(Default)]
struct Column {
    nodes: Vec<Node>,
    of_key: BTreeMap<String, usize>,
    /// Where the next box goes.
    bottom: usize,
}

impl Column {
    /// The box of that key, which is made and placed if it is new.
    fn node(&mut self, key: &str, at_least: usize, make: impl FnOnce() -> Node) -> &Node {
        let at = *self.of_key.entry(key.to_owned()).or_insert_with(|| {
            let mut node = make();
            node.y = self.bottom.max(at_least);
            self.bottom = node.y + node.height + GAP;
            self.nodes.push(node);
            self.nodes.len() - 1
        });
        &self.nodes[at]
    }
}

impl Map {
    /// Of credentials, the worst first.
    pub(super) fn of(credentials: &[&Credential], today: Date) -> Self {
        let (mut places, mut targets) = (Column::default(), Column::default());
        let mut drawn = Vec::new();
        let mut top = HEAD;
        for credential in credentials.iter().take(MAX_CREDENTIALS) {
            let mut node = credential_node(credential, today);
            node.y = top;
            let mut edges = Vec::new();
            for (path, occurrences) in by_path(credential).into_iter().take(MAX_PLACES) {
                let place = places.node(path, top, || place_node(path, &occurrences));
                edges.push(Edge { from: place.right(), to: node.left() });
            }
            let target = target_of(credential);
            let target = targets.node(&target.full.clone(), top, || target);
            edges.push(Edge { from: node.right(), to: target.left() });
            // The next row starts below all of this one, so that lines stay short.
            top = (node.y + node.height + GAP).max(places.bottom).max(targets.bottom);
            drawn.push(Drawn { node, edges });
        }
        let mut others = places.nodes;
        others.append(&mut targets.nodes);
        let more = credentials.len().checked_sub(MAX_CREDENTIALS).filter(|more| *more > 0);
        let more = more.map(|more| counted(more, "more credential"));
        Self { width: TARGETS_X + BOX + 2, height: top, credentials: drawn, others, more }
    }

    /// The middle of the columns and their headings.
    pub(super) fn headings() -> [(usize, &'static str); 3] {
        [(PLACES_X, "Stands in"), (CREDENTIALS_X, "Credential"), (TARGETS_X, "Opens")]
    }

    /// The base line of a box's first line.
    pub(super) fn title() -> usize {
        TITLE
    }

    /// The width of every box.
    pub(super) fn box_width() -> usize {
        BOX
    }
}

/// The places of a credential by file, those with the most first.
fn by_path(credential: &Credential) -> Vec<(&str, Vec<&crate::report::CredentialOccurrence>)> {
    let mut by_path: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for occurrence in &credential.occurrences {
        by_path.entry(occurrence.spot.path.shown()).or_default().push(occurrence);
    }
    by_path.into_iter().collect()
}

fn place_node(path: &str, occurrences: &[&crate::report::CredentialOccurrence]) -> Node {
    let kind = occurrences.first().map_or("", |occurrence| kind(occurrence.source));
    Node::new(PLACES_X, "place", path, vec![kind.to_owned()])
}

/// The kind of file in words.
fn kind(source: Occurrence) -> &'static str {
    match source {
        Occurrence::Hcl => "configuration",
        Occurrence::State => "state",
        Occurrence::Plan => "saved plan",
        Occurrence::BackendState => "backend cache",
        Occurrence::Tfvars => "variable file",
        Occurrence::Workflow => "workflow or script",
        Occurrence::Log => "log",
        Occurrence::History => "git history",
        Occurrence::Text => "text",
    }
}

fn credential_node(credential: &Credential, today: Date) -> Node {
    let verdict = Verdict::of(credential);
    let age = credentials::age(credential, today).unwrap_or_else(|| "age not known".to_owned());
    let files = by_path(credential).len();
    let more = match files.checked_sub(MAX_PLACES).filter(|more| *more > 0) {
        Some(more) => format!(", and in {} more", counted(more, "file")),
        None => String::new(),
    };
    let lines = vec![credential.masked.clone(), format!("{} {}", verdict.mark, verdict.words), age + &more];
    Node::new(CREDENTIALS_X, verdict.class, &credential.kind, lines)
}

/// What a credential opens, as far as anybody knows.
fn target_of(credential: &Credential) -> Node {
    let verification = credential.verification.as_ref();
    let told = |of: fn(&Verification) -> Option<&str>| verification.and_then(of);
    let principal = told(|verification| verification.principal.as_deref());
    let account = told(|verification| verification.account.as_deref()).or(credential.account.as_deref());
    let account = account.map(|account| format!("account {account}"));
    let target = |class, title: &str, lines| Node::new(TARGETS_X, class, title, lines);
    match (verification.map(|verification| verification.status), principal, account) {
        (Some(Status::Inactive), ..) => target("nothing", "nothing any more", vec!["its issuer refuses it".to_owned()]),
        (_, Some(principal), account) => {
            let root = verification.is_some_and(|verification| verification.root);
            let root = root.then(|| "root of all: can do everything".to_owned());
            target("target", principal, account.into_iter().chain(root).collect())
        }
        (_, None, Some(account)) => target("target", &account, vec!["as whom is not known".to_owned()]),
        (Some(_), None, None) => target("nothing", "not known", vec!["its issuer did not say".to_owned()]),
        (None, None, None) => target("nothing", "not known", vec!["nobody asked its issuer".to_owned()]),
    }
}
