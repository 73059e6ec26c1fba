//! What is no answer of AWS is no verdict on a key, and ends in time.

use super::keys::{candidate, settings};
use crate::support::Key;
use credlint::finding::{Reason, Status};
use credlint::verify::verify;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a server does with whoever calls.
#[derive(Clone, Copy)]
enum Fault {
    /// It hangs up.
    Reset,
    /// It listens for ever.
    Hang,
    /// It says this and hangs up.
    Says(&'static str),
}

/// The address of a server that does so, and how often it was called. It runs until the tests end.
fn server(fault: Fault) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&calls);
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming().flatten() {
            seen.fetch_add(1, Ordering::SeqCst);
            match fault {
                Fault::Reset => drop(stream),
                Fault::Hang => held.push(stream),
                Fault::Says(text) => drop(say(stream, text)),
            }
        }
    });
    (url, calls)
}

fn say(mut stream: TcpStream, text: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let _ = stream.read(&mut [0; 16384])?;
    stream.write_all(text.as_bytes())
}

fn key() -> Key {
    Key { id: "AKIAIOSFODNN7EXAMPLE".into(), secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into() }
}

/// Asks, and says what nobody could tell and how long it took.
fn unknown(url: &str) -> Duration {
    let started = Instant::now();
    let verdict = verify(&[vec![candidate(&key(), &[])]], &settings(url), &|| ()).unwrap().remove(0);
    assert_eq!((verdict.status, verdict.reason), (Status::Unknown, Some(Reason::Unreachable)), "{verdict:?}");
    started.elapsed()
}

#[test]
fn faults_are_no_verdict() {
    let throttled = "HTTP/1.1 400 Bad Request\r\nContent-Length: 146\r\n\r\n<ErrorResponse xmlns=\"https://sts.amazonaws.com/\
        doc/2011-06-15/\"><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>";
    let dead_by_a_broken_server = "HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n<ErrorResponse><Error><Code>\
        InvalidClientTokenId</Code></Error></ErrorResponse>";
    let faults = [
        Fault::Reset,
        Fault::Says("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"),
        Fault::Says("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        Fault::Says(dead_by_a_broken_server),
        Fault::Says(throttled),
        Fault::Says("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<GetCallerIdentityResponse>"),
        Fault::Says(
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html><body>Sign in to the guest network</body></html>",
        ),
        Fault::Says("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<GetCallerIdentityResponse/>"),
        Fault::Says("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n<html>blocked</html>"),
        Fault::Says("not HTTP at all\r\n\r\n"),
    ];
    for fault in faults {
        let (url, calls) = server(fault);
        let took = unknown(&url);
        assert!(took < Duration::from_secs(12), "{took:?}");
        assert!((1..=3).contains(&calls.load(Ordering::SeqCst)), "asked again and again");
    }
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    unknown(&format!("http://{free}"));
}

#[test]
fn who_never_answers_is_left() {
    let (url, _) = server(Fault::Hang);
    let took = unknown(&url);
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(15), "{took:?}");
}

#[test]
fn nothing_is_sent_on() {
    let (elsewhere, calls) = server(Fault::Reset);
    let text = format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n");
    let (url, _) = server(Fault::Says(text.leak()));
    unknown(&url);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}
