//! Prism between the program and the fake: it refuses requests that GitHub's own description does not allow, and
//! answers of the fake as well. <https://github.com/stoplightio/prism>

use super::fake::Github;
use crate::support::node_script;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

/// A running proxy. Nobody ends a process that a test program leaves behind but its own end of the pipe.
struct Prism {
    address: String,
    _process: Child,
}

/// The address of the API, judged.
pub(super) fn judged() -> String {
    static SHARED: LazyLock<Prism> = LazyLock::new(start);
    format!("http://{}", SHARED.address)
}

#[expect(clippy::zombie_processes, reason = "it ends when this program does, which is the first to stop waiting")]
fn start() -> Prism {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let description = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/publish/github/api.json");
    let upstream = format!("http://{}", Github::shared().address);
    // Ends with this program: its standard input is then closed.
    let watched = "process.stdin.on('end', () => process.exit()).resume()";
    let mut command = node_script("@stoplight/prism-cli", "dist/index.js");
    command.args(["proxy", description, &upstream, "--errors", "-h", "127.0.0.1", "-p", &free.port().to_string()]);
    command.env("NODE_OPTIONS", format!("--import=data:text/javascript,{}", watched.replace(' ', "%20")));
    let process = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..600 {
        if TcpStream::connect(free).is_ok() {
            return Prism { address: free.to_string(), _process: process };
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("Prism does not listen on {free}");
}
