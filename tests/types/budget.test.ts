import { beforeAll, describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import ts from 'typescript';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const IMPORTS = `import { map } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
`;

const step = (index: number): string => (index === 0 ? 'lambda((x: number) => ({ x }))' : index % 2 === 0 ? 'lambda((x) => ({ x }))' : 'map((x) => ({ x }))');
const steps = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => step(from + i)).join(',\n  ');

/** 40 steps, of which each wraps what the one before it gave: two chains of 20 in a chain. */
const FORTY = `${IMPORTS}
const forty = chain(chain(
  ${steps(0, 20)},
), chain(
  ${steps(20, 40)},
));
export const n: Promise<number> = forty.invoke(1).then((result) => result${'.x'.repeat(40)});
`;

/** A chain with a step that doesn't fit: the third, on line 8. */
const BROKEN = `${IMPORTS}
export const broken = chain(
  lambda((x: number) => x),
  lambda((x: number) => x),
  lambda((x: string) => x),
  lambda((x) => x),
);
`;

const FILES: Readonly<Record<string, string>> = { 'imports.generated.ts': IMPORTS, 'forty.generated.ts': FORTY, 'broken.generated.ts': BROKEN };

interface Checked {
  readonly errors: readonly string[];
  readonly instantiations: number;
  readonly types: number;
}

/** Each file as the compiler sees it, and what it costs past those before it. */
function check(): Readonly<Record<string, Checked>> {
  const { config } = ts.readConfigFile(path.join(HERE, '../../tsconfig.json'), ts.sys.readFile) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, types: [], incremental: false, tsBuildInfoFile: undefined }, path.join(HERE, '../..'));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const generated = (file: string): string | undefined => FILES[path.basename(file)];
  host.getSourceFile = (file, version, ...rest) => {
    const text = generated(file);
    return text === undefined ? getSourceFile.call(host, file, version, ...rest) : ts.createSourceFile(file, text, version);
  };
  host.fileExists = (file) => generated(file) !== undefined || fileExists.call(host, file);
  host.readFile = (file) => generated(file) ?? readFile.call(host, file);
  const names = Object.keys(FILES);
  const program = ts.createProgram(names.map((name) => path.join(HERE, name)), options, host);
  return Object.fromEntries(names.map((name) => [name, costOf(program, path.join(HERE, name))]));
}

function costOf(program: ts.Program, file: string): Checked {
  const before = { instantiations: program.getInstantiationCount(), types: program.getTypeCount() };
  const errors = program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ start, messageText, file: source }) => {
    const line = source && start !== undefined ? source.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0]}`;
  });
  return { errors, instantiations: program.getInstantiationCount() - before.instantiations, types: program.getTypeCount() - before.types };
}

describe('a chain of 40 steps', () => {
  let checked: Readonly<Record<string, Checked>>;
  beforeAll(() => {
    checked = check();
  }, 60_000);

  test('compiles', () => {
    expect(checked['forty.generated.ts']?.errors).toEqual([]);
  });

  test('costs the compiler no more than its budget', () => {
    const { instantiations = NaN, types = NaN } = checked['forty.generated.ts'] ?? {};
    expect(instantiations).toBeGreaterThan(1_000); // else it counts nothing
    expect(instantiations).toBeLessThan(30_000);
    expect(types).toBeLessThan(15_000);
  });

  test('has an error at the very step that doesn\'t fit', () => {
    expect(checked['broken.generated.ts']?.errors).toEqual([expect.stringMatching(/^8: No overload matches/)]);
  });
});
