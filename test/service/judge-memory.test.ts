/** What the judge remembers about pictures, on each database. */
import { Kysely, Migrator } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations, POSTGRES_TYPES, SQLITE_TYPES } from '../../demo/server/database/migrations.js';
import { openDatabase } from '../../demo/server/database/open.js';
import { postgresDialect } from '../../demo/server/database/postgres.js';
import type { Database, Tables } from '../../demo/server/database/schema.js';
import { sqliteDialect } from '../../demo/server/database/sqlite.js';
import type { FrameFacts } from '../../demo/server/judge/default/analysis.js';
import { rememberAndFindSeen } from '../../demo/server/judge/default/memory.js';
import { BACKENDS } from './backends.js';
import { createTestDatabase, type TestDatabase } from './harness.js';
import { insertSession } from './session-row.js';

const NOW = 1_700_000_000_000;

/** @param look hex digits that are repeated to make its perceptual hash */
function frame(sha256: string, look = sha256, fileName = `${sha256}.jpg`): FrameFacts {
  const hash = look.repeat(64).slice(0, 64);
  return { fileName, sha256, fingerprint: { whole: hash, face: hash } } as FrameFacts;
}

describe.each(BACKENDS)('the judge’s memory on %s', (backend) => {
  let test: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    test = await createTestDatabase(backend);
  });
  afterEach(async () => {
    await database.destroy();
    await test.remove();
  });

  const open = async () => {
    database = await openDatabase(test.location);
  };

  const dialect = () =>
    'url' in test.location ? postgresDialect(test.location.url, () => undefined) : sqliteDialect(test.location.file);

  async function session(): Promise<{ sessionId: string; attemptId: number }> {
    return { sessionId: await insertSession(database, { created_at: NOW }), attemptId: 1 };
  }

  it('keeps the frames of the first submission of an attempt when a second one comes', async () => {
    await open();
    const [first, other] = [await session(), await session()];
    await rememberAndFindSeen(database, first, [frame('a')]);
    const own = await rememberAndFindSeen(database, first, [frame('b', 'b', 'a.jpg')]);
    expect(own).toEqual({ sightings: [], cutOff: [] });
    const { sightings: seen } = await rememberAndFindSeen(database, other, [frame('a'), frame('b'), frame('c')]);
    expect(seen.map(({ fileName, exact }) => [fileName, exact])).toEqual([
      ['a.jpg', true],
      ['b.jpg', true],
    ]);
  });

  it('keeps the frames of all concurrent submissions of an attempt, even with one file twice', async () => {
    await open();
    const [attempt, other] = [await session(), await session()];
    const frames = Array.from({ length: 31 }, (_, index) => frame(`file-${index}`, (0x100 + index).toString(16)));
    const [first = frame('0')] = frames;
    const twice = [...frames, { ...first, fileName: 'again.jpg' }];
    const all = Array.from({ length: 10 }, (_, index) => (index % 2 ? twice : [...twice].reverse()));
    await Promise.all(all.map((sent) => rememberAndFindSeen(database, attempt, sent)));
    const { sightings: seen } = await rememberAndFindSeen(database, other, frames);
    expect(seen.map(({ fileName }) => fileName)).toEqual(frames.map(({ fileName }) => fileName));
  });

  it('finds frames that a process with a clock ahead has stored', async () => {
    await open();
    await rememberAndFindSeen(database, await session(), [frame('a')]);
    await database
      .updateTable('seen_frame')
      .set({ seen_at: Date.now() + 60_000 })
      .execute();
    expect((await rememberAndFindSeen(database, await session(), [frame('a')])).sightings).toHaveLength(1);
  });

  it('finds a file and its copy though 5,100 pictures share one of their keys', async () => {
    await open();
    // Only the first of their eight lookup keys is one of the picture's.
    const alike = `${'a'.repeat(8)}${'5'.repeat(56)}`;
    const crowd = Array.from({ length: 5_100 }, (_, index) => frame(`crowd-${index}`, alike));
    const crowded = await session();
    for (let at = 0; at < crowd.length; at += 100)
      await rememberAndFindSeen(database, crowded, crowd.slice(at, at + 100));
    await rememberAndFindSeen(database, await session(), [frame('file', 'a')]);
    const sent = [frame('file', 'a'), frame('copy', 'a')];
    const { sightings: seen, cutOff } = await rememberAndFindSeen(database, await session(), sent);
    expect(cutOff).toEqual([]);
    expect(seen.map(({ fileName, otherFileName, exact }) => [fileName, otherFileName, exact])).toEqual([
      ['file.jpg', 'file.jpg', true],
      ['copy.jpg', 'file.jpg', false],
    ]);
  });

  it('reports a frame as cut off, and no other, when too many stored frames share all its keys', async () => {
    await open();
    const others = Array.from({ length: 31 }, (_, index) => frame(`other-${index}`, (0x100 + index).toString(16)));
    const ask = async () => rememberAndFindSeen(database, await session(), [frame('copy', 'f'), ...others]);
    const alike = Array.from({ length: 230 }, (_, index) => {
      const { fileName, sha256 } = frame(`crowd-${index}`);
      return { fileName, sha256, fingerprint: { whole: 'f'.repeat(64), face: '0'.repeat(64) } } as FrameFacts;
    });
    const crowded = await session();
    await rememberAndFindSeen(database, crowded, alike.slice(0, 100));
    await rememberAndFindSeen(database, await session(), [frame('file', 'f')]);
    const before = await ask();
    expect(before.sightings.some(({ otherFileName }) => otherFileName === 'file.jpg')).toBe(true);
    expect(before.cutOff).toEqual([]);
    for (const at of [100, 200]) await rememberAndFindSeen(database, crowded, alike.slice(at, at + 100));
    expect((await ask()).cutOff).toEqual(['copy.jpg']);
  });

  it('limits the rows that a query for 60 frames reads by their keys to fewer than 50,500', async () => {
    await open();
    const limits: number[][] = [];
    const logged = new Kysely<Tables>({
      dialect: dialect(),
      log: ({ query: { sql, parameters } }) => {
        if (!/^select.*seen_frame_key/s.test(sql)) return;
        const parts = (sql.match(/from "seen_frame_key"/g) ?? []).length;
        // The query for candidates has a limit for each part that reads keys, and then one for the whole. The query
        // whether there are more reads, for each part, the one row after its limit.
        const isOfCandidates = sql.includes('join "seen_frame"');
        expect(sql.match(/ limit /g)).toHaveLength(isOfCandidates ? 1 + parts : parts);
        expect(sql.match(/ offset /g) ?? []).toHaveLength(isOfCandidates ? 0 : parts);
        const numbers = parameters.filter((value) => typeof value === 'number' && value > 1) as number[];
        limits.push(isOfCandidates ? numbers.slice(0, -1) : numbers);
      },
    });
    const frames = Array.from({ length: 60 }, (_, index) => ({
      ...frame(`file-${index}`),
      fingerprint: {
        whole: Array.from({ length: 8 }, (__, key) => 1e7 + 8 * index + key).join(''),
        face: '0'.repeat(64),
      },
    }));
    const attempts = [await session(), await session()];
    const copies = frames.map((sent) => ({ ...sent, sha256: `copy of ${sent.sha256}` }));
    await rememberAndFindSeen(logged, attempts[0] as never, frames);
    const { sightings: seen } = await rememberAndFindSeen(logged, attempts[1] as never, copies);
    await logged.destroy();
    expect(seen).toHaveLength(60);
    expect(limits).toHaveLength(4);
    for (const ofKeys of limits) {
      expect(ofKeys).toHaveLength(480);
      expect(ofKeys.reduce((sum, limit) => sum + limit, 0)).toBeLessThan(50_500);
    }
  });

  it('keeps what an older version of the schema stored', async () => {
    const isPostgres = 'url' in test.location;
    database = new Kysely<Tables>({ dialect: dialect() });
    const steps = migrations(isPostgres ? POSTGRES_TYPES : SQLITE_TYPES);
    const migrator = new Migrator({ db: database, provider: { getMigrations: async () => steps } });
    expect((await migrator.migrateTo('003-attempt-request')).error).toBeUndefined();
    const { sessionId } = await session();
    const name = { session_id: sessionId, attempt_id: 1 };
    for (const file_name of ['one.jpg', 'same.jpg']) {
      const facts = { sha256: 'a', seen_at: NOW, whole: 'a'.repeat(64), face: 'a'.repeat(64) };
      await database
        .insertInto('seen_frame')
        .values({ ...name, file_name, ...facts })
        .execute();
      const key = { ...name, file_name, key: `0:${'a'.repeat(8)}` };
      await database
        .insertInto('seen_frame_key')
        .values(key as never)
        .execute();
    }
    await database.destroy();

    await open();
    const { sightings: seen } = await rememberAndFindSeen(database, await session(), [frame('a'), frame('copy', 'a')]);
    expect(seen.map(({ fileName, otherFileName, exact }) => [fileName, otherFileName, exact])).toEqual([
      ['a.jpg', 'one.jpg', true],
      ['copy.jpg', 'one.jpg', false],
    ]);
  });
});
