//! Credentials in the arguments of commands: by the option's name, by what the program takes there.

use super::literals::{Sign, known};
use crate::finding::Place;
use crate::resolve::automation::{Command, Output, Text};
use crate::rules::inside::harmless::is_harmless;
use crate::rules::names::names_a_secret;
use crate::rules::secret::{Judgement, judge_header, judge_secret, without_scheme};
use crate::rules::url::is_local_endpoint;
use crate::text::Span;

/// An argument that is a credential by what it means, if it is one at all.
pub(super) struct Argument<'a> {
    /// The option or variable.
    pub(super) name: String,
    /// Its value.
    pub(super) text: &'a str,
    /// Where the value stands.
    pub(super) place: Place,
    /// What its place says of it.
    pub(super) sign: Sign,
}

/// Options that take a password, of programs of which one stands in the command, and whether the value may follow
/// without a blank.
const OPTIONS: [(&[&str], &str, bool); 9] = [
    (&["mysql", "mysqldump", "mysqladmin", "mariadb"], "-p", true),
    (&["sshpass"], "-p", true),
    // https://docs.docker.com/reference/cli/docker/login/, https://helm.sh/docs/helm/helm_registry_login/
    (&["docker", "podman", "nerdctl", "helm", "oras", "skopeo", "crane", "oc", "az"], "-p", false),
    (&["redis-cli"], "-a", false),
    (&["mongo", "mongosh", "mongodump"], "-p", false),
    (&["ldapsearch", "ldapadd", "ldapmodify"], "-w", false),
    (&["sqlcmd", "bcp"], "-P", false),
    (&["sqlplus"], "-p", false),
    (&["7z", "zip", "unzip"], "-P", false),
];

/// The credentials in the command of that number.
pub(super) fn of(commands: &[Command], nth: usize) -> impl Iterator<Item = Argument<'_>> {
    let command = &commands[nth];
    let mut found = Vec::new();
    if !is_talk(command) {
        named(command, &mut found);
        by_program(command, &mut found);
    }
    let next = commands.get(nth + 1).filter(|_| matches!(command.output, Output::Pipe));
    found.extend(next.and_then(|next| piped(command, next)));
    found.into_iter()
}

/// Whether the words of a command are only text.
fn is_talk(command: &Command) -> bool {
    let talkers =
        ["echo", "printf", "grep", "egrep", "sed", "awk", "git", "Write-Host", "Write-Output", "jq", "test", "[", "[["];
    command.words.first().and_then(known).is_some_and(|name| talkers.contains(&name))
}

fn program<'c>(command: &'c Command, names: &[&str]) -> Option<(usize, &'c str)> {
    let name = |word: &'c Text| known(word).map(|text| text.rsplit('/').next().unwrap_or(text));
    command
        .words
        .iter()
        .take(4)
        .enumerate()
        .find_map(|(at, word)| Some((at, name(word).filter(|name| names.contains(name))?)))
}

/// `--password value`, `--password=value`, `--set db.password=value`, `aws configure set NAME value`.
fn named<'c>(command: &'c Command, found: &mut Vec<Argument<'c>>) {
    for (at, word) in command.words.iter().enumerate().skip(1) {
        let head = word.head();
        let Some(text) = known(word) else { continue };
        let before = at.checked_sub(1).and_then(|at| known(&command.words[at])).unwrap_or("");
        if head.starts_with("--") && !head.contains('=') {
            let name = head.trim_start_matches('-');
            let next = command.words.get(at + 1).and_then(|next| Some((known(next)?, next.place.clone())));
            if let Some((value, place)) = next.filter(|(value, _)| is_option(name) && !value.starts_with('-')) {
                found.push(Argument { name: name.to_owned(), text: value, place, sign: Sign::Named });
            }
        } else if before == "set" && names_a_secret(text) {
            let next = command.words.get(at + 1).and_then(|next| Some((known(next)?, next.place.clone())));
            found.extend(next.map(|(value, place)| Argument {
                name: text.to_owned(),
                text: value,
                place,
                sign: Sign::Named,
            }));
        } else if text.contains('=') {
            pairs(word, text, before, found);
        }
    }
}

/// An option that takes the secret itself: `--secret` and `--secrets` take names of what lies elsewhere.
fn is_option(name: &str) -> bool {
    let elsewhere =
        matches!(name, "secret" | "secrets" | "token" | "credentials" | "kubeconfig") || name.ends_with("-secrets");
    names_a_secret(name) && (!elsewhere || name == "token")
}

