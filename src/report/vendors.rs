//! What the catalogue knows of each vendor's SDKs, for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::json::VERSION;
use crate::catalogue::Catalogue;
use crate::catalogue::client::{ClientPath, ClientStep};
use crate::catalogue::signature::{Act, Param, Params, Pattern, Signature, Step};
use crate::catalogue::vendor::{Client, Object, Section, Vendor};
use crate::ir::Name;

/// Writes every vendor with its calls, as docs/json.md describes.
///
/// # Errors
///
/// Only those of `out`.
pub fn json(catalogue: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { version: VERSION, vendors: catalogue.vendors.values().map(VendorDto::new).collect() };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    vendors: Vec<VendorDto<'a>>,
}

#[derive(Serialize)]
struct VendorDto<'a> {
    id: &'a str,
    name: &'a str,
    aliases: Vec<&'a str>,
    groups: Vec<&'a str>,
    category: &'a str,
    entity: &'a str,
    home: &'a str,
    docs: &'a str,
    verified: Option<&'a str>,
    sources: Vec<&'a str>,
    router: bool,
    hosts: Vec<&'a str>,
    languages: BTreeMap<&'a str, SectionDto<'a>>,
}

#[derive(Serialize)]
struct SectionDto<'a> {
    packages: Vec<&'a str>,
    globals: Vec<&'a str>,
    verified: Option<&'a str>,
    unconfirmed: Vec<&'a str>,
    clients: Vec<ClientDto<'a>>,
    objects: Vec<ObjectDto<'a>>,
}

#[derive(Serialize)]
struct ClientDto<'a> {
    name: &'a str,
    from: Vec<FromDto<'a>>,
    calls: Vec<CallDto<'a>>,
}

#[derive(Serialize)]
struct ObjectDto<'a> {
    from: FromDto<'a>,
    calls: Vec<CallDto<'a>>,
}

/// The way to a client or an object.
#[derive(Serialize)]
struct FromDto<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    global: Option<&'a str>,
    steps: Vec<StepDto<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum StepDto<'a> {
    /// A member of this name.
    Member(&'a str),
    /// Any one member whose name starts so.
    Like(&'a str),
    /// A call.
    Call(ParamsDto<'a>),
}

/// One line of a vendor's file: steps to what is called, and one of the three that follow.
#[derive(Serialize)]
struct CallDto<'a> {
    steps: Vec<StepDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<ParamsDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assign: Option<PatternDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    literal: Option<PatternDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<String>,
}

#[derive(Default, Serialize)]
struct ParamsDto<'a> {
    parameters: Vec<ParamDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<PatternDto<'a>>,
}

#[derive(Serialize)]
struct ParamDto<'a> {
    name: Option<&'a str>,
    by_name: bool,
    optional: bool,
    #[serde(flatten)]
    pattern: PatternDto<'a>,
}

#[derive(Default, Serialize)]
struct PatternDto<'a> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entries: Vec<EntryDto<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PatternDto<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<Box<PatternDto<'a>>>,
}

#[derive(Serialize)]
struct EntryDto<'a> {
    name: &'a str,
    #[serde(flatten)]
    pattern: PatternDto<'a>,
}

fn texts(names: &[Name]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}

impl<'a> VendorDto<'a> {
    fn new(vendor: &'a Vendor) -> VendorDto<'a> {
        let sections = vendor.sections.iter();
        VendorDto {
            id: &vendor.id,
            name: &vendor.name,
            aliases: texts(&vendor.aliases),
            groups: texts(&vendor.groups),
            category: &vendor.category,
            entity: &vendor.entity,
            home: &vendor.home,
            docs: &vendor.docs,
            verified: vendor.verified.as_deref(),
            sources: texts(&vendor.sources),
            router: vendor.router,
            hosts: vendor.all_hosts().map(|host| &**host).collect(),
            languages: sections.map(|(name, section)| (&**name, SectionDto::new(vendor, name, section))).collect(),
        }
    }
}

impl<'a> SectionDto<'a> {
    fn new(vendor: &'a Vendor, language: &str, section: &'a Section) -> SectionDto<'a> {
        SectionDto {
            packages: texts(&section.packages),
            globals: texts(&section.globals),
            verified: vendor.verified_in(language).map(|date| &**date),
            unconfirmed: texts(&section.unconfirmed),
            clients: section.clients.iter().map(ClientDto::new).collect(),
            objects: section.objects.iter().map(ObjectDto::new).collect(),
        }
    }
}

