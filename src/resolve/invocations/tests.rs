use super::*;

/// `...` for further ones: `subcommand @ directory | backend-config ... | var-file ... | var ...`, holes as `*`.
pub(super) fn shown(invocations: &[Invocation]) -> Vec<String> {
    let text = |pattern: &PathPattern| pattern.0.join("*");
    invocations
        .iter()
        .map(|invocation| {
            let mut line = format!("{} @ {}", invocation.subcommand, text(&invocation.directory));
            for (mark, list) in
                [("", &invocation.backend_config), ("file ", &invocation.var_files), ("var ", &invocation.vars)]
            {
                for argument in list {
                    line.push_str(&format!(" | {mark}{}", text(&argument.text)));
                }
            }
            if invocation.open {
                line.push_str(" ...");
            }
            line
        })
        .collect()
}

pub(super) fn found(path: &str, kind: SourceKind, text: &str) -> Vec<Invocation> {
    find(&Arc::new(Source::new(RepoPath::new(path), text.as_bytes())), kind)
}

pub(super) fn check(path: &str, kind: SourceKind, text: &str, expected: &[&str]) {
    assert_eq!(shown(&found(path, kind, text)), expected, "{text}");
}

#[test]
fn commands_are_recognised_in_shell_text() {
    for (text, expected) in [
        ("terraform init -backend-config=bucket=x", "init @ * | bucket=x"),
        ("terraform init -backend-config \"key=a b\"", "init @ * | key=a b"),
        ("tofu init --backend-config=\"prod.tfbackend\"", "init @ * | prod.tfbackend"),
        ("terraform init \"-backend-config=key=$K/x\"", "init @ * | key=*/x"),
        ("terraform init \\\n  -backend-config='bucket=x' \\\r\n  -reconfigure", "init @ * | bucket=x"),
        ("terraform -chdir=infra plan -var-file=\"p.tfvars\" -var 'a=b'", "plan @ *infra | file p.tfvars | var a=b"),
        ("sudo -E env A=b time ./bin/terraform init", "init @ *"),
        ("exec terraform init >/dev/null 2>&1", "init @ *"),
        ("aws-vault exec prod -- terraform apply -auto-approve", "apply @ *"),
        ("if ! terraform init -input=false; then exit 1; fi", "init @ *"),
        ("docker run --rm hashicorp/terraform:1.9 init -backend-config=key=k", "init @ * | key=k"),
        ("docker compose run --rm terraform -chdir=infra init", "init @ *infra"),
        ("docker run -w /src hashicorp/terraform:$V init", "init @ *"),
        ("$TF init -backend-config=key=k", "init @ * | key=k"),
        ("${TERRAFORM} init", "init @ *"),
        ("TF=tofu\n$TF init", "init @ *"),
        ("A=\"-backend-config=key=k -reconfigure\"\nterraform init $A", "init @ * | key=k"),
        (
            "A=(-backend-config=\"key=k\"\n-backend-config=bucket=b)\nterraform init \"${A[@]}\"",
            "init @ * | key=k | bucket=b",
        ),
        ("bash -c 'cd infra && terraform init'", "init @ *infra"),
        ("terragrunt run-all init -backend-config=key=k", "init @ * | key=k"),
        ("terragrunt --working-dir infra run -- plan", "plan @ *infra"),
        ("./tf.sh init -backend-config=key=k", "init @ * | key=k"),
        ("TF_CLI_ARGS_init=\"-backend-config='key=a b'\"", "init @ * | key=a b"),
        ("export TF_CLI_ARGS_plan='-var-file=x.tfvars'", "plan @ * | file x.tfvars"),
        ("echo \"TF_CLI_ARGS_init=-backend-config=key=k\" >> $GITHUB_ENV", "init @ * | key=k"),
        ("cat <<EOF\nterraform init\nEOF\nterraform plan", "plan @ *"),
        ("terraform init -backend-config=\"bucket={{ bucket }}-state\"", "init @ * | bucket=*-state"),
        ("terraform init -backend-config='key=<< parameters.k >>'", "init @ * | key=*"),
        ("terraform init -backend-config=key=#{key}#", "init @ * | key=*"),
    ] {
        check("s.sh", SourceKind::Shell, text, &[expected]);
    }
}

