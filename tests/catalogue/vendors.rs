//! The vendors of these tests, and what is said of a file with mistakes.

use undisclosed::catalogue::Catalogue;
use undisclosed::catalogue::signature::{Act, Pattern, Signature};
use undisclosed::source::{FileId, Source, Sources};

use crate::notation::outbound;

pub(crate) const ACME: &str = r#"
id = "acme"
name = "Acme"
hosts = ["api.acme.io", "*.acme-eu.io"]

[js]
packages = ["acme", "acme-mail"]
globals = ["acme"]

[js.clients]
queue = ["global:acme"]
api = ["acme:Acme()", "acme:Acme.load()"]
package = ["acme"]
mail = ["mail:Mailer()"]
request = ["acme:Create.new()"]
settings = ["global:acmeSettings"]
http = ["acme:Http.new()", "acme:Http.builder().build()"]

[js.calls]
queue = [
  '("event", name: event, params?: payload(params))',
  '("set", key(user), value)',
  '(command: ignore, ...: ignore)',
  'push(["identify", field(userId), payload(traits)])',
]
api = [
  'identify(userId?: field, traits?: payload(traits), options?: {context: payload(context), ...: ignore}, callback?: ignore)',
  'track({event: event, userId: field, properties: payload(properties)}, ...: ignore)',
  'track(event: event, properties?: payload(properties), callback?: ignore)',
  'page(category: field, name: field, properties?: payload(properties))',
  'page(name?: field, properties?: payload(properties))',
  'contacts(id: field).update(body: payload)',
  'people.*(key: key(people), value: value)',
  'old(a: field(old)) @acme>=1',
  'old(a: field(new)) @acme>=2',
]
package = [
  'put(p: payload(p))',
  'init(key: ignore, options?: payload(options))',
  'Form(*user: payload(user), children?: ignore, ...: payload(form))',
]
mail = ["send(message: payload)", "verify(address: field, options?: ignore)"]
request = ["send(client: ignore)"]
settings = ["= payload(settings)"]
http = ["send(data: payload)"]

[js.objects]
"mail:*()" = ["(data: payload)"]
"mail:Mail()" = ["(to: field, body?: field)", "subject(subject: field)", "cc = field"]
"mail:Event()" = ["({kind: event, ...: payload(event)})"]
"acme:Create.new()" = ["email(email: field)", "meta(key: key(meta), value: value)"]

[http]
ignore = ["api_key", "query.fields"]
calls = ["POST /v1/{identify|track} {userId: field, traits: payload(traits), ...: ignore}", "GET /v1/status"]
"#;

pub(crate) const BETA: &str = r#"
id = "beta"
name = "Beta"
[js]
packages = ["beta"]
[js.clients]
sdk = ["beta"]
queue = ["global:acme"]
[js.calls]
queue = ['("event", "bought", params?: payload)']
sdk = ["run({model: vendor, prompt: field, ...: ignore})"]
"#;

pub(crate) const MODELS: &str = r#"
[functions]
"global:Object.assign" = "merge"
[methods]
map = "map"
[requests]
calls = [
  "global:fetch(url: url, options?: {method: method, body: body, headers: headers, ...: ignore})",
  "global:XHR().open(method: method, url: url).send(body?: body)",
  "http:request(config: {url: url, baseURL: base, method: method, data: body, params: query, ...: ignore})",
  "http:create(defaults?: {baseURL: base, ...: ignore}).post(url: url, data?: body, ...: ignore)",
  "https:request(options: {host: base, path: url, ...: ignore}).write(chunk: body).end()",
  "http:post(url: url).path(path: url).query(name: key(query), value: value).send(body?: body)",
  "http.get(url: url, config?: {params: query, ...: ignore})",
  "client:Client.new().post(url: url).query(query: query).json(json: body).send()",
  "global:Pixel().src = url",
]
[loads]
calls = ["tag:Script(*src: url)", "global:page.make().src = url"]
"#;

#[test]
fn mistakes_are_problems_at_their_place() {
    let file = r#"
id = "acme"
nmae = "Acme"
hosts = ["https://acme.io", "acme.io"]
[js]
packages = ["acme"]
[js.clients]
api = ["acme:Acme(key)", "acme"]
[js.calls]
api = ["track(event: event, props: paylod)", "send(payload)", 'a(field)', "b", "c({d: ignore}", "e(f: body)"]
apy = []
[http]
calls = ["post /v1", "POST v1", "POST /v1 {a: fiel}"]
[[example]]
lang = "cobol"
code = ""
"#;
    let source = Source::new("acme.toml", file);
    let mut sources = Sources::default();
    let id = sources.add(Source::new("acme.toml", file));
    let mut catalogue = Catalogue::default();
    let mut problems = catalogue.add(&[(id, &source)]);
    problems.sort();
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| {
            let (line, column) = sources.line_column(problem.span);
            format!("{line}:{column} {}", problem.message)
        })
        .collect();
    let expected = [
        "2:1 `name` is missing",
        "3:1 `nmae` is not a key; did you mean `name`?",
        "4:10 a host is written in lower case, without a scheme or a path; `*.` may stand first",
        "8:8 of the arguments of a client only texts in quotes, `given` and `absent` matter: else write `()`",
        "10:36 column 28: `paylod` is not a role; did you mean `payload`?",
        "10:66 column 3: this field has no name: write `field(path)`",
        "10:77 column 2: expected `(` or `=`",
        "10:94 column 14: expected `,` or `)`",
        "10:103 column 6: `body` is not a role; the roles are field, payload, event, key, value, vendor, entity, routes, given, absent, ignore",
        "11:1 `apy` is not one of the clients; did you mean `api`?",
        "13:11 column 1: expected a method such as `POST`",
        "13:28 column 6: expected a path that starts with `/`",
        "13:47 column 14: `fiel` is not a role; did you mean `field`?",
        "15:8 the languages are csharp, go, java, js, kotlin, php, python, ruby, rust, swift",
    ];
    assert_eq!(shown, expected);
    // What is right in the file counts.
    let vendor = catalogue.vendor("acme").expect("it has an id");
    assert_eq!(vendor.hosts, ["acme.io".into()]);
    assert_eq!(vendor.sections["js"].clients[0].calls.len(), 1);
}

