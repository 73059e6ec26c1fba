//! Policy documents are what Terraform and its provider write, and statements apply as IAM says.
//!
//! What is expected of `aws_iam_policy_document` was held against what version 5.100 of the provider writes.

use crate::rules::memory::{self, Files};
use credlint::resolve::{Program, Tree, VariableFiles, find_invocations};
use credlint::rules::iam::{Document, Effect, Match, Target, argument};

/// Calls `f` with the documents of `aws_iam_role_policy.p` in the root module.
fn documents<T>(files: &[(&str, &str)], f: impl FnOnce(&[Document]) -> T) -> T {
    let files: Files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let repository = memory::with_named_files(&files);
    let program = Program::new(&repository, &find_invocations(&repository));
    let root = program.modules_in(&credlint::text::RepoPath::new(""))[0];
    let tree = Tree::new(&program, root, VariableFiles::default());
    let (instance, declared) = tree.resource("aws_iam_role_policy.p").expect("the policy");
    f(&argument(&tree, instance, declared, "policy"))
}

const BUCKET: Target<'static> = Target {
    arn: "arn:aws:s3:::org-state",
    references: &[
        ("aws_s3_bucket.state", "arn", "arn:aws:s3:::org-state"),
        ("aws_s3_bucket.state", "bucket", "org-state"),
        ("aws_s3_bucket.state", "id", "org-state"),
    ],
};

/// Whether the first statement of the first document allows an action on the bucket.
fn on_bucket(files: &[(&str, &str)], action: &str) -> Match {
    documents(files, |documents| documents[0].statements[0].applies(action, &BUCKET))
}

fn policy(json: &str) -> String {
    format!("resource \"aws_iam_role_policy\" \"p\" {{\n  policy = {json}\n}}\n")
}

#[test]
fn json_in_every_form() {
    let json = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::org-state"}}"#;
    let heredoc = policy(&format!("<<-E\n  {json}\n  E\n"));
    let encoded = policy(
        r#"jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:*"], Resource = aws_s3_bucket.state.arn }] })"#,
    );
    let local = format!(
        "locals {{\n  p = jsonencode({{ statement = [{{ Effect = \"Allow\", Action = [\"s3:*\"], \
         Resource = \"arn:aws:s3:::${{aws_s3_bucket.state.id}}\" }}] }})\n}}\n{}",
        policy("local.p")
    );
    let file = policy("file(\"p.json\")");
    for text in [heredoc, encoded, local, file] {
        let files = [("main.tf", text.as_str()), ("p.json", json)];
        assert_eq!(on_bucket(&files, "s3:GetObject"), Match::Surely, "{text}");
        assert_eq!(on_bucket(&files, "dynamodb:GetItem"), Match::No, "{text}");
        documents(&files, |documents| {
            assert!(documents.len() == 1 && documents[0].certain && !documents[0].open);
            assert_eq!(documents[0].statements[0].effect, Some(Effect::Allow));
            assert_eq!(&*documents[0].statements[0].address, "aws_iam_role_policy.p");
        });
    }
}

