const MAX_MEMBERS = 32;
/** What everybody passes on. */
const MAX_LENGTH = 512;
/** Where there is no room, members that are longer go first. */
const LONG_MEMBER = 128;

const MEMBER = /^[a-z0-9][_0-9a-z\-*/@]{0,255}=[ !-+\--<>-~]{0,255}[!-+\--<>-~]$/;

/**
 * What of a `tracestate` is passed on: its members as they are, without the last if they are too long together, and nothing of what is
 * none. Source: W3C Trace Context, level 2.
 */
export function passableTraceState(traceState: string): string | undefined {
  const members = traceState.split(',').map((member) => member.trim()).filter((member) => member !== '');
  if (members.length === 0 || members.length > MAX_MEMBERS || !members.every((member) => MEMBER.test(member))) return undefined;
  while (members.join(',').length > MAX_LENGTH) members.splice(members.findIndex(({ length }) => length > LONG_MEMBER), 1); // -1 is the last
  return members.join(',');
}
