import { basename, relative, sep } from 'node:path';

const SHAPE = /^([a-z]|[A-Z])[A-Za-z0-9]*(\.node)?(\.types|\.marble)?(\.test)?\.tsx?$/;
const SAYS_NOTHING = /^(utils?|helpers?|common|misc|types|base|manager)$/;
const SAYS_NOTHING_WITHIN = /(^|[a-z])(Utils?|Helpers?|Manager)([A-Z]|$)|^(util|helper|manager)[s]?[A-Z]/;

const blame = (name) => SAYS_NOTHING.test(name) || SAYS_NOTHING_WITHIN.test(name);

/** A file is named after its export: camelCase, PascalCase for a class. Barrels sit at the top of an area only. */
export const fileName = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(node) {
      const path = relative(context.cwd, context.filename).split(sep);
      const report = (message) => context.report({ node, message });
      const file = basename(context.filename);
      const name = file.split('.')[0];
      if (!SHAPE.test(file)) report(`'${file}': files are named after their export, in camelCase, or PascalCase for a class.`);
      for (const part of [...path.slice(1, -1), name].filter(blame)) {
        report(`'${part}' says nothing: a file is named after its one export, a folder after its area.`);
      }
      if (name === 'index' && path.length > 3) {
        report('One barrel per public subpath, src/<area>/index.ts: import the files themselves.');
      }
    },
  }),
};
