//! Calls and values in a short notation, so that a test is a table.
//!
//! ```text
//! acme:Acme().identify(@3, {plan: 'pro', ...?})      a call below a package, `:name(..)` below a global
//! :settings = {a: @5}                                an assignment
//! :Request().send(@3) <- .open('put'), .to = @4      with what was done to the object before
//! @5  @5^1      read at byte 5, supplied by place 1 of the chain        'pro'   a text
//! ?   _   _{..} unknown, left to the caller, of which the type is known   null fn  nothing, a function
//! (a | b) (a + b)  one of, text made of      [a, b]  list      acme:Mail(@3)  made outside
//! acme:Event{a: @5}  a record of a class     name=@5  a named argument
//! ```

use undisclosed::flow::{
    Argument, Earlier, Field, Origin, Outbound, OutboundKind, Path, Record, Root, Shape, ShapeKind, Step, Unknown,
};
use undisclosed::source::{FileId, Span};

/// Where every key of a record stands.
pub(crate) const KEY: u32 = 100;

/// Reads a call.
pub(crate) fn outbound(text: &str) -> Outbound {
    let mut notation = Notation { text, at: 0 };
    let mut path = notation.path();
    let (kind, args) = if notation.take("=") {
        (OutboundKind::Assignment, vec![arg(notation.shape())])
    } else {
        match path.steps.pop() {
            Some(Step::Call(args)) => (OutboundKind::Call, args),
            _ => panic!("no call at the end of {text}"),
        }
    };
    let earlier = notation.earlier();
    assert_eq!(notation.rest(), "", "in {text}");
    Outbound {
        path,
        kind,
        args,
        earlier,
        chain: vec![span(1), span(2)],
        language: "js",
        called: false,
        outermost: Vec::new(),
    }
}

/// Reads a way out of the project.
pub(crate) fn path(text: &str) -> Path {
    Notation { text, at: 0 }.path()
}

fn span(at: u32) -> Span {
    Span::new(FileId(0), at, at + 1)
}

fn arg(shape: Shape) -> Argument {
    Argument { name: None, shape }
}

fn plain(kind: ShapeKind) -> Shape {
    Shape { kind, origin: None }
}

struct Notation<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Notation<'a> {
    fn rest(&self) -> &'a str {
        self.text[self.at..].trim_start()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at = self.text.len() - self.rest().len() + wanted.len();
        }
        found
    }

    fn until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(stop).unwrap_or(rest.len());
        self.at = self.text.len() - rest.len() + end;
        &rest[..end]
    }

    fn name(&mut self) -> &'a str {
        // An element of a page, `<a-b>`; `<-` is none.
        let rest = self.rest();
        if rest.starts_with('<') && !rest.starts_with("<-") {
            let end = rest.find('>').expect("an element ends") + 1;
            self.at = self.text.len() - rest.len() + end;
            return &rest[..end];
        }
        self.until(|c| !c.is_alphanumeric() && !"_-/$".contains(c))
    }

    fn path(&mut self) -> Path {
        let root = self.name();
        assert!(self.take(":"), "expected a root at {}", self.rest());
        let root = match root {
            "" => Root::Global(self.name().into()),
            package => Root::Package(package.into()),
        };
        let mut steps = Vec::new();
        loop {
            if self.take("(") {
                steps.push(Step::Call(self.args()));
                continue;
            }
            self.take(".");
            match self.name() {
                "" => return Path { root, steps },
                name => steps.push(Step::Member(name.into())),
            }
        }
    }

    fn args(&mut self) -> Vec<Argument> {
        let mut args = Vec::new();
        while !self.take(")") {
            let before = self.at;
            let name = Some(self.name()).filter(|name| !name.is_empty());
            let name = name.filter(|_| self.take("=")).map(Into::into);
            if name.is_none() {
                self.at = before;
            }
            let shape = self.shape();
            args.push(Argument { name, shape });
            self.take(",");
        }
        args
    }

    fn earlier(&mut self) -> Vec<Earlier> {
        let mut all = Vec::new();
        if self.take("<-") {
            while self.take(".") {
                let name = self.name().into();
                let (kind, args) = match self.take("=") {
                    true => (OutboundKind::Assignment, vec![arg(self.shape())]),
                    false => {
                        assert!(self.take("("), "expected `=` or `(`");
                        (OutboundKind::Call, self.args())
                    }
                };
                all.push(Earlier { name, kind, args });
                self.take(",");
            }
        }
        all
    }

    fn shape(&mut self) -> Shape {
        if self.take("@") {
            return self.read();
        }
        let kind = if self.take("'") {
            let text = self.until(|c| c == '\'');
            self.take("'");
            ShapeKind::Text(text.into())
        } else if self.take("null") {
            ShapeKind::Nothing
        } else if self.take("fn") {
            ShapeKind::Function
        } else if self.take("?") {
            ShapeKind::Unknown(Unknown { reason: "it is read from a file".into(), hint: None })
        } else if self.take("_") {
            let typed = self.rest().starts_with('{');
            ShapeKind::Hole(typed.then(|| Box::new(self.shape())))
        } else if self.take("{") {
            ShapeKind::Record(self.record())
        } else if self.take("[") {
            ShapeKind::List(self.all("]", ","))
        } else if self.take("(") {
            self.several()
        } else {
            self.made()
        };
        plain(kind)
    }

    fn number(&mut self) -> u32 {
        let digits = self.until(|c| !c.is_ascii_digit());
        digits.parse().expect("a number")
    }

    fn read(&mut self) -> Shape {
        let at = self.number();
        let hop = if self.take("^") { self.number() } else { 0 };
        let origin = Origin { span: span(at), at: span(at), hop: hop as usize, ty: None, source: None };
        Shape { kind: ShapeKind::Scalar, origin: Some(origin) }
    }

    fn all(&mut self, end: &str, between: &str) -> Vec<Shape> {
        let mut all = Vec::new();
        while !self.take(end) {
            all.push(self.shape());
            self.take(between);
        }
        all
    }

    fn several(&mut self) -> ShapeKind {
        let first = self.shape();
        let is_text = self.take("+");
        let between = if is_text { "+" } else { "|" };
        self.take(between);
        let mut all = vec![first];
        all.extend(self.all(")", between));
        match is_text {
            true => ShapeKind::Concat(all),
            false => ShapeKind::OneOf(all),
        }
    }

    fn record(&mut self) -> Record {
        let mut record = Record::default();
        while !self.take("}") {
            if self.take("...") {
                record.rest.push(self.shape());
            } else {
                let name = self.name().into();
                assert!(self.take(":"), "expected `:` at {}", self.rest());
                record.fields.push(Field { name, key: span(KEY), hop: 0, value: self.shape() });
            }
            self.take(",");
        }
        record
    }

    fn made(&mut self) -> ShapeKind {
        let path = self.path();
        if self.take("{") {
            return ShapeKind::Record(Record { class: Some(path), ..self.record() });
        }
        ShapeKind::Extern { path, earlier: self.earlier() }
    }
}