#[test]
fn text_about_terraform_is_no_command() {
    for text in [
        "# terraform init",
        "echo terraform init",
        "which terraform",
        "terraform version",
        "terraform fmt -check",
        "apt-get install -y terraform",
        "git commit -m 'terraform init'",
        "cat <<'EOF'\nterraform init\nEOF",
        "docker pull hashicorp/terraform:1.9",
    ] {
        check("s.sh", SourceKind::Shell, text, &[]);
    }
}

#[test]
fn the_directory_is_followed() {
    for (text, expected) in [
        ("cd \"$(dirname \"$0\")\"\nterraform init", "ci/bin"),
        ("cd $(dirname ${BASH_SOURCE[0]})/../infra && terraform init", "ci/infra"),
        ("D=\"$( cd \"$( dirname \"${BASH_SOURCE[0]}\" )/..\" && pwd )\"\ncd \"$D/x\"; terraform init", "ci/x"),
        ("cd \"${BASH_SOURCE%/*}\"; terraform init", "ci/bin"),
        ("cd $(git rev-parse --show-toplevel)/a; cd b; terraform init", "a/b"),
        ("R=$(git rev-parse --show-toplevel)\npushd $R/a; popd; cd $R/b; cd ..; terraform init", ""),
        ("cd $GITHUB_WORKSPACE/a; (cd b; ls); terraform init", "a"),
        ("cd $GITHUB_WORKSPACE/a; cd ../b; cd -; terraform init", "a"),
        ("cd $GITHUB_WORKSPACE/a; if x; then cd b; fi; terraform init", "*"),
        ("cd $GITHUB_WORKSPACE/a; if x; then cd b; else cd ../c; terraform init; fi", "c"),
        ("cd $GITHUB_WORKSPACE/a; [ -d b ] && cd b; terraform init", "*"),
        ("cd $GITHUB_WORKSPACE/a || exit 1; terraform init", "a"),
        ("cd $GITHUB_WORKSPACE/a; f() { cd b; }; terraform init", "a"),
        ("cd $GITHUB_WORKSPACE/a; f() {\n terraform init\n}", "*"),
        ("cd $GITHUB_WORKSPACE; for e in a b; do\n cd envs/$e\n terraform init\n cd -\ndone", "envs/*"),
        ("cd $GITHUB_WORKSPACE; case $1 in\n a) cd x;;\n b) cd y; terraform init;;\nesac", "y"),
        ("cd /srv/x; terraform init", "*"),
        ("cd \"$X/infra\"; terraform init", "*infra"),
        ("cd $GITHUB_WORKSPACE; terraform init infra/", "infra"),
        ("docker run -v $GITHUB_WORKSPACE:/src -w /src/a hashicorp/terraform init", "a"),
        ("E=a\nE=b\ncd $GITHUB_WORKSPACE; terraform -chdir=$E init", "*"),
        ("E=${1:-a}\ncd $GITHUB_WORKSPACE; terraform -chdir=envs/$E init", "envs/*"),
        ("E=a\ncd $GITHUB_WORKSPACE; terraform -chdir=envs/$E init", "envs/a"),
        ("E=a\n. ./env.sh\ncd $GITHUB_WORKSPACE; terraform -chdir=envs/$E init", "envs/*"),
    ] {
        let invocations = found("ci/bin/s.sh", SourceKind::Shell, text);
        assert_eq!(shown(&invocations), [format!("init @ {expected}")], "{text}");
    }
}

#[test]
fn powershell_and_batch_are_read() {
    check(
        "x/s.ps1",
        SourceKind::Shell,
        "$k = \"a.tfstate\"\nSet-Location \"$PSScriptRoot\\..\\infra\"\nterraform init `\r\n  -backend-config=\"key=$k\" -backend-config=\"bucket=$env:B\"",
        &["init @ infra | key=a.tfstate | bucket=*"],
    );
    check(
        "x/s.cmd",
        SourceKind::Shell,
        "cd /d \"infra\\a\"\r\nterraform init ^\r\n -backend-config=key=%K%",
        &["init @ *infra/a | key=*"],
    );
}

