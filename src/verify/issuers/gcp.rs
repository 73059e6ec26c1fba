//! Google Cloud: keys of service accounts. Google publishes the certificates of an account's keys, so that nothing
//! secret has to be sent: a key works as long as one of them is its own.

use super::verdicts::{incomplete, unsupported};
use crate::finding::{Reason, Verification};
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::Url;
use serde_json::Value;
use x509_parser::asn1_rs::{FromDer, Integer, OctetString, Sequence};
use x509_parser::public_key::PublicKey;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "gcp",
    issuer: "Google Cloud",
    kinds: &["google-service-account-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /robot/v1/metadata/x509/*",
        tells: "whether the key's certificate is among those of the account that stands beside it; when it was made and \
                ends. Nothing secret is sent",
        leaves: "nothing: anybody may read the certificates",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

/// What is asked about.
struct Key {
    email: String,
    modulus: Vec<u8>,
}

impl Key {
    /// From a credential file, or from a private key with the account's e-mail address beside it.
    fn of(candidate: &Candidate) -> Result<Self, Verification> {
        let secret = candidate.secret.expose();
        let file: Option<Value> =
            secret.trim_start().starts_with('{').then(|| serde_json::from_str(secret).ok()).flatten();
        let field = |name: &str| file.as_ref()?.get(name)?.as_str();
        let email = field("client_email").or_else(|| candidate.beside(&[".client_email"]));
        let email = email.filter(|email| is_account(email)).map(str::to_owned);
        let email = email.ok_or_else(|| incomplete("the service account does not stand beside it"))?;
        let modulus = modulus(field("private_key").unwrap_or(secret));
        Ok(Self { email, modulus: modulus.ok_or_else(|| unsupported("it is no RSA key that can be read"))? })
    }
}

/// The address becomes a part of the URL.
fn is_account(email: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let Some((name, domain)) = email.split_once('@') else { return false };
    email.len() <= 320 && !name.is_empty() && plain(name) && plain(domain) && domain.ends_with(".gserviceaccount.com")
}

/// The modulus of an RSA key in PKCS #8 (RFC 5208, RFC 8017), in PEM with real or escaped line ends.
fn modulus(pem: &str) -> Option<Vec<u8>> {
    let text = pem.replace("\\n", "\n");
    let body: String = text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body).ok()?;
    let (_, outer) = Sequence::from_der(&der).ok()?;
    let (rest, _version) = Integer::from_der(&outer.content).ok()?;
    let (rest, _algorithm) = Sequence::from_der(rest).ok()?;
    let (_, key) = OctetString::from_der(rest).ok()?;
    let (_, inner) = Sequence::from_der(key.as_ref()).ok()?;
    let (rest, _version) = Integer::from_der(&inner.content).ok()?;
    let (_, modulus) = Integer::from_der(rest).ok()?;
    Some(without_zeros(modulus.as_ref()).to_vec()).filter(|modulus| !modulus.is_empty())
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// Never an address from the file itself: who wrote the file could name a host of their own there.
fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    Key::of(candidate)?;
    only(VERIFIER.name, hosts, "https://www.googleapis.com")
}

/// <https://docs.cloud.google.com/iam/docs/keys-list-get#get-key>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let key = match Key::of(candidate) {
        Ok(key) => key,
        Err(verdict) => return Step::Done(verdict),
    };
    Step::Done(match answers.last() {
        None => return Step::Ask(Request::get(format!("/robot/v1/metadata/x509/{}", key.email))),
        Some(answer) => judge(&key, answer),
    })
}

/// A certificate of the account.
struct Certificate {
    modulus: Vec<u8>,
    made: Option<Timestamp>,
    ends: Option<Timestamp>,
}

fn judge(key: &Key, answer: &Answer) -> Verification {
    let published = answer.json.as_ref().filter(|_| answer.is_ok()).and_then(Value::as_object);
    let certificates: Vec<Certificate> =
        published.into_iter().flatten().filter_map(|(_, text)| certificate(text.as_str()?)).collect();
    // An account always has keys of Google's own: a list without any is no list of an account.
    if certificates.is_empty() {
        return unclear(answer);
    }
    let Some(own) = certificates.into_iter().find(|certificate| certificate.modulus == key.modulus) else {
        let gone = Verification::inactive(Reason::NotFound);
        return gone.detail("its certificate is not among the account's: the key was deleted or disabled");
    };
    let told_at = answer.header("date").and_then(|date| jiff::fmt::rfc2822::parse(date).ok()).map(|at| at.timestamp());
    let over = own.ends.zip(told_at).is_some_and(|(ends, now)| ends < now);
    let verdict = if over { Verification::inactive(Reason::Expired) } else { Verification::active() };
    let mut verdict = verdict.principal(key.email.clone());
    (verdict.created_at, verdict.expires_at) = (own.made, own.ends);
    if over {
        verdict
    } else {
        verdict.detail("its certificate is published; a disabled account shows only at a log-in")
    }
}

fn certificate(pem: &str) -> Option<Certificate> {
    let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).ok()?;
    let certificate = pem.parse_x509().ok()?;
    let PublicKey::RSA(key) = certificate.public_key().parsed().ok()? else { return None };
    let at = |time: i64| Timestamp::from_second(time).ok();
    let validity = certificate.validity();
    Some(Certificate {
        modulus: without_zeros(key.modulus).to_vec(),
        made: at(validity.not_before.timestamp()),
        // Keys without an end have one in the year 9999.
        ends: at(validity.not_after.timestamp()).filter(|ends| ends.as_second() < 253_370_764_800),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_accounts_become_part_of_the_url() {
        assert!(is_account("ci@acme-prod.iam.gserviceaccount.com"));
        for bad in [
            "ci@example.com",
            "a/b@x.iam.gserviceaccount.com",
            "a@x.gserviceaccount.com/../",
            "@x.gserviceaccount.com",
            "a",
        ] {
            assert!(!is_account(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_no_key_has_no_modulus() {
        for bad in ["", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", "MAA=", "MIGEAgEAMBAGByqGSM49"]
        {
            assert_eq!(modulus(bad), None, "{bad}");
        }
    }
}
