use super::*;
use crate::document;
use crate::text::RepoPath;

fn read(path: &str, text: &str) -> Automation {
    let source = Arc::new(Source::new(RepoPath::new(path), text.as_bytes()));
    let kind = Kind::of(&source.path);
    Automation::of(&document::parse(source, kind, true, true)).expect("a file that something runs")
}

fn settings(automation: &Automation) -> Vec<(&str, Option<&str>, usize)> {
    automation.settings.iter().map(|setting| (&*setting.name, setting.value.known(), setting.site.job)).collect()
}

#[test]
fn names_are_looked_up_where_they_have_one_value() {
    let text = "env:\n  PLAN: tfplan\njobs:\n  a:\n    steps:\n      - run: terraform plan -out=$PLAN > \"${{ env.PLAN }}.txt\"\n        env:\n          X: a\n      - run: echo $X ${{ secrets.KEY }} | cat\n        env:\n          X: b\n";
    let automation = read(".github/workflows/a.yml", text);
    assert_eq!(automation.system, System::GitHub);
    assert_eq!(settings(&automation), [("PLAN", Some("tfplan"), 0), ("X", Some("a"), 1), ("X", Some("b"), 1)]);
    let [plan, echo, cat] = automation.commands.as_slice() else { panic!("three commands") };
    assert_eq!(plan.words[2].known(), Some("-out=tfplan"));
    assert!(matches!(&plan.output, Output::File(file) if file.known() == Some("tfplan.txt")));
    assert_eq!((echo.words[1].known(), echo.words[2].known()), (None, None));
    assert_eq!(
        (&*echo.words[1].references, &*echo.words[2].references),
        (&["X".to_owned()][..], &["secrets.KEY".to_owned()][..])
    );
    assert!(matches!(echo.output, Output::Pipe) && matches!(cat.output, Output::Log));
}

#[test]
fn redirections_of_other_descriptors_are_no_output() {
    let automation = read("a.sh", "a 2>err\nb 1>out\nc &>both\nd >&2\ne >>more 2>&1\nf < in\n");
    let outputs: Vec<Option<&str>> = automation
        .commands
        .iter()
        .map(|command| match &command.output {
            Output::File(file) => file.known(),
            _ => None,
        })
        .collect();
    assert_eq!(outputs, [None, Some("out"), Some("both"), None, Some("more"), None]);
}

#[test]
fn actions_have_their_inputs_and_uploads_their_paths() {
    let text = "jobs:\n  a:\n    steps:\n      - uses: actions/upload-artifact@v4\n        with:\n          path: |\n            a\n            b/*.json\n";
    let automation = read(".github/workflows/a.yml", text);
    assert_eq!(automation.actions[0].name, "actions/upload-artifact@v4");
    assert_eq!(automation.settings[0].holder, Holder::Input(0));
    assert_eq!(automation.jobs, ["", "a"]);
    let paths: Vec<_> = automation.uploads.iter().map(|upload| upload.path.known()).collect();
    assert_eq!(paths, [Some("a"), Some("b/*.json")]);
}

#[test]
fn services_and_parameters_are_told_from_the_environment() {
    let holders = |path: &str, text: &str| -> Vec<Holder> {
        read(path, text).settings.iter().map(|setting| setting.holder).collect()
    };
    let github = "jobs:\n  a:\n    services:\n      db:\n        env: {P: x}\n    steps: [{run: a, env: {P: x}}]\n";
    assert_eq!(holders(".github/workflows/a.yml", github), [Holder::Service, Holder::Environment]);
    let circle = "jobs:\n  a:\n    docker: [{image: a, environment: {P: x}}, {image: b, environment: {P: x}}]\n    steps: [run: a]\n";
    assert_eq!(holders(".circleci/config.yml", circle), [Holder::Environment, Holder::Service]);
    let gitlab = "a:\n  services: [{name: b, variables: {P: x}}]\n  script: [a]\n  variables: {P: {value: x}}\n";
    assert_eq!(holders(".gitlab-ci.yml", gitlab), [Holder::Service, Holder::Environment]);
    assert_eq!(holders("action.yml", "inputs:\n  p:\n    default: x\nruns:\n  steps: []\n"), [Holder::Default]);
}

#[test]
fn hostile_files_are_read_in_bounded_time() {
    let bomb: String =
        (0..40).map(|n| format!("k{n}: &a{n} [{}]\n", format!("*a{},", n.max(1) - 1).repeat(9))).collect();
    let deep = "a: ".to_owned() + &"[".repeat(5000);
    let long = "- run: export A=b\n".repeat(20_000);
    let tabs = "jobs:\n\ta:\n\t\tenv:\n\t\t\tTF_LOG: trace\n";
    for text in [&*bomb, &deep, &long, tabs, "\0\u{feff}{{{", "a: &a\n  <<: *a\n", "- \"", "x: >\n"] {
        for path in [
            ".github/workflows/a.yml",
            ".gitlab-ci.yml",
            "azure-pipelines.yml",
            "Jenkinsfile",
            "Makefile",
            "a.sh",
            "a.ps1",
            "justfile",
        ] {
            read(path, text);
        }
    }
    // What is no YAML is read line by line.
    assert_eq!(settings(&read(".github/workflows/a.yml", tabs)).last(), Some(&("TF_LOG", Some("trace"), 0)));
}
