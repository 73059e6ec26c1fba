//! Module sources as Terraform, go-getter and Terragrunt read them.
//!
//! <https://developer.hashicorp.com/terraform/language/modules/sources>

/// Parameters that are looked at: a source has a handful.
const MAX_PARAMETERS: usize = 64;
/// Characters of an address that a message shows.
const MAX_SHOWN: usize = 200;

/// Where a module comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleSource<'a> {
    /// By which way.
    pub kind: SourceKind,
    /// What stands before the `?`, forced getter and user information removed.
    address: String,
    /// User name and password, as they are written.
    userinfo: Option<&'a str>,
    /// The parameters behind `?`, as they are written.
    query: Vec<(&'a str, &'a str)>,
    /// Whether the way is HTTP or HTTPS, where a user name alone may be a token.
    pub over_http: bool,
}

/// The ways a module can come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A directory of the same repository.
    Local,
    /// A module registry, which knows versions.
    Registry,
    /// A git repository.
    Git,
    /// A Mercurial repository.
    Mercurial,
    /// An archive over HTTP, or a page that leads to one.
    Http,
    /// An object in S3.
    S3,
    /// An object in Google Cloud Storage.
    Gcs,
    /// An artifact of an OCI registry (OpenTofu 1.10).
    Oci,
    /// Anything else: an absolute path, a getter that is not known.
    Other,
}

impl<'a> ModuleSource<'a> {
    /// Parses a source; every text is one.
    pub fn parse(text: &'a str) -> ModuleSource<'a> {
        let text = text.trim();
        let (forced, rest) = forced_getter(text);
        let (address, query) = match rest.split_once('?') {
            Some((address, query)) => (address, query),
            None => (rest, ""),
        };
        let pairs = query.split('&').take(MAX_PARAMETERS);
        let query = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
        let (scheme, after) = match address.split_once("://") {
            Some((scheme, after)) => (scheme.to_ascii_lowercase(), after),
            None => (String::new(), address),
        };
        let end = after.find('/').unwrap_or(after.len());
        let userinfo = match scheme.is_empty() {
            // `git@host:path`: the user name says nothing.
            true => after.split_once('@').filter(|(user, _)| !user.contains('/')).map(|(user, _)| user),
            false => after[..end].rsplit_once('@').map(|(user, _)| user),
        };
        let without_user = userinfo.map_or(after, |user| &after[user.len() + 1..]);
        let without_secrets =
            if scheme.is_empty() { without_user.to_owned() } else { format!("{scheme}://{without_user}") };
        let kind = kind(forced, &scheme, address);
        let over_http = matches!(scheme.as_str(), "http" | "https");
        ModuleSource { kind, address: without_secrets, userinfo, query, over_http }
    }

    /// The source without user information and parameters, either of which may be secret.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address as messages show it: no longer than a line.
    pub fn shown(&self) -> &str {
        let end = self.address.char_indices().nth(MAX_SHOWN).map_or(self.address.len(), |(at, _)| at);
        &self.address[..end]
    }

    /// The user name and the password, as they are written; the password is empty where there is none.
    pub fn userinfo(&self) -> Option<(&'a str, &'a str)> {
        self.userinfo.map(|userinfo| userinfo.split_once(':').unwrap_or((userinfo, "")))
    }

    /// A parameter as it is written, if it is there and not empty.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        self.query.iter().find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| *value)
    }

    /// All parameters as they are written.
    pub fn parameters(&self) -> &[(&'a str, &'a str)] {
        &self.query
    }
}

/// `git::https://...` names its getter.
/// <https://github.com/hashicorp/go-getter#forced-protocol>
fn forced_getter(text: &str) -> (&str, &str) {
    match text.split_once("::") {
        Some((getter, rest)) if !getter.is_empty() && getter.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            (getter, rest)
        }
        _ => ("", text),
    }
}

fn kind(forced: &str, scheme: &str, address: &str) -> SourceKind {
    match forced.to_ascii_lowercase().as_str() {
        "git" => return SourceKind::Git,
        "hg" => return SourceKind::Mercurial,
        "s3" => return SourceKind::S3,
        "gcs" => return SourceKind::Gcs,
        "http" | "https" => return SourceKind::Http,
        "" => {}
        _ => return SourceKind::Other,
    }
    if is_local(address) {
        return SourceKind::Local;
    }
    match scheme {
        // Terragrunt's way to a registry: https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#terraform
        "tfr" => return SourceKind::Registry,
        "oci" => return SourceKind::Oci,
        "ssh" | "git" => return SourceKind::Git,
        "s3" => return SourceKind::S3,
        "gs" => return SourceKind::Gcs,
        "" => {}
        "http" | "https" => return SourceKind::Http,
        _ => return SourceKind::Other,
    }
    // go-getter's detectors, in Terraform's order: internal/getmodules/getter.go in hashicorp/terraform v1.11.4.
    if is_registry(address) {
        SourceKind::Registry
    } else if address.starts_with("github.com/") || address.starts_with("bitbucket.org/") || address.starts_with("git@")
    {
        SourceKind::Git
    } else if address.contains(".googleapis.com/") {
        SourceKind::Gcs
    } else if address.contains(".amazonaws.com/") {
        SourceKind::S3
    } else {
        SourceKind::Other
    }
}

