//! Which values are secrets, decision by decision, both ways.

use super::*;

const PASSWORD: &str = "Rk2dYf7PsUo9WgEn";

fn owner(section: Section, address: &str) -> Owner {
    let mut parts = address.rsplit('.').skip(1);
    let kind = parts.next().unwrap_or_default().to_owned();
    Owner { section, address: address.to_owned(), kind }
}

fn judged(owner: &Owner, path: &str, text: &str, marked: bool) -> Option<(Why, &'static str)> {
    let attributes = match owner.section {
        Section::Data => Attributes::of_data_source(&owner.kind),
        Section::Resource => Attributes::of_resource(&owner.kind),
        _ => None,
    };
    let number = text.bytes().all(|b| b.is_ascii_digit());
    let leaf = Leaf { path, text, number, span: None, marked };
    let found = Subject { owner, attributes }.judge(&leaf, true);
    found.first().map(|judged| (judged.why, judged.kind))
}

fn resource(address: &str, path: &str, text: &str) -> Option<(Why, &'static str)> {
    judged(&owner(Section::Resource, address), path, text, false)
}

#[test]
fn what_the_provider_flags() {
    assert_eq!(resource("random_password.x", "result", PASSWORD), Some((Why::Provider, "random-password")));
    assert_eq!(resource("aws_db_instance.x", "password", "hunter2"), Some((Why::Provider, "database-password")));
    assert_eq!(resource("kubernetes_secret.x", "data.DB_PASSWORD", "hunter2"), Some((Why::Provider, "password")));
    assert_eq!(resource("aws_db_instance.x", "password", "changeme"), None, "a placeholder");
    assert_eq!(resource("aws_db_instance.x", "username", PASSWORD), None, "not flagged");
    assert_eq!(resource("random_password.x", "bcrypt_hash", "$2a$10$N9qo8uLOickgx2ZMRZoMye"), None, "a hash");
    assert_eq!(resource("kubernetes_secret.x", "data.username", "administrator"), None, "a name");
    assert_eq!(resource("kubernetes_secret.x", "data.DB_HOST", "db.example.com"), None, "a host");
    assert_eq!(resource("kubernetes_secret.x", "data.config", "db.example.com:5432"), None, "a host");
    assert_eq!(resource("kubernetes_secret.x", "data.flag", "true"), None, "a switch");
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    assert_eq!(resource("kubernetes_secret.x", "data.tls.crt", certificate), None);
    assert_eq!(resource("azurerm_kubernetes_cluster.x", "kube_config.host", "https://a.example.com:443"), None);
    let role = "arn:aws:iam::111122223333:role/x";
    assert_eq!(resource("aws_secretsmanager_secret_version.x", "secret_string", role), None);
}

