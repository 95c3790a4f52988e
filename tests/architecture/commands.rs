//! The signatures of commands and flows: a command gets its transaction and its context from the caller, a flow opens its own
//! transactions.

use syn::{FnArg, Item, ItemFn, Type, Visibility};

use super::{Source, complain, sources};

/// Asynchronous functions of a file that other files can call.
fn callable(source: &Source) -> Vec<ItemFn> {
    let file = syn::parse_file(&source.text).unwrap();
    let functions = file.items.into_iter().filter_map(|item| match item {
        Item::Fn(function) => Some(function),
        _ => None,
    });
    functions.filter(|f| f.sig.asyncness.is_some() && !matches!(f.vis, Visibility::Inherited)).collect()
}

/// Last names of the parameter types, with `&` in front of a reference: `["&DatabaseTransaction", "&Ctx"]`.
fn parameters(function: &ItemFn) -> Vec<String> {
    let typed = |argument: &FnArg| match argument {
        FnArg::Typed(typed) => name(&typed.ty),
        FnArg::Receiver(_) => "self".to_owned(),
    };
    function.sig.inputs.iter().map(typed).collect()
}

fn name(of: &Type) -> String {
    match of {
        Type::Reference(reference) => format!("&{}", name(&reference.elem)),
        Type::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
        _ => String::new(),
    }
}

/// Files of a kind: `commands.rs`, or all files of a folder `commands`.
fn of_kind<'a>(sources: &'a [Source], kind: &str) -> Vec<&'a Source> {
    let is = |source: &Source| source.inner.with_extension("").iter().any(|part| part == kind);
    let found: Vec<&Source> = sources.iter().filter(|source| source.slice != "cli" && is(source)).collect();
    assert!(!found.is_empty(), "files of {kind} were found");
    found
}

#[test]
fn commands_take_the_transaction_first_and_the_context_second() {
    let mut wrong = Vec::new();
    for source in of_kind(&sources(), "commands") {
        for function in callable(source) {
            let taken = parameters(&function);
            let context = taken.iter().position(|name| name == "&Ctx");
            let is_first = taken.first().is_some_and(|name| name == "&DatabaseTransaction");
            if !is_first || context.is_some_and(|at| at != 1) {
                let called = &function.sig.ident;
                let path = source.path.display();
                wrong.push(format!("{path}: {called} does not begin with the transaction and the context: {taken:?}"));
            }
            if taken.iter().any(|name| matches!(name.trim_start_matches('&'), "Main" | "Store" | "Clock" | "App")) {
                wrong.push(format!(
                    "{}: {} takes a store or a clock; the caller opens the transaction",
                    source.path.display(),
                    function.sig.ident
                ));
            }
        }
    }
    complain(wrong);
}

#[test]
fn flows_open_their_transactions_themselves() {
    let mut wrong = Vec::new();
    for source in of_kind(&sources(), "flows") {
        for function in callable(source) {
            if parameters(&function).iter().any(|name| name == "&DatabaseTransaction") {
                let called = &function.sig.ident;
                wrong.push(format!(
                    "{}: {called} takes a transaction; a command belongs in commands",
                    source.path.display()
                ));
            }
        }
    }
    complain(wrong);
}
