//! What rules ask of URLs and connection strings: the host, a password, whether the way there is plain text.

/// Scheme in lower case, user information, and host in lower case without port or brackets. None for what is no URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// What stands before `://`.
    pub scheme: &'a str,
    /// What stands before `@`.
    pub userinfo: Option<&'a str>,
    /// The host, brackets of an IPv6 address removed; empty where it is left out.
    pub host: &'a str,
    /// What follows the authority.
    pub rest: &'a str,
}

impl<'a> Url<'a> {
    /// Splits `scheme://user:password@host:port/rest` (RFC 3986, section 3). Forced getters (`git::https://...`) are
    /// passed over.
    pub fn parse(text: &'a str) -> Option<Url<'a>> {
        let (scheme, after) = text.trim().split_once("://")?;
        let scheme = scheme.rsplit("::").next().unwrap_or(scheme);
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        if scheme.is_empty() || !scheme.chars().all(valid) {
            return None;
        }
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (userinfo, host) = match authority.rsplit_once('@') {
            Some((userinfo, host)) => (Some(userinfo), host),
            None => (None, authority),
        };
        let host = match host.strip_prefix('[') {
            Some(bracketed) => bracketed.split(']').next().unwrap_or(bracketed),
            None => host.split(':').next().unwrap_or(host),
        };
        Some(Url { scheme, userinfo, host, rest })
    }

    /// The password of the user information, as it is written.
    pub fn password(&self) -> Option<&'a str> {
        let (_, password) = self.userinfo?.split_once(':')?;
        (!password.is_empty()).then_some(password)
    }

    /// Whether it is `http://` to a host that is not known to be this machine or an emulator on it: what is sent can be
    /// read on the way.
    pub fn is_plain_http(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("http") && (!is_local_host(self.host) || is_bare_name(self.host))
    }
}

/// Names of emulators' containers, as their own documentation gives them.
const EMULATORS: [&str; 7] = ["localhost", "localstack", "minio", "moto", "motoserver", "azurite", "dynamodb-local"];

/// Whether a host is a name without a dot and none of an emulator: of a container beside this one, or of any machine
/// of the office. The repository does not tell which.
pub fn is_bare_name(host: &str) -> bool {
    let numeric = host.contains(':') || host.parse::<std::net::IpAddr>().is_ok();
    !host.is_empty() && !numeric && !host.contains('.') && !EMULATORS.contains(&host.to_ascii_lowercase().as_str())
}

/// Whether a host is this machine, or a name that only a developer's own container network knows: `localhost`, a
/// loopback or unspecified address, `host.docker.internal`, a name without a dot, LocalStack's own names.
///
/// <https://docs.localstack.cloud/references/network-troubleshooting/endpoint-url/>
pub fn is_local_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(&host);
    if let Ok(address) = host.parse::<std::net::IpAddr>() {
        return address.is_loopback() || address.is_unspecified();
    }
    let known = ["host.docker.internal", "gateway.docker.internal", "host.containers.internal", "localstack.cloud"];
    let within = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    !host.is_empty() && (!host.contains('.') || within("localhost") || known.into_iter().any(within))
}

/// Whether a URL, a bare `host:port` or the path of a socket leads to this machine.
pub fn is_local_endpoint(text: &str) -> bool {
    if text.starts_with('/') {
        return true;
    }
    match Url::parse(text) {
        Some(url) => is_local_host(url.host),
        None => {
            let authority = text.trim().split(['/', '?']).next().unwrap_or("");
            let host = match authority.strip_prefix('[') {
                Some(bracketed) => bracketed.split(']').next().unwrap_or(bracketed),
                None => authority.split(':').next().unwrap_or(authority),
            };
            is_local_host(host)
        }
    }
}

/// The value of a parameter of a PostgreSQL connection string, in either of its forms: `postgres://...?name=value` and
/// `name=value name='value'`. The password of the first form's authority counts as `password`.
///
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>
pub fn connection_parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    if let Some(url) = Url::parse(text) {
        let query = url.rest.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or(query));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let in_query = pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value);
        return match name {
            "password" => in_query.or(url.password()),
            "host" => in_query.or(Some(url.host)),
            _ => in_query,
        };
    }
    let mut rest = text;
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('\'') {
            Some(quoted) => quoted.split_at(closing_quote(quoted)),
            None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
        };
        if key.trim() == name {
            return Some(value);
        }
        rest = next.strip_prefix('\'').unwrap_or(next);
    }
    None
}

/// Where the quote that is not escaped stands; the end if there is none.
fn closing_quote(quoted: &str) -> usize {
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            '\'' if !escaped => return at,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    quoted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_urls() {
        let url = Url::parse("git::https://ci:pass@example.com:8443/x?y").expect("a URL");
        assert_eq!((url.scheme, url.host, url.password()), ("https", "example.com", Some("pass")));
        assert_eq!(Url::parse("http://[::1]:80/").map(|url| url.host), Some("::1"));
        assert_eq!(Url::parse("https://token@example.com").and_then(|url| url.password()), None);
        assert_eq!(Url::parse("https://example.com/a@b:c").and_then(|url| url.userinfo), None);
        assert_eq!(Url::parse("example.com/x"), None);
    }

    #[test]
    fn local_hosts() {
        for host in
            ["localhost", "127.0.0.1", "::1", "a.localhost", "minio", "0.0.0.0", "s3.localhost.localstack.cloud"]
        {
            assert!(is_local_host(host), "{host}");
        }
        for host in ["example.com", "10.0.0.1", "localhost.example.com", "", "mylocalhost.io"] {
            assert!(!is_local_host(host), "{host}");
        }
        assert!(is_local_endpoint("localhost:8500") && is_local_endpoint("http://[::1]:80"));
        assert!(is_local_endpoint("/var/run/postgresql"));
        assert!(!is_local_endpoint("consul.example.com:8500"));
    }

    #[test]
    fn connection_strings() {
        let url = "postgres://u:p@db.example.com/state?sslmode=disable";
        assert_eq!(connection_parameter(url, "password"), Some("p"));
        assert_eq!(connection_parameter(url, "sslmode"), Some("disable"));
        let words = r"host = db password = 'it\'s' sslmode=require";
        assert_eq!(connection_parameter(words, "password"), Some(r"it\'s"));
        assert_eq!(connection_parameter(words, "sslmode"), Some("require"));
        assert_eq!(connection_parameter("postgres://db.example.com/state", "password"), None);
        assert_eq!(connection_parameter("user=a", "password"), None);
    }
}
