//! Measures how deeply a file nests before it is parsed, because the parser recurses without a limit of its own.

/// How deeply brackets may nest.
const BRACKETS: usize = 1_000;

/// How deeply operators may nest (`!!!!x`, `a ? b : c ? d : e`).
const OPERATORS: usize = 20_000;

/// The byte at which a file nests too deeply to be parsed, if it does.
pub(super) fn too_deep(text: &str) -> Option<u32> {
    // A file nests at most as deeply as it has openers; most files are small enough to stop here.
    if text.len() <= BRACKETS {
        return None;
    }
    Scan { bytes: text.as_bytes(), at: 0, levels: Vec::new(), operators: 0, total: 0, after_value: false }.run()
}

/// A walk over the bytes that knows comments, texts and patterns, so that brackets in them do not count.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The closing byte of each open bracket, and the operators that were counted outside it.
    levels: Vec<(u8, usize)>,
    /// Operators since the last separator at this level.
    operators: usize,
    /// Operators counted at all open levels.
    total: usize,
    /// Whether the last thing seen was a value: a `/` after it divides.
    after_value: bool,
}

impl Scan<'_> {
    fn run(mut self) -> Option<u32> {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.step(byte);
            if self.levels.len() > BRACKETS || self.total + self.operators > OPERATORS {
                return Some(self.at.min(self.bytes.len() - 1) as u32);
            }
        }
        None
    }

    fn step(&mut self, byte: u8) {
        self.at += 1;
        match byte {
            b'"' | b'\'' => self.text(byte),
            b'`' => self.template(),
            b'/' => self.slash(),
            b'(' => self.open(b')'),
            b'[' => self.open(b']'),
            b'{' => self.open(b'}'),
            b')' | b']' | b'}' => self.close(byte),
            b';' | b',' => {
                self.operators = 0;
                self.after_value = false;
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..) => {
                self.word();
            }
            _ => {
                self.operators += 1;
                self.after_value = false;
            }
        }
    }

    fn open(&mut self, closer: u8) {
        self.levels.push((closer, self.operators));
        self.total += self.operators;
        self.operators = 0;
        self.after_value = false;
    }

    fn close(&mut self, closer: u8) {
        self.after_value = closer != b'}';
        if let Some((expected, operators)) = self.levels.pop() {
            self.total -= operators;
            self.operators = operators;
            if expected == b'`' {
                self.template();
            }
        }
    }

    /// A word. A keyword before an operand nests as an operator does.
    fn word(&mut self) {
        let start = self.at - 1;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..))
        {
            self.at += 1;
        }
        let nests = matches!(
            &self.bytes[start..self.at],
            b"typeof"
                | b"void"
                | b"await"
                | b"new"
                | b"else"
                | b"delete"
                | b"yield"
                | b"return"
                | b"case"
                | b"in"
                | b"of"
                | b"do"
                | b"if"
                | b"for"
                | b"while"
        );
        self.operators += usize::from(nests);
        self.after_value = !nests;
    }

    /// A text in quotes, which ends at the line's end at the latest.
    fn text(&mut self, quote: u8) {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'\n' => break,
                byte if byte == quote => break,
                _ => {}
            }
        }
        self.after_value = true;
    }

    /// A template, up to its end or to the next `${`.
    fn template(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'`' => break,
                b'$' if self.bytes.get(self.at) == Some(&b'{') => {
                    self.at += 1;
                    self.open(b'`');
                    return;
                }
                _ => {}
            }
        }
        self.after_value = true;
    }

    /// A comment, a pattern or a division.
    fn slash(&mut self) {
        match self.bytes.get(self.at) {
            Some(b'/') => {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            Some(b'*') => {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
            }
            // `</div>` closes an element.
            _ if self.at >= 2 && self.bytes[self.at - 2] == b'<' => {}
            _ if self.after_value => {
                self.operators += 1;
                self.after_value = false;
            }
            _ => self.pattern(),
        }
    }

    /// A regular expression, which ends at the line's end at the latest.
    fn pattern(&mut self) {
        let mut in_class = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                b'\n' => break,
                _ => {}
            }
        }
        self.after_value = true;
    }
}
