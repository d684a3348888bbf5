/** Whether the service can do its work: it can if its database answers. */
import type { Database } from '../database/schema.js';

const DEADLINE_MS = 2_000;

export async function isReady(database: Database): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, DEADLINE_MS, false).unref());
  const answered = database
    .selectFrom('signing_key')
    .select('generation')
    .limit(1)
    .execute()
    .then(
      () => true,
      () => false,
    );
  return Promise.race([answered, late]);
}
