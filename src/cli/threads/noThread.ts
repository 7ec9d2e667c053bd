/** What is said of a thread that isn't in the file. */
export function noThread(thread: string, branch: string): Error {
  return new Error(`thread ${JSON.stringify(thread)} has no checkpoint on branch ${JSON.stringify(branch)}. 'rivulet threads' says which threads there are`);
}
