// Reads a file: fails while there is none, and hangs where there is no name of one.
import { readFile } from 'node:fs/promises';
import { lastValue } from 'rivulet/channels';
import { START, StateGraph } from 'rivulet/pregel';
import { NEVER } from 'rxjs';

export const graph = new StateGraph({ file: lastValue(''), text: lastValue('') })
  .addNode('check', ({ file }) => ({ file: file.trim() }))
  .addNode('read', ({ file }) => (file === '' ? NEVER : readFile(file, 'utf8').then((text) => ({ text }))))
  .addEdge(START, 'check')
  .addEdge('check', 'read');
