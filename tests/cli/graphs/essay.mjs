// One function, which asks before it is done.
import { entrypoint, task } from 'rivulet/pregel';

const write = task('write', (topic) => `An essay about ${topic}`);

export default (checkpointer) =>
  entrypoint(
    'essay',
    async (topic, run) => {
      const draft = await write.invoke(topic, run);
      return (await run.answer({ draft })) === true ? draft : 'nothing';
    },
    { checkpointer },
  );
