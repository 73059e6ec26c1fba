//! Workload-identity tokens of real issuers: five ways in which one can be wrong, and the one in which it is right.

use super::{credlint, report, said};
use crate::git_repository::Directory;
use crate::support::Script;
use serde_json::{Value, json};

const RULE: &str = "oidc-signing-key-unknown";

/// What is said of a token in a file, and what is noted.
fn checked(issuer: &str, token: &str, audience: Option<&str>) -> (Vec<String>, Vec<String>) {
    let directory = Directory::without_git();
    directory.write("main.tf", "locals {}\n");
    directory.write("token.jwt", token);
    let host = format!("oidc={issuer}");
    let mut arguments = vec!["verify", "--verify-host", &host, "--oidc-token", "token.jwt"];
    arguments.extend(audience.into_iter().flat_map(|audience| ["--oidc-audience", audience]));
    let report = report(&mut credlint(&directory, &arguments));
    let signature = token.rsplit('.').next().filter(|signature| signature.len() > 5);
    assert!(!signature.is_some_and(|signature| report.to_string().contains(signature)), "a secret is not repeated");
    let notes = report["notifications"].as_array().unwrap().iter();
    let notes = notes.map(|note| note["message"].as_str().unwrap().to_owned()).collect();
    (said(&report, RULE).into_iter().map(str::to_owned).collect(), notes)
}

/// The one thing that is said.
fn finding(issuer: &str, token: &str, audience: Option<&str>) -> String {
    let (findings, notes) = checked(issuer, token, audience);
    assert_eq!((findings.len(), &notes[..]), (1, &[][..]), "{findings:?} {notes:?}");
    findings.into_iter().next().unwrap()
}

fn is_good(issuer: &str, token: &str, audience: Option<&str>) -> bool {
    checked(issuer, token, audience) == (Vec::new(), Vec::new())
}

struct Tfe(Script);

impl Tfe {
    fn start(arguments: &[&str]) -> Self {
        Self(Script::start("oidc_issuer.py", arguments))
    }

    fn token(&self, query: &str) -> String {
        self.0.call("GET", &format!("/token?{query}"), None, &[])["value"].as_str().unwrap().to_owned()
    }

    fn post(&self, path: &str) {
        self.0.call("POST", path, None, &[]);
    }
}

/// The story of <https://support.hashicorp.com/hc/en-us/articles/31715716966419>.
#[test]
fn the_tenth_key_of_an_old_terraform_enterprise_is_found() {
    let tfe = Tfe::start(&["broken"]);
    let url = &tfe.0.url;
    assert!(is_good(url, &tfe.token(""), None));
    tfe.post("/rotate?n=8");
    assert!(is_good(url, &tfe.token(""), Some("aws.workload.identity")), "the ninth version");
    tfe.post("/rotate");
    let broken = finding(url, &tfe.token(""), None);
    assert!(broken.contains("is signed by another of its issuer's keys"), "{broken}");
    // The workaround of the article: rotated further and trimmed, the newest stands last as a text too.
    tfe.post("/rotate?n=9");
    tfe.post("/trim");
    assert!(is_good(url, &tfe.token(""), None), "version 19");
    let mended = Tfe::start(&[]);
    mended.post("/rotate?n=9");
    assert!(is_good(&mended.0.url, &mended.token(""), None), "a release that is not broken");
}

#[test]
fn each_way_to_be_wrong_is_told_by_its_own_words() {
    let tfe = Tfe::start(&[]);
    let url = &tfe.0.url;
    let good = tfe.token("");
    let foreign = Tfe::start(&[]).token("kid=nobody");
    assert!(is_good(url, &good, None));
    let of_key = |token: &str| finding(url, token, None);

    let audience = finding(url, &good, Some("vault.workload.identity"));
    assert!(audience.contains("is for aws.workload.identity, not for vault.workload.identity"), "{audience}");
    assert!(of_key(&tfe.token("ttl=-3600")).contains("has expired at"));
    let (head, _) = good.rsplit_once('.').unwrap();
    let (_, signature) = foreign.rsplit_once('.').unwrap();
    assert!(of_key(&format!("{head}.{signature}")).contains("no key that its issuer publishes has signed it"));
    let named_wrong = of_key(&tfe.token("kid=nobody"));
    assert!(named_wrong.contains("names the key nobody and is signed by another"), "{named_wrong}");
    tfe.post("/rotate");
    tfe.post("/trim");
    assert!(of_key(&good).contains("is none of the 1 that its issuer publishes"));
    assert!(of_key(&tfe.token("ttl=-3600&kid=old")).contains("signed by another"), "graver than its end");
}

