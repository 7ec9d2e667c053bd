import { isUuid } from '../../distributed/isUuid.js';
import { xxh3 } from './xxh3.js';

/**
 * The id that a run has in another project than its own, as LangSmith's clients derive it, so that the parts of a trace find each other
 * there too: a UUID of version 7 and of the same time. What is no UUID stays as it is.
 */
export function replicaId(id: string, project: string): string {
  if (!isUuid(id)) return id;
  const hash = xxh3(`${id}:${project}`).toString(16).padStart(32, '0');
  const time = id[14] === '7' ? id.replace('-', '').slice(0, 12) : hash.slice(20);
  const variant = (0x80 | (parseInt(hash.slice(4, 6), 16) & 0x3f)).toString(16);
  return `${time}7${hash.slice(1, 4)}${variant}${hash.slice(6, 20)}`.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
