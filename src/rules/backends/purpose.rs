//! What a backend serves: region, account and environment, as far as the repository tells.

use crate::resolve::{Backend, SettingFrom};
use crate::rules::secret::is_placeholder;
use std::collections::BTreeSet;

/// What a backend serves. Sets are empty where it is not known, and hold several where one block stands for several.
#[derive(Clone, Debug, Default)]
pub(super) struct Purpose {
    /// Regions of the cloud.
    pub(super) regions: BTreeSet<String>,
    /// Accounts, subscriptions, projects, organizations.
    pub(super) accounts: BTreeSet<String>,
    /// Environments, by the names of keys, buckets, files and directories.
    pub(super) environments: BTreeSet<&'static str>,
}

/// Reads the account in a text.
type Read = fn(&str) -> Option<&str>;

/// Arguments that name the account, and how.
const ACCOUNTS: [(&str, Read); 7] = [
    ("assume_role.role_arn", account_of_arn),
    ("role_arn", account_of_arn),
    ("kms_key_id", account_of_arn),
    ("subscription_id", itself),
    ("impersonate_service_account", project_of_email),
    ("organization", itself),
    ("tenancy_ocid", itself),
];

/// Arguments whose texts name the environment, those first that say most about where the state lies.
const LABELS: [&str; 12] = [
    "key",
    "prefix",
    "path",
    "workspaces.name",
    "schema_name",
    "workspace_key_prefix",
    "secret_suffix",
    "namespace",
    "container_name",
    "bucket",
    "storage_account_name",
    "address",
];

/// Environments by the words that name them: a part of a name for the first ones, a whole directory for the others.
const ENVIRONMENTS: [(&str, &[&str], &[&str]); 7] = [
    ("development", &["dev", "develop", "development"], &[]),
    ("test", &["qa", "uat"], &["test", "testing", "tst"]),
    ("staging", &["stg", "stage", "staging"], &[]),
    ("pre-production", &["preprod", "preprd", "preproduction"], &[]),
    (NOT_PRODUCTION, &["nonprod", "nonprd", "nonproduction"], &[]),
    (PRODUCTION, &["prod", "prd", "production"], &["live"]),
    ("sandbox", &["sandbox"], &["demo", "playground"]),
];
const PRODUCTION: &str = "production";
/// All that is no production: it is another environment than production alone.
const NOT_PRODUCTION: &str = "non-production";

impl Purpose {
    /// What a backend serves.
    pub(super) fn of(backend: &Backend) -> Self {
        let account = ACCOUNTS.iter().map(|(path, read)| {
            known(backend, path).iter().filter_map(|text| read(text)).map(str::to_owned).collect::<BTreeSet<_>>()
        });
        Self {
            regions: known(backend, "region").into_iter().map(str::to_owned).collect(),
            accounts: account.into_iter().find(|found| !found.is_empty()).unwrap_or_default(),
            environments: environments(backend),
        }
    }

    /// Only what holds for every case of it: nothing where one block stands for several.
    #[must_use]
    pub(super) fn sole(mut self) -> Self {
        fn only<T>(set: &mut BTreeSet<T>) {
            if set.len() > 1 {
                set.clear();
            }
        }
        only(&mut self.regions);
        only(&mut self.accounts);
        only(&mut self.environments);
        self
    }

    /// Adds what another backend serves.
    pub(super) fn add(&mut self, other: &Self) {
        self.regions.extend(other.regions.iter().cloned());
        self.accounts.extend(other.accounts.iter().cloned());
        self.environments.extend(&other.environments);
    }

    /// The environments that are surely different ones.
    pub(super) fn different_environments(&self) -> Vec<&'static str> {
        let production = self.environments.contains(PRODUCTION);
        self.environments.iter().copied().filter(|name| *name != NOT_PRODUCTION || production).collect()
    }
}

