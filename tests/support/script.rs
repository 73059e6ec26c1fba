//! Servers that are Python scripts beside this file: they print one line of JSON once they answer, and end when their
//! input does.

use super::python::python;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longer than the slowest machine takes to start one.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server. It ends with this value, and with the test.
pub(crate) struct Script {
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    process: Child,
}

impl Script {
    /// Starts `tests/support/NAME`, and waits until it answers.
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Self {
        let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support").join(name);
        let mut command = Command::new(python());
        command.arg(script).args(arguments).env_clear().env("HOME", std::env::temp_dir());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let output = process.stdout.take().unwrap();
        let (sender, line) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(output).read_line(&mut line);
            let _ = sender.send(read.map(|_| line));
        });
        let answer = line.recv_timeout(PATIENCE).ok().and_then(|line| serde_json::from_str::<Value>(&line.ok()?).ok());
        let url = answer.and_then(|answer| answer["url"].as_str().map(str::to_owned));
        let url = url.unwrap_or_else(|| panic!("{name} did not start"));
        Self { url, process }
    }

    /// Asks it, and reads its answer.
    pub(crate) fn call(&self, method: &str, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Value {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.request(method.parse().unwrap(), format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = body.into_iter().fold(request, |request, body| request.json(&body));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let text = runtime.block_on(async { request.send().await.unwrap().text().await.unwrap() });
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // Its input ends: a server that has a process of its own ends that too.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
