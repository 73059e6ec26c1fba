//! Where the program comes from: given, built, or of the release whose checksums the action's commit holds.

use super::releases::{Releases, executable};
use super::{Outcome, PROGRAM, ROOT, Runner};
use std::path::Path;
use std::process::Command;

/// A runner of a release.
fn runner(releases: &Releases) -> Runner {
    let mut runner = Runner::new().with("CREDLINT_BASE_URL", &releases.address);
    runner.action = releases.action();
    runner.with("CURL_CA_BUNDLE", &releases.trust())
}

fn with_cache(releases: &Releases) -> Runner {
    let runner = runner(releases);
    let cache = runner.scratch.path("tools").display().to_string();
    runner.with("RUNNER_TOOL_CACHE", &cache)
}

/// The action has ended before it ran anything, and says why in one line.
fn refused(outcome: &Outcome, why: &str) {
    assert_eq!((outcome.status, outcome.lines, outcome.binary.as_str()), (2, 0, ""), "{outcome:?}");
    let errors: Vec<&str> = outcome.log.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(errors.len(), 1, "{}", outcome.log);
    assert!(errors[0].starts_with("::error::") && errors[0].contains(why), "{errors:?}");
}

#[test]
fn the_given_program_is_taken_by_its_path_or_its_name() {
    let directory = Path::new(PROGRAM).parent().unwrap().display().to_string();
    let runner = Runner::new().with("PATH", &format!("{directory}:/usr/bin:/bin"));
    for name in [PROGRAM, "credlint"] {
        let outcome = runner.run(&[("binary", name)]);
        assert_eq!((outcome.status, outcome.binary.as_str()), (1, PROGRAM));
    }
    std::os::unix::fs::symlink(PROGRAM, runner.workspace.path("tool")).unwrap();
    let inputs = [("binary", "./tool"), ("working-directory", "clean"), ("paths", "main.tf")];
    assert_eq!(runner.run(&inputs).status, 0, "a relative path is one of the workspace");
    for evil in ["nowhere", "infra/main.tf", "cd", "$(touch PWNED)", "-v"] {
        refused(&runner.run(&[("binary", evil)]), "names no program");
    }
    refused(&runner.run(&[("binary", "/bin/true\nexit-code=0")]), "more than one line");
    assert!(!runner.has_been_entered());
}

#[test]
fn a_commit_that_is_no_release_is_built() {
    let runner = Runner::new();
    refused(&runner.run(&[]), "no cargo");
    let built = "#!/bin/sh\nfor last; do :; done\nmkdir -p \"$last/release\"\nln -s \"$CREDLINT_TESTED\" \"$last/release/credlint\"\n";
    runner.scratch.write("bin/cargo", built);
    executable(&runner.scratch.path("bin/cargo"));
    let path = format!("{}:/usr/bin:/bin", runner.scratch.path("bin").display());
    let runner = runner.with("PATH", &path).with("CREDLINT_TESTED", PROGRAM);
    let outcome = runner.run(&[]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert!(outcome.binary.ends_with("/credlint/release/credlint"));
}

#[test]
fn a_release_is_downloaded_once_and_judged_each_time() {
    let releases = Releases::start();
    let runner = with_cache(&releases);
    let outcome = runner.run(&[("version", env!("CARGO_PKG_VERSION"))]);
    assert_eq!((outcome.status, outcome.outputs["findings"].as_str()), (1, "1"), "{outcome:?}");
    assert!(outcome.binary.starts_with(&runner.scratch.root.display().to_string()), "a copy of its own runs");
    // From here on there is nothing to download.
    std::fs::rename(releases.archive(), releases.directory.path("elsewhere")).unwrap();
    assert_eq!(runner.run(&[]).status, 1);
    let cached =
        runner.scratch.path(&format!("tools/credlint/{}/{}", env!("CARGO_PKG_VERSION"), super::releases::TARGET));
    std::fs::write(cached.join("credlint"), "#!/bin/sh\ntouch PWNED\n").unwrap();
    refused(&runner.run(&[]), "cannot be downloaded");
    std::fs::rename(releases.directory.path("elsewhere"), releases.archive()).unwrap();
    assert_eq!(runner.run(&[]).status, 1, "what the cache holds is judged, not that it holds it");
    assert!(!runner.has_been_entered());
    let names: Vec<_> = std::fs::read_dir(&cached).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["credlint"], "nothing half-written stays");
}

