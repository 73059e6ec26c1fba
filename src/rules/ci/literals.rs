//! The literal credentials of a file: by format, by the name of what holds them, by the argument that they are.

use super::arguments;
use crate::finding::{Beside, Confidence, Level, Place, Strength};
use crate::resolve::automation::{Automation, Holder, Setting, Text};
use crate::resolve::schema::{ArgumentKind, BackendSchema, ProviderSchema};
use crate::rules::AutomationContext;
use crate::rules::beside;
use crate::rules::configuration::surroundings::{in_comment, is_fixture};
use crate::rules::detect;
use crate::rules::inside::harmless::{is_harmless, is_slug, is_usual, looks_generated};
use crate::rules::inside::is_plausible;
use crate::rules::names::{names_a_password, names_a_secret};
use crate::rules::providers::kinds::kind_of_variable;
use crate::rules::secret::{Judgement, aws_access_key_id, judge, recognise, strength};
use crate::text::{Span, lossy};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// A credential that is written out.
pub(super) struct Literal {
    /// What holds it: a variable, an input, an argument; empty where only its format tells.
    pub(super) name: String,
    /// Where the value stands.
    pub(super) place: Place,
    /// The value.
    pub(super) secret: String,
    /// The inventory's word for it.
    pub(super) kind: &'static str,
    /// The public identifier that stands for it.
    pub(super) id: Option<String>,
    /// What is set beside it.
    pub(super) beside: Vec<Beside>,
    /// Whether it can be guessed.
    pub(super) strength: Strength,
    /// How bad it is at most.
    pub(super) at_most: Level,
    /// How sure it is that this is one.
    pub(super) confidence: Confidence,
}

/// How much the place of a value says of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It is known to take nothing but a credential: `-u user:password`, `AWS_SECRET_ACCESS_KEY`.
    Known,
    /// It is called so.
    Named,
    /// It belongs to a service that lives as long as the job.
    Throwaway,
}

/// All of a file, each once, in the order they stand in.
pub(super) fn of(context: &AutomationContext<'_>) -> Vec<Literal> {
    let automation = context.automation;
    let services: BTreeSet<&str> = of_services(automation).collect();
    let mut found: Vec<Literal> = Vec::new();
    let together = together(automation);
    for setting in &automation.settings {
        found.extend(of_setting(setting, &services).map(|literal| {
            let others = together[&setting.site.group].iter().filter(|other| !std::ptr::eq(**other, setting));
            let known = others.filter(|other| other.holder == setting.holder);
            let beside = beside::of(known.filter_map(|other| Some((other.name.as_str(), other.value.known()?))));
            Literal { beside, ..literal }
        }));
    }
    for (nth, _) in automation.commands.iter().enumerate() {
        found.extend(arguments::of(&automation.commands, nth).filter_map(|argument| {
            let sign = if services.contains(argument.text) { Sign::Throwaway } else { argument.sign };
            literal(&argument.name, argument.text, argument.place, sign)
        }));
    }
    let mut literals = by_format(context, &services);
    found.retain(|literal| is_in(&literal.place, context));
    literals.append(&mut found);
    // At one place the format comes first: it says where the secret itself begins and ends.
    literals.sort_by_key(|literal| (literal.place.span.start, !literal.name.is_empty()));
    let mut literals = joined(literals);
    if is_fixture(context.document.path()) || context.document.ignored {
        literals.iter_mut().for_each(|literal| literal.at_most = literal.at_most.min(Level::Warning));
    }
    literals
}

/// Settings that are read together, as many as say something.
fn together(automation: &Automation) -> HashMap<usize, Vec<&Setting>> {
    /// What belongs to a credential stands among few others.
    const MOST: usize = 256;
    let mut groups: HashMap<usize, Vec<&Setting>> = HashMap::new();
    for setting in &automation.settings {
        let group = groups.entry(setting.site.group).or_default();
        if group.len() < MOST {
            group.push(setting);
        }
    }
    groups
}

