//! What belongs to a credential: the rest of the block, resource, object or environment that holds it. Who asks its
//! issuer finds the tenant, the site or the other half there; what only stands near never counts.

use crate::finding::{Beside, Secret};
use crate::resolve::{Kind, Value};

/// Values that are kept of one place.
const MOST: usize = 64;
/// The longest that is kept: a session token, not a document.
const LONGEST: usize = 4096;
/// Values that are looked at: what belongs to a credential stands among few others.
const MOST_LOOKED_AT: usize = 256;

/// Of the content of a block, a resource or an object: what is known in the map that holds the value at a dotted path,
/// and in the maps around that one.
pub(in crate::rules) fn within(content: &Value, path: &str) -> Vec<Beside> {
    let mut kept = Vec::new();
    let mut left = MOST_LOOKED_AT;
    collect(content, path, &mut left, &mut kept);
    kept
}

fn collect(content: &Value, path: &str, left: &mut usize, kept: &mut Vec<Beside>) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match &content.kind {
        Kind::List(values) | Kind::Either(values) => {
            for value in values.iter().take(*left) {
                collect(value, path, left, kept);
            }
        }
        Kind::Map(map) => {
            for (name, value) in map.iter().take(*left) {
                match path.strip_prefix(name.as_str()) {
                    Some("") => {}
                    Some(rest) if rest.starts_with('.') => collect(value, &rest[1..], left, kept),
                    _ => value.alternatives().iter().filter_map(Value::as_str).for_each(|text| keep(name, text, kept)),
                }
            }
        }
        _ => {}
    }
}

/// Of names and values that stand together.
pub(in crate::rules) fn of<'t>(pairs: impl IntoIterator<Item = (&'t str, &'t str)>) -> Vec<Beside> {
    let mut kept = Vec::new();
    pairs.into_iter().take(MOST_LOOKED_AT).for_each(|(name, text)| keep(name, text, &mut kept));
    kept
}

fn keep(name: &str, text: &str, kept: &mut Vec<Beside>) {
    let useful = !text.is_empty() && text.len() <= LONGEST && name.len() <= LONGEST;
    if useful && kept.len() < MOST {
        kept.push(Beside { name: name.to_owned(), value: Secret::new(text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;
    use crate::text::{RepoPath, Source, Span};
    use std::sync::Arc;

    fn value(kind: Kind) -> Value {
        let source = Arc::new(Source::new(RepoPath::new("a.tf"), b"".as_slice()));
        Value::literal(kind, Place::new(&source, Span::at(0)))
    }

    fn map(entries: &[(&str, Value)]) -> Value {
        let entries = entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        value(Kind::Map(Arc::new(entries.collect())))
    }

    fn text(text: &str) -> Value {
        value(Kind::String(text.into()))
    }

    fn names(content: &Value, path: &str) -> Vec<String> {
        within(content, path).into_iter().map(|one| format!("{}={}", one.name, one.value.expose())).collect()
    }

    #[test]
    fn what_stands_in_the_same_map_and_around_it_belongs_to_it() {
        let login = |role: &str| map(&[("secret_id", text("s")), ("role_id", text(role))]);
        let block = map(&[("address", text("a")), ("other", map(&[("x", text("y"))])), ("login", login("r"))]);
        assert_eq!(names(&block, "login.secret_id"), ["address=a", "role_id=r"]);
        assert_eq!(names(&block, "address"), Vec::<String>::new());
    }

    #[test]
    fn of_several_blocks_each_says_its_own() {
        let block = |id: &str| map(&[("key", text("s")), ("id", text(id))]);
        let both = map(&[("login", value(Kind::List([block("1"), block("2")].into())))]);
        assert_eq!(names(&both, "login.key"), ["id=1", "id=2"]);
    }

    #[test]
    fn much_is_cut() {
        let many: Vec<(String, Value)> = (0..500).map(|n| (format!("n{n}"), text("v"))).collect();
        let block = value(Kind::Map(Arc::new(many.into_iter().collect())));
        assert_eq!(within(&block, "n0").len(), MOST);
        assert!(of([("a", "x".repeat(LONGEST + 1).as_str())]).is_empty());
    }
}
