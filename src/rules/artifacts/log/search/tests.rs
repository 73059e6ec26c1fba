//! Lines as programs write them, and what is a secret in them.

use super::*;

fn hits(log: &[u8], offset: usize) -> Vec<(Hit, usize)> {
    search(&Part { bytes: log, offset, own: 0..usize::MAX, judged: &[] }, Reach::Log)
}

/// Name, kind and value of every secret in a log.
fn found(log: &str) -> Vec<String> {
    let hits = hits(log.as_bytes(), 0);
    hits.iter().map(|(hit, _)| format!("{} {} {}", hit.name, hit.kind, hit.secret.expose())).collect()
}

/// Lines of Terraform's own, of several versions, with the one secret that each holds.
#[test]
fn lines_of_terraform() {
    let cases = [
        // 1.11.4
        (
            r#"2026-11-21T15:16:56.100Z [INFO]  CLI args: []string{"terraform", "apply", "-no-color", "-var", "db_password=Rk2d Yf7\"PsUo9WgEn"}"#,
            "db_password password Rk2d Yf7\"PsUo9WgEn",
        ),
        (
            r#"{"@level":"info","@message":"CLI command args: []string{\"apply\", \"-var\", \"db_password=Rk2d Yf7\\\"PsUo9WgEn\"}","@timestamp":"2026-11-21T15:16:56.146241Z"}"#,
            "db_password password Rk2d Yf7\"PsUo9WgEn",
        ),
        (
            r#"2026-11-21T15:16:56.205Z [DEBUG] UpgradeResourceState: ignoring dynamic block: map[string]interface {}{"type":[]interface {}{"object", map[string]interface {}{"note":"string", "password":"string"}}, "value":map[string]interface {}{"note":"x", "password":"Rk2dYf7PsUo9WgEn"}}"#,
            "password password Rk2dYf7PsUo9WgEn",
        ),
        // 0.11: https://github.com/hashicorp/terraform/blob/v0.11.15/terraform/transform_diff.go
        (
            r#"2018/08/10 10:00:00 [TRACE] DiffTransformer: Resource "aws_db_instance.main": &terraform.InstanceDiff{mu:sync.Mutex{state:0, sema:0x0}, Attributes:map[string]*terraform.ResourceAttrDiff{"password":*terraform.ResourceAttrDiff{Old:"", New:"Rk2dYf7PsUo9WgEn", NewComputed:false, NewRemoved:false, NewExtra:interface {}(nil), RequiresNew:false, Sensitive:true, Type:0x0}}}"#,
            "password password Rk2dYf7PsUo9WgEn",
        ),
        (
            r#"2018/08/10 10:00:00 [INFO] CLI args: []string{"/usr/local/bin/terraform", "init", "-backend-config=secret_key=Rk2dYf7PsUo9WgEn"}"#,
            "secret_key secret-key Rk2dYf7PsUo9WgEn",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(found(line), [expected], "{line}");
    }
}

/// What providers and their libraries write.
#[test]
fn lines_of_providers() {
    let cases = [
        (
            "2018-08-10T10:00:02.000+0100 [DEBUG] plugin.terraform-provider-vault_v1.1.0_x4: X-Vault-Token: 7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10",
            "X-Vault-Token vault-token 7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10",
        ),
        ("Authorization: Basic dGVycmFmb3JtOlJrMmRZZjdQc1VvOVdnRW4=", "Authorization password Rk2dYf7PsUo9WgEn"),
        (
            "2024-01-01T10:00:00.000Z [DEBUG] provider.terraform-provider-x_v1.0.0: Sending HTTP Request: Authorization=\"Bearer Rk2dYf7PsUo9WgEn\" tf_http_op_type=request",
            "Authorization token Rk2dYf7PsUo9WgEn",
        ),
        (
            // aws-sdk-go: https://github.com/aws/aws-sdk-go/blob/v1.44.122/aws/client/logger.go
            "X-Amz-Security-Token: FwoGRk2dYf7PsUo9WgEn//Rk2dYf7PsUo9WgEn==\n",
            "X-Amz-Security-Token token FwoGRk2dYf7PsUo9WgEn//Rk2dYf7PsUo9WgEn==",
        ),
        (
            "  <SessionToken>FwoGRk2dYf7PsUo9WgEn//Rk2dYf7PsUo9WgEn==</SessionToken>",
            "SessionToken token FwoGRk2dYf7PsUo9WgEn//Rk2dYf7PsUo9WgEn==",
        ),
        (
            "grant_type=client_credentials&client_id=x&client_secret=Rk2d%7EYf7PsUo9WgEn&resource=y",
            "client_secret client-secret Rk2d~Yf7PsUo9WgEn",
        ),
        (
            r#"tf_http_res_body="{\"access_token\":\"Rk2dYf7PsUo9WgEn\",\"token_type\":\"Bearer\",\"expires_in\":3600}""#,
            "access_token token Rk2dYf7PsUo9WgEn",
        ),
        ("TF_VAR_db_password=Rk2dYf7PsUo9WgEn", "TF_VAR_db_password password Rk2dYf7PsUo9WgEn"),
    ];
    for (line, expected) in cases {
        assert_eq!(found(line), [expected], "{line}");
    }
}

#[test]
fn what_is_masked_or_no_secret() {
    for line in [
        r#"http.request.header.authorization="AWS4-HMAC-SHA256 Credential=ASIA************MPLE/20261121/us-east-1/sts/aws4_request, SignedHeaders=content-length;x-amz-security-token, Signature=*****" http.request.header.x_amz_security_token="*****""#,
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20180810/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
        "X-Vault-Token: [REDACTED]",
        r#""password":"(sensitive value)""#,
        "password = (sensitive value)",
        "db_password: <sensitive> => <sensitive>",
        r#"CLI args: []string{"terraform", "apply", "-var", "db_password=***", "-var-file=secret.tfvars", "-backend-config=secret.tfbackend"}"#,
        r#"CLI args: []string{"terraform", "output", "-raw", "db_password"}"#,
        r#"{"type":["object",{"password":"string"}]}"#,
        "Enter password: must not be empty",
        r#""password":"the password must be set""#,
        "access_key=AKIAIOSFODNN7EXAMPLE",
        "[TRACE] vertex \"var.db_password\": visit complete",
        "[DEBUG] ReferenceTransformer: \"output.secret\" references: [var.api_token]",
        "Token: hclsyntax.TokenOBrace",
        r#"GET https://example.com/list?nextPageToken=Rk2dYf7PsUo9WgEn"#,
        "http.response.header.x_amz_next_token=Rk2dYf7PsUo9WgEn",
        "ClientToken=terraform-20260101000000000100000001",
        "Set-Cookie: [MASKED]",
        "token_url=https://login.example.com/oauth2/token",
        "secret_name=prod/database-1",
    ] {
        assert_eq!(found(line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn lines_in_ci_and_terminals() {
    for line in [
        "2025-03-04T10:11:12.4567890Z ##[debug]X-Vault-Token: 7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10",
        "\x1b[31m│\x1b[0m \x1b[0mX-Vault-Token: \x1b[1m7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10\x1b[0m",
        "  | X-Vault-Token: 7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10",
    ] {
        assert_eq!(found(line), ["X-Vault-Token vault-token 7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10"], "{line}");
        let hit = &hits(line.as_bytes(), 0)[0].0;
        assert_eq!(&line.as_bytes()[hit.span.range()], b"7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10");
    }
}

#[test]
fn pieces_cut_nothing() {
    let line = "x=y ".repeat(63) + "\n";
    let secret = "X-Vault-Token: 7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10";
    for at in [PIECE - 40, PIECE - 15, PIECE, PIECE + CONTEXT - 20] {
        for filler in [line.clone(), "x".repeat(256)] {
            let mut log = filler.repeat(PIECE / 250 + 400);
            log.truncate(at - 1);
            log = log + " " + secret + " " + &filler.repeat(300);
            let found = hits(log.as_bytes(), 1000);
            assert_eq!((found.len(), found[0].1), (1, 1), "{at}");
            let hit = &found[0].0;
            assert_eq!(hit.span.start as usize, 1000 + at + 15);
        }
    }
}

#[test]
fn hostile_logs_take_no_long() {
    let quotes = "password=\"".repeat(200_000);
    let backslashes = "token=".to_owned() + &"\\".repeat(2_000_000);
    let arguments = "CLI args: []string{".repeat(100_000);
    let nul = "\0".repeat(4_000_000);
    let names = "a_password".repeat(200_000);
    let colours = "\x1b[".repeat(1_000_000);
    let bars = "| ".repeat(1_000_000);
    for text in [quotes, backslashes, arguments, nul, names, colours, bars] {
        let _ = found(&text);
    }
    let broken: Vec<u8> = (0..2_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    hits(&broken, 0);
}