/// One literal of those that overlap, which are ordered by place.
fn joined(literals: Vec<Literal>) -> Vec<Literal> {
    let mut kept: Vec<Literal> = Vec::with_capacity(literals.len());
    for mut next in literals {
        match kept.last_mut().filter(|last| last.place.span.overlaps(next.place.span)) {
            Some(last) => {
                if next.name.is_empty() && !last.name.is_empty() {
                    std::mem::swap(last, &mut next);
                }
                merge(last, next);
            }
            None => kept.push(next),
        }
    }
    kept
}

fn is_in(place: &Place, context: &AutomationContext<'_>) -> bool {
    place.path() == context.document.path() && !place.span.is_empty()
}

/// Two signs of one credential: its format says more of what it is, its name of what it is for.
fn merge(known: &mut Literal, named: Literal) {
    if known.name.is_empty() {
        known.name = named.name;
    }
    if known.beside.is_empty() {
        known.beside = named.beside;
    }
    if known.at_most < named.at_most {
        (known.at_most, known.confidence) = (named.at_most, named.confidence);
    }
}

/// Credentials of known formats anywhere in the file but in comments.
fn by_format(context: &AutomationContext<'_>, services: &BTreeSet<&str>) -> Vec<Literal> {
    let source = &context.document.source;
    if !context.document.suspect {
        return Vec::new();
    }
    let text = lossy(source.bytes());
    let hits = detect::find(&text).into_iter().filter(|hit| hit.confidence > Confidence::Low);
    let written = hits.filter(|hit| !in_comment(&text, hit.secret.start));
    let literal = |hit: detect::Hit| {
        let secret = &text[hit.secret.clone()];
        let at_most = match (hit.confidence, hit.strength) {
            // Of a service that lives as long as the job.
            (_, Strength::Guessable) if services.contains(secret) => Level::Note,
            (Confidence::High, _) => Level::Error,
            (_, Strength::Unguessable) => Level::Warning,
            // Of something on the machine that runs the job, or beside it.
            (_, Strength::Guessable) => Level::Note,
        };
        Literal {
            name: String::new(),
            place: Place::new(source, Span::new(hit.secret.start, hit.secret.end)),
            secret: text[hit.secret].to_owned(),
            kind: hit.kind,
            id: hit.id,
            beside: hit.beside,
            strength: hit.strength,
            at_most,
            confidence: hit.confidence,
        }
    };
    written.map(literal).collect()
}

/// The secrets that services of the file are started with: whoever signs in to them uses the same.
fn of_services(automation: &Automation) -> impl Iterator<Item = &str> {
    let services = automation.settings.iter().filter(|setting| setting.holder == Holder::Service);
    services.filter(|setting| names_a_secret(&setting.name)).filter_map(|setting| setting.value.known())
}

fn of_setting(setting: &Setting, services: &BTreeSet<&str>) -> Option<Literal> {
    let text = setting.value.known()?;
    let name = variable_of(&setting.name);
    // https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
    let of_host = name.starts_with("TF_TOKEN_").then_some(ArgumentKind::Secret);
    let kind = of_host.or_else(|| ENVIRONMENT.get(name).copied());
    // `secrets: |` of actions lists where secrets lie.
    let list = matches!(setting.holder, Holder::Input(_)) && name.eq_ignore_ascii_case("secrets");
    if list || !(kind.is_some() || names_a_secret(name)) {
        return None;
    }
    let throwaway = setting.holder == Holder::Service || services.contains(text) || is_of_image(name);
    match kind {
        _ if throwaway => literal(&setting.name, text, setting.value.place.clone(), Sign::Throwaway),
        Some(ArgumentKind::PathOrContents) if judge(ArgumentKind::PathOrContents, text) != Judgement::Secret => None,
        Some(_) => literal(&setting.name, text, setting.value.place.clone(), Sign::Known),
        None => literal(&setting.name, text, setting.value.place.clone(), Sign::Named),
    }
}

/// The Terraform variable that a variable of the environment sets, else itself.
fn variable_of(name: &str) -> &str {
    name.strip_prefix("TF_VAR_").unwrap_or(name)
}

