// An answer to a customer goes out only if a person approves it. The question waits in a SQLite file: the program ends, and when
// it is started again with the answer, on whatever day, the thread goes on where it stood.
//   node examples/approval.mjs                          writes a draft, asks, and ends
//   node examples/approval.mjs approve                  sends it
//   node examples/approval.mjs edit 'Dear Kim, …'       sends this instead
//   node examples/approval.mjs reject 'Offer a refund.' writes another draft, asks again, and ends
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chain, chat, lambda, scripted, text } from 'rivulet';
import { lastValue } from 'rivulet/channels';
import { command, END, resume, START, StateGraph } from 'rivulet/pregel';
import { sqliteCheckpointer } from 'rivulet/sqlite';
import { z } from 'zod';
import { isProgram } from './streamAnswer.mjs';

const decision = z.discriminatedUnion('type', [
  z.object({ type: z.literal('approve') }),
  z.object({ type: z.literal('edit'), text: z.string().min(1) }),
  z.object({ type: z.literal('reject'), reason: z.string().min(1) }),
]);

const model = scripted([
  { when: /refund/i, reply: 'Dear customer, we are sorry. Your refund is on its way.' },
  { when: /Answer this complaint: (.*)/, reply: 'Dear customer, thank you for writing to us: “{1}”' },
]);

const brief = lambda(({ complaint, reason }) => `Answer this complaint: ${complaint}${reason ? `\nYour last draft was rejected: ${reason}` : ''}`);

/** Asks a person, and goes where the answer leads. A schema that isn't met by the answer refuses it, and nothing has happened. */
async function approve({ draft }, run) {
  const answer = await run.answer({ question: 'Send this?', draft }, { schema: decision });
  if (answer.type === 'reject') return command({ update: { reason: answer.reason }, goto: 'write' });
  return command({ update: { draft: answer.type === 'edit' ? answer.text : draft }, goto: 'send' });
}

/** The outbox here is a file. `run.taskId` is the same if a crash makes the task run again: a mail service would know by it that it has the mail. */
async function sendMail({ draft, outbox }, run) {
  await appendFile(outbox, `${JSON.stringify({ key: run.taskId, text: draft })}\n`);
  return { sent: true };
}

/** Not compiled, so that `rivulet resume --graph examples/approval.mjs` can be used on its threads, too. */
export const graph = new StateGraph({ complaint: lastValue(''), outbox: lastValue(''), draft: lastValue(''), reason: lastValue(''), sent: lastValue(false) })
  .addNode('write', chain(brief, chat(model), text()), { writes: 'draft' })
  .addNode('approve', approve, { ends: ['write', 'send'] })
  .addNode('send', sendMail)
  .addEdge(START, 'write')
  .addEdge('write', 'approve')
  .addEdge('send', END);

const decisionOf = ([type, said]) => ({ type, ...(type === 'edit' && { text: said }), ...(type === 'reject' && { reason: said }) });

/** One life of the program: begins a conversation, or goes on with it. */
export async function approval(args, { folder = tmpdir(), print = console.log } = {}) {
  const store = sqliteCheckpointer(join(folder, 'rivulet-approval.db'));
  try {
    const mail = graph.compile({ checkpointer: store, name: 'mail' });
    const at = { thread: 'complaint-17' };
    const waiting = (await mail.getState(at))?.interrupts.length > 0;
    if (args.length > 0 && !waiting) return print('Nothing waits for an answer. Run it without arguments first.');
    if (args.length > 0) await mail.invoke(resume(decisionOf(args)), at);
    else if (!waiting) await mail.invoke({ complaint: 'My parcel never came.', outbox: join(folder, 'rivulet-outbox.jsonl'), sent: false, reason: '' }, at);
    const { values, interrupts } = await mail.getState(at);
    if (values.sent && interrupts.length === 0) return print(`Sent: ${values.draft}`);
    print(`${interrupts[0].payload.question}\n  ${interrupts[0].payload.draft}`);
    print(`Answer with: node examples/approval.mjs approve | edit 'TEXT' | reject 'REASON'`);
  } finally {
    store.close();
  }
}

if (isProgram(import.meta.url)) await approval(process.argv.slice(2));
