import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ChatModel } from '../../operators/models/ChatModel.js';
import type { Cassette } from '../cassette/Cassette.js';
import { recording } from '../cassette/recording.js';

/**
 * Records what a model answers in a file, a cassette, for `replay`: each chunk with its time, errors, and answers that were left
 * halfway. The file is written anew, after each answer. What looks like a secret in a request's `extra` is left out. In Node only.
 *
 * *Demand*: transparent. *Timing*: the model's. *Errors*: the model's, and the file system's.
 *
 * @example
 * ```ts
 * import { chat, scripted } from 'rivulet';
 * import { record, replay } from 'rivulet/testing';
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 *
 * const file = join(mkdtempSync(join(tmpdir(), 'cassettes-')), 'greeting.json');
 * await chat(record(scripted([{ reply: 'Hello!' }]), file)).invoke('Hi'); // once, with a real model
 * const message = await chat(replay(file)).invoke('Hi'); // 'Hello!' ever after
 * ```
 */
export function record(model: ChatModel, file: string): ChatModel {
  return recording(model, (cassette) => write(file, cassette));
}

/** Whoever reads it meanwhile sees the one before or this one, never half of it. */
function write(file: string, cassette: Cassette): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(cassette, null, 1)}\n`);
  renameSync(draft, file);
}