/// One table of calls, in the spelling of the vendor's own interface, and the languages that spell it otherwise.
const SHARED: &str = r#"
id = "acme"
name = "Acme"
[shared]
people = ["people.add_one({full_name: field, home_url: field, meta: payload(meta)}, request_key?: field)"]
person = ["{full_name: field, ...: payload}"]
[js]
packages = ["acme"]
names = "camelCase"
[js.clients]
api = ["acme:Acme()"]
[js.calls]
api = ["use people", "ping(id: field)"]
[go]
packages = ["example.com/acme"]
names = { members = "PascalCase", keys = "PascalCase", capitals = ["URL"] }
verified = false
unconfirmed = ["People.AddOne"]
[go.clients]
api = ["example.com/acme:New()"]
[go.calls]
api = ["use people"]
[go.objects]
"example.com/acme:Person" = ["use person"]
[python]
packages = ["acme"]
verified = 2026-11-22
[python.clients]
api = ["acme:Acme()"]
[python.calls]
api = ["use people"]
"#;

#[test]
fn one_table_serves_languages_that_spell_it_otherwise() {
    let source = Source::new("acme.toml", SHARED);
    let mut catalogue = Catalogue::default();
    assert_eq!(catalogue.add(&[(FileId(0), &source)]), []);
    let vendor = catalogue.vendor("acme").expect("it has an id");
    let names = |language: &str| {
        let section = &vendor.sections[language];
        section.clients[0].calls.iter().map(Signature::name).collect::<Vec<_>>()
    };
    assert_eq!(names("js"), ["people.addOne", "ping"]);
    assert_eq!(names("go"), ["People.AddOne"]);
    assert_eq!(names("python"), ["people.add_one"]);
    let verified = |language| vendor.verified_in(language).map(|date| date.to_string());
    assert_eq!([verified("js"), verified("go"), verified("python")], [None, None, Some("2026-11-22".into())]);
    // The keys are those of the language, the paths those of the vendor.
    let line = &vendor.sections["go"].clients[0].calls[0];
    let Act::Call(params) = &line.act else { panic!("it is a call") };
    assert_eq!(params.list[1].name.as_deref(), Some("RequestKey"));
    let Pattern::Record(record) = &params.list[0].pattern else { panic!("it is a record") };
    let entries: Vec<_> = record.entries.iter().map(|(key, entry)| (&**key, entry.clone())).collect();
    let expected = [
        ("FullName", Pattern::Field("full_name".into())),
        ("HomeURL", Pattern::Field("home_url".into())),
        ("Meta", Pattern::Payload("meta".into())),
    ];
    assert_eq!(entries, expected);
    let call = outbound("acme:Acme().people.addOne({fullName: @5, homeUrl: @6, other: @7}, @8)");
    let shares = catalogue.shares(&call, &Sources::default());
    let paths: Vec<&str> = shares[0].fields.iter().map(|field| &*field.path).collect();
    assert_eq!(paths, ["full_name", "home_url", "other", "request_key"]);
}

#[test]
fn mistakes_in_shared_lines_are_problems_at_their_place() {
    let text = r#"
id = "acme"
name = "Acme"
[shared]
people = ["add(a: feild)"]
[go]
names = "PascalKase"
unconfirmed = ["Ad"]
[go.clients]
api = ["a::b", "acme:New()"]
[go.calls]
api = ["use peopel"]
"#;
    let source = Source::new("acme.toml", text);
    let mut sources = Sources::default();
    let id = sources.add(Source::new("acme.toml", text));
    let mut problems = Catalogue::default().add(&[(id, &source)]);
    problems.sort();
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| {
            let (line, column) = sources.line_column(problem.span);
            format!("{line}:{column} {}", problem.message)
        })
        .collect();
    let expected = [
        "5:19 column 8: `feild` is not a role; did you mean `field`?",
        "7:9 the spellings are camelCase, PascalCase, snake_case",
        "8:16 `Ad` is no call of this section",
        "10:8 the names below a package are joined with `.`",
        "12:13 column 5: `[shared]` has no `peopel`; did you mean `people`?",
    ];
    assert_eq!(shown, expected);
}
