//! Expressions: what each kind lowers to.

use oxc_ast::ast::{
    ChainElement, ComputedMemberExpression, Expression, PrivateFieldExpression, StaticMemberExpression, TSType,
    YieldExpression,
};
use oxc_span::{GetSpan, Span};

use super::lower::Lower;
use crate::ir::{Expr, ExprId, Item, Name, Stmt};

impl Lower {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, expr: &Expression<'_>) -> ExprId {
        let hint = self.hint.take();
        match self.deeper(|lower| lower.any_expr(expr, hint)) {
            Some(value) => value,
            None => self.too_deep(expr.span()),
        }
    }

    fn any_expr(&mut self, expr: &Expression<'_>, hint: Option<Name>) -> ExprId {
        match expr {
            Expression::StringLiteral(text) => self.string(text),
            Expression::BooleanLiteral(literal) => self.add(literal.span, Expr::Bool(literal.value)),
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) | Expression::NewTarget(_) => {
                self.add(expr.span(), Expr::Scalar)
            }
            // A pattern is no data: `name.replace(/\s/g, "")` comes from `name` alone.
            Expression::NullLiteral(_) | Expression::RegExpLiteral(_) => self.add(expr.span(), Expr::Nothing),
            Expression::Identifier(ident) => self.reference(ident),
            Expression::ThisExpression(this) => self.this(this.span),
            Expression::Super(word) => self.super_of(word.span),
            Expression::ImportMeta(meta) => self.add(meta.span, Expr::Global("import.meta".into())),
            Expression::TemplateLiteral(template) => self.template(template),
            Expression::ArrayExpression(array) => self.array(array),
            Expression::ObjectExpression(object) => self.object(object),
            Expression::ArrowFunctionExpression(arrow) => self.arrow(arrow, hint),
            Expression::FunctionExpression(func) => self.function_expr(func, hint),
            Expression::ClassExpression(class) => self.class_expr(class, hint),
            Expression::JSXElement(element) => self.element(element),
            Expression::JSXFragment(fragment) => self.fragment(fragment),
            _ => self.operation(expr, hint),
        }
    }

    /// Expressions that are made of others.
    fn operation(&mut self, expr: &Expression<'_>, hint: Option<Name>) -> ExprId {
        match expr {
            Expression::CallExpression(call) => self.call(call),
            Expression::NewExpression(new) => self.new_expr(new),
            Expression::ImportExpression(import) => self.import_expr(import),
            Expression::TaggedTemplateExpression(tagged) => self.tagged(tagged),
            Expression::StaticMemberExpression(member) => self.static_member(member),
            Expression::ComputedMemberExpression(member) => self.computed_member(member),
            Expression::PrivateFieldExpression(member) => self.private_member(member),
            Expression::ChainExpression(chain) => self.chain(&chain.expression),
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            Expression::BinaryExpression(binary) => self.binary(binary),
            Expression::LogicalExpression(logical) => self.logical(logical),
            Expression::ConditionalExpression(conditional) => self.conditional(conditional),
            Expression::UnaryExpression(unary) => self.unary(unary),
            Expression::UpdateExpression(update) => self.add(update.span, Expr::Scalar),
            Expression::PrivateInExpression(test) => {
                self.effects(&test.right);
                self.add(test.span, Expr::Scalar)
            }
            Expression::SequenceExpression(sequence) => self.sequence(sequence),
            Expression::AwaitExpression(wait) => self.expr(&wait.argument),
            Expression::YieldExpression(give) => self.yielded(give),
            _ => self.transparent(expr, hint),
        }
    }

    /// Expressions that stand for their operand.
    fn transparent(&mut self, expr: &Expression<'_>, hint: Option<Name>) -> ExprId {
        self.hint = hint;
        match expr {
            Expression::ParenthesizedExpression(inner) => self.expr(&inner.expression),
            Expression::TSNonNullExpression(inner) => self.expr(&inner.expression),
            Expression::TSSatisfiesExpression(inner) => self.expr(&inner.expression),
            Expression::TSInstantiationExpression(inner) => self.expr(&inner.expression),
            Expression::TSAsExpression(cast) => {
                let value = self.expr(&cast.expression);
                self.cast(cast.span, value, &cast.type_annotation)
            }
            Expression::TSTypeAssertion(cast) => {
                let value = self.expr(&cast.expression);
                self.cast(cast.span, value, &cast.type_annotation)
            }
            _ => {
                self.hint = None;
                self.builder.opaque(super::lower::at(expr.span()), "a kind of expression that is not followed")
            }
        }
    }

    /// `yield x`: the function may return a list with `x` in it, and goes on.
    fn yielded(&mut self, give: &YieldExpression<'_>) -> ExprId {
        let Some(argument) = &give.argument else {
            return self.add(give.span, Expr::Nothing);
        };
        let value = self.expr(argument);
        let value = self.once(value);
        let item = Item { value, spread: give.delegate };
        let list = self.add(give.span, Expr::List(vec![item]));
        self.emit(Stmt::Maybe(vec![Stmt::Return(Some(list))]));
        value
    }

    /// `x as T`. A cast to a type that says nothing is its operand.
    fn cast(&mut self, span: Span, value: ExprId, ty: &TSType<'_>) -> ExprId {
        let says_nothing = matches!(ty, TSType::TSAnyKeyword(_) | TSType::TSUnknownKeyword(_));
        if says_nothing || ty.is_const_type_reference() {
            return value;
        }
        let ty = self.ty(ty);
        self.typed(span, value, Some(ty))
    }

    /// `super`, as a field of the receiver.
    fn super_of(&mut self, span: Span) -> ExprId {
        let this = self.this(span);
        self.add(span, Expr::Field(this, "super".into()))
    }

    fn chain(&mut self, chain: &ChainElement<'_>) -> ExprId {
        match chain {
            ChainElement::CallExpression(call) => self.call(call),
            ChainElement::TSNonNullExpression(inner) => self.expr(&inner.expression),
            ChainElement::StaticMemberExpression(member) => self.static_member(member),
            ChainElement::ComputedMemberExpression(member) => self.computed_member(member),
            ChainElement::PrivateFieldExpression(member) => self.private_member(member),
        }
    }

    fn static_member(&mut self, member: &StaticMemberExpression<'_>) -> ExprId {
        let base = self.expr(&member.object);
        self.field(member.span, base, member.property.name.as_str())
    }

    fn private_member(&mut self, member: &PrivateFieldExpression<'_>) -> ExprId {
        let base = self.expr(&member.object);
        let name = format!("#{}", member.field.name);
        self.field(member.span, base, &name)
    }

    fn computed_member(&mut self, member: &ComputedMemberExpression<'_>) -> ExprId {
        let base = self.expr(&member.object);
        if let Some(name) = literal_key(&member.expression) {
            return self.field(member.span, base, &name);
        }
        let key = self.expr(&member.expression);
        self.add(member.span, Expr::Element(base, key))
    }
}

/// The key that an expression in brackets says outright: `x["email"]`, `x[0]`.
pub(super) fn literal_key(key: &Expression<'_>) -> Option<String> {
    match key.get_inner_expression() {
        Expression::StringLiteral(text) => Some(text.value.to_string()),
        Expression::NumericLiteral(number) => Some(number.value.to_string()),
        Expression::TemplateLiteral(template) => template.single_quasi().map(|text| text.to_string()),
        _ => None,
    }
}