#[test]
fn files_of_another_directory_are_named_as_the_module_sees_them() {
    check(
        "s.sh",
        SourceKind::Shell,
        "cd $GITHUB_WORKSPACE\nterraform -chdir=infra/a init -backend-config=$PWD/env/p.tfbackend\nterraform init -backend-config=env/p.tfbackend infra",
        &["init @ infra/a | ../../env/p.tfbackend", "init @ infra | ../env/p.tfbackend"],
    );
}

#[test]
fn values_are_placed_without_their_quotes() {
    let text =
        "K='k'\nterraform init -backend-config=\"secret_key=made-up\" -backend-config 'key=x' \"-backend-config=a=$K\"";
    let invocations = found("s.sh", SourceKind::Shell, text);
    let places: Vec<_> = invocations[0]
        .backend_config
        .iter()
        .map(|argument| argument.place.source.text(argument.place.span).unwrap().to_owned())
        .collect();
    assert_eq!(places, ["secret_key=made-up", "key=x", "\"-backend-config=a=$K\""]);
    assert_eq!(invocations[0].place.source.text(invocations[0].place.span), Some(text.split_once('\n').unwrap().1));
}

/// Texts that are costly to read carelessly, of about `bytes` bytes each.
fn hostile(bytes: usize) -> Vec<String> {
    let many = |unit: &str| unit.repeat(bytes / unit.len());
    vec![
        many("a "),
        many("x"),
        many("\""),
        many("'$( "),
        many("$("),
        many("${"),
        many("`") + "`",
        many("(((("),
        many("<<A ") + "\n" + &many("b\n"),
        many("cat <<A\nb\n"),
        many("{{ "),
        many("${{"),
        many("a=( "),
        many("if { ( case a in "),
        many("\0\u{1}\r\n\\"),
        many("A=$A$A$A\n") + "terraform init $A",
        many("A=\"x y\"\n") + "terraform init $A",
        (0..64).map(|n| format!("A{}=$A{n}$A{n}\n", n + 1)).collect::<String>() + "terraform init $A64",
        many("\\"),
        many("é\\'\""),
        many("sh -c 'sh -c \"sh -c x\"';"),
        many("$(cd \"$(dirname \"$0\")\""),
    ]
}

