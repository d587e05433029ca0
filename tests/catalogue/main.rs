//! What a vendor's lines make of a call: each row is a call and the share it is.

mod data;
mod notation;
mod shapes;
mod vendors;

use notation::{KEY, outbound, path};
use undisclosed::catalogue::{Catalogue, Share};
use undisclosed::source::{FileId, Source, Sources};

fn catalogue() -> (Catalogue, Sources) {
    let mut catalogue = Catalogue::default();
    let mut sources = Sources::default();
    let models = Source::new("models.toml", vendors::MODELS);
    assert_eq!(catalogue.add_models("js", FileId(0), &models), []);
    for text in [vendors::ACME, vendors::BETA] {
        let source = Source::new("vendor.toml", text);
        let problems = catalogue.add(&[(FileId(0), &source)]);
        assert_eq!(problems, [], "in the catalogue of this test");
        sources.add(source);
    }
    (catalogue, sources)
}

/// `vendor api "event": field, field?, !opaque` where `?` is left to a caller.
fn shown(share: &Share) -> String {
    let mark = |hole| if hole { "?" } else { "" };
    let fields = share.fields.iter();
    let fields = fields.map(|field| format!("{}{}", field.path, mark(field.hole)));
    let opaque = share.opaque.iter();
    let opaque = opaque.map(|part| format!("!{}{}", part.path, mark(part.hole)));
    let all: Vec<String> = fields.chain(opaque).collect();
    let event = share.event.as_ref().map(|event| format!(" {event:?}"));
    let event = event.unwrap_or_default();
    format!("{} {}{event}: {}", share.vendor, share.api, all.join(", "))
}

