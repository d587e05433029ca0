//! A project whose shares are written by hand.

use jiff::civil::date;
use undisclosed::catalogue::data::DataClass;
use undisclosed::catalogue::{Catalogue, OpaquePart, Share, SharedField};
use undisclosed::check::{self, Context};
use undisclosed::dependency::Dependency;
use undisclosed::finding::Finding;
use undisclosed::policy::{self, Policy};
use undisclosed::source::{FileId, Source, Sources, Span};

/// A project with one file, the shares of which are named by pieces of its text.
pub(crate) struct Project {
    pub(crate) sources: Sources,
    pub(crate) code: FileId,
    pub(crate) catalogue: Catalogue,
    pub(crate) shares: Vec<Share>,
    pub(crate) dependencies: Vec<Dependency>,
}

impl Project {
    pub(crate) fn new(code: &str) -> Project {
        let mut sources = Sources::default();
        let code = sources.add(Source::new("src/a.ts", code));
        Project { sources, code, catalogue: catalogue(), shares: Vec::new(), dependencies: Vec::new() }
    }

    /// The place of a piece of the code.
    pub(crate) fn at(&self, piece: &str) -> Span {
        let text = &self.sources.get(self.code).text;
        let start = text.find(piece).unwrap_or_else(|| panic!("{piece} is not in the code")) as u32;
        Span::new(self.code, start, start + piece.len() as u32)
    }

    pub(crate) fn share(&mut self, vendor: &str, chain: &[&str]) -> &mut Project {
        let chain = chain.iter().map(|piece| self.at(piece)).collect();
        self.shares.push(Share {
            vendor: vendor.into(),
            api: "track".into(),
            event: None,
            chain,
            fields: Vec::new(),
            opaque: Vec::new(),
            called: false,
        });
        self
    }

    /// A field of the last share: its path, what writes it, and the expression it is read from.
    pub(crate) fn field(&mut self, path: &str, at: &str, from: &str) -> &mut Project {
        let field = SharedField {
            path: path.into(),
            at: self.at(at),
            hop: self.last().chain.len() - 1,
            from: Some(from).filter(|from| !from.is_empty()).map(|from| self.at(from)),
            ty: None,
            obtained_from: None,
            returned: false,
            hole: false,
        };
        self.last().fields.push(field);
        self
    }

    pub(crate) fn opaque(&mut self, path: &str, at: &str) -> &mut Project {
        let part = OpaquePart {
            path: path.into(),
            at: self.at(at),
            hop: 0,
            reason: "`rest` is a parameter without a declared type".into(),
            hint: Some("declare its type".into()),
            hole: false,
            beyond_type: false,
        };
        self.last().opaque.push(part);
        self
    }

    pub(crate) fn last(&mut self) -> &mut Share {
        self.shares.last_mut().expect("a share comes first")
    }

    pub(crate) fn findings(&mut self, manifest: &str) -> Vec<Finding> {
        let file = self.sources.add(Source::new("disclosure.toml", manifest));
        let parsed = policy::parse(&self.sources, file, &self.catalogue, &check::ids());
        let policy = parsed.unwrap_or_else(|errors| panic!("{manifest}\n{errors:#?}"));
        self.run(&policy)
    }

    pub(crate) fn run(&self, policy: &Policy) -> Vec<Finding> {
        check::run(&Context {
            policy,
            shares: &self.shares,
            dependencies: &self.dependencies,
            catalogue: &self.catalogue,
            sources: &self.sources,
            today: date(2026, 6, 15),
        })
    }

    #[track_caller]
    pub(crate) fn check(&mut self, manifest: &str, expected: &[&str]) {
        let findings = self.findings(manifest);
        let said: Vec<String> =
            findings.iter().map(|finding| format!("{}: {}", finding.check, finding.message)).collect();
        assert_eq!(said, expected, "{manifest}");
    }
}

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut sources = Sources::default();
    for (id, name) in [("segment", "Segment"), ("intercom", "Intercom"), ("gcp", "Google Cloud")] {
        let text = format!(
            "id = \"{id}\"\nname = \"{name}\"\ncategory = \"analytics\"\nhome = \"https://{id}.example\"\n\
             docs = \"https://{id}.example/docs\"\nentity = \"{name} Ltd., UK\"\n"
        );
        sources.add(Source::new(format!("vendors/{id}.toml"), text));
    }
    let files: Vec<_> = sources.ids().map(|file| (file, sources.get(file))).collect();
    assert_eq!(catalogue.add(&files), []);
    for (id, parent, personal) in [
        ("contact", "", true),
        ("email", "contact", true),
        ("phone", "contact", true),
        ("password", "credentials", true),
        ("credentials", "", true),
        ("page-view", "", false),
    ] {
        let class = DataClass {
            fields: vec![id.replace('-', "_").into()],
            types: vec![format!("{id}-type").into()],
            parent: Some(parent).filter(|parent| !parent.is_empty()).map(Into::into),
            personal,
            ..DataClass::default()
        };
        catalogue.data.insert(id, class);
    }
    catalogue
}
