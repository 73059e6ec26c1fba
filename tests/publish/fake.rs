//! A GitHub that keeps what it is told. Its answers start from the examples of GitHub's own description, so that Prism
//! can hold them to it; a repository and its token have the same name, so that tests do not meet.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// GitHub's description of the calls that are made, cut by `github/cut.mjs`.
static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("github/api.json")).expect("the description is JSON"));

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is refused with a status, and a limit's header.
    Status(u16, Option<(&'static str, &'static str)>),
    /// It is done, and the answer says that it is not.
    Lost,
    /// It is done, and nobody answers in time.
    Silent,
    /// It is not done, and nobody answers in time.
    Dead,
}

/// A repository.
#[derive(Default)]
pub(crate) struct Repository {
    /// Check runs with their annotations.
    pub(crate) checks: Vec<(Value, Vec<Value>)>,
    /// Comments on the pull request.
    pub(crate) comments: Vec<Value>,
    /// Comments at lines.
    pub(crate) at_lines: Vec<Value>,
    /// Reviews that were posted.
    pub(crate) reviews: usize,
    /// Files of the pull request.
    pub(crate) files: Vec<Value>,
    /// The last commit of the pull request.
    pub(crate) head: String,
    /// A path at which GitHub takes no comment.
    pub(crate) refused_path: Option<String>,
    /// Analyses that were uploaded.
    pub(crate) analyses: Vec<Value>,
    /// Every call: method, path and body.
    pub(crate) calls: Vec<(String, String, Value)>,
    /// What goes wrong with the call of that number, from 0, and with how many after it.
    pub(crate) trouble: Option<(usize, usize, Trouble)>,
    next: u64,
}

/// A running server; it ends with the test program.
pub(crate) struct Github {
    pub(crate) address: SocketAddr,
    repositories: Arc<Mutex<HashMap<String, Repository>>>,
}

impl Github {
    /// The one for all tests.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Github> = LazyLock::new(Github::start);
        &SHARED
    }

    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let repositories = Arc::<Mutex<HashMap<String, Repository>>>::default();
        let kept = Arc::clone(&repositories);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || drop(serve(stream, &kept)));
            }
        });
        Self { address, repositories }
    }

    /// Looks into a repository, or changes it.
    pub(crate) fn with<T>(&self, name: &str, look: impl FnOnce(&mut Repository) -> T) -> T {
        // A test that fails leaves the others theirs.
        let mut kept = self.repositories.lock().unwrap_or_else(PoisonError::into_inner);
        look(kept.entry(name.to_owned()).or_default())
    }
}

fn serve(mut stream: TcpStream, kept: &Mutex<HashMap<String, Repository>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "authorization" => token = value.trim().trim_start_matches("Bearer ").to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (answer, wait) = {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let repository = kept.entry(token).or_default();
        let number = repository.calls.len();
        repository.calls.push((method.into(), path.into(), body.clone()));
        let trouble = repository.trouble.filter(|(from, many, _)| (*from..from + many).contains(&number));
        match trouble.map(|(.., trouble)| trouble) {
            None => (repository.answer(method, path, &body), false),
            Some(Trouble::Status(status, header)) => (Answer { header, ..Answer::error(status) }, false),
            Some(Trouble::Lost) => {
                repository.answer(method, path, &body);
                (Answer::error(502), false)
            }
            Some(Trouble::Silent) => (repository.answer(method, path, &body), true),
            Some(Trouble::Dead) => (Answer::error(500), true),
        }
    };
    if wait {
        std::thread::sleep(super::TIMEOUT * 2);
    }
    let text = answer.body.to_string();
    let header = answer.header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    let (status, length) = (answer.status, text.len());
    let head = "Content-Type: application/json; charset=utf-8\r\nConnection: close\r\n";
    write!(stream, "HTTP/1.1 {status} -\r\n{head}{header}Content-Length: {length}\r\n\r\n{text}")
}

struct Answer {
    status: u16,
    body: Value,
    header: Option<(&'static str, &'static str)>,
}

impl Answer {
    fn of(status: u16, body: Value) -> Self {
        Self { status, body, header: None }
    }

    fn error(status: u16) -> Self {
        Self::of(status, json!({"message": "No.", "documentation_url": "https://docs.github.com/rest"}))
    }
}

/// GitHub's own example of an answer.
fn example(path: &str, method: &str, status: &str) -> Value {
    let path = path.replace('~', "~0").replace('/', "~1");
    let response = DESCRIPTION.pointer(&format!("/paths/{path}/{method}/responses/{status}"));
    let content = resolved(response.expect(method)).pointer("/content/application~1json").expect("it answers JSON");
    let examples = content["examples"].as_object().expect("it has examples");
    resolved(examples.values().next().expect("it has one"))["value"].clone()
}

