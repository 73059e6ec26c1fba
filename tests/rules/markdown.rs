//! Examples in Markdown: fenced blocks in a row, each with a file name, are the files of one example.

use super::memory::Files;

/// A piece of Markdown: a heading, a fenced block, or a line of anything else.
#[derive(Debug)]
pub(crate) enum Piece<'t> {
    /// Level and text.
    Heading(usize, &'t str),
    /// File name, if there is one, and content.
    Fence(Option<&'t str>, String),
    /// A line that is not blank.
    Line(&'t str),
}

/// Splits a text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let name = info.split_once(' ').map(|(_, name)| name.trim());
            let content: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            found.push(Piece::Fence(name, content.join("\n") + "\n"));
        } else if line.starts_with('#') {
            let level = line.chars().take_while(|c| *c == '#').count();
            found.push(Piece::Heading(level, line[level..].trim()));
        } else if !line.trim().is_empty() {
            found.push(Piece::Line(line.trim()));
        }
    }
    found
}

/// The headings of the second level, in order.
pub(crate) fn headings(text: &str) -> Vec<&str> {
    let second = |piece| if let Piece::Heading(2, text) = piece { Some(text) } else { None };
    pieces(text).into_iter().filter_map(second).collect()
}

/// The examples under a heading of the second level. A block without a name is `main.tf` alone; a line of prose, a
/// second block of the same name or a block without a name begins the next example.
pub(crate) fn examples(text: &str, heading: &str) -> Vec<Files> {
    let mut found: Vec<Files> = Vec::new();
    let mut inside = false;
    let mut open = false;
    for piece in pieces(text) {
        match piece {
            Piece::Heading(_, text) => (inside, open) = (text == heading, false),
            Piece::Line(_) => open = false,
            Piece::Fence(name, content) if inside => {
                let path = name.unwrap_or("main.tf").to_owned();
                let continues = open && name.is_some() && found.last().is_some_and(|files| !files.contains_key(&path));
                if !continues {
                    found.push(Files::new());
                }
                open = true;
                found.last_mut().expect("one was begun").insert(path, content);
            }
            Piece::Fence(..) => {}
        }
    }
    found
}
