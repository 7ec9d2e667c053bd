/**
 * The rule makers behind `bans.js`: each takes a list of what is banned, with a message that names the way out.
 * One rule per concern, rather than one `no-restricted-syntax` list, so that layers of the configuration can add up.
 */

const rule = (create) => ({ meta: { type: 'problem', schema: [] }, create });

/** Bans syntax: `[{ selector, message }]`, selectors as in `no-restricted-syntax`. */
export const banSyntax = (bans) =>
  rule((context) =>
    Object.fromEntries(
      bans.map(({ selector, message }) => [selector, (node) => context.report({ node, message })]),
    ),
  );

/** Several of the makers' rules as one. Two parts may listen to the same selector. */
export const allOf = (...parts) =>
  rule((context) => {
    const listeners = {};
    for (const part of parts) {
      for (const [selector, listener] of Object.entries(part.create(context))) {
        const before = listeners[selector];
        listeners[selector] = before ? (node) => (before(node), listener(node)) : listener;
      }
    }
    return listeners;
  });

const ROOTS = new Set(['globalThis', 'window', 'self', 'global']);

/** `globalThis.Date.now` -> the names `Date`, `Date.now`, each with the node to report. */
function* pathsFrom(identifier) {
  let node = identifier;
  let path = ROOTS.has(node.name) ? '' : node.name;
  if (path) yield { path, node };
  while (node.parent?.type === 'MemberExpression' && node.parent.object === node) {
    const { property, computed } = node.parent;
    const name = computed ? property.value : property.name;
    if (typeof name !== 'string') return;
    node = node.parent;
    path = path ? `${path}.${name}` : name;
    yield { path, node };
  }
}

/** References to what the platform provides, not to a variable of that name; types are not references. */
function ambientReferences({ scopeManager }) {
  const { through, variables } = scopeManager.globalScope;
  const provided = variables.filter((variable) => variable.defs.length === 0).flatMap((variable) => variable.references);
  return [...new Set([...through, ...provided])].filter((reference) => reference.isValueReference !== false);
}

/**
 * Bans what the platform provides: `{ 'Date.now': message }`, as a bare name or below `globalThis`. A key `Date()`
 * bans calling or constructing it without arguments.
 */
export const banAmbient = (bans) =>
  rule((context) => ({
    'Program:exit'() {
      for (const { identifier } of ambientReferences(context.sourceCode)) {
        for (const { path, node } of pathsFrom(identifier)) {
          const { parent } = node;
          const bare = /^(New|Call)Expression$/.test(parent.type) && parent.callee === node && !parent.arguments.length;
          const message = bans[path] ?? (bare ? bans[`${path}()`] : undefined);
          if (message) context.report({ node, message });
        }
      }
    },
  }));

/** The module a statement or expression refers to, whichever way it does. */
const SOURCES = 'ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration, ImportExpression, TSImportType';
const sourceOf = (node) => (node.type === 'TSImportType' ? node.source ?? node.argument?.literal : node.source)?.value;

/** Bans modules: `[{ from: RegExp, message }]`; the message may hold `{{source}}`. */
export const banModules = (bans) =>
  rule((context) => ({
    [SOURCES](node) {
      const source = sourceOf(node);
      if (typeof source !== 'string') return;
      for (const { from, message } of bans) {
        if (from.test(source)) context.report({ node, message, data: { source } });
      }
    },
  }));

/** Bans names imported or re-exported from a module: `{ from: RegExp, names: { name: message } }`; `'*'` is the namespace. */
export const banNames = ({ from, names }) => {
  const check = (context, node, name) => {
    if (Object.hasOwn(names, name)) context.report({ node, message: names[name], data: { name } });
  };
  return rule((context) => ({
    'ImportDeclaration, ExportNamedDeclaration'(node) {
      if (!node.source || !from.test(node.source.value)) return;
      for (const specifier of node.specifiers) {
        const named = specifier.imported ?? (specifier.type === 'ExportSpecifier' ? specifier.local : undefined);
        check(context, specifier, named ? (named.name ?? named.value) : '*');
      }
    },
  }));
};
