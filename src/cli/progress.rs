//! A progress bar on a terminal, when the work takes longer than a moment.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Work shorter than this shows nothing.
const MOMENT: Duration = Duration::from_millis(400);

/// Shows how much is done.
pub(super) struct Progress {
    total: u64,
    started: Instant,
    done: std::sync::atomic::AtomicU64,
    bar: OnceLock<ProgressBar>,
    shown: bool,
    unit: &'static str,
    doing: std::sync::Mutex<&'static str>,
}

impl Progress {
    /// A bar for `total` of a unit on standard error; nothing is drawn if it is no terminal or not wanted.
    pub(super) fn new(total: usize, wanted: bool, unit: &'static str) -> Self {
        use std::io::IsTerminal as _;
        let shown = wanted && std::io::stderr().is_terminal();
        Self {
            total: total as u64,
            started: Instant::now(),
            done: 0.into(),
            bar: OnceLock::new(),
            shown,
            unit,
            doing: "reading".into(),
        }
    }

    /// So many more are done.
    pub(super) fn advance(&self, more: u64) {
        let done = self.done.fetch_add(more, std::sync::atomic::Ordering::Relaxed) + more;
        if self.shown && (self.bar.get().is_some() || self.started.elapsed() > MOMENT) {
            self.bar.get_or_init(|| self.draw()).set_position(done);
        }
    }

    fn draw(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr_with_hz(10));
        let template = ProgressStyle::with_template(&format!("{{msg}} [{{bar:32}}] {{pos}}/{{len}} {}", self.unit));
        bar.set_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
        bar.set_message(*self.doing.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        bar
    }

    /// Shows that something goes on before any of it is done: what others answer takes its time.
    #[cfg(feature = "live")]
    pub(super) fn begin(&self) {
        if self.shown {
            self.bar.get_or_init(|| self.draw()).enable_steady_tick(MOMENT);
        }
    }

    /// Says what goes on now.
    pub(super) fn message(&self, message: &'static str) {
        *self.doing.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = message;
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