fn resolved(node: &'static Value) -> &'static Value {
    match node.get("$ref").and_then(Value::as_str) {
        Some(reference) => resolved(DESCRIPTION.pointer(&reference[1..]).expect(reference)),
        None => node,
    }
}

const REPO: &str = "/repos/{owner}/{repo}";

impl Repository {
    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn answer(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        // Where the API of an Enterprise Server is.
        let path = path.strip_prefix("/api/v3").unwrap_or(path);
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let rest = parts.get(3..).unwrap_or_default();
        match (method, rest) {
            ("GET", _) if path == "/user" => Answer::error(403),
            ("POST", ["check-runs"]) => Answer::of(201, self.create_check(body)),
            ("GET", ["commits", sha, "check-runs"]) => {
                let named = query.split('&').find_map(|part| part.strip_prefix("check_name="));
                let named = named.map(|name| name.replace("%20", " ").replace('+', " "));
                let asked = |run: &&Value| named.as_ref().is_none_or(|name| run["name"] == **name);
                let runs = self.checks.iter().map(|(run, _)| run).filter(|run| run["head_sha"] == **sha).filter(asked);
                let runs: Vec<&Value> = runs.take(100).collect();
                Answer::of(200, json!({"total_count": runs.len(), "check_runs": runs}))
            }
            ("GET" | "PATCH", ["check-runs", id]) => {
                let found = self.checks.iter_mut().find(|(run, _)| run["id"].as_u64() == id.parse().ok());
                let Some((run, annotations)) = found else { return Answer::error(404) };
                change_check(run, annotations, body);
                Answer::of(200, run.clone())
            }
            ("GET", ["issues", _, "comments"]) => page(&self.comments, query),
            ("POST", ["issues", _, "comments"]) => {
                let comment = self.comment(&format!("{REPO}/issues/{{issue_number}}/comments"), "201", body);
                self.comments.push(comment.clone());
                Answer::of(201, comment)
            }
            ("PATCH", ["issues", "comments", id]) => edit(&mut self.comments, id, body),
            ("GET", ["pulls", _]) => {
                let mut pull = example(&format!("{REPO}/pulls/{{pull_number}}"), "get", "200");
                pull["head"]["sha"] = self.head.as_str().into();
                Answer::of(200, pull)
            }
            ("GET", ["pulls", _, "files"]) => page(&self.files, query),
            ("GET", ["pulls", _, "comments"]) => page(&self.at_lines, query),
            ("POST", ["pulls", _, "comments"]) => self.comment_at(body),
            ("PATCH", ["pulls", "comments", id]) => edit(&mut self.at_lines, id, body),
            ("POST", ["pulls", _, "reviews"]) => self.review(body),
            ("POST", ["code-scanning", "sarifs"]) => {
                self.analyses.push(body.clone());
                Answer::of(202, example(&format!("{REPO}/code-scanning/sarifs"), "post", "202"))
            }
            ("GET", ["code-scanning", "sarifs", _]) => {
                let mut status = example(&format!("{REPO}/code-scanning/sarifs/{{sarif_id}}"), "get", "200");
                status["processing_status"] = "complete".into();
                Answer::of(200, status)
            }
            // Bitbucket takes whatever it is sent; the test looks at that itself.
            (_, ["repo", "commit", ..]) => Answer::of(200, json!({})),
            _ => Answer::error(404),
        }
    }

    fn create_check(&mut self, body: &Value) -> Value {
        let mut run = example(&format!("{REPO}/check-runs"), "post", "201");
        run["id"] = self.id().into();
        for key in ["head_sha", "name", "external_id", "details_url"] {
            run[key] = body[key].clone();
        }
        run["conclusion"] = Value::Null;
        let mut annotations = Vec::new();
        change_check(&mut run, &mut annotations, body);
        self.checks.push((run.clone(), annotations));
        run
    }

    fn comment(&mut self, path: &str, status: &str, body: &Value) -> Value {
        let mut comment = example(path, "post", status);
        comment["id"] = self.id().into();
        comment["body"] = body["body"].clone();
        comment["user"]["login"] = "github-actions[bot]".into();
        comment["user"]["type"] = "Bot".into();
        comment
    }

    fn refuses(&self, comment: &Value) -> bool {
        self.refused_path.as_deref().is_some_and(|path| comment["path"] == path)
    }

    fn comment_at(&mut self, body: &Value) -> Answer {
        if self.refuses(body) {
            return Answer::error(422);
        }
        let mut comment = self.comment(&format!("{REPO}/pulls/{{pull_number}}/comments"), "201", body);
        for key in ["path", "line", "start_line"] {
            comment[key] = body[key].clone();
        }
        self.at_lines.push(comment.clone());
        Answer::of(201, comment)
    }

    /// All comments of a review, or none.
    fn review(&mut self, body: &Value) -> Answer {
        let comments = body["comments"].as_array().cloned().unwrap_or_default();
        if comments.iter().any(|comment| self.refuses(comment)) {
            return Answer::error(422);
        }
        for comment in &comments {
            self.comment_at(comment);
        }
        self.reviews += 1;
        Answer::of(200, example(&format!("{REPO}/pulls/{{pull_number}}/reviews"), "post", "200"))
    }
}

fn change_check(run: &mut Value, annotations: &mut Vec<Value>, body: &Value) {
    annotations.extend(body["output"]["annotations"].as_array().cloned().unwrap_or_default());
    run["output"]["annotations_count"] = annotations.len().into();
    for key in ["title", "summary"] {
        if let Some(text) = body["output"].get(key) {
            run["output"][key] = text.clone();
        }
    }
    for key in ["status", "conclusion"] {
        if let Some(word) = body.get(key) {
            run[key] = word.clone();
        }
    }
}

fn edit(comments: &mut [Value], id: &str, body: &Value) -> Answer {
    let found = comments.iter_mut().find(|comment| comment["id"].as_u64() == id.parse().ok());
    let Some(comment) = found else { return Answer::error(404) };
    if comment["user"]["login"] != "github-actions[bot]" {
        return Answer::error(403);
    }
    comment["body"] = body["body"].clone();
    Answer::of(200, comment.clone())
}

fn page(entries: &[Value], query: &str) -> Answer {
    let number = |name: &str, default| {
        let found = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        found.map_or(default, |text| text.parse::<usize>().unwrap_or(default))
    };
    let (size, page) = (number("per_page", 30), number("page", 1));
    let from = (size * (page - 1)).min(entries.len());
    let to = (from + size).min(entries.len());
    // A link that leads elsewhere: who follows it sends the token there.
    let next = ("Link", "<https://elsewhere.example/next>; rel=\"next\"");
    Answer { header: (to < entries.len()).then_some(next), ..Answer::of(200, entries[from..to].into()) }
}
