//! The vendors of these tests, and what is said of a file with mistakes.

use undisclosed::catalogue::Catalogue;
use undisclosed::source::{Source, Sources};

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
        "8:8 the arguments of a client do not matter: write `()`",
        "10:36 column 28: `paylod` is not a role; did you mean `payload`?",
        "10:66 column 3: this field has no name: write `field(path)`",
        "10:77 column 2: expected `(` or `=`",
        "10:94 column 14: expected `,` or `)`",
        "10:103 column 6: `body` is not a role; the roles are field, payload, event, key, value, vendor, ignore",
        "11:1 `apy` is not one of the clients; did you mean `api`?",
        "13:11 column 1: expected a method such as `POST`",
        "13:28 column 6: expected a path that starts with `/`",
        "13:47 column 14: `fiel` is not a role; did you mean `field`?",
        "15:8 the languages are js, rust",
    ];
    assert_eq!(shown, expected);
    // What is right in the file counts.
    let vendor = catalogue.vendor("acme").expect("it has an id");
    assert_eq!(vendor.hosts, ["acme.io".into()]);
    assert_eq!(vendor.sections["js"].clients[0].calls.len(), 1);
}
