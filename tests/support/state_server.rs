//! A store of state over HTTP: <https://developer.hashicorp.com/terraform/language/backend/http>.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What becomes of a state that is sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writes {
    /// It is kept.
    Kept,
    /// It is refused, so that Terraform leaves `errored.tfstate` behind.
    Refused,
}

/// A running server on a free loopback port. It asks nobody for a password, and ends with this value.
pub(crate) struct StateServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    writes: Writes,
    state: Mutex<Option<Vec<u8>>>,
    ended: AtomicBool,
}

impl StateServer {
    pub(crate) fn start(writes: Writes) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { writes, state: Mutex::default(), ended: AtomicBool::new(false) });
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if served.ended.load(Ordering::SeqCst) {
                    break;
                }
                // Who hangs up midway gets no answer; the next one does.
                let _ = stream.and_then(|stream| served.answer(stream));
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    /// Where the state is kept.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/state", self.address)
    }

    /// The arguments of a backend that keeps its state here, without a user.
    pub(crate) fn backend(&self) -> String {
        let url = self.url();
        format!(
            r#"    address        = "{url}"
    lock_address   = "{url}/lock"
    unlock_address = "{url}/lock"
    retry_max      = 0
"#
        )
    }

    /// The state that it keeps.
    pub(crate) fn state(&self) -> Option<Vec<u8>> {
        self.shared.state.lock().unwrap().clone()
    }
}

impl Shared {
    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut request = String::new();
        reader.read_line(&mut request)?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let (status, answer) = self.handle(request.split(' ').next().unwrap_or_default(), body);
        let mut writer = stream;
        write!(writer, "HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len())?;
        writer.write_all(&answer)
    }

    fn handle(&self, method: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let mut state = self.state.lock().unwrap();
        match (method, self.writes) {
            ("GET", _) => state.clone().map_or((404, Vec::new()), |state| (200, state)),
            ("POST", Writes::Kept) => {
                *state = Some(body);
                (200, Vec::new())
            }
            ("POST", Writes::Refused) => (403, b"denied".to_vec()),
            _ => (200, Vec::new()),
        }
    }
}

impl Drop for StateServer {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes it from waiting for the next request.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
