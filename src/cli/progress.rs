//! A progress bar on a terminal, when the work takes longer than a moment.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Work shorter than this shows nothing.
const MOMENT: Duration = Duration::from_millis(400);

/// Shows how many files are done.
pub(super) struct Progress {
    total: u64,
    started: Instant,
    done: std::sync::atomic::AtomicU64,
    bar: OnceLock<ProgressBar>,
    shown: bool,
}

impl Progress {
    /// A bar for `total` files on standard error; nothing is drawn if it is no terminal or not wanted.
    pub(super) fn new(total: usize, wanted: bool) -> Self {
        use std::io::IsTerminal as _;
        let shown = wanted && std::io::stderr().is_terminal();
        Self { total: total as u64, started: Instant::now(), done: 0.into(), bar: OnceLock::new(), shown }
    }

    /// So many more files are done.
    pub(super) fn advance(&self, files: u64) {
        let done = self.done.fetch_add(files, std::sync::atomic::Ordering::Relaxed) + files;
        if self.shown && (self.bar.get().is_some() || self.started.elapsed() > MOMENT) {
            self.bar.get_or_init(|| self.draw()).set_position(done);
        }
    }

    fn draw(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr_with_hz(10));
        let template = ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len} files");
        bar.set_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
        bar.set_message("reading");
        bar
    }

    /// Says what goes on now.
    pub(super) fn message(&self, message: &'static str) {
        if let Some(bar) = self.bar.get() {
            bar.set_message(message);
        }
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