/// <https://developer.hashicorp.com/terraform/language/modules/sources#local-paths>
fn is_local(address: &str) -> bool {
    matches!(address, "." | "..") || ["./", "../", ".\\", "..\\"].iter().any(|start| address.starts_with(start))
}

/// `[host/]namespace/name/system[//directory]`.
/// <https://github.com/hashicorp/terraform-registry-address/blob/main/module.go> (`ParseModuleSource`)
fn is_registry(address: &str) -> bool {
    let package = address.split_once("//").map_or(address, |(package, _)| package);
    let parts: Vec<&str> = package.split('/').collect();
    let names = match parts.as_slice() {
        [host, names @ ..] if names.len() == 3 => {
            if !host.contains('.') || matches!(*host, "github.com" | "bitbucket.org") {
                return false;
            }
            names
        }
        names if names.len() == 3 => names,
        _ => return false,
    };
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name = |text: &str| {
        (1..=64).contains(&text.len())
            && text.chars().all(good)
            && !text.starts_with(['-', '_'])
            && !text.ends_with(['-', '_'])
    };
    names.iter().all(|part| name(part)) && names[2].chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source, kind, what is shown.
    #[test]
    fn kinds() {
        use SourceKind::{Gcs, Git, Http, Local, Mercurial, Oci, Other, Registry, S3};
        for (text, kind, shown) in [
            ("./modules/a", Local, "./modules/a"),
            ("../a", Local, "../a"),
            (".\\a", Local, ".\\a"),
            ("terraform-aws-modules/vpc/aws", Registry, "terraform-aws-modules/vpc/aws"),
            (
                "terraform-aws-modules/iam/aws//modules/iam-user",
                Registry,
                "terraform-aws-modules/iam/aws//modules/iam-user",
            ),
            ("app.terraform.io/example/vpc/aws", Registry, "app.terraform.io/example/vpc/aws"),
            ("tfr:///terraform-aws-modules/vpc/aws?version=3.5.0", Registry, "tfr:///terraform-aws-modules/vpc/aws"),
            ("github.com/org/repo", Git, "github.com/org/repo"),
            ("github.com/org/repo//a/b?ref=v1", Git, "github.com/org/repo//a/b"),
            ("bitbucket.org/org/repo", Git, "bitbucket.org/org/repo"),
            ("git@github.com:org/repo.git", Git, "github.com:org/repo.git"),
            ("git::git@github.com:org/repo.git//a?ref=v1", Git, "github.com:org/repo.git//a"),
            ("git::https://u:p@example.com/r.git?ref=v1", Git, "https://example.com/r.git"),
            ("git::ssh://git@example.com/r.git", Git, "ssh://example.com/r.git"),
            ("hg::http://example.com/r.hg", Mercurial, "http://example.com/r.hg"),
            ("https://example.com/a.zip?archive=zip", Http, "https://example.com/a.zip"),
            ("s3::https://s3-eu-west-1.amazonaws.com/b/a.zip", S3, "https://s3-eu-west-1.amazonaws.com/b/a.zip"),
            ("b.s3-eu-west-1.amazonaws.com/a.zip", S3, "b.s3-eu-west-1.amazonaws.com/a.zip"),
            (
                "gcs::https://www.googleapis.com/storage/v1/b/a.zip",
                Gcs,
                "https://www.googleapis.com/storage/v1/b/a.zip",
            ),
            ("oci://example.com/modules/a?tag=1.0", Oci, "oci://example.com/modules/a"),
            ("/srv/modules/a", Other, "/srv/modules/a"),
            ("gitlab.com/group/repo", Other, "gitlab.com/group/repo"),
            ("", Other, ""),
        ] {
            let source = ModuleSource::parse(text);
            assert_eq!((source.kind, source.shown()), (kind, shown), "{text}");
        }
    }

    #[test]
    fn parts() {
        let source = ModuleSource::parse("git::https://ci:pass@example.com/r.git//a?depth=1&ref=v1.2.0");
        assert_eq!(source.userinfo(), Some(("ci", "pass")));
        assert_eq!(source.parameter("ref"), Some("v1.2.0"));
        assert_eq!(source.parameters().len(), 2);
        assert!(source.over_http && ModuleSource::parse("./a").userinfo().is_none());
        assert_eq!(ModuleSource::parse("git@github.com:org/repo.git").userinfo(), Some(("git", "")));
        assert_eq!(ModuleSource::parse("github.com/org/repo//a@b").userinfo(), None);
        assert_eq!(ModuleSource::parse("https://example.com/a?ref=").parameter("ref"), None);
        let long = format!("https://{}/a.zip?{}", "é".repeat(5_000), "token=a&".repeat(5_000));
        let source = ModuleSource::parse(&long);
        assert_eq!((source.shown().chars().count(), source.parameters().len()), (MAX_SHOWN, MAX_PARAMETERS));
    }
}