impl<'a> ClientDto<'a> {
    fn new(client: &'a Client) -> ClientDto<'a> {
        ClientDto {
            name: &client.name,
            from: client.paths.iter().map(FromDto::new).collect(),
            calls: client.calls.iter().map(CallDto::new).collect(),
        }
    }
}

impl<'a> ObjectDto<'a> {
    fn new(object: &'a Object) -> ObjectDto<'a> {
        ObjectDto { from: FromDto::new(&object.path), calls: object.calls.iter().map(CallDto::new).collect() }
    }
}

impl<'a> FromDto<'a> {
    fn new(path: &'a ClientPath) -> FromDto<'a> {
        let steps = path.steps.iter().map(|step| match step {
            ClientStep::Member(name) => StepDto::Member(name),
            ClientStep::Any => StepDto::Like(""),
            ClientStep::Call => StepDto::Call(ParamsDto::default()),
            ClientStep::With(params) => StepDto::Call(ParamsDto::new(params)),
        });
        FromDto { package: path.package(), global: path.global(), steps: steps.collect() }
    }
}

impl<'a> CallDto<'a> {
    fn new(signature: &'a Signature) -> CallDto<'a> {
        let steps = signature.steps.iter().map(|step| match step {
            Step::Member(name) => StepDto::Member(name),
            Step::Any => StepDto::Like(""),
            Step::Like(start) => StepDto::Like(start),
            Step::Call(params) => StepDto::Call(ParamsDto::new(params)),
        });
        let (call, assign, literal) = match &signature.act {
            Act::Call(params) => (Some(ParamsDto::new(params)), None, None),
            Act::Assign(pattern) => (None, Some(PatternDto::new(pattern)), None),
            Act::Literal(pattern) => (None, None, Some(PatternDto::new(pattern))),
        };
        let versions = signature.condition.as_ref();
        let versions = versions.map(|condition| format!("{} {}", condition.package, condition.version));
        CallDto { steps: steps.collect(), call, assign, literal, versions }
    }
}

impl<'a> ParamsDto<'a> {
    fn new(params: &'a Params) -> ParamsDto<'a> {
        let parameters = params.list.iter().map(ParamDto::new).collect();
        ParamsDto { parameters, rest: params.rest.as_ref().map(PatternDto::new) }
    }
}

impl<'a> ParamDto<'a> {
    fn new(param: &'a Param) -> ParamDto<'a> {
        ParamDto {
            name: param.name.as_deref(),
            by_name: param.by_name,
            optional: param.optional,
            pattern: PatternDto::new(&param.pattern),
        }
    }
}

impl<'a> PatternDto<'a> {
    fn new(pattern: &'a Pattern) -> PatternDto<'a> {
        let at = |role, path: &'a Name| PatternDto { role, path: Some(path), ..PatternDto::default() };
        let of = |role, parts| PatternDto { role, parts, ..PatternDto::default() };
        let all = |patterns: &'a [Pattern]| patterns.iter().map(PatternDto::new).collect();
        match pattern {
            Pattern::Field(path) => at("field", path),
            Pattern::Payload(path) => at("payload", path),
            Pattern::Key(path) => at("key", path),
            Pattern::Text(text) => at("text", text),
            Pattern::Event => of("event", Vec::new()),
            Pattern::Value => of("value", Vec::new()),
            Pattern::Vendor => of("vendor", Vec::new()),
            Pattern::Entity => of("entity", Vec::new()),
            Pattern::Routes => of("routes", Vec::new()),
            Pattern::Given(true) => of("given", Vec::new()),
            Pattern::Given(false) => of("absent", Vec::new()),
            Pattern::Ignore | Pattern::Request(_) => of("ignore", Vec::new()),
            Pattern::Tuple(parts) => of("tuple", all(parts)),
            Pattern::OneOf(parts) => of("one_of", all(parts)),
            Pattern::List(element) => of("list", vec![PatternDto::new(element)]),
            Pattern::Record(record) => {
                let entries = record.entries.iter();
                let entries = entries.map(|(name, entry)| EntryDto { name, pattern: PatternDto::new(entry) }).collect();
                let rest = record.rest.as_ref().map(|rest| Box::new(PatternDto::new(rest)));
                PatternDto { role: "record", path: Some(&record.own), entries, parts: Vec::new(), rest }
            }
        }
    }
}
