import type { Insertable } from 'kysely';
import type { Database, SessionTable } from '../../demo/server/database/schema.js';

/** Inserts a session with one started attempt straight into the database. @returns its id */
export async function insertSession(
  database: Database,
  changes: Partial<Insertable<SessionTable>> = {},
): Promise<string> {
  const id = crypto.randomUUID();
  await database
    .insertInto('session')
    .values({
      id,
      with_verify: 0,
      api_version: 'v1.2-preview.1',
      created_at: Date.now(),
      operation_mode: 'Passive',
      send_results_to_client: 0,
      device_correlation_id_set_in_client: 0,
      token_lifetime_seconds: 600,
      auth_token: '',
      enable_session_image: 0,
      return_verify_image_hash: 0,
      attempts_started: 1,
      last_entry_id: 0,
      ...changes,
    })
    .execute();
  return id;
}
