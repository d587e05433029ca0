//! Assignments: what is written, and where to.

use oxc_ast::ast::{
    AssignmentExpression, AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty,
    ComputedMemberExpression, Expression, IdentifierReference, SimpleAssignmentTarget,
};
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::AssignmentOperator;

use super::expr::literal_key;
use super::literal::property_name;
use super::lower::{Lower, at};
use crate::ir::{Expr, ExprId, Item, Place, Stmt};

impl Lower {
    /// `a = b` where the value is used.
    pub(super) fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> ExprId {
        if assignment.operator == AssignmentOperator::Assign {
            let value = self.assigned(assignment);
            let value = self.once(value);
            self.assign_to(&assignment.left, value);
            return value;
        }
        self.assign(assignment);
        match assignment.left.as_simple_assignment_target().and_then(|target| self.simple_place(target)) {
            Some((place, _)) => self.read(assignment.left.span(), &place),
            None => self.add(assignment.span, Expr::Scalar),
        }
    }

    /// `a = b` as a statement.
    pub(super) fn assign(&mut self, assignment: &AssignmentExpression<'_>) {
        if assignment.operator == AssignmentOperator::Assign {
            let value = self.assigned(assignment);
            self.assign_to(&assignment.left, value);
            return;
        }
        let target = assignment.left.as_simple_assignment_target();
        let Some((place, span)) = target.and_then(|target| self.simple_place(target)) else {
            return self.effects(&assignment.right);
        };
        let both = match assignment.operator {
            AssignmentOperator::Addition => Expr::Template,
            AssignmentOperator::LogicalOr | AssignmentOperator::LogicalAnd | AssignmentOperator::LogicalNullish => {
                Expr::OneOf
            }
            _ => return self.effects(&assignment.right),
        };
        let before = self.read(assignment.left.span(), &place);
        let value = self.expr(&assignment.right);
        let value = self.add(assignment.span, both(vec![before, value]));
        self.emit(Stmt::Set { place, value, at: at(span) });
    }