/// `name=value`, `--from-literal=name=value`, several between commas behind `--set`.
fn pairs<'c>(word: &'c Text, text: &'c str, before: &str, found: &mut Vec<Argument<'c>>) {
    let sets = text.starts_with("--set") || before.starts_with("--set");
    let mut at = 0;
    for part in text.split(|c| sets && c == ',') {
        let (mut start, mut rest) = (at, part);
        at += part.len() + 1;
        while let Some((name, value)) = rest.split_once('=') {
            start += name.len() + 1;
            let bare = name.trim_start_matches('-');
            let single = if name.starts_with('-') { is_option(bare) } else { names_a_secret(bare) };
            if single && !bare.contains(char::is_whitespace) && !bare.contains(['/', '?', '&']) {
                let place = within(word, text, start, value.len());
                found.push(Argument { name: bare.to_owned(), text: value, place, sign: Sign::Named });
                break;
            }
            rest = value;
        }
    }
}

/// Where a part of a word stands.
fn within(word: &Text, text: &str, start: usize, len: usize) -> Place {
    let span = word.place.span;
    let exact = word.place.source.slice(span) == text.as_bytes();
    let from = span.start as usize + start;
    Place::new(&word.place.source, if exact { Span::new(from, from + len) } else { span })
}

/// What single programs take: passwords, `-u user:password`, headers.
fn by_program<'c>(command: &'c Command, found: &mut Vec<Argument<'c>>) {
    for (programs, option, attached) in OPTIONS {
        let Some((start, _)) = program(command, programs) else { continue };
        let signs_in = !programs.contains(&"docker") || command.words.iter().any(|word| word.known() == Some("login"));
        for (at, word) in command.words.iter().enumerate().skip(start + 1).filter(|_| signs_in) {
            let Some(text) = known(word) else { continue };
            let inline = text.strip_prefix(option).filter(|value| attached && !value.is_empty());
            let next = || command.words.get(at + 1).and_then(|next| Some((known(next)?, next.place.clone())));
            let value = match inline {
                Some(value) => Some((value, within(word, text, option.len(), value.len()))),
                // MySQL's own `-p` asks, what follows is a database.
                None if text == option && programs[0] != "mysql" => next(),
                None => None,
            };
            found.extend(value.map(|(text, place)| Argument {
                name: option.to_owned(),
                text,
                place,
                sign: Sign::Known,
            }));
        }
    }
    if program(command, &["curl", "wget", "http", "https", "xh"]).is_some() {
        let local = command
            .words
            .iter()
            .any(|word| word.known().is_some_and(|text| text.contains("://") && is_local_endpoint(text)));
        let sign = if local { Sign::Throwaway } else { Sign::Known };
        for pair in command.words.windows(2) {
            if let [option, value] = pair
                && let (Some(option), Some(value_text)) = (known(option), known(value))
            {
                found.extend(of_client(option, value, value_text, sign));
            }
        }
    }
}

/// `-u user:password` and `-H "Authorization: token value"` of an HTTP client.
fn of_client<'c>(option: &str, value: &'c Text, text: &'c str, sign: Sign) -> Option<Argument<'c>> {
    let secret = match option {
        "-u" | "--user" | "-a" | "--auth" | "--proxy-user" => text.split_once(':')?.1,
        "-H" | "--header" => {
            let (name, content) = text.split_once(':')?;
            let content = without_scheme(content);
            let carries = judge_header(name.trim(), content) == Judgement::Secret && !is_harmless(content);
            carries.then_some(content)?
        }
        _ => return None,
    };
    if judge_secret(secret) != Judgement::Secret {
        return None;
    }
    let start = secret.as_ptr() as usize - text.as_ptr() as usize;
    let name = if option.to_ascii_lowercase().starts_with("-h") || option == "--header" {
        text.split(':').next().unwrap_or(option).trim().to_owned()
    } else {
        option.to_owned()
    };
    Some(Argument { name, text: secret, place: within(value, text, start, secret.len()), sign })
}

/// `echo value | docker login --password-stdin`
fn piped<'c>(command: &'c Command, next: &Command) -> Option<Argument<'c>> {
    let [name, rest @ ..] = command.words.as_slice() else { return None };
    let reads = ["--password-stdin", "--stdin", "--with-token", "--passphrase-fd"];
    let takes = next.words.iter().any(|word| known(word).is_some_and(|text| reads.contains(&text)));
    let [.., value] = rest else { return None };
    let text = known(value).filter(|_| takes && matches!(known(name), Some("echo" | "printf")))?;
    Some(Argument { name: "stdin".to_owned(), text, place: value.place.clone(), sign: Sign::Known })
}
