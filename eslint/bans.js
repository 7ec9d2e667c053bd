import { allOf, banAmbient, banModules, banNames, banSyntax } from './ban.js';

// What is banned and the way out. Where each rule applies is said in eslint.config.js.

const TURN_INTO_OBSERVABLE = "turn a promise or a callback's result into an Observable with core/bridge";
const ON_SCHEDULER = "schedule on the context's scheduler (contextOf(subscriber).scheduler), so that it runs in virtual time";
const READ_CLOCK = "read the context's clock, scheduler.now(): there is no second clock";
const ASK_RANDOM = "ask the context's random";

export const noPromises = allOf(
  banSyntax([
    {
      selector: ':function[async=true]',
      message: `No async functions here: ${TURN_INTO_OBSERVABLE}, or move the code to an edge folder.`,
    },
    { selector: 'AwaitExpression', message: `No await here: ${TURN_INTO_OBSERVABLE}.` },
    { selector: 'ForOfStatement[await=true]', message: 'No for await here: read it with fromReadable or pullAsync.' },
    {
      selector: 'CallExpression > MemberExpression.callee[property.name=/^(then|finally)$/]',
      message: `No promise chains here: ${TURN_INTO_OBSERVABLE}.`,
    },
  ]),
  banAmbient({ Promise: `No Promise here (the type is fine): ${TURN_INTO_OBSERVABLE}.` }),
);

const timers = ['setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame', 'requestIdleCallback'];

export const noPlatformTime = banAmbient({
  ...Object.fromEntries(timers.map((name) => [name, `No ${name}: ${ON_SCHEDULER}.`])),
  queueMicrotask: 'No queueMicrotask: a zero-delay hop goes on the queue or asap scheduler.',
  'process.nextTick': 'No process.nextTick: a zero-delay hop goes on the queue or asap scheduler.',
  'Date.now': `No Date.now: ${READ_CLOCK}.`,
  'Date()': `No new Date() without a time: ${READ_CLOCK}.`,
  'performance.now': `No performance.now: ${READ_CLOCK}.`,
  'AbortSignal.timeout': `No AbortSignal.timeout: ${ON_SCHEDULER}, and abort a controller there.`,
  'Math.random': `No Math.random: ${ASK_RANDOM}.`,
  'crypto.getRandomValues': `No crypto.getRandomValues: ${ASK_RANDOM}.`,
  'crypto.randomUUID': "No crypto.randomUUID: ask the context's ids.",
  fetch: 'No fetch here: sockets belong to a model, provider or store, in an edge folder.',
});

/** Operators that park values without a bound, or lose the walk to demand and context, with what replaces them. */
const parking = {
  'mapAsync(fn, { concurrency }), or each(flow, { concurrency }) for a flow': [
    'mergeMap', 'flatMap', 'concatMap', 'mergeAll', 'concatAll', 'mergeMapTo', 'concatMapTo', 'mergeScan',
  ],
  'within(n, operator), which bounds what is parked': ['delay', 'delayWhen', 'observeOn', 'zip', 'zipAll', 'zipWith', 'groupBy'],
  'broadcast, which keeps context and demand': [
    'share', 'shareReplay', 'connect', 'connectable', 'multicast', 'publish', 'publishBehavior', 'publishLast', 'publishReplay',
  ],
  'iterate: expand dies silently at depth': ['expand'],
};

const parkingMessages = Object.fromEntries(
  Object.entries(parking).flatMap(([way, names]) =>
    names.map((name) => [name, `No ${name} in src: it parks values without a bound or hides what is downstream. Use ${way}.`]),
  ),
);

export const noParkingOperators = allOf(
  banNames({
    from: /^rxjs(\/operators)?$/,
    names: { ...parkingMessages, '*': "Import the names you use from 'rxjs', so that lint can see them." },
  }),
  banModules([{ from: /^rxjs\/internal/, message: "rxjs internals are read by core/subscription.ts alone; use its operate." }]),
  banSyntax([
    {
      selector: 'NewExpression[callee.name="ReplaySubject"][arguments.length=0]',
      message: 'No ReplaySubject without a bound: new ReplaySubject(size).',
    },
  ]),
);

export const noPromiseSinks = banNames({
  from: /^rxjs(\/operators)?$/,
  names: Object.fromEntries(
    ['firstValueFrom', 'lastValueFrom'].map((name) => [
      name,
      `No ${name} in src: it ends the walk to context and demand. Stay in Observables, or await flow.invoke(input, run).`,
    ]),
  ),
});

const builtin =
  /^(node:.*|assert|async_hooks|buffer|child_process|crypto|events|fs|http|https|net|os|path|process|readline|stream|timers|tls|url|util|worker_threads|zlib)(\/|$)/;

export const noPlatformModules = allOf(
  banModules([
    { from: builtin, message: "'{{source}}' needs Node: put this file in a folder named node/, joined by the node export condition." },
  ]),
  banAmbient({
    process: 'process is Node: put this file in a folder named node/ (or ask core/bridge).',
    Buffer: 'Buffer is Node: use Uint8Array, TextEncoder and TextDecoder.',
    require: 'Import it; what needs Node goes in a folder named node/.',
    __dirname: 'Use import.meta.url, in a folder named node/.',
    __filename: 'Use import.meta.url, in a folder named node/.',
  }),
);

export const noBarrelImports = banModules([
  { from: /\/index(\.node)?\.js$/, message: "'{{source}}' is a barrel: import the file that owns the name." },
  { from: /^rivulet(\/|$)/, message: "src imports its own files by relative path, not '{{source}}'." },
]);

export const plainModules = banSyntax([
  { selector: 'ExportDefaultDeclaration', message: 'No default export: the file is named after its export.' },
  { selector: 'ExportAllDeclaration', message: 'No export *: barrels name what they export.' },
  { selector: 'TSEnumDeclaration', message: 'No enum: a union of string literals, or a frozen object.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'No namespace: a module is one.' },
]);

export const noFocusedTests = banSyntax([
  {
    selector: 'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(only|skip)$/]',
    message: 'No .only and no .skip: every test runs.',
  },
]);