#[test]
fn the_secret_part_of_what_is_flagged() {
    let secrets = |text: &str| {
        let owner = owner(Section::Resource, "aws_secretsmanager_secret_version.x");
        let attributes = Attributes::of_resource(&owner.kind);
        let leaf = Leaf { path: "secret_string", text, number: false, span: None, marked: false };
        let found = Subject { owner: &owner, attributes }.judge(&leaf, true);
        found.iter().map(|judged| judged.secret.expose().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(secrets(r#"{"username":"app","password":"Rk2dYf7PsUo9WgEn"}"#), [PASSWORD]);
    assert_eq!(secrets("postgres://app:Rk2dYf7PsUo9WgEn@db.example.com/x"), [PASSWORD]);
    assert_eq!(secrets("something to keep"), ["something to keep"]);
    assert_eq!(secrets("AKIAIOSFODNN7EXAMPLE"), Vec::<String>::new());
}

#[test]
fn what_the_artifact_marks() {
    let data = owner(Section::Resource, "terraform_data.x");
    let marked = |path: &str, text: &str| judged(&data, path, text, true).map(|(why, _)| why);
    assert_eq!(marked("input.password", "hunter2"), Some(Why::Marked));
    assert_eq!(marked("triggers_replace", PASSWORD), Some(Why::Marked));
    for (path, text) in [
        ("input.user", "administrator"),
        ("output.id", "9b2fd5a0-1c1e-4f7a-8d3b-2f6a7c9e1b10"),
        ("input.count", "12"),
        ("input.url", "https://example.com/"),
        ("input.at", "2026-01-01T00:00:00Z"),
        ("input.flag", "true"),
        ("output", "arn:aws:iam::111122223333:role/x"),
        ("input.host", "db.example.com"),
    ] {
        assert_eq!(marked(path, text), None, "{path}");
    }
    assert_eq!(marked("input.pin", "4711"), Some(Why::Marked));
    assert_eq!(judged(&data, "input.note", PASSWORD, false), None, "nothing says that it is a secret");
}

#[test]
fn what_only_a_name_tells() {
    let data = owner(Section::Resource, "terraform_data.x");
    assert_eq!(judged(&data, "input.db_password", "hunter2", false), Some((Why::Named, "password")));
    assert_eq!(judged(&data, "input.password_file", "/run/secrets/db", false), None);
    let unknown = owner(Section::Resource, "unheard_of_thing.x");
    assert_eq!(judged(&unknown, "api_token", PASSWORD, false), Some((Why::Named, "token")));
    assert_eq!(judged(&unknown, "token_endpoint", "https://example.com/token", false), None);
    let instance = "#!/bin/sh\nexport DB_PASSWORD=Rk2dYf7PsUo9WgEn\n";
    assert_eq!(resource("aws_instance.x", "user_data", instance), Some((Why::Named, "password")));
    assert_eq!(resource("aws_instance.x", "tags.note", instance), None, "no free text");
    let lambda = resource("aws_lambda_function.x", "environment.variables.DB_PASSWORD", "hunter2");
    assert_eq!(lambda.map(|(why, _)| why), Some(Why::Named));
    assert_eq!(resource("aws_lambda_function.x", "environment.variables.DB_HOST", "hunter2"), None);
}

#[test]
fn outputs_and_variables() {
    let output = owner(Section::Output, "output.password");
    assert_eq!(judged(&output, "", "hunter2", true), Some((Why::Marked, "password")));
    assert_eq!(judged(&output, "", "hunter2", false), Some((Why::Named, "password")));
    assert_eq!(judged(&owner(Section::Output, "output.url"), "", "https://example.com/", true), None);
    assert_eq!(judged(&owner(Section::Output, "output.note"), "", PASSWORD, false), None);
    let passwords = owner(Section::Variable, "var.passwords");
    assert_eq!(judged(&passwords, "app", "hunter2", false), Some((Why::Named, "password")));
    assert_eq!(judged(&passwords, "username", "hunter2", false), None);
}

#[test]
fn arguments_of_backends_and_providers() {
    let s3 = Owner { section: Section::Backend, address: "terraform.backend.s3".into(), kind: "s3".into() };
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    assert_eq!(judged(&s3, "secret_key", key, false), Some((Why::Argument, "aws-secret-key")));
    assert_eq!(judged(&s3, "access_key", "AKIAIOSFODNN7EXAMPLE", false), None, "no secret by itself");
    assert_eq!(judged(&s3, "bucket", PASSWORD, false), None);
    assert_eq!(judged(&s3, "secret_key", "<secret>", false), None);
    let http = Owner { section: Section::Backend, address: "terraform.backend.http".into(), kind: "http".into() };
    let address = "https://ci:Rk2dYf7PsUo9WgEn@state.example.com";
    assert_eq!(judged(&http, "address", address, false).map(|(why, _)| why), Some(Why::Argument));
    assert_eq!(
        judged(&http, "headers.Authorization", "Bearer Rk2dYf7PsUo9WgEn", false).map(|(why, _)| why),
        Some(Why::Argument)
    );
    let aws = Owner { section: Section::Provider, address: "provider.aws".into(), kind: "aws".into() };
    assert_eq!(judged(&aws, "secret_key", key, false), Some((Why::Argument, "aws-secret-key")));
    assert_eq!(judged(&aws, "region", "eu-west-1", false), None);
    let new = Owner { section: Section::Provider, address: "provider.unheard".into(), kind: "unheard".into() };
    assert_eq!(judged(&new, "api_token", PASSWORD, false), Some((Why::Argument, "token")));
    let state = owner(Section::Data, "data.terraform_remote_state.x");
    assert_eq!(judged(&state, "config.password", "hunter2", false), Some((Why::Argument, "password")));
}
