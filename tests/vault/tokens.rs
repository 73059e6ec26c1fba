//! Tokens of a real OpenBao.

use super::{credlint, report, verdict};
use crate::git_repository::Directory;
use crate::support::Script;
use serde_json::{Value, json};

struct Bao(Script);

impl Bao {
    fn start() -> Self {
        Self(Script::start("openbao_server.py", &[]))
    }

    fn root(&self, method: &str, path: &str, body: Value) -> Value {
        self.0.call(method, &format!("/v1/{path}"), Some(body), &[("x-vault-token", "root")])
    }

    fn token(&self, of: Value) -> String {
        self.root("POST", "auth/token/create", of)["auth"]["client_token"].as_str().unwrap().to_owned()
    }

    fn is_alive(&self, token: &str) -> bool {
        let answer = self.0.call("GET", "/v1/auth/token/lookup-self", None, &[("x-vault-token", token)]);
        answer["data"]["id"].is_string()
    }

    /// What is said of a token that stands in a provider's block.
    fn ask(&self, token: &str) -> Value {
        let directory = Directory::without_git();
        let url = &self.0.url;
        directory
            .write("main.tf", &format!("provider \"vault\" {{\n  address = \"{url}\"\n  token   = \"{token}\"\n}}\n"));
        report(&mut credlint(&directory, &["check", "--verify", "--verify-host", &format!("vault={url}")]))
    }
}

#[test]
fn each_kind_of_token_has_its_verdict() {
    let bao = Bao::start();
    let live = bao.token(json!({ "ttl": "1h", "policies": ["default"], "display_name": "ci" }));
    let seen = bao.ask(&live);
    assert_eq!(verdict(&seen), "active");
    let told = &seen["credentials"][0]["verification"];
    assert_eq!((&told["principal"], &told["root"]), (&json!("token-ci"), &Value::Null));
    assert_eq!(told["detail"], "policies: default");
    assert!(told["created_at"].is_string() && told["expires_at"].is_string() && told["age_days"] == 0, "{told}");
    assert_eq!(
        verdict(&bao.ask(&bao.token(json!({ "type": "batch", "ttl": "1h", "policies": ["default"] })))),
        "active"
    );

    let root = bao.ask(&bao.token(json!({ "policies": ["root"] })));
    assert_eq!(verdict(&root), "active");
    let told = &root["credentials"][0]["verification"];
    assert_eq!((&told["root"], &told["detail"]), (&json!(true), &json!("policies: root; it never expires")));

    let mute = bao.token(json!({ "ttl": "1h", "no_default_policy": true, "policies": ["nothing"] }));
    assert_eq!(verdict(&bao.ask(&mute)), "active");

    bao.root("POST", "auth/token/revoke", json!({ "token": &live }));
    assert_eq!(verdict(&bao.ask(&live)), "inactive: not-found");
    let brief = bao.token(json!({ "ttl": "1s", "policies": ["default"] }));
    std::thread::sleep(std::time::Duration::from_millis(2_500));
    assert_eq!(verdict(&bao.ask(&brief)), "inactive: not-found");
}

#[test]
fn a_wrapping_token_survives_and_a_used_up_one_is_told() {
    let bao = Bao::start();
    let wrap = [("x-vault-token", "root"), ("x-vault-wrap-ttl", "5m")];
    let wrapped = bao.0.call("POST", "/v1/auth/token/create", Some(json!({ "policies": ["default"] })), &wrap);
    let token = wrapped["wrap_info"]["token"].as_str().unwrap();
    for _ in 0..2 {
        let seen = bao.ask(token);
        assert_eq!(verdict(&seen), "active");
        assert!(seen["credentials"][0]["verification"]["expires_at"].is_string(), "{seen}");
    }
    let unwrapped = bao.0.call("POST", "/v1/sys/wrapping/unwrap", None, &[("x-vault-token", token)]);
    assert!(unwrapped["auth"]["client_token"].is_string(), "{unwrapped}");

    let uses = |left: u32| bao.token(json!({ "num_uses": left, "ttl": "1h", "policies": ["default"] }));
    let (twice, once) = (uses(2), uses(1));
    assert_eq!(verdict(&bao.ask(&twice)), "active");
    assert!(bao.is_alive(&twice), "the question has cost one use");
    assert_eq!(verdict(&bao.ask(&once)), "inactive: revoked");
    assert_eq!(verdict(&bao.ask(&once)), "inactive: not-found");
}
#[test]
fn a_log_in_is_made_where_it_is_allowed_and_taken_back() {
    let bao = Bao::start();
    bao.root("POST", "sys/auth/approle", json!({ "type": "approle" }));
    bao.root("POST", "auth/approle/role/ci", json!({ "token_policies": ["default"], "token_ttl": "5m" }));
    let role = bao.root("GET", "auth/approle/role/ci/role-id", Value::Null)["data"]["role_id"].clone();
    let made = bao.root("POST", "auth/approle/role/ci/secret-id", json!({}))["data"].clone();
    let (role, secret) = (role.as_str().unwrap(), made["secret_id"].as_str().unwrap());
    let tokens = || {
        let list = bao.root("LIST", "auth/token/accessors", Value::Null);
        list["data"]["keys"].as_array().unwrap().len()
    };
    let before = tokens();
    let ask = |allowed: bool| {
        let directory = Directory::without_git();
        let url = &bao.0.url;
        let login = format!("parameters = {{\n      role_id   = \"{role}\"\n      secret_id = \"{secret}\"\n    }}");
        let provider = format!(
            "provider \"vault\" {{\n  address = \"{url}\"\n\n  auth_login {{\n    path = \"auth/approle/login\"\n    {login}\n  }}\n}}\n"
        );
        directory.write("main.tf", &provider);
        let host = format!("vault={url}");
        let mut arguments = vec!["check", "--verify", "--verify-host", &host];
        arguments.extend(allowed.then_some("--verify-logins"));
        verdict(&report(&mut credlint(&directory, &arguments)))
    };
    assert_eq!(ask(false), "unknown: skipped");
    assert_eq!(ask(true), "active");
    assert_eq!(tokens(), before, "the token of the log-in was revoked");
    bao.root("POST", "auth/approle/role/ci/secret-id/destroy", json!({ "secret_id": secret }));
    assert_eq!(ask(true), "inactive: not-found");
}