#[test]
fn what_is_not_known_may_match() {
    let on = |resource: &str| {
        let text = format!(r#"{{ Statement = [{{ Effect = "Allow", Action = "s3:*", Resource = {resource} }}] }}"#);
        let text = format!("variable \"x\" {{}}\n{}", policy(&format!("jsonencode({text})")));
        on_bucket(&[("main.tf", &text)], "s3:GetObject")
    };
    assert_eq!(on("var.x"), Match::Maybe);
    assert_eq!(on(r#""arn:aws:s3:::${var.x}""#), Match::Maybe);
    assert_eq!(on(r#""arn:aws:sqs:${var.x}""#), Match::No);
    assert_eq!(on("aws_s3_bucket.other.arn"), Match::Maybe);
    assert_eq!(on(r#"["arn:aws:s3:::other", "arn:aws:s3:::org-*"]"#), Match::Surely);
    assert_eq!(on(r#"var.x == "a" ? "arn:aws:s3:::org-state" : "arn:aws:s3:::b""#), Match::Maybe);
}

#[test]
fn a_data_source_with_documents_merged_in() {
    let data = r#"
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "A"
    actions   = ["s3:*"]
    resources = ["*"]
  }
  statement {
    actions   = ["ec2:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "top" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [jsonencode({
    Statement = [{ Sid = "B", Effect = "Deny", Action = "s3:Put*", Resource = "*" }]
  })]
  statement {
    sid         = "A"
    not_actions = ["s3:GetObject"]
    resources   = ["*"]
  }
  statement {
    sid     = "B"
    actions = ["sts:AssumeRole"]
  }
  dynamic "statement" {
    for_each = { a = "repo:a/*", b = "repo:b/*" }
    content {
      actions = ["sts:AssumeRole"]
      principals {
        type        = "Federated"
        identifiers = ["x"]
      }
      condition {
        test     = "StringLike"
        variable = "x:sub"
        values   = [statement.value]
      }
      condition {
        test     = "StringLike"
        variable = "x:sub"
        values   = ["repo:c/*"]
      }
    }
  }
}
"#;
    let text = format!("{data}{}", policy("data.aws_iam_policy_document.top.json"));
    documents(&[("main.tf", &text)], |documents| {
        let [document] = documents else { panic!("one document") };
        assert!(document.certain && !document.open);
        let sids: Vec<Option<&str>> = document.statements.iter().map(|statement| statement.sid.as_deref()).collect();
        assert_eq!(sids, [Some("A"), None, Some("B"), None, None]);
        let [a, ec2, b, first, _] = document.statements.as_slice() else { panic!("five statements") };
        assert!(a.actions.negated && a.speaks_of("s3:getobject") == Match::No);
        assert_eq!((a.speaks_of("s3:PutObject"), ec2.speaks_of("ec2:RunInstances")), (Match::Surely, Match::Surely));
        assert_eq!((b.effect, b.speaks_of("s3:PutObject")), (Some(Effect::Deny), Match::Surely));
        assert_eq!(&*ec2.address, "data.aws_iam_policy_document.base");
        assert_eq!(&*first.address, "data.aws_iam_policy_document.top");
        assert_eq!(first.place.as_ref().map(|place| place.shown()), Some("main.tf:29".to_owned()));
        let [condition] = first.conditions.as_slice() else { panic!("one condition of both blocks") };
        let values: Vec<_> = condition.values.iter().filter_map(|value| value.as_str()).collect();
        assert_eq!(values, ["repo:a/*", "repo:c/*"]);
        let principals = first.principals.as_ref().expect("principals");
        assert_eq!(principals.list[0].of_type.as_deref(), Some("Federated"));
    });
}

#[test]
fn instances_of_a_data_source_and_of_a_module() {
    let module = r#"
variable "action" {}
data "aws_iam_policy_document" "d" {
  for_each = toset(["a", "b"])
  statement {
    actions   = [var.action]
    resources = ["arn:aws:s3:::org-state/${each.key}"]
  }
}
output "json" { value = data.aws_iam_policy_document.d["a"].json }
"#;
    let main =
        format!("module \"m\" {{\n  source = \"./m\"\n  action = \"s3:GetObject\"\n}}\n{}", policy("module.m.json"));
    documents(&[("main.tf", &main), ("m/main.tf", module)], |documents| {
        let addresses: Vec<&str> = documents.iter().map(|document| &*document.statements[0].address).collect();
        assert_eq!(addresses, ["module.m.data.aws_iam_policy_document.d"; 2]);
        let target = Target { arn: "arn:aws:s3:::org-state/b", references: &[] };
        let applies: Vec<Match> =
            documents.iter().map(|document| document.statements[0].applies("s3:GetObject", &target)).collect();
        assert_eq!(applies, [Match::No, Match::Surely]);
    });
}

#[test]
fn what_may_be_there_is_not_certain() {
    let main = format!(
        "variable \"more\" {{ type = list(string) }}\n\
         data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"s3:GetObject\"]\n  }}\n\
         \x20 dynamic \"statement\" {{\n    for_each = var.more\n    content {{\n      actions = [statement.value]\n    }}\n  }}\n}}\n{}",
        policy("data.aws_iam_policy_document.d.json")
    );
    documents(&[("main.tf", &main)], |documents| {
        let certain: Vec<bool> = documents[0].statements.iter().map(|statement| statement.certain).collect();
        assert_eq!(certain, [true, false]);
        assert_eq!(documents[0].statements[1].speaks_of("s3:GetObject"), Match::Maybe);
    });
    for open in ["var.p", "data.aws_iam_policy_document.missing.json", "\"no policy\"", "aws_iam_policy.x.policy"] {
        let main = format!("variable \"p\" {{}}\n{}", policy(open));
        documents(&[("main.tf", &main)], |documents| assert!(documents[0].open, "{open}"));
    }
}

#[test]
fn documents_that_refer_to_each_other_end() {
    // Each takes in the next a hundred times.
    let data = |nth: usize, next: usize| {
        let sources = format!("data.aws_iam_policy_document.d{next}.json, ").repeat(100);
        format!("data \"aws_iam_policy_document\" \"d{nth}\" {{\n  source_policy_documents = [{sources}]\n}}\n")
    };
    let circle: String = (0..10).map(|nth| data(nth, (nth + 1) % 10)).collect();
    let main = format!("{circle}{}", policy("data.aws_iam_policy_document.d0.json"));
    documents(&[("main.tf", &main)], |documents| assert!(documents[0].open));
}

#[test]
fn trusts_without_end_take_bounded_time() {
    let statement = |effect: &str, nth: usize| {
        let values: Vec<String> = (0..50).map(|value| format!("\"repo:o{nth}/r{value}:*\"")).collect();
        format!(
            "{{ Effect = \"{effect}\", Action = \"*\", Principal = {{ Federated = \
             \"arn:aws:iam::1:oidc-provider/gitlab.com\" }}, Condition = {{ StringLike = {{ \"gitlab.com:sub\" = [{}] }} }} }}",
            values.join(", ")
        )
    };
    let statements: Vec<String> = (0..400).flat_map(|nth| [statement("Allow", nth), statement("Deny", nth)]).collect();
    let main = format!(
        "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({{ Statement = [{}] }})\n}}\n",
        statements.join(", ")
    );
    let files: Files = [("main.tf".to_owned(), main)].into();
    let rule = credlint::rules::find("oidc-trust-too-broad").expect("the rule");
    let began = std::time::Instant::now();
    let found = memory::outcome(&files, &[rule], &[]).findings;
    assert!(found.is_empty());
    assert!(began.elapsed().as_secs() < 30);
}