/// What providers and backends take from the environment as a credential.
static ENVIRONMENT: LazyLock<HashMap<&str, ArgumentKind>> = LazyLock::new(|| {
    let providers = ProviderSchema::ALL.iter().flat_map(|provider| provider.arguments);
    let backends = BackendSchema::ALL.iter().flat_map(|backend| backend.arguments);
    let secret = providers.chain(backends).filter(|argument| argument.secret);
    secret.flat_map(|argument| argument.env.iter().map(|name| (*name, argument.kind))).collect()
});

/// Whether a name is one by which the image of a database or the like is told what its password shall be.
fn is_of_image(name: &str) -> bool {
    const IMAGES: [&str; 14] = [
        "POSTGRES_",
        "POSTGRESQL_",
        "MYSQL_",
        "MARIADB_",
        "MONGO_",
        "MONGODB_",
        "RABBITMQ_DEFAULT_",
        "MSSQL_SA_",
        "SA_PASSWORD",
        "MINIO_",
        "REDIS_",
        "ELASTIC_",
        "CLICKHOUSE_",
        "VAULT_DEV_ROOT_",
    ];
    IMAGES.iter().any(|image| name.starts_with(image))
}

/// The literal that a text is in such a place, if it is one.
fn literal(name: &str, text: &str, place: Place, sign: Sign) -> Option<Literal> {
    let bare = variable_of(name);
    let plausible = match sign {
        Sign::Named => is_plausible(bare, text),
        Sign::Known | Sign::Throwaway => !is_harmless(text) && text.trim().len() >= 3,
    };
    if !plausible || aws_access_key_id(text).is_some() || is_file(text) {
        return None;
    }
    let (at_most, confidence) = grade(bare, text, sign);
    let (kind, strength) = (kind_of_variable(bare, text), strength(text));
    let (name, secret) = (name.to_owned(), text.trim().to_owned());
    Some(Literal { name, place, secret, kind, id: None, beside: Vec::new(), strength, at_most, confidence })
}

/// The path of a file that holds the secret.
fn is_file(text: &str) -> bool {
    let text = text.trim();
    let path = text.starts_with(['/', '~']) || text.starts_with("./") || text.starts_with("../");
    let extensions = [".json", ".pem", ".key", ".txt", ".yml", ".yaml", ".env", ".p12", ".pfx", ".crt", ".asc", ".gpg"];
    (path && !text.ends_with('=')) || extensions.iter().any(|end| text.ends_with(end))
}

/// What may be said of a literal: its place, its name and how it is made decide together.
fn grade(name: &str, text: &str, sign: Sign) -> (Level, Confidence) {
    let generated = recognise(text).is_some() || looks_generated(text);
    let chosen = text.len() >= 8 && classes(text) >= 3 && !is_slug(text);
    match sign {
        Sign::Throwaway => (Level::Note, Confidence::Low),
        Sign::Known if generated || chosen => (Level::Error, Confidence::High),
        Sign::Named if names_a_password(name) && (generated || chosen) => (Level::Error, Confidence::Medium),
        Sign::Named if generated && is_issued(name) => (Level::Error, Confidence::Medium),
        Sign::Named if generated => (Level::Warning, Confidence::Medium),
        // Jobs that test something sign in to it as everybody does.
        _ if is_usual(text) => (Level::Note, Confidence::Low),
        Sign::Known => (Level::Warning, Confidence::Medium),
        Sign::Named if names_a_password(name) => (Level::Warning, Confidence::Medium),
        Sign::Named => (Level::Note, Confidence::Low),
    }
}

/// Whether a name speaks of what a service hands out: a program's own secrets are as often made for a test.
fn is_issued(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "api_key", "apikey", "api-key", "access_key", "client_secret", "account_key"]
        .iter()
        .any(|word| name.ends_with(word))
}

/// Kinds of characters: small and capital letters, digits, others.
fn classes(text: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_alphanumeric() && !c.is_whitespace(),
    ];
    kinds.iter().filter(|is| text.chars().any(*is)).count()
}

/// A text that is wholly known.
pub(super) fn known(text: &Text) -> Option<&str> {
    text.known().filter(|text| !text.is_empty())
}
