//! Declared types.

use syn::{GenericArgument, PathArguments, ReturnType, TypeParamBound};

use super::lower::Lower;
use super::scope::{last_name, name_of};
use super::span::of;
use crate::ir::{Expr, ExprId, FieldDecl, Serial, Type, TypeId};

/// Types that hold one value of their first parameter, and are read through.
const WRAPPERS: &[&str] = &[
    "Arc",
    "ArcSwap",
    "Box",
    "Cell",
    "Cow",
    "Data",
    "Extension",
    "Form",
    "Json",
    "Lazy",
    "LazyCell",
    "LazyLock",
    "ManuallyDrop",
    "Mutex",
    "MutexGuard",
    "OnceCell",
    "OnceLock",
    "Option",
    "Path",
    "Pin",
    "Query",
    "Rc",
    "Ref",
    "RefCell",
    "RefMut",
    "Result",
    "RwLock",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "State",
    "Weak",
];

/// Collections of their first parameter.
const LISTS: &[&str] = &[
    "ArrayVec",
    "BTreeSet",
    "BinaryHeap",
    "FxHashSet",
    "HashSet",
    "IndexSet",
    "Iter",
    "LinkedList",
    "SmallVec",
    "Vec",
    "VecDeque",
];

/// Maps to their last parameter.
const MAPS: &[&str] = &["AHashMap", "BTreeMap", "DashMap", "FxHashMap", "HashMap", "IndexMap", "Map"];

/// Types without an inside.
const SCALARS: &[&str] = &[
    "DateTime",
    "Duration",
    "Instant",
    "NaiveDate",
    "NaiveDateTime",
    "NaiveTime",
    "OffsetDateTime",
    "String",
    "SystemTime",
    "TimeDelta",
    "Timestamp",
    "Utc",
    "Uuid",
    "bool",
    "char",
    "f32",
    "f64",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
];

/// Traits that say nothing of what a value holds.
const MARKERS: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "DeserializeOwned",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Serialize",
    "Sized",
    "Sync",
    "Unpin",
];

impl Lower {
    /// A declared type.
    pub(super) fn ty(&mut self, ty: &syn::Type) -> TypeId {
        match self.deeper(|lower| lower.ty_inner(ty)) {
            Some(ty) => ty,
            None => self.build.ty(Type::Unknown),
        }
    }

    fn ty_inner(&mut self, ty: &syn::Type) -> TypeId {
        match ty {
            syn::Type::Group(ty) => self.ty(&ty.elem),
            syn::Type::Paren(ty) => self.ty(&ty.elem),
            syn::Type::Reference(ty) => self.ty(&ty.elem),
            syn::Type::Ptr(ty) => self.ty(&ty.elem),
            syn::Type::Array(ty) => self.list_of(Some(&ty.elem)),
            syn::Type::Slice(ty) => self.list_of(Some(&ty.elem)),
            syn::Type::Path(ty) => self.path_type(ty),
            syn::Type::ImplTrait(ty) => self.bounds(&ty.bounds),
            syn::Type::TraitObject(ty) => self.bounds(&ty.bounds),
            syn::Type::FnPtr(ty) => {
                let returns = self.returns(&ty.output);
                self.build.ty(Type::Function(returns))
            }
            syn::Type::Tuple(ty) if ty.elems.is_empty() => self.build.ty(Type::Scalar),
            syn::Type::Tuple(ty) => self.tuple_type(ty),
            _ => self.build.ty(Type::Unknown),
        }
    }

    fn tuple_type(&mut self, ty: &syn::TypeTuple) -> TypeId {
        let mut fields = Vec::new();
        for (index, ty) in ty.elems.iter().enumerate() {
            fields.push(FieldDecl {
                name: index.to_string().into(),
                wire: None,
                at: of(ty),
                ty: Some(self.ty(ty)),
                serial: Serial::Named,
            });
        }
        self.build.ty(Type::Record { fields, open: false })
    }

    fn list_of(&mut self, item: Option<&syn::Type>) -> TypeId {
        let item = match item {
            Some(item) => self.ty(item),
            None => self.build.ty(Type::Unknown),
        };
        self.build.ty(Type::List(item))
    }

    fn path_type(&mut self, ty: &syn::TypePath) -> TypeId {
        let name = last_name(&ty.path);
        if ty.path.segments.len() == 1
            && let Some(generic) = self.generic(&name)
        {
            return generic;
        }
        if ty.qself.is_some() {
            return self.build.ty(Type::Unknown);
        }
        let args = arguments(&ty.path);
        let named = self.path(&ty.path);
        let is_own = matches!(self.kind(named), Expr::Class(_));
        let name = name.as_str();
        if name == "Result" || name == "Option" || !is_own {
            if WRAPPERS.contains(&name)
                && let Some(inner) = args.first()
            {
                return self.ty(inner);
            }
            if LISTS.contains(&name) {
                return self.list_of(args.first().copied());
            }
            if MAPS.contains(&name) {
                let value = match args.last().filter(|_| args.len() > 1) {
                    Some(value) => self.ty(value),
                    None => self.build.ty(Type::Unknown),
                };
                return self.build.ty(Type::Map(value));
            }
            if SCALARS.contains(&name) {
                return self.build.ty(Type::Scalar);
            }
            if name == "Value" {
                return self.build.ty(Type::Unknown);
            }
        }
        let args = args.iter().map(|arg| self.ty(arg)).collect();
        self.build.ty(Type::Named(named, args))
    }

