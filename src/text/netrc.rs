//! `.netrc`: logins of machines, with the place of every password.

use super::Span;

/// The login of one machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Its name; empty for `default`.
    pub name: String,
    /// The user.
    pub login: String,
    /// The bytes of each password or account password, without quotes.
    pub passwords: Vec<Span>,
}

/// The machines of a text in order. What is no keyword is passed over, so are macros.
///
/// <https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html>, quotes as curl reads them:
/// <https://everything.curl.dev/usingcurl/netrc.html>
pub fn machines(text: &str) -> Vec<Machine> {
    let mut found: Vec<Machine> = Vec::new();
    let mut at = 0;
    while let Some(word) = next_word(text, &mut at) {
        let keyword = &text[word.range()];
        match keyword {
            "default" => found.push(Machine::default()),
            "machine" => {
                let name = next_word(text, &mut at).map(|name| text[name.range()].to_owned());
                found.push(Machine { name: name.unwrap_or_default(), ..Machine::default() });
            }
            "login" | "user" | "account" | "password" => {
                let Some(value) = next_word(text, &mut at) else { break };
                match (keyword, found.last_mut()) {
                    ("password", Some(machine)) => machine.passwords.push(value),
                    ("login" | "user", Some(machine)) => text[value.range()].clone_into(&mut machine.login),
                    _ => {}
                }
            }
            // A macro ends with an empty line.
            "macdef" => {
                let rest = &text[at..];
                let end = ["\n\n", "\r\n\r\n"].iter().filter_map(|end| Some(rest.find(end)? + end.len())).min();
                at = end.map_or(text.len(), |end| at + end);
            }
            comment if comment.starts_with('#') => at = text[at..].find('\n').map_or(text.len(), |end| at + end),
            _ => {}
        }
    }
    found
}

/// The next word from `at`, which is moved behind it; of a word in quotes what stands between them.
fn next_word(text: &str, at: &mut usize) -> Option<Span> {
    let rest = &text[*at..];
    let start = *at + (rest.len() - rest.trim_start().len());
    let word = &text[start..];
    if let Some(quoted) = word.strip_prefix('"') {
        let bytes = quoted.as_bytes();
        let mut end = 0;
        while end < bytes.len() && !matches!(bytes[end], b'"' | b'\n') {
            end += if bytes[end] == b'\\' && end + 1 < bytes.len() { 2 } else { 1 };
        }
        let mut end = end.min(quoted.len());
        while !quoted.is_char_boundary(end) {
            end += 1;
        }
        *at = (start + 1 + end + 1).min(text.len());
        while !text.is_char_boundary(*at) {
            *at += 1;
        }
        return Some(Span::new(start + 1, start + 1 + end));
    }
    let length = word.find(char::is_whitespace).unwrap_or(word.len());
    *at = start + length;
    (length > 0).then(|| Span::new(start, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, Vec<&str>)> {
        let shown = |machine: Machine| {
            let passwords = machine.passwords.iter().map(|span| &text[span.range()]).collect();
            (machine.name, machine.login, passwords)
        };
        machines(text).into_iter().map(shown).collect()
    }

    fn machine<'t>(name: &str, login: &str, password: &'t str) -> (String, String, Vec<&'t str>) {
        (name.to_owned(), login.to_owned(), vec![password])
    }

    #[test]
    fn machines_on_one_line_or_many() {
        let text = "# machine c login c password c\nmachine a login u password p1\nmachine b\n\tlogin v\r\n\tpassword \"p 2\\\"\" \n\
                    default login w password p3";
        assert_eq!(read(text), [machine("a", "u", "p1"), machine("b", "v", "p 2\\\""), machine("", "w", "p3")]);
    }

    #[test]
    fn macros_are_no_logins() {
        let text = "machine a login u password p\nmacdef init\npassword x\nmachine y\n\nmachine b login v password q\n";
        assert_eq!(read(text), [machine("a", "u", "p"), machine("b", "v", "q")]);
    }

    #[test]
    fn broken_texts_end() {
        for text in
            ["", "machine", "password x", "machine a password", "machine a password \"é", "\"\\", "macdef", "\"é\\é"]
        {
            let _ = machines(text);
        }
        assert_eq!(
            read("machine a password \"x\nmachine b password y"),
            [machine("a", "", "x"), machine("b", "", "y")]
        );
    }
}