#[test]
fn an_archive_that_was_tampered_with_is_never_unpacked() {
    let releases = Releases::start();
    let mut bytes = std::fs::read(releases.archive()).unwrap();
    bytes.push(0);
    std::fs::write(releases.archive(), bytes).unwrap();
    let runner = with_cache(&releases);
    refused(&runner.run(&[]), "not the one of the release");
    assert!(!runner.scratch.path("tools").exists(), "it does not get into the cache");
}

#[test]
fn an_archive_must_hold_the_program_of_the_release() {
    let releases = Releases::start();
    let sums = releases.action().join("checksums.txt");
    let text = std::fs::read_to_string(&sums).unwrap();
    let wrong = |line: &str| match line.ends_with(&format!("{}/credlint", releases.name)) {
        true => format!("{}  {}/credlint\n", "0".repeat(64), releases.name),
        false => format!("{line}\n"),
    };
    std::fs::write(&sums, text.lines().map(wrong).collect::<String>()).unwrap();
    refused(&runner(&releases).run(&[]), "does not hold the program");
}

#[test]
fn only_the_pinned_release_is_taken() {
    let releases = Releases::start();
    let runner = runner(&releases);
    for version in ["latest", "v0.1.0", "0.1", "0.1.0\n", "../0.1.0", "$(touch PWNED)", "0.1.0\nexit-code=0"] {
        refused(&runner.run(&[("version", version)]), "no exact release");
    }
    refused(&runner.run(&[("version", "9.9.9")]), "no checksums of version 9.9.9");
    assert!(!runner.has_been_entered());
}

#[test]
fn other_systems_are_refused_or_get_their_own() {
    let releases = Releases::start();
    let on = |system: &str, architecture: &str| {
        runner(&releases).with("RUNNER_OS", system).with("RUNNER_ARCH", architecture).run(&[])
    };
    for (system, architecture) in [("Linux", "X86"), ("Plan9", "X64"), ("Windows", "ARM64"), ("", ""), ("*", "*")] {
        refused(&on(system, architecture), "no release for this runner");
    }
    assert_eq!(on("macOS", "ARM64").status, 1, "its archive holds the same program here");
    refused(&on("Linux", "ARM64"), "holds no checksum");
}

#[test]
fn nothing_comes_over_http() {
    let releases = Releases::start();
    let plain = releases.address.replace("https:", "http:");
    for base in [plain, format!("{}/plain", releases.address), "file:///tmp".into(), "-o PWNED".into()] {
        let runner = runner(&releases).with("CREDLINT_BASE_URL", &base);
        refused(&runner.run(&[]), "cannot be downloaded");
        assert!(!runner.has_been_entered());
    }
    let untrusted = runner(&releases).with("CURL_CA_BUNDLE", "/dev/null");
    refused(&untrusted.run(&[]), "cannot be downloaded");
}

#[test]
fn other_systems_install_the_release_with_its_checksum_and_nothing_else() {
    let releases = Releases::start();
    let sums = std::fs::read_to_string(releases.action().join("checksums.txt")).unwrap();
    let archive = format!("{}.tar.gz", releases.name);
    let sum = sums.lines().find(|line| line.ends_with(&archive)).unwrap().split(' ').next().unwrap();
    let installed = releases.directory.path("installed");
    let install = |sum: &str, base: &str| {
        let mut script = Command::new(Path::new(ROOT).join("docs/ci/install-credlint.sh"));
        script.arg(&installed).env_clear().env("PATH", "/usr/bin:/bin").env("CURL_CA_BUNDLE", releases.trust());
        script.env("CREDLINT_SHA256", sum).env("CREDLINT_BASE_URL", base).output().unwrap().status.success()
    };
    for (sum, base) in [("", &*releases.address), (&"0".repeat(64), &releases.address), (sum, "http://127.0.0.1")] {
        assert!(!install(sum, base) && !installed.exists(), "{sum} {base}");
    }
    assert!(install(sum, &releases.address));
    let version = Command::new(installed.join("credlint")).arg("--version").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&version.stdout), format!("credlint {}\n", env!("CARGO_PKG_VERSION")));
}
