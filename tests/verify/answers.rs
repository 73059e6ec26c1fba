//! What issuers say, in the words of their documentation, and what that means.

use super::samples::{AZURE, GOOGLE_CERTIFICATES, GOOGLE_KEY, SAMPLES, of};
use super::{ask, candidate};
use crate::support::{Behaviour, FaultyServer};
use credlint::finding::{Reason, Status, Verification};
use credlint::verify::{ALL, Candidate};

/// An answer to the first question about a credential, and the verdict.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)], (u16, &'static str), Verdict);

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Active,
    Dead(Reason),
    Unsure(Reason),
}

use Verdict::{Active, Dead, Unsure};

fn verdict(verification: &Verification) -> Verdict {
    match (verification.status, verification.reason) {
        (Status::Active, None) => Active,
        (Status::Inactive, Some(reason)) => Dead(reason),
        (Status::Unknown, Some(reason)) => Unsure(reason),
        other => panic!("{other:?} is no verdict"),
    }
}

/// The credential of an issuer, with another value or other things beside it; empty ones are the sample's.
fn credential(name: &str, secret: &str, beside: &[(&str, &str)]) -> Candidate {
    let sample = of(ALL.iter().find(|verifier| verifier.name == name).unwrap());
    let secret = if secret.is_empty() { sample.secret } else { secret };
    let beside = if beside.is_empty() { sample.beside } else { beside };
    candidate(sample.kind, secret, beside)
}

