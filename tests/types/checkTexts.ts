import { fileURLToPath } from 'node:url';
import path from 'node:path';
import ts from 'typescript';

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** What the compiler says of a file. */
export interface Checked {
  readonly errors: readonly string[];
  readonly instantiations: number;
  readonly types: number;
}

/** Each of these texts as the compiler sees it, as a file of this folder, and what it costs past those before it. */
export function checkTexts(texts: Readonly<Record<string, string>>): Readonly<Record<string, Checked>> {
  const { config } = ts.readConfigFile(path.join(HERE, '../../tsconfig.json'), ts.sys.readFile) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, types: [], incremental: false, tsBuildInfoFile: undefined }, path.join(HERE, '../..'));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const generated = (file: string): string | undefined => texts[path.basename(file)];
  host.getSourceFile = (file, version, ...rest) => {
    const text = generated(file);
    return text === undefined ? getSourceFile.call(host, file, version, ...rest) : ts.createSourceFile(file, text, version);
  };
  host.fileExists = (file) => generated(file) !== undefined || fileExists.call(host, file);
  host.readFile = (file) => generated(file) ?? readFile.call(host, file);
  const names = Object.keys(texts);
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
