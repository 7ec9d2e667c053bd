// Completes package-lock.json. npm leaves an optional package out of the lock when it could not read its manifest (a
// binary for another platform, on a mirror that does not carry it), and `npm ci` then rejects the lock everywhere.
// This adds a stub for each: enough for npm to skip it here, and to install it by version where the platform matches.
import { readFileSync, writeFileSync } from 'node:fs';

const LOCK = new URL('../package-lock.json', import.meta.url);
const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const LIBC = { gnu: 'glibc', glibc: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** `@rollup/rollup-linux-x64-musl` names its platform; npm needs it as fields to know whether to install it. */
function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const os = words.filter((word) => OS.includes(word));
  const cpu = words.filter((word) => CPU.includes(word));
  const libc = os.includes('linux') ? words.flatMap((word) => LIBC[word] ?? []) : [];
  return { ...(os.length && { os }), ...(cpu.length && { cpu }), ...(libc.length && { libc }) };
}

/** Where node would find `name` from the package at `path`: its own node_modules first, then outwards. */
function find(packages, path, name) {
  const parts = `/${path}`.split('/node_modules/');
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const place = `${parts.slice(0, depth).join('/node_modules/')}/node_modules/${name}`.slice(1);
    if (packages[place]) return packages[place];
  }
}

const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
const added = [];
for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    const version = range.replace(/^[\^~]/, '');
    const found = find(lock.packages, path, name);
    if (found && (found.version === version || range !== version)) continue;
    const place = found ? `${path}/node_modules/${name}` : `node_modules/${name}`;
    const { dev } = parent;
    lock.packages[place] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
    added.push(place);
  }
}
for (const entry of Object.values(lock.packages)) delete entry.resolved;

const byPath = ([a], [b]) => (a < b ? -1 : 1);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath));
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length ? `added ${added.length} stubs:\n  ${added.join('\n  ')}` : 'package-lock.json is complete');