/// Checks rows of `call  =>  shares`.
fn check(rows: &str) {
    let (catalogue, sources) = catalogue();
    let mut wrong = Vec::new();
    for row in rows.lines().filter(|row| !row.trim().is_empty()) {
        let (call, expected) = row.split_once("=>").expect("a row has a `=>`");
        let shares = catalogue.shares(&outbound(call), &sources);
        let found: Vec<String> = shares.iter().map(shown).collect();
        let found = found.join("; ");
        if found.trim() != expected.trim() {
            wrong.push(format!("{row}\n    is {found}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn calls_are_matched_by_client_and_kind() {
    check(
        r#"
        acme:Acme().identify(@3, {email: @5, plan: 'pro'})    => acme identify: userId, traits.email, traits.plan
        acme:Acme().identify({email: @5, plan: 'pro'})        => acme identify: traits.email, traits.plan
        acme:Acme().identify(null, {email: @5})               => acme identify: traits.email
        acme:Acme.load().identify(@3)                         => acme identify: userId
        acme:Other().identify(@3)                             =>
        other:Acme().identify(@3)                             =>
        acme:Acme().unheard(@3)                               =>
        acme:Acme().track('Signed up', {email: @5})           => acme track "Signed up": properties.email
        acme:Acme().track('Signed up', fn)                    => acme track "Signed up":
        acme:Acme().track({event: 'E', userId: @5, more: @6}) => acme track "E": userId, more
        acme:Acme().track(?, {email: @5})                     => acme track: properties.email
        acme:Acme().track(?)                                  => acme track: !
        acme:Acme().page('Home')                              => acme page: name
        acme:Acme().page('Docs', 'Home')                      => acme page: category, name
        acme:Acme().page('Home', {a: @5})                     => acme page: name, properties.a
        acme:Acme().people.set('email', @5)                   => acme people.set: people.email
        acme:Acme().people.set(?, @5)                         => acme people.set: !people
        acme:Acme().contacts(@5).update({name: @6})           => acme contacts.update: id, name
        acme:Acme().old(@5)                                   => acme old: new
        acme:init('key', {person: @5})                        => acme init: options.person
        "#,
    );
}

#[test]
fn what_is_declared_as_a_class_is_what_its_functions_make() {
    check(
        r#"
        acme:Http().send({a: @5})       => acme send: a
        acme:Http.new().send({a: @5})   => acme send: a
        acme:Http.send({a: @5})         =>
        acme:Http.builder().build().send({a: @5})   => acme send: a
        acme:Http.builder().send({a: @5})           =>
        "#,
    );
}

#[test]
fn a_line_holds_for_the_versions_it_names() {
    let (mut catalogue, sources) = catalogue();
    let version = "1.4.0".parse().expect("a version");
    catalogue.versions.insert(("npm".into(), "acme".into()), version);
    let shares = catalogue.shares(&outbound("acme:Acme().old(@5)"), &sources);
    assert_eq!(shown(&shares[0]), "acme old: old");
}

#[test]
fn globals_tuples_components_and_assignments() {
    check(
        r#"
        :acme('event', 'buy', {value: @5})                    => acme acme "buy": params.value
        :acme(('x' | 'event'), 'buy')                         => acme acme "buy":
        :acme('set', 'email', @5)                             => acme acme: user.email
        :acme('config', 'id')                                 => acme acme:
        :acme.push(['identify', @3, {a: @5}])                 => acme push: userId, traits.a
        :acmeSettings = {email: @5}                           => acme acmeSettings: settings.email
        acme:Form(user={email: @5}, children=?, title=@6)     => acme Form: form.title, user.email
        "#,
    );
}

#[test]
fn a_client_of_several_vendors_is_theirs_whose_lines_fit_exactly() {
    let (catalogue, sources) = catalogue();
    let receivers = |text| {
        let shares = catalogue.shares(&outbound(text), &sources);
        shares.iter().map(|share| share.vendor.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(receivers(":acme('event', 'bought', {value: @5})"), ["acme", "beta"]);
    assert_eq!(receivers(":acme('event', ?, {value: @5})"), ["acme"]);
}

#[test]
fn payloads_are_expanded_to_their_leaves() {
    check(
        r#"
        acme:put({a: {b: {c: @5}}})                   => acme put: p.a.b.c
        acme:put({a: ({b: @5} | null)})               => acme put: p.a.b
        acme:put({a: (@6 | {b: @5})})                 => acme put: p.a.b
        acme:put({a: null, b: (null | @5)})           => acme put: p.b
        acme:put({f: fn})                             => acme put:
        acme:put({a: ['x', 'y']})                     => acme put: p.a
        acme:put({a: [{b: @5}, {b: @5}]})             => acme put: p.a[].b
        acme:put({a: ?, b: ('x' + @5)})               => acme put: p.a, p.b
        acme:put({a: _})                              => acme put: p.a?
        acme:put({a: _{b: @5}})                       => acme put: p.a.b?
        acme:put({...?, a: @5})                       => acme put: p.a, !p
        acme:put({a: {..._}})                         => acme put: !p.a?
        acme:put({...@5})                             => acme put: !p
        acme:put(_)                                   => acme put: !p?
        acme:put(_{a: @5})                            => acme put: p.a?
        acme:put(_{a: @5, ...?})                      => acme put: p.a?, !p?
        acme:put(?)                                   => acme put: !p
        acme:put(db:find())                           => acme put: !p
        acme:put(({a: @5} | {b: @5} | null))          => acme put: p.a, p.b
        acme:put([{a: @5}])                           => acme put: p[].a
        "#,
    );
}

#[test]
fn objects_carry_their_payload_to_the_call() {
    check(
        r#"
        mail:Mailer().send(mail:Mail(@3) <- .subject(@4), .cc = @5, .freeze(@6))  => acme send: to, subject, cc
        mail:Mailer().send({all: [mail:Mail(@3)]})                 => acme send: all[].to
        mail:Mailer().send(mail:Event{kind: 'Opened', who: @5})    => acme send "Opened": event.who
        mail:Mailer().send(mail:Other{kind: 'Opened'})             => acme send: kind
        mail:Mailer({region: 'eu'}).send({a: @5})                  => acme send: a
        mail:Mailer().send(mail:Letter({text: @5}))                => acme send: text
        acme:Create.new().email(@3).meta('plan', @4).send(?)       => acme send: email, meta.plan
        "#,
    );
}

#[test]
fn the_receiver_may_be_decided_by_an_argument() {
    check(
        r#"
        beta:run({model: acme:chat('m'), prompt: @5})     => acme run: prompt
        beta:run({model: 'acme/large', prompt: @5})       => acme run: prompt
        beta:run({model: ?, prompt: @5})                  => beta run: prompt
        "#,
    );
}

#[test]
fn a_script_of_a_host_is_a_share_without_fields() {
    check(
        r#"
        tag:Script(src='https://api.acme.io/tag.js?id=1')                => acme load:
        :page.make().src = ('https://api.acme.io/tag.js?id=' + @5)      => acme load:
        :page.make().href = 'https://api.acme.io'                       =>
        :page.make().src = 'https://own.example/tag.js'                 =>
        :Pixel().src = ('https://api.acme.io/p?email=' + @5)            => acme GET /p: query.email
        "#,
    );
}

#[test]
fn requests_to_a_host_are_shares() {
    check(
        r#"
        :fetch('https://api.acme.io/v2?plan=pro', {method: 'POST', body: {a: @5}})  => acme POST /v2: query.plan, a
        :fetch('https://api.acme.io/v1/track', {method: 'POST', body: {userId: @5, traits: {b: @6}, more: @7}})  => acme POST /v1/track: userId, traits.b
        :fetch('https://api.acme.io/v2', {body: {api_key: @5, a: @6}, headers: {Authorization: @7}})  => acme POST /v2: a
        :fetch('https://api.acme.io/v2?fields=a', {body: {fields: {a: @5}}})  => acme POST /v2: fields.a
        :fetch('https://api.acme.io/v1/status?a=1')                     => acme GET /v1/status:
        :fetch('https://api.acme.io/v2/find?api_key=1')                 => acme GET /v2/find:
        :fetch(('https://api.acme.io/v2/' + @5 + '?email=' + @6))       => acme GET /v2/{}: query.email
        :fetch(('https://api.acme.io/v2?' + {email: @6}))               => acme GET /v2: query.email
        :fetch(('https://api.acme.io' + ?))                             => acme GET /{}:
        :fetch(('https://' + ? + '.acme-eu.io/v2'))                     => acme GET /v2:
        :fetch((? + '/v2'))                                             =>
        :fetch('https://api.acme.io.evil.example/v2')                   =>
        :fetch('/api.acme.io')                                          =>
        :fetch(('https://own.example' | 'https://eu.acme-eu.io:443/v2#x'))  => acme GET /v2:
        :fetch('https://api.acme.io/v2', ?)                             => acme GET /v2: !
        :fetch('https://api.acme.io/v2', {body: ?})                     => acme POST /v2: !
        :fetch('https://api.acme.io/v2', {body: ('a=1&b=' + @5)})       => acme POST /v2: a, b
        :fetch(?, {body: mail:Mail(@5)})                                => acme request: to
        :XHR().send({a: @5}) <- .open('put', 'https://api.acme.io/v2'), .setRequestHeader('k', @9)  => acme PUT /v2: a
        http:request({url: '/v2', baseURL: 'https://api.acme.io', params: {q: @5}})  => acme GET /v2: query.q
        http:create({baseURL: 'https://api.acme.io/v2/'}).post('/users', {a: @5})    => acme POST /v2/users: a
        https:request({host: 'api.acme.io', path: ('/v2/' + @5)}).end() <- .write({a: @6})  => acme POST /v2/{}: a
        http:post('https://api.acme.io').path('/v2').query('q', @5).send()  => acme POST /v2: query.q
        http:get('https://api.acme.io/v2')                              => acme GET /v2:
        client:Client.new().post('https://api.acme.io/v2').header('a', @3).json({a: @4}).query([['q', @5]]).send()  => acme POST /v2: query.q, a
        "#,
    );
}

#[test]
fn a_field_stands_where_its_outermost_supplier_is() {
    let (catalogue, sources) = catalogue();
    let call = outbound("acme:Acme().identify(@3, {own: @5, given: @7^1})");
    let shares = catalogue.shares(&call, &sources);
    let at: Vec<_> = shares[0]
        .fields
        .iter()
        .map(|field| {
            let from = field.from.map(|from| from.start);
            (&*field.path, field.at.start, field.hop, from)
        })
        .collect();
    assert_eq!(at, [("userId", 3, 0, Some(3)), ("traits.own", KEY, 0, Some(5)), ("traits.given", 7, 1, Some(7)),]);
}

#[test]
fn a_value_with_several_sources_is_a_field_for_each() {
    let (catalogue, sources) = catalogue();
    let call = outbound("acme:Acme().identify('1', {ref: (@5 | ('u-' + @6) | 'none')})");
    let shares = catalogue.shares(&call, &sources);
    let from: Vec<_> = shares[0].fields.iter().map(|field| (&*field.path, field.from.map(|from| from.start))).collect();
    let expected = [("userId", None), ("traits.ref", Some(5)), ("traits.ref", Some(6))];
    assert_eq!(from, expected);
}

#[test]
fn a_value_remembers_the_vendor_it_came_from() {
    let (catalogue, sources) = catalogue();
    let mut call = outbound("acme:Acme().identify(@5)");
    let origin = call.args[0].shape.origin.as_mut().expect("it was read");
    origin.source = Some(path("beta/sub:users.get()"));
    let shares = catalogue.shares(&call, &sources);
    let from = shares[0].fields[0].obtained_from.as_deref();
    assert_eq!(from, Some("beta"));
}

#[test]
fn flow_is_told_what_to_look_for() {
    let targets = catalogue().0.targets();
    for package in ["acme", "acme-mail", "mail", "beta"] {
        assert!(targets.packages.contains(package), "{package}");
    }
    assert!(targets.globals.contains("acmeSettings"));
    let needles: Vec<&str> = targets.needles["js"].iter().map(|needle| &**needle).collect();
    for needle in ["\"acme-mail", "acmeSettings", "api.acme.io", "acme-eu.io"] {
        assert!(needles.contains(&needle), "{needle}");
    }
}
