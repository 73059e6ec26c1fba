//! An issuer on loopback that notes every request and answers as it is told, or misbehaves.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How it answers.
#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    /// With a status, headers and a body.
    Answer { status: u16, headers: Vec<(String, String)>, body: String },
    /// With several of these, one after the other; the last for ever.
    InTurn(Vec<Behaviour>),
    /// As this one, a little later.
    Late(Box<Behaviour>),
    /// It closes the connection without a word.
    HangUp,
    /// It takes the request and never answers.
    Hang,
    /// It promises more than it sends.
    Truncate,
    /// It sends a byte now and then.
    Drip,
}

impl Behaviour {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::plain(status, &[("content-type", "application/json")], body)
    }

    /// Headers and a body with a status.
    pub(crate) fn plain(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Self::Answer { status, headers: headers.collect(), body: body.into() }
    }
}

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct Seen {
    /// `GET /path`.
    pub(crate) line: String,
    /// All of it.
    raw: Vec<u8>,
}

impl Seen {
    /// Whether a text stands anywhere in it: in the line, a header or the body.
    pub(crate) fn holds(&self, text: &str) -> bool {
        memchr::memmem::find(&self.raw, text.as_bytes()).is_some()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(&self.raw).into_owned();
        let lines = head.lines().take_while(|line| !line.is_empty());
        let mut headers = lines.filter_map(|line| line.split_once(':'));
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    }
}

/// A running server on a free loopback port. It ends with this value.
pub(crate) struct FaultyServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    behaviour: Mutex<Behaviour>,
    seen: Mutex<Vec<Seen>>,
    waiting: AtomicUsize,
    most_waiting: AtomicUsize,
    ended: AtomicBool,
}

impl FaultyServer {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            behaviour: Mutex::new(behaviour),
            seen: Mutex::default(),
            waiting: AtomicUsize::new(0),
            most_waiting: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if served.ended.load(Ordering::SeqCst) {
                    break;
                }
                let (served, Ok(stream)) = (Arc::clone(&served), stream) else { continue };
                std::thread::spawn(move || {
                    // Who hangs up midway gets no answer.
                    let _ = served.answer(stream);
                });
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    /// An address of this machine where nobody listens.
    pub(crate) fn nobody() -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it behaves otherwise.
    pub(crate) fn behave(&self, behaviour: Behaviour) {
        *self.shared.behaviour.lock().unwrap() = behaviour;
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Their methods and paths.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// How many requests waited for a late answer at the same time, at most.
    pub(crate) fn most_waiting(&self) -> usize {
        self.shared.most_waiting.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let seen = read(&stream)?;
        self.seen.lock().unwrap().push(seen);
        let behaviour = {
            let mut behaviour = self.behaviour.lock().unwrap();
            match &mut *behaviour {
                Behaviour::InTurn(turns) if turns.len() > 1 => turns.remove(0),
                Behaviour::InTurn(turns) => turns[0].clone(),
                other => other.clone(),
            }
        };
        self.send(stream, &behaviour)
    }

    fn send(&self, mut stream: TcpStream, behaviour: &Behaviour) -> std::io::Result<()> {
        match behaviour {
            Behaviour::Answer { status, headers, body } => {
                let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
                let length = body.len();
                write!(
                    stream,
                    "HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
                )?;
                stream.write_all(body.as_bytes())
            }
            Behaviour::Late(behaviour) => {
                let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
                self.most_waiting.fetch_max(waiting, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(150));
                // Before the answer: who gets it may ask again at once.
                self.waiting.fetch_sub(1, Ordering::SeqCst);
                self.send(stream, behaviour)
            }
            Behaviour::InTurn(_) | Behaviour::HangUp => Ok(()),
            Behaviour::Truncate => {
                write!(
                    stream,
                    "HTTP/1.1 200 -\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{{\"ok\":"
                )
            }
            Behaviour::Hang => {
                while !self.ended.load(Ordering::SeqCst) && is_open(&stream) {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Ok(())
            }
            Behaviour::Drip => {
                write!(stream, "HTTP/1.1 200 -\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n")?;
                while !self.ended.load(Ordering::SeqCst) {
                    stream.write_all(b" ")?;
                    std::thread::sleep(Duration::from_millis(50));
                }
                Ok(())
            }
        }
    }
}

/// Whether the other side still waits.
fn is_open(stream: &TcpStream) -> bool {
    let mut byte = [0];
    stream.set_nonblocking(true).is_ok()
        && !matches!(stream.peek(&mut byte), Ok(0))
        && stream.set_nonblocking(false).is_ok()
}

fn read(stream: &TcpStream) -> std::io::Result<Seen> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut raw, mut length) = (Vec::new(), 0);
    loop {
        let start = raw.len();
        let read = reader.read_until(b'\n', &mut raw)?;
        let line = String::from_utf8_lossy(&raw[start..]).into_owned();
        if read == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let start = raw.len();
    raw.resize(start + length, 0);
    reader.read_exact(&mut raw[start..])?;
    let first = String::from_utf8_lossy(raw.split(|byte| *byte == b'\r').next().unwrap_or_default()).into_owned();
    Ok(Seen { line: first.trim_end_matches(" HTTP/1.1").to_owned(), raw })
}

impl Drop for FaultyServer {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes it from waiting for the next request.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
