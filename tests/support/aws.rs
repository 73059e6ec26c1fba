//! An AWS on a free loopback port (moto, <https://docs.getmoto.org/en/latest/docs/server_mode.html>).

use super::python::python;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// Whether calls must be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calls {
    /// Anybody may do anything.
    Free,
    /// Only who signs with a known key that has the right to.
    Enforced,
}

/// A running AWS with a bucket, a KMS key and a user's access key. It ends with this value, and with the test.
#[derive(serde::Deserialize)]
pub(crate) struct Aws {
    /// `http://127.0.0.1:PORT`, for every service.
    pub(crate) endpoint: String,
    /// A bucket in eu-west-1.
    pub(crate) bucket: String,
    /// The ARN of a KMS key.
    pub(crate) kms_key: String,
    /// The access key of a user who may do everything: made by this server and worth nothing elsewhere.
    pub(crate) access_key: String,
    /// Its secret half.
    pub(crate) secret_key: String,
    #[serde(skip)]
    process: Option<Process>,
}

struct Process {
    child: Child,
    /// One order at a time: each has its own answer.
    answers: Mutex<Receiver<String>>,
}

/// An access key of this server, worth nothing elsewhere.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Key {
    /// The public half.
    pub(crate) id: String,
    /// The secret half.
    pub(crate) secret: String,
}

/// Longer than the slowest machine takes to start it.
const PATIENCE: Duration = Duration::from_secs(120);

impl Aws {
    pub(crate) fn start(calls: Calls) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/aws_server.py");
        let home = tempfile::tempdir().unwrap();
        let mut process = Command::new(python())
            .arg(script)
            .arg(if calls == Calls::Free { "free" } else { "enforced" })
            .env_clear()
            .env("HOME", home.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = process.stdout.take().unwrap();
        let (sender, answers) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let Ok(line) = answers.recv_timeout(PATIENCE) else {
            stop(&mut process);
            panic!("moto was not ready after {PATIENCE:?}");
        };
        let mut aws: Aws = serde_json::from_str(&line).unwrap_or_else(|_| panic!("moto did not start"));
        aws.process = Some(Process { child: process, answers: Mutex::new(answers) });
        aws
    }

    /// Has something done that no client of AWS could do, or that its owner does: see `aws_server.py`.
    pub(crate) fn order(&self, order: &Value) -> Value {
        let process = self.process.as_ref().unwrap();
        let answers = process.answers.lock().unwrap();
        let mut input = process.child.stdin.as_ref().unwrap();
        writeln!(input, "{order}").unwrap();
        let answer: Value = serde_json::from_str(&answers.recv_timeout(PATIENCE).unwrap()).unwrap();
        assert!(answer["failed"].is_null(), "{order}: {}", answer["failed"].as_str().unwrap_or_default());
        answer
    }

    /// What the owner of the account does by an operation of a service, in boto3's words.
    pub(crate) fn call(&self, service: &str, operation: &str, arguments: &Value) -> Value {
        self.order(&json!({"do": "call", "service": service, "operation": operation, "arguments": arguments}))
    }

    /// A fresh access key of a user who may do what the policy says; without one, nothing.
    pub(crate) fn key(&self, user: &str, policy: Option<&Value>) -> Key {
        serde_json::from_value(self.order(&json!({"do": "key", "user": user, "policy": policy}))).unwrap()
    }

    /// What was asked since this was last called, orders and calls from here included.
    pub(crate) fn log(&self) -> Vec<Value> {
        serde_json::from_value(self.order(&json!({"do": "log"}))).unwrap()
    }

    /// The arguments of an S3 backend that keeps its state here, without credentials.
    pub(crate) fn backend(&self, key: &str) -> String {
        let Self { endpoint, bucket, kms_key, .. } = self;
        format!(
            r#"    bucket                  = "{bucket}"
    key                     = "{key}"
    region                  = "eu-west-1"
    encrypt                 = true
    kms_key_id              = "{kms_key}"
    use_lockfile            = true
    use_path_style          = true
    skip_metadata_api_check = true
    endpoints = {{
      s3  = "{endpoint}"
      sts = "{endpoint}"
      iam = "{endpoint}"
    }}
"#
        )
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            stop(&mut process.child);
        }
    }
}

fn stop(process: &mut Child) {
    let _ = process.kill();
    let _ = process.wait();
}
