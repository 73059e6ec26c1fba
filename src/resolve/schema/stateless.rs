//! What keeps a secret out of state: write-only arguments and ephemeral resources.
//!
//! <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only>,
//! <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral>

use super::attributes::covers;
use super::table::Table;

static WRITE_ONLY: Table = Table::new(include_str!("../../../data/attributes/write-only.txt"), ' ');
static EPHEMERAL: Table = Table::new(include_str!("../../../data/attributes/ephemeral.txt"), ' ');

/// Whether a resource takes an argument without keeping it.
pub fn is_write_only(kind: &str, path: &str) -> bool {
    WRITE_ONLY.find(kind).is_some_and(|listed| covers(listed, path))
}

/// Whether an argument of a resource, or anything in it, is taken without being kept.
pub fn holds_write_only(kind: &str, argument: &str) -> bool {
    let paths = WRITE_ONLY.find(kind).unwrap_or("").split_ascii_whitespace();
    paths.into_iter().any(|path| path.split('.').next() == Some(argument))
}

/// The write-only argument that takes the place of another: `password_wo` of `password`.
pub fn write_only_twin(kind: &str, path: &str) -> Option<&'static str> {
    let mut listed = WRITE_ONLY.find(kind)?.split_ascii_whitespace();
    listed.find(|twin| twin.strip_suffix("_wo") == Some(path))
}

/// Whether there is an ephemeral resource of that type.
pub fn has_ephemeral(kind: &str) -> bool {
    EPHEMERAL.find(kind).is_some()
}

/// Whether it is this attribute of an ephemeral resource that is secret.
pub fn is_ephemeral_secret(kind: &str, path: &str) -> bool {
    EPHEMERAL.find(kind).is_some_and(|listed| listed.split_ascii_whitespace().any(|attribute| attribute == path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_unique() {
        for table in [&WRITE_ONLY, &EPHEMERAL] {
            let mut last = "";
            for (key, _) in table.entries() {
                assert!(last.as_bytes() < key.as_bytes(), "{key} stands behind {last}");
                assert!(table.find(key).is_some(), "{key} is not found");
                last = key;
            }
        }
    }

    /// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance#password_wo-1>
    #[test]
    fn twins() {
        assert_eq!(write_only_twin("aws_db_instance", "password"), Some("password_wo"));
        assert_eq!(write_only_twin("aws_db_instance", "username"), None);
        assert!(is_write_only("aws_db_instance", "password_wo") && !is_write_only("aws_db_instance", "password"));
        assert!(holds_write_only("helm_release", "set_wo") && !holds_write_only("helm_release", "set"));
        assert!(has_ephemeral("random_password") && !has_ephemeral("random_string"));
        assert!(is_ephemeral_secret("random_password", "result"));
    }
}