#[test]
fn hostile_texts_take_linear_time() {
    let start = std::time::Instant::now();
    for text in hostile(32 << 10) {
        for name in ["s.sh", "s.ps1", "s.cmd"] {
            found(name, SourceKind::Shell, &format!("terraform\n{text}"));
        }
    }
    found("s.sh", SourceKind::Shell, &format!("terraform {}\nterraform init", "x".repeat(20 << 20)));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn makefiles_are_read() {
    check(
        "infra/Makefile",
        SourceKind::Make,
        r#"
ENV ?= dev
BUCKET := org-state
TERRAFORM = docker run --rm -v $(PWD):/src -w /src hashicorp/terraform:1.9
ARGS = -backend-config="bucket=$(BUCKET)" \
	-backend-config=key=$(ENV).tfstate
TWICE = a
TWICE = b
ifeq ($(ENV),prod)
ONLY = x
endif
export TF_CLI_ARGS_plan = -var-file=$(ENV).tfvars

init: check
	@terraform init $(ARGS)
	-cd net && terraform init -backend-config=key=$(TWICE)-$(ONLY)
	$(TF) plan
	@$(TERRAFORM) validate
	@cd $(CURDIR)/../x; for e in a b; do \
	  terraform -chdir=$$e init; \
	done
prod: ENV2 = prod
prod: ; terraform -chdir=$(ENV2) apply
define recipe
terraform -chdir=d init
endef
"#,
        &[
            "plan @ * | file dev.tfvars",
            "init @ infra | bucket=org-state | key=dev.tfstate",
            "init @ infra/net | key=*-*",
            "plan @ infra",
            "validate @ infra",
            "init @ *",
            "apply @ *",
            "init @ infra/d",
        ],
    );
    check("common.mk", SourceKind::Make, "init:\n\tterraform init\n", &["init @ *"]);
    check("Makefile", SourceKind::Make, ".ONESHELL:\na:\n\tcd x\n\tterraform init\n", &["init @ x"]);
}

#[test]
fn justfiles_are_read() {
    check(
        "infra/justfile",
        SourceKind::Make,
        "env := \"dev\"\nother := env_var('X')\n\ninit dir='x':\n    @terraform -chdir=live/{{env}} init -backend-config=key={{ other }}\n    cd y\n    terraform plan\n\nall:\n    #!/usr/bin/env bash\n    cd z\n    terraform plan\n",
        &["init @ infra/live/dev | key=*", "plan @ infra", "plan @ infra/z"],
    );
}

#[test]
fn jenkinsfiles_are_read() {
    check(
        "Jenkinsfile",
        SourceKind::Pipeline,
        r#"
pipeline {
  environment { BUCKET = 'org-state' }
  stages {
    stage('init') {
      steps {
        // sh 'terraform init'
        dir('infra') {
          sh "terraform init -backend-config=\"bucket=${BUCKET}\" -backend-config=key=${env.JOB}"
          dir("net") { sh(script: 'terraform plan', returnStdout: true) }
        }
        sh '''
          cd app
          terraform init \\
            -backend-config=key=k
        '''
        dir("${WORKSPACE}/x") { bat 'terraform validate' }
        withEnv(['TF_CLI_ARGS_init=-backend-config=key=k']) { sh 'terraform init' }
      }
    }
  }
}
"#,
        &[
            "init @ infra | bucket=org-state | key=*",
            "plan @ infra/net",
            "init @ app | key=k",
            "validate @ x",
            "init @ * | key=k",
            "init @ ",
        ],
    );
}

#[test]
fn hostile_makefiles_and_jenkinsfiles_take_linear_time() {
    let start = std::time::Instant::now();
    for text in hostile(16 << 10) {
        found("Makefile", SourceKind::Make, &format!("A = terraform\nx:\n\t{text}"));
        found("Makefile", SourceKind::Make, &format!("terraform = {text}"));
        found("justfile", SourceKind::Make, &format!("terraform := '{text}'\n {text}"));
        found("Jenkinsfile", SourceKind::Other, &format!("terraform {text} sh '{text}'"));
    }
    let nested: String = (0..2000).map(|n| format!("A{} = $(A{n}) $(A{n}) $(A{n})\n", n + 1)).collect();
    found("Makefile", SourceKind::Make, &format!("{nested}x:\n\tterraform init $(A2000)\n"));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn no_bytes_make_it_panic() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let parts: [&[u8]; 48] = [
        b"terraform ",
        b"init ",
        b"-backend-config=",
        b"-backend-config ",
        b"key=v",
        b"'",
        b"\"",
        b"\\",
        b"\n",
        b"\r\n",
        b"$",
        b"${",
        b"}",
        b"$(",
        b")",
        b"(",
        b"{{",
        b"}}",
        b"${{ env.A }}",
        b"<<EOF\n",
        b"EOF\n",
        b"`",
        b"cd ",
        b"..",
        b"/",
        b"A=",
        b"A=(",
        b"[@]",
        b";;",
        b"case a in ",
        b"fi;",
        b"if x; then ",
        b"f() {",
        b"\xff",
        "é".as_bytes(),
        b"\0",
        b"-chdir=",
        b"%A%",
        b"#{",
        b"run: |\n  ",
        b"- ",
        b"jobs:\n",
        b": ",
        b"\t@",
        b"dir('x') {",
        b"sh '''",
        b"docker run -v a:/b -w /b/",
        b"$(cd \"$(dirname \"$0\")/..\" && pwd)",
    ];
    for _ in 0..2000 {
        let text: Vec<u8> = (0..next(40)).flat_map(|_| parts[next(parts.len())].to_vec()).collect();
        let text = [b"terraform ".as_slice(), &text].concat();
        for path in ["s.sh", "s.ps1", "s.cmd", "Makefile", "justfile", "Jenkinsfile", "x.yml", ".gitlab-ci.yml"] {
            let kind = if path == "Makefile" { SourceKind::Make } else { SourceKind::Other };
            let source = Arc::new(Source::new(RepoPath::new(path), text.as_slice()));
            for invocation in find(&source, kind) {
                assert!(source.whole().contains(invocation.place.span));
                let all = [&invocation.backend_config, &invocation.var_files, &invocation.vars];
                assert!(all.into_iter().flatten().all(|argument| source.whole().contains(argument.place.span)));
                assert!(!invocation.directory.0.is_empty());
            }
        }
    }
}
