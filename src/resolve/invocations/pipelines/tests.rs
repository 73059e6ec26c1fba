//! Pipelines and task runners: which commands they run, and where.

use crate::resolve::invocations::SourceKind;
use crate::resolve::invocations::tests::{check, found};

fn pipeline(path: &str, text: &str, expected: &[&str]) {
    check(path, SourceKind::Pipeline, text, expected);
}

pub(super) fn workflow(text: &str, expected: &[&str]) {
    check(".github/workflows/deploy.yml", SourceKind::Workflow, text, expected);
}

#[test]
fn gitlab_jobs_share_a_shell() {
    pipeline(
        ".gitlab-ci.yml",
        r#"
stages: [plan]
variables:
  TF_ROOT: infra
default:
  before_script:
    - cd ${TF_ROOT}
.base:
  before_script:
    - cd $CI_PROJECT_DIR/$DIR
  script:
    - terraform init -backend-config=key=$DIR.tfstate
plan:
  script:
    - terraform init
        -backend-config=bucket=b
    - cd net
    - terraform plan
  after_script:
    - terraform show
app:
  extends: .base
  variables: { DIR: live/app }
all:
  extends: .base
  parallel:
    matrix:
      - DIR: [live/x, live/y]
ref:
  before_script: []
  script:
    - !reference [.base, before_script]
    - terraform plan
foreign:
  extends: .elsewhere
  script: terraform init
"#,
        &[
            "init @ live/app | key=live/app.tfstate",
            "init @ live/x | key=live/x.tfstate",
            "init @ live/y | key=live/y.tfstate",
            "init @ infra | bucket=b",
            "plan @ infra/net",
            "show @ ",
            "plan @ *",
            "init @ *",
        ],
    );
}

#[test]
fn azure_tasks_and_scripts_are_read() {
    pipeline(
        "azure-pipelines.yml",
        r#"
variables:
  - name: root
    value: infra
  - { name: account, value: orgstate }
stages:
  - stage: plan
    jobs:
      - job: a
        strategy:
          matrix:
            one: { env: dev }
            two: { env: prod }
        steps:
          - script: terraform init -backend-config="storage_account_name=$(account)" -backend-config=key=$(env).tfstate
            workingDirectory: $(System.DefaultWorkingDirectory)/$(root)
          - bash: |
              cd "$BUILD_SOURCESDIRECTORY/x"
              terraform plan -var-file=$(env).tfvars
      - deployment: b
        strategy:
          runOnce:
            deploy:
              steps:
                - ${{ if eq(parameters.x, true) }}:
                  - task: TerraformTaskV4@4
                    inputs:
                      provider: azurerm
                      command: init
                      workingDirectory: $(root)/net
                      commandOptions: -backend-config="use_oidc=true" -reconfigure
                      backendAzureRmStorageAccountName: $(account)
                      backendAzureRmContainerName: tfstate
                      backendAzureRmKey: ${{ parameters.key }}
                - task: TerraformCLI@1
                  inputs: { command: init, backendType: aws, backendAwsBucket: b }
                - task: AzureCLI@2
                  inputs:
                    scriptType: bash
                    inlineScript: |
                      terraform init -backend-config=key=k
"#,
        &[
            "init @ infra | storage_account_name=orgstate | key=dev.tfstate",
            "init @ infra | storage_account_name=orgstate | key=prod.tfstate",
            "plan @ x | file dev.tfvars",
            "plan @ x | file prod.tfvars",
            "init @ infra/net | use_oidc=true | storage_account_name=orgstate | container_name=tfstate | key=*",
            "init @  | bucket=b",
            "init @  | key=k",
        ],
    );
}

#[test]
fn other_systems_are_read() {
    for (path, text, expected) in [
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        image: hashicorp/terraform:1.9\n        script:\n          - cd infra\n          - terraform init -backend-config=\"bucket=b\"\n          - pipe: atlassian/x:1\n        after-script:\n          - terraform show\n",
            &["init @ infra | bucket=b", "show @ "][..],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  plan:\n    working_directory: ~/repo\n    environment: { KEY: k }\n    steps:\n      - checkout\n      - run: terraform init -backend-config=key=<< parameters.key >>\n      - run:\n          name: x\n          working_directory: ~/repo/infra\n          command: |\n            terraform init -backend-config=key=$KEY\n      - terraform/init:\n          path: ./net\n          backend_config: bucket=b,key=k\n          backend_config_file: p.tfbackend\n",
            &["init @  | key=*", "init @ infra | key=k", "init @ net | p.tfbackend | bucket=b | key=k"],
        ),
        (
            ".buildkite/pipeline.yml",
            "env:\n  DIR: infra\nsteps:\n  - command:\n      - cd $$DIR\n      - terraform init\n  - commands: [\"terraform -chdir=net plan\"]\n",
            &["init @ infra", "plan @ net"],
        ),
        (
            "cloudbuild.yaml",
            "steps:\n  - id: init\n    name: hashicorp/terraform:1.9\n    dir: infra\n    args: [\"init\", \"-backend-config=bucket=${_B}\"]\n  - name: hashicorp/terraform:1.9\n    entrypoint: sh\n    dir: /workspace/net\n    args: ['-c', 'terraform init -backend-config=prefix=p']\n",
            &["init @ infra | bucket=*", "init @ net | prefix=p"],
        ),
        (
            "buildspec.yml",
            "version: 0.2\nenv:\n  variables: { D: infra }\nphases:\n  pre_build:\n    commands:\n      - cd $D\n  build:\n    commands:\n      - terraform init\n",
            &["init @ infra"],
        ),
        (".travis.yml", "language: minimal\nbefore_script: cd infra\nscript:\n  - terraform init\n", &["init @ infra"]),
        (
            ".drone.yml",
            "kind: pipeline\nsteps:\n  - name: plan\n    image: hashicorp/terraform\n    environment:\n      TF_CLI_ARGS_init: -backend-config=key=k\n    commands:\n      - cd infra\n      - terraform init\n",
            &["init @ * | key=k", "init @ infra"],
        ),
        (
            "task.yaml",
            "spec:\n  steps:\n    - image: ghcr.io/opentofu/opentofu:1.8\n      workingDir: /work\n      command: [tofu]\n      args: [init, -backend-config, key=k]\n    - image: x\n      script: |\n        #!/bin/sh\n        tofu plan -var-file=x.tfvars\n",
            &["init @ * | key=k", "plan @  | file x.tfvars"],
        ),
    ] {
        pipeline(path, text, expected);
    }
}