#[test]
fn who_is_not_allowed_is_not_asked() {
    let tfe = Tfe::start(&[]);
    let (findings, notes) = checked("http://127.0.0.1:1", &tfe.token(""), None);
    assert!(findings.is_empty() && notes[0].contains("nobody named its issuer"), "{findings:?} {notes:?}");
    let asked = tfe.0.call("GET", "/log", None, &[]);
    assert!(asked.as_array().unwrap().iter().all(|call| call["path"] == "/token"), "{asked}");
    for odd in [
        "",
        "x",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2dpdGxhYi5jb20ueCJ9.AA",
    ] {
        let (findings, notes) = checked(&tfe.0.url, odd, None);
        assert!(findings.is_empty() && notes.len() == 1, "{odd}: {findings:?} {notes:?}");
    }
}

#[test]
fn a_job_of_github_asks_for_its_own_token() {
    let tfe = Tfe::start(&[]);
    let directory = Directory::without_git();
    directory.write("main.tf", "locals {}\n");
    let host = format!("oidc={}", tfe.0.url);
    let arguments =
        ["verify", "--verify-host", &host, "--oidc-token", "github", "--oidc-audience", "sts.amazonaws.com"];
    let mut command = credlint(&directory, &arguments);
    let output = command.output().unwrap();
    let wrong = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && wrong.contains("id-token: write"), "{wrong}");
    command.env("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{}/token?api-version=2.0", tfe.0.url));
    command.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job");
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && said.contains("the token of this job is signed by the key that it names"),
        "{said}"
    );
    let log = tfe.0.call("GET", "/log", None, &[]);
    let sent: Vec<&str> = log.as_array().unwrap().iter().map(|call| call["authorization"].as_str().unwrap()).collect();
    assert_eq!(sent, ["Bearer job", "", ""], "the issuer is sent no token");
}

/// <https://openbao.org/docs/secrets/identity/identity-token/>
#[test]
fn keys_that_openbao_has_rotated_out_and_dropped_are_missing() {
    let bao = Script::start("openbao_server.py", &[]);
    let call = |method: &str, path: &str, token: &str, body: Value| {
        bao.call(method, &format!("/v1/{path}"), Some(body), &[("x-vault-token", token)])
    };
    let root = |method: &str, path: &str, body: Value| call(method, path, "root", body);
    root("POST", "identity/oidc/config", json!({ "issuer": bao.url }));
    let key =
        json!({ "allowed_client_ids": "*", "rotation_period": "24h", "verification_ttl": "24h", "algorithm": "RS256" });
    root("POST", "identity/oidc/key/tfe", key);
    root(
        "POST",
        "identity/oidc/role/run",
        json!({ "key": "tfe", "ttl": "12h", "client_id": "vault.workload.identity" }),
    );
    root("POST", "sys/auth/userpass", json!({ "type": "userpass" }));
    let policy = "path \"identity/oidc/token/*\" { capabilities = [\"read\"] }";
    root("PUT", "sys/policies/acl/oidc", json!({ "policy": policy }));
    root("POST", "auth/userpass/users/u", json!({ "password": "p", "token_policies": "oidc" }));
    let login = bao.call("POST", "/v1/auth/userpass/login/u", Some(json!({ "password": "p" })), &[]);
    let user = login["auth"]["client_token"].as_str().unwrap();
    let token = || {
        let made = call("GET", "identity/oidc/token/run", user, Value::Null);
        made["data"]["token"].as_str().unwrap().to_owned()
    };
    let (issuer, first) = (format!("{}/v1/identity/oidc", bao.url), token());
    assert!(is_good(&issuer, &first, Some("vault.workload.identity")));
    root("POST", "identity/oidc/key/tfe/rotate", json!({}));
    assert!(is_good(&issuer, &first, None), "rotated out, and still published");
    let second = token();
    root("POST", "identity/oidc/key/tfe/rotate", json!({ "verification_ttl": "1s" }));
    let missing =
        || checked(&issuer, &second, None).0.concat().contains("that its issuer publishes: nobody can accept it");
    let patience = std::time::Instant::now();
    // OpenBao drops keys when it comes round to it.
    while !missing() {
        assert!(patience.elapsed() < std::time::Duration::from_secs(90), "the key is still published");
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}