/// Texts from the documentation that each issuer's file links.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("anthropic", "", &[], (401, r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#), Dead(Reason::NotFound)),
    ("anthropic", "", &[], (403, r#"{"type":"error","error":{"type":"permission_error","message":"..."}}"#), Active),
    ("anthropic", "sk-ant-admin01-c70eca6b0f88f44d", &[], (200, r#"{"id":"12345678","type":"organization","name":"Acme"}"#), Active),
    ("azure", "", AZURE, (401, r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.","error_codes":[7000215]}"#), Dead(Reason::WrongSecret)),
    ("azure", "", AZURE, (401, r#"{"error":"invalid_client","error_description":"AADSTS7000222: ...","error_codes":[7000222]}"#), Dead(Reason::Expired)),
    ("azure", "", AZURE, (400, r#"{"error":"unauthorized_client","error_codes":[7000112]}"#), Dead(Reason::Disabled)),
    ("azure", "", AZURE, (400, r#"{"error":"unauthorized_client","error_codes":[700016]}"#), Unsure(Reason::Incomplete)),
    ("azure", "", AZURE, (400, r#"{"error":"invalid_request","error_codes":[90002]}"#), Unsure(Reason::Incomplete)),
    ("azure", "", AZURE, (400, r#"{"error":"access_denied","error_codes":[53003]}"#), Active),
    ("azure", "", AZURE, (400, r#"{"error":"invalid_request","error_codes":[900144]}"#), Unsure(Reason::Unreachable)),
    ("buildkite", "", &[], (401, r#"{"message":"Authentication required. Please supply a valid API Access Token: https://buildkite.com/docs/apis/rest-api#authentication"}"#), Dead(Reason::NotFound)),
    ("cloudflare", "", &[], (401, r#"{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}],"result":null}"#), Dead(Reason::NotFound)),
    ("cloudflare", "", &[], (200, r#"{"success":true,"result":{"id":"x","status":"disabled"}}"#), Dead(Reason::Disabled)),
    ("cloudflare", "", &[], (200, r#"{"success":true,"result":{"id":"x","status":"expired"}}"#), Dead(Reason::Expired)),
    ("cloudflare", "738e22f0acab814cc0c6a9dfdd1c738e22f0acab", &[], (401, r#"{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}]}"#), Unsure(Reason::Incomplete)),
    ("cloudflare", "738e22f0acab814cc0c6a9dfdd1c738e22f0acab", &[("account_id", "0123456789abcdef0123456789abcdef")], (401, r#"{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}]}"#), Dead(Reason::NotFound)),
    ("datadog", "", &[], (403, r#"{"errors":["Forbidden"]}"#), Unsure(Reason::Incomplete)),
    ("datadog", "", &[("DD_SITE", "us5.datadoghq.com")], (403, r#"{"errors":["Forbidden"]}"#), Dead(Reason::NotFound)),
    ("datadog", "", &[("api_url", "https://api.datadoghq.eu/")], (200, r#"{"valid":true}"#), Active),
    ("datadog", "", &[], (200, r#"{"valid":false}"#), Unsure(Reason::Unreachable)),
    ("digitalocean", "", &[], (401, r#"{"id":"Unauthorized","message":"Unable to authenticate you"}"#), Dead(Reason::NotFound)),
    ("digitalocean", "", &[], (403, r#"{"id":"forbidden","message":"You do not have access for the attempted action."}"#), Active),
    ("doppler", "", &[], (401, r#"{"messages":["Invalid Auth token"],"success":false}"#), Dead(Reason::NotFound)),
    ("fastly", "", &[], (401, r#"{"msg":"Provided credentials are missing or invalid"}"#), Dead(Reason::NotFound)),
    ("github", "", &[], (401, r#"{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest"}"#), Dead(Reason::NotFound)),
    ("github", "", &[], (401, r#"{"message":"Requires authentication"}"#), Unsure(Reason::Unreachable)),
    ("github", "", &[], (403, r#"{"message":"Sorry. Your account was suspended. Contact GitHub Support."}"#), Dead(Reason::Disabled)),
    ("github", "", &[], (403, r#"{"message":"Resource not accessible by integration"}"#), Active),
    ("github", "ghs_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", &[], (200, r#"{"resources":{"core":{"limit":5000}}}"#), Active),
    ("github", "ghs_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", &[], (403, r#"{"message":"This installation has been suspended"}"#), Dead(Reason::Disabled)),
    ("gitlab", "", &[], (401, r#"{"message":"401 Unauthorized"}"#), Dead(Reason::NotFound)),
    ("gitlab", "", &[], (401, r#"{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}"#), Dead(Reason::Revoked)),
    ("gitlab", "", &[], (401, r#"{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}"#), Dead(Reason::Expired)),
    ("gitlab", "", &[], (403, r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api read_api"}"#), Active),
    ("gitlab", "9d96d9d5b1addd7e7e61", &[], (401, r#"{"message":"401 Unauthorized"}"#), Unsure(Reason::Unsupported)),
    ("gitlab", "glcbt-64_Ex4mpleEx4mple01234", &[], (200, r#"{"id":1,"status":"running"}"#), Active),
    ("hetzner", "", &[], (401, r#"{"error":{"code":"unauthorized","message":"the token you have provided is invalid"}}"#), Dead(Reason::NotFound)),
    ("huggingface", "", &[], (401, r#"{"error":"Invalid credentials in Authorization header"}"#), Dead(Reason::NotFound)),
    ("launchdarkly", "", &[], (401, r#"{"code":"unauthorized","message":"invalid access token"}"#), Dead(Reason::NotFound)),
    ("linode", "", &[], (401, r#"{"errors":[{"reason":"Invalid Token"}]}"#), Dead(Reason::NotFound)),
    ("linode", "", &[], (401, r#"{"errors":[{"reason":"Your OAuth token is not authorized to use this endpoint."}]}"#), Active),
    ("newrelic", "", &[("region", "EU")], (401, r#"{"errors":[{"message":"Invalid credentials provided."}]}"#), Dead(Reason::NotFound)),
    ("newrelic", "", &[], (401, r#"{"errors":[{"message":"Invalid credentials provided."}]}"#), Unsure(Reason::Incomplete)),
    ("npm", "", &[], (401, r#"{"message":"Unauthorized"}"#), Dead(Reason::NotFound)),
    ("okta", "", &[], (401, r#"{"errorCode":"E0000011","errorSummary":"Invalid token provided"}"#), Dead(Reason::NotFound)),
    ("okta", "", &[], (403, r#"{"errorCode":"E0000006","errorSummary":"You do not have permission to perform the requested action"}"#), Active),
    ("openai", "", &[], (401, r#"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}"#), Dead(Reason::NotFound)),
    ("openai", "", &[], (403, r#"{"error":{"message":"You have insufficient permissions for this operation. Missing scopes: api.model.read."}}"#), Active),
    ("pagerduty", "", &[("service_region", "eu")], (401, r#"{"error":{"message":"Invalid Credentials Provided","code":2006}}"#), Dead(Reason::NotFound)),
    ("pagerduty", "", &[], (401, r#"{"error":{"message":"Invalid Credentials Provided","code":2006}}"#), Unsure(Reason::Incomplete)),
    ("slack", "", &[], (200, r#"{"ok":false,"error":"token_revoked"}"#), Dead(Reason::Revoked)),
    ("slack", "", &[], (200, r#"{"ok":false,"error":"token_expired"}"#), Dead(Reason::Expired)),
    ("slack", "", &[], (200, r#"{"ok":false,"error":"account_inactive"}"#), Dead(Reason::Disabled)),
    ("slack", "", &[], (200, r#"{"ok":false,"error":"invalid_auth"}"#), Unsure(Reason::Unreachable)),
    ("slack", "", &[], (200, r#"{"ok":false,"error":"ratelimited"}"#), Unsure(Reason::Unreachable)),
    ("stripe", "", &[], (401, r#"{"error":{"message":"Invalid API Key provided: rk_test_***","type":"invalid_request_error"}}"#), Dead(Reason::NotFound)),
    ("stripe", "", &[], (401, r#"{"error":{"code":"api_key_expired","message":"Expired API Key provided: rk_test_***","type":"invalid_request_error"}}"#), Dead(Reason::Expired)),
    ("stripe", "", &[], (403, r#"{"error":{"message":"The provided key 'rk_test_***' does not have the required permissions for this endpoint","type":"invalid_request_error"}}"#), Active),
];

#[test]
fn only_the_issuers_own_word_is_a_verdict() {
    let server = FaultyServer::start(Behaviour::HangUp);
    for (name, secret, beside, (status, body), expected) in TABLE {
        server.behave(Behaviour::json(*status, body));
        let told = ask(name, &server.url(), credential(name, secret, beside));
        assert_eq!(verdict(&told), *expected, "{name} {status} {body}: {told:?}");
    }
}

/// Credentials that cannot be asked about without harm, or of which something is missing: nothing is sent.
#[test]
fn what_would_do_harm_is_not_asked() {
    let server = FaultyServer::start(Behaviour::json(200, "{}"));
    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], Reason);
    let cases: &[Case] = &[
        ("github", "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", &[], Reason::Unsupported),
        (
            "digitalocean",
            "dor_v1_042e9398f2cc89025595d077503121a4a5a41d153d6863caa4c7332c8f1029f6",
            &[],
            Reason::Unsupported,
        ),
        ("slack", "xoxe-1-My0xLTExMTExMTEx", &[], Reason::Unsupported),
        ("slack", "xoxc-111111111111-2222222222222", &[], Reason::Unsupported),
        ("gitlab", "gldt-9d96d9d5b1addd7e7e61", &[], Reason::Unsupported),
        ("gitlab", "glrt-9d96d9d5b1addd7e7e61", &[], Reason::Unsupported),
        ("datadog", "4d8bd97f03109ac1ffd4f20894ed216d4d8bd97f", &[], Reason::Unsupported),
        ("newrelic", "NRII-7B58C07C6053341EA5949720F93", &[], Reason::Unsupported),
        ("npm", "9f86d081-884c-7d65-9a2f-eaa0c55ad015", &[], Reason::Unsupported),
        ("stripe", "whsec_2bed2032ed3d8300b7714", &[], Reason::Unsupported),
        ("openai", "sk-admin-7d3194f79e645c42e4396dda38be0476681", &[], Reason::Unsupported),
        ("launchdarkly", "sdk-031ac995-a40f-f061-cf05-85e1a8e9633f", &[], Reason::Unsupported),
        ("cloudflare", "cfk_738e22f0acab814cc0c6a9dfdd1c", &[], Reason::Unsupported),
        ("cloudflare", "cfat_738e22f0acab814cc0c6a9dfdd1c", &[], Reason::Incomplete),
        ("azure", "", &[("client_id", "9f86d081-884c-7d65-9a2f-eaa0c55ad015")], Reason::Incomplete),
        (
            "azure",
            "",
            &[("client_id", "9f86d081-884c-7d65-9a2f-eaa0c55ad015"), ("tenant_id", "../evil")],
            Reason::Incomplete,
        ),
        ("okta", "", &[("org_name", "dev-1"), ("base_url", "evil.example")], Reason::Incomplete),
        ("datadog", "", &[("api_url", "https://api.evil.example")], Reason::Skipped),
        ("pagerduty", "", &[("service_region", "moon")], Reason::Skipped),
        ("gitlab", "", &[("base_url", "https://gitlab.evil.example/api/v4/")], Reason::Skipped),
        ("github", "", &[("base_url", "https://github.evil.example/")], Reason::Skipped),
        ("gcp", GOOGLE_KEY, &[("client_email", "ci@evil.example")], Reason::Incomplete),
        (
            "gcp",
            "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
            &[("client_email", "a@b.iam.gserviceaccount.com")],
            Reason::Unsupported,
        ),
    ];
    for (name, secret, beside, reason) in cases {
        let told = ask(name, &server.url(), credential(name, secret, beside));
        assert_eq!((told.status, told.reason), (Status::Unknown, Some(*reason)), "{name} {secret}: {told:?}");
        assert_eq!(told.checked_at, None, "{name}: nobody was asked");
    }
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn a_form_is_what_a_log_in_sends() {
    let server = FaultyServer::start(Behaviour::json(200, r#"{"access_token": "thrown.away"}"#));
    let told = ask("azure", &server.url(), credential("azure", "a&b=c d~8Q~x", &[]));
    assert_eq!(server.lines(), ["POST /9f86d081-884c-7d65-9a2f-eaa0c55ad015/oauth2/v2.0/token"]);
    let seen = &server.seen()[0];
    assert!(seen.holds("client_secret=a%26b%3Dc+d%7E8Q%7Ex") && seen.holds("grant_type=client_credentials"));
    assert!(seen.holds("client_id=0f86d081-884c-7d65-9a2f-eaa0c55ad015"));
    assert_eq!(told.principal.as_deref(), Some("0f86d081-884c-7d65-9a2f-eaa0c55ad015"));
    assert!(!format!("{told:?}").contains("thrown"));
}

#[test]
fn dates_and_names_are_read() {
    let of = |name: &str| {
        let sample = SAMPLES.iter().find(|sample| sample.name == name).unwrap();
        let answers = sample.accepts.iter().map(|(status, body)| Behaviour::json(*status, body));
        let server = FaultyServer::start(Behaviour::InTurn(answers.collect()));
        ask(name, &server.url(), sample.candidate())
    };
    let day = |time: Option<jiff::Timestamp>| time.map(|time| time.strftime("%Y-%m-%d").to_string());
    let gitlab = of("gitlab");
    assert_eq!(
        (day(gitlab.created_at), day(gitlab.expires_at)),
        (Some("2026-01-02".into()), Some("2026-12-31".into()))
    );
    assert_eq!(gitlab.principal.as_deref(), Some("ci (user 24)"));
    assert_eq!(day(of("cloudflare").expires_at).as_deref(), Some("2027-01-01"));
    assert_eq!(of("slack").account.as_deref(), Some("Acme"));
    assert_eq!(of("okta").account.as_deref(), Some("dev-1.okta.com"));
    assert_eq!(of("newrelic").principal.as_deref(), Some("user 1000"));
    assert_eq!(day(of("fastly").created_at).as_deref(), Some("2026-01-02"));
}

/// A service account's key is compared with what Google publishes, and never sent.
#[test]
fn googles_certificates_tell_of_a_key() {
    let email = ("client_email", "ci@acme-prod.iam.gserviceaccount.com");
    let told = |behaviour: Behaviour, secret: &str, beside: &[(&str, &str)]| {
        let server = FaultyServer::start(behaviour);
        let told = ask("gcp", &server.url(), candidate("google-service-account-key", secret, beside));
        assert_eq!(server.lines(), ["GET /robot/v1/metadata/x509/ci@acme-prod.iam.gserviceaccount.com"]);
        assert!(
            server.seen().iter().all(|request| !request.holds("PRIVATE") && request.header("authorization").is_none())
        );
        told
    };
    let published = || Behaviour::json(200, GOOGLE_CERTIFICATES);
    let live = told(published(), GOOGLE_KEY, &[email]);
    assert_eq!((verdict(&live), live.principal.as_deref()), (Active, Some(email.1)));
    // `openssl x509 -noout -dates` says of it: Nov 21 20:11:59 2026 to Nov 18 20:11:59 2036.
    assert_eq!(live.created_at, Some("2026-11-21T20:11:59Z".parse().unwrap()));
    assert_eq!(live.expires_at, Some("2036-11-18T20:11:59Z".parse().unwrap()));
    // As it stands in a credential file: line ends escaped, in JSON, and the whole file.
    let escaped = GOOGLE_KEY.replace('\n', "\\n");
    assert_eq!(verdict(&told(published(), &escaped, &[email])), Active);
    let file = format!(
        r#"{{"type": "service_account", "client_email": "{}", "private_key": "{escaped}", "client_x509_cert_url": "https://evil.example"}}"#,
        email.1
    );
    assert_eq!(verdict(&told(published(), &file, &[])), Active);
    // Another key of the same account.
    let other: serde_json::Value = serde_json::from_str(GOOGLE_CERTIFICATES).unwrap();
    let other = other.as_object().unwrap().iter().next().unwrap();
    let other = serde_json::json!({ other.0: other.1 }).to_string();
    assert_eq!(verdict(&told(Behaviour::json(200, &other), GOOGLE_KEY, &[email])), Dead(Reason::NotFound));
    let late = Behaviour::plain(200, &[("date", "Sat, 01 Jan 2050 00:00:00 GMT")], GOOGLE_CERTIFICATES);
    assert_eq!(verdict(&told(late, GOOGLE_KEY, &[email])), Dead(Reason::Expired));
    for nothing in ["{}", r#"{"a": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"}"#, r#"{"a": 1}"#] {
        assert_eq!(verdict(&told(Behaviour::json(200, nothing), GOOGLE_KEY, &[email])), Unsure(Reason::Unreachable));
    }
}

/// Servers that people run themselves are asked where they are: below the address that the operator has named.
#[test]
fn a_server_of_ones_own_is_asked_where_its_api_is() {
    let server = FaultyServer::start(Behaviour::json(200, r#"{"login": "octocat"}"#));
    let url = format!("{}/api/v3", server.url());
    let beside = [("base_url", server.url())];
    let beside: Vec<(&str, &str)> = beside.iter().map(|(name, url)| (*name, url.as_str())).collect();
    assert_eq!(ask("github", &url, credential("github", "", &beside)).principal.as_deref(), Some("octocat"));
    assert_eq!(server.lines(), ["GET /api/v3/user"]);
}