#[test]
fn atlantis_workflows_run_in_their_projects() {
    pipeline(
        "atlantis.yaml",
        r#"
version: 3
projects:
  - { name: app, dir: live/app, workspace: prod, workflow: custom }
  - { dir: live/net, workflow: custom }
  - { dir: live/plain }
workflows:
  custom:
    plan:
      steps:
        - init:
            extra_args: ["-backend-config=env/${WORKSPACE}.tfbackend", "-reconfigure"]
        - plan:
            extra_args: ["-var-file", "$PROJECT_NAME.tfvars"]
        - run: terraform show
        - show
  default:
    plan:
      steps:
        - env: { name: TF_CLI_ARGS_init, value: -backend-config=key=k }
        - init
        - run: { command: terraform init -backend-config=key=x }
"#,
        &[
            "init @ live/app | env/prod.tfbackend",
            "init @ live/net | env/default.tfbackend",
            "plan @ live/app | file app.tfvars",
            "plan @ live/net | file *.tfvars",
            "show @ live/app",
            "show @ live/net",
            "init @ * | key=k",
            "init @ live/plain | key=x",
        ],
    );
}

#[test]
fn taskfiles_are_read() {
    check(
        "infra/Taskfile.yml",
        SourceKind::Make,
        "version: '3'\nvars: { ENV: dev, B: '{{.ORG}}-state' }\ntasks:\n  init:\n    dir: 'live/{{.ENV}}'\n    cmds:\n      - terraform init -backend-config=\"bucket={{.B}}\"\n      - cmd: cd x\n      - terraform plan\n      - task: other\n  short: terraform -chdir=net validate\n",
        &["init @ infra/live/dev | bucket=*-state", "plan @ infra/live/dev", "validate @ infra/net"],
    );
}

#[test]
fn values_stand_where_they_are_written() {
    let text = "jobs:\n  a:\n    steps:\n      - run: |\n          terraform init \\\n            -backend-config=\"secret_key=made-up\" \\\n            -backend-config=key=k\n";
    let invocations = found(".github/workflows/x.yml", SourceKind::Workflow, text);
    let shown: Vec<_> = invocations[0]
        .backend_config
        .iter()
        .map(|argument| (argument.place.shown(), argument.place.source.text(argument.place.span).unwrap().to_owned()))
        .collect();
    let place = |line| format!(".github/workflows/x.yml:{line}");
    assert_eq!(shown, [(place(6), "secret_key=made-up".to_owned()), (place(7), "key=k".to_owned())]);
}

#[test]
fn a_broken_file_is_read_line_by_line() {
    workflow("jobs: [\n  - run: terraform init -backend-config=key=k\n", &["init @ * | key=k"]);
}

#[test]
fn hostile_pipelines_take_bounded_time() {
    let start = std::time::Instant::now();
    let many = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let jobs = many(3000, &|n| format!("j{n}:\n  extends: .t\n  variables: {{ A: '{n}' }}\n"));
    let template = format!(".t:\n  script:\n{}", "    - terraform init\n".repeat(2000));
    found(".gitlab-ci.yml", SourceKind::Pipeline, &(jobs + &template));
    found(
        ".gitlab-ci.yml",
        SourceKind::Pipeline,
        &many(2000, &|n| {
            format!(
                ".j{n}:\n  extends: [.j{}, .j{}]\n  script: terraform init\nx{n}: {{extends: .j{n}}}\n",
                n + 1,
                n + 2
            )
        }),
    );
    let axis =
        |name: &str| format!("        {name}: [{}]\n", (0..64).map(|n| n.to_string()).collect::<Vec<_>>().join(", "));
    let matrix: String = ["a", "b", "c", "d"].map(axis).concat();
    let steps = "      - run: terraform -chdir=${{ matrix.a }} init\n".repeat(2000);
    workflow(
        &format!(
            "jobs:\n  a:\n    strategy:\n      matrix:\n{matrix}    steps:\n      - run: terraform -chdir=${{{{ matrix.a }}}} init\n"
        ),
        &["init @ *"],
    );
    let text = format!("jobs:\n  a:\n    strategy:\n      matrix:\n{}    steps:\n{steps}", axis("a"));
    found(".github/workflows/x.yml", SourceKind::Workflow, &text);
    let projects = many(3000, &|n| format!("  - {{ dir: d{n}, workflow: w }}\n"));
    let steps = "        - run: terraform init\n".repeat(500);
    found(
        "atlantis.yaml",
        SourceKind::Pipeline,
        &format!("projects:\n{projects}workflows:\n  w:\n    plan:\n      steps:\n{steps}"),
    );
    for text in ["[".repeat(100_000), "a: ".repeat(50_000), "- ".repeat(50_000), "x: &a [*a]\n".to_owned()] {
        found("x.yml", SourceKind::Pipeline, &format!("t: terraform\n{text}"));
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}
