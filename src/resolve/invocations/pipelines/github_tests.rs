//! Workflows of GitHub Actions, and actions.

use super::tests::workflow;
use crate::resolve::invocations::SourceKind;
use crate::resolve::invocations::tests::check;

#[test]
fn github_follows_directories_and_env() {
    workflow(
        r#"
on: push
env:
  TF_ROOT: infra
  BUCKET: org-state
  CHANGED: a
  TF_CLI_ARGS_plan: -var-file=common.tfvars
defaults:
  run:
    working-directory: live
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: hashicorp/setup-terraform@v3
      - run: terraform init -backend-config="bucket=$BUCKET" -backend-config=key=${{ github.sha }}
      - run: |
          echo "CHANGED=b" >> "$GITHUB_ENV"
          terraform -chdir=${{ env.TF_ROOT }} plan
      - run: cd "$GITHUB_WORKSPACE/$TF_ROOT" && terraform init -backend-config=${CHANGED}.tfbackend
      - working-directory: ./${{ env.TF_ROOT }}/net
        env:
          BUCKET: other
        run: >-
          terraform init
          -backend-config="bucket=${BUCKET}"
          -backend-config="key=${{ secrets.KEY }}"
  win:
    runs-on: windows-latest
    defaults: { run: { working-directory: win } }
    steps:
      - run: |
          terraform init `
            -backend-config="bucket=$env:BUCKET"
"#,
        &[
            "plan @ * | file common.tfvars",
            "init @ live | bucket=org-state | key=*",
            "plan @ live/infra",
            "init @ infra | *.tfbackend",
            "init @ infra/net | bucket=other | key=*",
            "init @ win | bucket=org-state",
        ],
    );
}

#[test]
fn github_expands_a_literal_matrix() {
    workflow(
        r#"
jobs:
  a:
    strategy:
      matrix:
        dir: [a, b]
        env: [dev, prod]
        exclude: [{ dir: b, env: prod }]
        include:
          - { dir: a, region: eu }
          - { dir: c, env: test }
    steps:
      - working-directory: live/${{ matrix.dir }}
        run: terraform init -backend-config=${{ matrix.env }}.tfbackend -backend-config=region=${{ matrix.region }}
  b:
    strategy:
      matrix:
        dir: ${{ fromJSON(needs.x.outputs.dirs) }}
    steps:
      - working-directory: live/${{ matrix.dir }}
        run: terraform init
  c:
    strategy:
      matrix:
        env:
          - { name: dev, path: x/dev }
    steps:
      - run: terraform -chdir=${{ matrix.env.path }} init -backend-config=key=${{ matrix.env.name }}
"#,
        &[
            "init @ live/a | dev.tfbackend | region=eu",
            "init @ live/a | prod.tfbackend | region=eu",
            "init @ live/b | dev.tfbackend | region=*",
            "init @ live/c | test.tfbackend | region=*",
            "init @ live/*",
            "init @ x/dev | key=dev",
        ],
    );
}

#[test]
fn github_actions_with_inputs_are_read() {
    workflow(
        r#"
jobs:
  a:
    steps:
      - uses: dflook/terraform-plan@v2
        with:
          path: infra/app
          backend_config: |
            bucket=org-state
            key=${{ github.ref }}
          backend_config_file: infra/prod.tfbackend
          var_file: |
            common.tfvars
            infra/app/prod.tfvars
"#,
        &[
            "plan @ infra/app | ../../infra/prod.tfbackend | bucket=org-state | key=* | file ../../common.tfvars | file ../../infra/app/prod.tfvars",
        ],
    );
    check(
        "actions/init/action.yml",
        SourceKind::Workflow,
        "runs:\n  using: composite\n  steps:\n    - run: terraform init\n      shell: bash\n      working-directory: ${{ inputs.path }}\n",
        &["init @ *"],
    );
}

#[test]
fn github_follows_a_checkout_elsewhere() {
    workflow(
        "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: { path: src }\n      - run: cd src/infra && terraform init\n      - run: terraform init\n",
        &["init @ infra", "init @ *"],
    );
}
