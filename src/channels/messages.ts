import { frozenCopy } from '../core/flow/frozenCopy.js';
import type { ListChannel } from './Channel.js';
import { InvalidUpdateError } from './InvalidUpdateError.js';
import { KeyedLists } from './KeyedLists.js';
import { EMPTY } from './lists.js';
import { isOverwrite, overwrite } from './overwrite.js';
import { shown } from './shown.js';

/** What a `messages` channel knows of a message. */
export interface MessageShape {
  readonly id?: string;
  readonly role: string;
}

/** A write that takes messages out of a `messages` channel. */
export interface RemoveMessage {
  readonly remove: string;
}

const ALL = 'all';

/**
 * Removes the message with this id from a `messages` channel, or all that came before.
 *
 * @example
 * ```ts
 * import { removeMessage } from 'rivulet/channels';
 *
 * const forget = () => ({ messages: [removeMessage('all'), { role: 'user', content: 'Hello again' }] });
 * ```
 */
export function removeMessage(id: string | 'all'): RemoveMessage {
  return { remove: id };
}

/** What may be written to a `messages` channel. */
export type MessagesWrite<M> = M | RemoveMessage | readonly (M | RemoveMessage)[];

/**
 * A conversation: messages are appended, one with an id that is there already replaces it in place, and `removeMessage`
 * takes one or all out; an id that isn't there is no error. A message without an id is given one before it is stored. Stored as
 * deltas; a step costs what it writes, and a copy of the list.
 *
 * ```text
 * writes  a and b, then b', then removeMessage('a')
 * reads   a, b          a, b'    b'
 * ```
 *
 * *Errors*: `INVALID_UPDATE` for what is neither a message nor a removal.
 *
 * @example
 * ```ts
 * import { messages } from 'rivulet/channels';
 * import { user, type Message } from 'rivulet';
 *
 * const talk = messages<Message>();
 * talk.update([], [user('Hello')], 'talk').length; // 1
 * ```
 */
export function messages<M extends MessageShape = MessageShape>(): Messages<M> {
  const lists = new KeyedLists<M>((message) => message.id ?? undefined); // null, as some wires have it, is none
  const update: Messages<M>['update'] = (state = EMPTY, writes, name) => {
    const edit = lists.edit(state);
    for (const write of writes) {
      for (const item of itemsOf(write, name)) {
        if (!isRemoval(item)) edit.put(item);
        else if (item.remove === ALL) edit.clear();
        else edit.remove(item.remove);
      }
    }
    return edit.result();
  };
  return {
    kind: 'messages',
    delta: true,
    initial: () => EMPTY,
    prepare: (write, ids, name) => {
      const isWhole = isOverwrite(write);
      const items = itemsOf<M>(isWhole ? (write.value as readonly M[]) : write, name).map((item) => stamped(item, ids));
      return isWhole ? overwrite(update(EMPTY, [items], name)) : items;
    },
    update,
  };
}

/** What `messages` declares: there always is a list. */
export interface Messages<M> extends ListChannel<M, MessagesWrite<M>> {
  update(state: readonly M[] | undefined, writes: readonly MessagesWrite<M>[], name: string): readonly M[];
}

function itemsOf<M>(write: MessagesWrite<M>, name: string): readonly (M | RemoveMessage)[] {
  const items: readonly unknown[] = Array.isArray(write) ? write : [write];
  for (const item of items) {
    if (typeof item !== 'object' || item === null || !('role' in item || 'remove' in item)) {
      throw new InvalidUpdateError('INVALID_UPDATE', `channel '${name}' got ${shown(item)}, which is no message. Write a message such as user('…'), a list of them, or removeMessage(id)`);
    }
  }
  return items as readonly (M | RemoveMessage)[];
}

function isRemoval(item: object): item is RemoveMessage {
  return 'remove' in item && !('role' in item);
}

function stamped<M extends MessageShape>(item: M | RemoveMessage, ids: () => string): M | RemoveMessage {
  return isRemoval(item) || (item.id ?? undefined) !== undefined ? item : frozenCopy(item, { id: ids() });
}
