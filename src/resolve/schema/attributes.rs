//! What is known of the attributes of resource and data-source types: which are secret, and which carry free text.
//!
//! The tables in `data/attributes` were compiled from the providers' schemas; `provenance.tsv` beside them says from
//! which, and of which release. They know current releases; what a type was called in older ones may be missing.

use super::table::Table;

static SENSITIVE: Table = Table::new(include_str!("../../../data/attributes/sensitive.txt"), ' ');
static UNFLAGGED: Table = Table::new(include_str!("../../../data/attributes/unflagged.txt"), ' ');
static FREE_TEXT: Table = Table::new(include_str!("../../../data/attributes/free-text.txt"), ' ');
static LOW_VALUE: Table = Table::new(include_str!("../../../data/attributes/low-value.txt"), ' ');

/// The attributes of one type that matter. Paths are names joined by dots without the indexes of lists and the like;
/// one that is listed covers everything below it.
#[derive(Clone, Copy, Debug)]
pub struct Attributes {
    sensitive: &'static str,
    unflagged: &'static str,
    free_text: &'static str,
}

/// What a flagged attribute holds that is no credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LowValue {
    /// A handle that cannot sign in.
    Accessor,
    /// Encrypted to a key that is not there.
    Ciphertext,
    /// A one-way hash.
    Hash,
    /// A name or number of something.
    Identifier,
    /// Data of a person.
    Personal,
    /// A public key or certificate.
    Public,
    /// A text that is shown to everybody.
    Text,
}

impl Attributes {
    /// Of a managed resource's type; None where no table has it.
    pub fn of_resource(kind: &str) -> Option<Self> {
        let [sensitive, unflagged, free_text] = [&SENSITIVE, &UNFLAGGED, &FREE_TEXT].map(|table| table.find(kind));
        if sensitive.is_none() && unflagged.is_none() && free_text.is_none() {
            return None;
        }
        let listed = |found: Option<&'static str>| found.unwrap_or("");
        Some(Self { sensitive: listed(sensitive), unflagged: listed(unflagged), free_text: listed(free_text) })
    }

    /// Of a data source's type; None where no table has it.
    pub fn of_data_source(kind: &str) -> Option<Self> {
        Self::of_resource(&format!("data.{kind}"))
    }

    /// Whether the provider flags the attribute as sensitive.
    pub fn is_sensitive(&self, path: &str) -> bool {
        covers(self.sensitive, path)
    }

    /// Whether the provider flags this very attribute, not one that holds it.
    pub fn lists_sensitive(&self, path: &str) -> bool {
        self.sensitive.split_ascii_whitespace().any(|listed| listed == path)
    }

    /// Whether it holds a secret although the provider flags it nowhere, as far as names tell: about nine in ten do.
    pub fn is_unflagged(&self, path: &str) -> bool {
        covers(self.unflagged, path)
    }

    /// Whether it carries free text in which secrets are often written.
    pub fn is_free_text(&self, path: &str) -> bool {
        covers(self.free_text, path)
    }

    /// The attributes that carry free text.
    pub fn free_texts(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.free_text.split_ascii_whitespace()
    }

    /// Whether anything listed is the attribute, stands within it or holds it.
    pub fn concerns(&self, attribute: &str) -> bool {
        self.holds_secrets(attribute) || touches(self.free_text, attribute)
    }

    /// Whether anything that is secret is the attribute, stands within it or holds it.
    pub fn holds_secrets(&self, attribute: &str) -> bool {
        touches(self.sensitive, attribute) || touches(self.unflagged, attribute)
    }

    /// What an attribute of that type (`data.` before a data source's) and path holds by its last name that is no
    /// credential; None where a secret is to be expected. Whether the type flags the attribute is not asked.
    pub fn low_value(kind: &str, path: &str) -> Option<LowValue> {
        let last = path.rsplit('.').next().unwrap_or(path);
        let mut words = LOW_VALUE.find(last)?.split_ascii_whitespace();
        let class = LowValue::of(words.next()?)?;
        let kind = kind.strip_prefix("data.").unwrap_or(kind);
        (!words.any(|prefix| kind.starts_with(prefix))).then_some(class)
    }
}

impl LowValue {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "accessor" => Self::Accessor,
            "ciphertext" => Self::Ciphertext,
            "hash" => Self::Hash,
            "identifier" => Self::Identifier,
            "pii" => Self::Personal,
            "public" => Self::Public,
            "text" => Self::Text,
            _ => return None,
        })
    }
}

/// Whether a path is listed or stands below one that is.
pub(super) fn covers(list: &str, path: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| is_within(path, listed))
}

fn touches(list: &str, path: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| is_within(listed, path) || is_within(path, listed))
}

/// Whether a path is `outer` or stands below it.
fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_unique_and_well_formed() {
        let name = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let dotted = |path: &str| path.split('.').all(name);
        for table in [&SENSITIVE, &UNFLAGGED, &FREE_TEXT] {
            let mut last = "";
            for (key, rest) in table.entries() {
                assert!(last.as_bytes() < key.as_bytes(), "{key} stands behind {last}");
                let kind = key.strip_prefix("data.").unwrap_or(key).replace('-', "_");
                assert!(name(&kind), "{key} is no type");
                let paths: Vec<&str> = rest.split(' ').collect();
                assert!(paths.iter().all(|path| dotted(path)), "{key}: {rest}");
                let covered = |path: &&&str| paths.iter().any(|other| other != *path && is_within(path, other));
                assert_eq!(paths.iter().find(covered), None, "{key} lists what is covered");
                assert!(table.find(key).is_some_and(|found| found == rest), "{key} is not found");
                last = key;
            }
            assert_eq!(table.find("#"), None);
            assert_eq!(table.find("zzz_zzz"), None);
            assert_eq!(table.find(""), None);
        }
        for (key, rest) in LOW_VALUE.entries() {
            assert!(name(key) && Attributes::low_value("x", key).is_some(), "{key}: {rest}");
        }
    }

    #[test]
    fn a_listed_path_covers_what_stands_below_it() {
        let secret = Attributes::of_resource("kubernetes_secret").expect("the table has it");
        assert!(secret.is_sensitive("data") && secret.is_sensitive("data.password"));
        assert!(!secret.is_sensitive("database") && !secret.is_sensitive("metadata.name"));
        let cluster = Attributes::of_resource("azurerm_kubernetes_cluster").expect("the table has it");
        assert!(cluster.is_sensitive("kube_config.client_key") && cluster.concerns("kube_config"));
        assert!(!cluster.is_sensitive("location"));
        assert!(Attributes::of_resource("terraform_unheard_of").is_none());
    }

    #[test]
    fn data_sources_have_entries_of_their_own() {
        let parameter = Attributes::of_data_source("aws_ssm_parameter").expect("the table has it");
        assert!(parameter.is_sensitive("value"));
        let text = Attributes::of_resource("aws_instance").expect("the table has it");
        assert!(text.is_free_text("user_data") && !text.is_sensitive("user_data"));
    }

    #[test]
    fn low_values_are_told_by_their_last_name() {
        assert_eq!(Attributes::low_value("acme_certificate", "certificate_pem"), Some(LowValue::Public));
        assert_eq!(
            Attributes::low_value("azurerm_app_service_certificate", "certificate"),
            None,
            "a PFX holds the key"
        );
        assert_eq!(Attributes::low_value("kubernetes_secret", "data.username"), Some(LowValue::Identifier));
        assert_eq!(Attributes::low_value("aws_db_instance", "password"), None);
    }
}
