import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';

/** A server of one's own, in a temporary folder, that listens on a socket there and nowhere else. */
export interface OwnPostgres {
  readonly config: pg.PoolConfig;
  readonly stop: () => Promise<void>;
}

interface PlainUser {
  readonly uid?: number;
  readonly gid?: number;
}

const START_MS = 20_000;

/** Starts a PostgreSQL server with the machine's binaries, as a plain user, as it refuses root; nothing where it can't. */
export async function ownPostgres(): Promise<OwnPostgres | undefined> {
  const binaries = binariesFolder();
  const user = plainUser();
  if (binaries === undefined || user === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const made = spawnSync(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'], { ...user, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || String(made.error)}`);
  const server = spawn(join(binaries, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses='], { ...user, cwd: folder, stdio: 'ignore' });
  const kill = (): void => void server.kill('SIGQUIT');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    if (server.exitCode === null && server.kill('SIGINT')) await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  const config = { host: folder, port: 5432, user: 'postgres', database: 'postgres' };
  if (await answers(config, server)) return { config, stop };
  await stop();
  throw new Error(`${binaries}/postgres doesn't answer`);
}

/** Asks until the server answers, or is gone. */
async function answers(config: pg.PoolConfig, server: ChildProcess): Promise<boolean> {
  for (const end = Date.now() + START_MS; Date.now() < end && server.exitCode === null; ) {
    const client = new pg.Client(config);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return false;
}

function binariesFolder(): string | undefined {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.map((version) => join(packaged, version, 'bin'))];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Whoever runs this, unless that is root: then `postgres`, or else `nobody`. */
function plainUser(): PlainUser | undefined {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  return undefined;
}