    /// What a value with these bounds is.
    pub(super) fn bounds<'b>(&mut self, bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> TypeId {
        for bound in bounds {
            if let TypeParamBound::Trait(bound) = bound
                && let Some(ty) = self.bound(&bound.path)
            {
                return ty;
            }
        }
        self.build.ty(Type::Unknown)
    }

    fn bound(&mut self, path: &syn::Path) -> Option<TypeId> {
        let name = last_name(path);
        let segment = path.segments.last()?;
        if let PathArguments::Parenthesized(args) = &segment.arguments {
            let returns = self.returns(&args.output);
            return Some(self.build.ty(Type::Function(returns)));
        }
        let args = arguments(path);
        match name.as_str() {
            name if MARKERS.contains(&name) => None,
            "Into" | "AsRef" | "Borrow" | "Deref" | "ToOwned" => args.first().map(|inner| self.ty(inner)),
            "Display" | "ToString" => Some(self.build.ty(Type::Scalar)),
            "Iterator" | "IntoIterator" | "Stream" => {
                let item = associated(segment, "Item");
                Some(self.list_of(item))
            }
            "Future" | "IntoFuture" => associated(segment, "Output").map(|output| self.ty(output)),
            _ => {
                let named = self.path(path);
                let args = args.iter().map(|arg| self.ty(arg)).collect();
                Some(self.build.ty(Type::Named(named, args)))
            }
        }
    }

    /// The type a function returns, with results and futures taken off; none for `()`.
    pub(super) fn returns(&mut self, output: &ReturnType) -> Option<TypeId> {
        match output {
            ReturnType::Type(_, ty) if !is_unit(ty) => Some(self.ty(ty)),
            _ => None,
        }
    }

    /// Gives the generic parameters a type in the innermost scope, and returns the names of the type parameters.
    pub(super) fn generics(&mut self, generics: &syn::Generics) -> Vec<String> {
        let mut names = Vec::new();
        for param in generics.type_params() {
            let name = name_of(&param.ident);
            let ty = self.build.ty(Type::Generic(name.as_str().into()));
            self.names().generics.insert(name.clone(), ty);
            names.push(name);
        }
        for param in generics.type_params() {
            self.bounded(&name_of(&param.ident), &param.bounds);
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            if let syn::WherePredicate::Type(predicate) = predicate
                && let syn::Type::Path(path) = &predicate.bounded_ty
                && let Some(ident) = path.path.get_ident()
            {
                self.bounded(&name_of(ident), &predicate.bounds);
            }
        }
        names
    }

    fn bounded<'b>(&mut self, name: &str, bounds: impl IntoIterator<Item = &'b TypeParamBound>) {
        let ty = self.bounds(bounds);
        if !matches!(self.build.module.ty(ty), Type::Unknown) {
            self.names().generics.insert(name.to_string(), ty);
        }
    }

    /// The expression that names a type.
    pub(super) fn type_expr(&mut self, ty: &syn::Type) -> ExprId {
        match ty {
            syn::Type::Path(ty) if ty.qself.is_none() => self.path(&ty.path),
            syn::Type::Paren(ty) => self.type_expr(&ty.elem),
            syn::Type::Group(ty) => self.type_expr(&ty.elem),
            syn::Type::Reference(ty) => self.type_expr(&ty.elem),
            syn::Type::TraitObject(ty) => match ty.bounds.first() {
                Some(TypeParamBound::Trait(bound)) => self.path(&bound.path),
                _ => self.build.opaque(of(ty), "a type without a name"),
            },
            ty => self.build.opaque(of(ty), "a type without a name"),
        }
    }
}

/// Whether a type is `()`, or a result of that.
pub(super) fn is_unit(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Tuple(ty) => ty.elems.is_empty(),
        syn::Type::Never(_) => true,
        syn::Type::Paren(ty) => is_unit(&ty.elem),
        _ => false,
    }
}

/// The type arguments of a path's last segment.
pub(super) fn arguments(path: &syn::Path) -> Vec<&syn::Type> {
    let Some(PathArguments::AngleBracketed(args)) = path.segments.last().map(|segment| &segment.arguments) else {
        return Vec::new();
    };
    let types = args.args.iter().filter_map(|arg| match arg {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// `Item = T` of `Iterator<Item = T>`.
fn associated<'p>(segment: &'p syn::PathSegment, name: &str) -> Option<&'p syn::Type> {
    let PathArguments::AngleBracketed(args) = &segment.arguments else {
        return None;
    };
    args.args.iter().find_map(|arg| match arg {
        GenericArgument::AssocType(assoc) if assoc.ident == name => Some(&assoc.ty),
        _ => None,
    })
}