    /// The value of an assignment, which names a function that it holds.
    fn assigned(&mut self, assignment: &AssignmentExpression<'_>) -> ExprId {
        let name = match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(ident) => Some(ident.name.to_string()),
            AssignmentTarget::StaticMemberExpression(member) => Some(member.property.name.to_string()),
            AssignmentTarget::ComputedMemberExpression(member) => literal_key(&member.expression),
            _ => None,
        };
        match name {
            Some(name) => self.named(&name, |lower| lower.expr(&assignment.right)),
            None => self.expr(&assignment.right),
        }
    }

    /// What a place holds.
    fn read(&mut self, span: Span, place: &Place) -> ExprId {
        let expr = match place {
            Place::Local(local) => Expr::Local(*local),
            Place::Global(name) => Expr::Global(name.clone()),
            Place::Field(base, name) => Expr::Field(*base, name.clone()),
            Place::Element(base, key) => Expr::Element(*base, *key),
        };
        self.add(span, expr)
    }

    /// Writes a value to a target, which may be a pattern.
    pub(super) fn assign_to(&mut self, target: &AssignmentTarget<'_>, value: ExprId) {
        let done = self.deeper(|lower| match target {
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                let base = lower.once(value);
                let mut names = Vec::new();
                for property in &object.properties {
                    names.extend(lower.assign_property(property, base));
                }
                if let Some(rest) = &object.rest {
                    let names = names.into_iter().map(Into::into).collect();
                    let value = lower.add(rest.span, Expr::Without(base, names));
                    lower.assign_to(&rest.target, value);
                }
            }
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                let base = lower.once(value);
                for (index, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        let value = lower.field(element.span(), base, &index.to_string());
                        lower.assign_or_default(element, value);
                    }
                }
                if let Some(rest) = &array.rest {
                    let value = lower.rest_of(rest.span, base);
                    lower.assign_to(&rest.target, value);
                }
            }
            _ => lower.assign_simple(target, value),
        });
        if done.is_none() {
            let value = self.too_deep(target.span());
            self.emit(Stmt::Do(value));
        }
    }

    fn assign_simple(&mut self, target: &AssignmentTarget<'_>, value: ExprId) {
        let target = target.as_simple_assignment_target();
        if let Some((place, span)) = target.and_then(|target| self.simple_place(target)) {
            self.emit(Stmt::Set { place, value, at: at(span) });
        }
    }

    /// The remaining items of a list. Which ones is not kept.
    pub(super) fn rest_of(&mut self, span: Span, base: ExprId) -> ExprId {
        let item = Item { value: base, spread: true };
        self.add(span, Expr::List(vec![item]))
    }

    /// Writes a field of `base` to a property's target, and answers the field's name.
    fn assign_property(&mut self, property: &AssignmentTargetProperty<'_>, base: ExprId) -> Option<String> {
        match property {
            AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                let span = property.binding.span;
                let name = property.binding.name.as_str();
                let mut value = self.field(span, base, name);
                if let Some(default) = &property.init {
                    value = self.or_default(span, value, default, name);
                }
                let place = self.ident_place(&property.binding);
                self.emit(Stmt::Set { place, value, at: at(span) });
                Some(name.to_owned())
            }
            AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                let name = property_name(&property.name);
                let span = property.name.span();
                let value = match (&name, property.name.as_expression()) {
                    (Some(name), _) => self.field(span, base, name),
                    (None, Some(key)) => {
                        let key = self.expr(key);
                        self.add(span, Expr::Element(base, key))
                    }
                    (None, None) => return None,
                };
                self.assign_or_default(&property.binding, value);
                name
            }
        }
    }

    fn assign_or_default(&mut self, target: &AssignmentTargetMaybeDefault<'_>, value: ExprId) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(target) => {
                let span = target.binding.span();
                let value = self.or_default(span, value, &target.init, "");
                self.assign_to(&target.binding, value);
            }
            _ => self.assign_to(target.to_assignment_target(), value),
        }
    }

    /// A value, or its default.
    pub(super) fn or_default(&mut self, span: Span, value: ExprId, default: &Expression<'_>, name: &str) -> ExprId {
        let default = self.named(name, |lower| lower.expr(default));
        self.add(span, Expr::OneOf(vec![value, default]))
    }

    /// A target that is not a pattern, with the bytes that name it.
    fn simple_place(&mut self, target: &SimpleAssignmentTarget<'_>) -> Option<(Place, Span)> {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(ident) => Some((self.ident_place(ident), ident.span)),
            SimpleAssignmentTarget::StaticMemberExpression(member) => {
                let base = self.expr(&member.object);
                let span = member.property.span;
                Some((self.field_place(span, base, member.property.name.as_str()), span))
            }
            SimpleAssignmentTarget::PrivateFieldExpression(member) => {
                let base = self.expr(&member.object);
                let name = format!("#{}", member.field.name);
                Some((Place::Field(base, name.into()), member.field.span))
            }
            SimpleAssignmentTarget::ComputedMemberExpression(member) => Some(self.computed_place(member)),
            SimpleAssignmentTarget::TSAsExpression(cast) => self.expr_place(&cast.expression),
            SimpleAssignmentTarget::TSSatisfiesExpression(cast) => self.expr_place(&cast.expression),
            SimpleAssignmentTarget::TSNonNullExpression(cast) => self.expr_place(&cast.expression),
            SimpleAssignmentTarget::TSTypeAssertion(cast) => self.expr_place(&cast.expression),
        }
    }

    /// An expression as something to write to or take away.
    pub(super) fn expr_place(&mut self, expr: &Expression<'_>) -> Option<(Place, Span)> {
        match expr.get_inner_expression() {
            Expression::Identifier(ident) => Some((self.ident_place(ident), ident.span)),
            Expression::StaticMemberExpression(member) => {
                let base = self.expr(&member.object);
                let span = member.property.span;
                Some((self.field_place(span, base, member.property.name.as_str()), span))
            }
            Expression::ComputedMemberExpression(member) => Some(self.computed_place(member)),
            Expression::ChainExpression(chain) => match chain.expression.as_member_expression()? {
                oxc_ast::ast::MemberExpression::StaticMemberExpression(member) => {
                    let base = self.expr(&member.object);
                    let name = member.property.name.as_str().into();
                    Some((Place::Field(base, name), member.property.span))
                }
                oxc_ast::ast::MemberExpression::ComputedMemberExpression(member) => Some(self.computed_place(member)),
                oxc_ast::ast::MemberExpression::PrivateFieldExpression(_) => None,
            },
            _ => {
                self.effects(expr);
                None
            }
        }
    }

    fn computed_place(&mut self, member: &ComputedMemberExpression<'_>) -> (Place, Span) {
        let base = self.expr(&member.object);
        let span = member.expression.span();
        match literal_key(&member.expression) {
            Some(name) => (self.field_place(span, base, &name), span),
            None => {
                let key = self.expr(&member.expression);
                (Place::Element(base, key), span)
            }
        }
    }

    fn ident_place(&mut self, ident: &IdentifierReference<'_>) -> Place {
        if self.is_global(ident, &["exports"]) {
            return Place::Local(self.commonjs_export("=", ident.span));
        }
        let value = self.reference(ident);
        match self.builder.module.expr(value) {
            Expr::Local(local) => Place::Local(*local),
            _ => Place::Global(ident.name.as_str().into()),
        }
    }
}