/// The known texts at a path.
fn known<'b>(backend: &'b Backend, path: &str) -> Vec<&'b str> {
    let texts = backend.values(path).into_iter().filter_map(|(value, _)| value.as_str());
    texts.filter(|text| !is_placeholder(text)).collect()
}

fn itself(text: &str) -> Option<&str> {
    Some(text)
}

/// The account in the name of a resource: `arn:aws:iam::111122223333:role/x`, `acs:ram::1234567890123456:role/x`,
/// `qcs::cam::uin/100012345678:roleName/x`.
fn account_of_arn(arn: &str) -> Option<&str> {
    let is_account = |part: &&str| part.len() >= 10 && part.bytes().all(|byte| byte.is_ascii_digit());
    arn.split([':', '/']).find(is_account)
}

/// The project of a service account: `name@project.iam.gserviceaccount.com`.
fn project_of_email(email: &str) -> Option<&str> {
    email.split_once('@')?.1.strip_suffix(".iam.gserviceaccount.com")
}

/// The environments that the first name tells which tells any: of the state, of the file that completes the backend,
/// of the module's directory.
fn environments(backend: &Backend) -> BTreeSet<&'static str> {
    for path in LABELS {
        let found: BTreeSet<_> = known(backend, path).into_iter().filter_map(environment_of).collect();
        if !found.is_empty() {
            return found;
        }
    }
    let files = backend.settings.values().filter_map(|setting| match &setting.from {
        SettingFrom::File(path) => environment_of(path.as_str()),
        _ => None,
    });
    let found: BTreeSet<_> = files.collect();
    if found.is_empty() { environment_of(backend.module.as_str()).into_iter().collect() } else { found }
}

/// The one environment that a path or name speaks of: by a whole part of the path, else by a word in it. None where
/// it speaks of none, or of several.
fn environment_of(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let stem = |part: &str| part.split('.').next().unwrap_or(part).replace(['-', '_'], "");
    let whole: BTreeSet<_> = name
        .split('/')
        .filter_map(|part| named(&stem(part), |(_, words, wholes)| words.iter().chain(*wholes)))
        .collect();
    let mut found = whole;
    if found.is_empty() {
        let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        for (nth, word) in words.iter().enumerate() {
            let before = nth.checked_sub(1).map_or("", |nth| words[nth]);
            let word = if matches!(before, "non" | "pre") { format!("{before}{word}") } else { (*word).to_owned() };
            found.extend(named(&word, |(_, words, _)| words.iter().chain(&[])));
        }
    }
    if found.len() == 1 { found.pop_first() } else { None }
}

type Environment = (&'static str, &'static [&'static str], &'static [&'static str]);
type Words = std::iter::Chain<std::slice::Iter<'static, &'static str>, std::slice::Iter<'static, &'static str>>;

fn named(word: &str, words: impl Fn(&'static Environment) -> Words) -> Option<&'static str> {
    ENVIRONMENTS.iter().find(|environment| words(environment).any(|known| *known == word)).map(|(name, ..)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_by_name() {
        let cases = [
            ("envs/dev/terraform.tfstate", Some("development")),
            ("prod.tfbackend", Some("production")),
            ("network-prod.tfstate", Some("production")),
            ("org-tfstate-non-prod", Some("non-production")),
            ("non-prod/network", Some("non-production")),
            ("pre_prod", Some("pre-production")),
            ("live/network", Some("production")),
            ("prod/uat-runner", Some("production")),
            ("dev-to-prod", None),
            ("test-service", None),
            ("livestock/latest/devices/product", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(environment_of(name), expected, "{name}");
        }
    }

    #[test]
    fn accounts_in_names_of_resources() {
        assert_eq!(account_of_arn("arn:aws:iam::111122223333:role/444455556666"), Some("111122223333"));
        assert_eq!(account_of_arn("qcs::cam::uin/100012345678:roleName/x"), Some("100012345678"));
        assert_eq!(account_of_arn("alias/terraform"), None);
        assert_eq!(project_of_email("ci@my-project.iam.gserviceaccount.com"), Some("my-project"));
    }
}
