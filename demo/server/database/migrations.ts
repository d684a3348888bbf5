/**
 * The migration steps of the schema. A step is never edited once somebody may have run it: a change is a new step. The
 * first five are older than the first release; they stay apart so that the data of unreleased versions can still be
 * used. From 005 on, steps only add, because processes of the previous version keep running beside the new ones.
 */
import { sql, type Kysely, type Migration } from 'kysely';

/** Type names that differ between the two databases. */
interface TypeNames {
  bytes: string;
  /** Compared byte by byte, so that lists have the same order on both databases. */
  id: string;
}

export const SQLITE_TYPES: TypeNames = { bytes: 'blob', id: 'text' };
export const POSTGRES_TYPES: TypeNames = { bytes: 'bytea', id: 'text collate "C"' };

export function migrations(types: TypeNames): Record<string, Migration> {
  return {
    '001-sessions': { up: (database) => createTables(database, types) },
    '002-seen-frames': { up: (database) => createSeenFrames(database, types) },
    '003-attempt-request': { up: addAttemptRequest },
    '004-seen-files': { up: (database) => keySeenFramesByFile(database, types) },
    '005-session-lists': { up: indexSessionLists },
  };
}

async function createTables(database: Kysely<unknown>, types: TypeNames): Promise<void> {
  const bytes = sql.raw(types.bytes);
  const id = sql.raw(types.id);
  const { schema } = database;
  await schema
    .createTable('session')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('with_verify', 'integer', (column) => column.notNull())
    .addColumn('api_version', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('operation_mode', 'text', (column) => column.notNull())
    .addColumn('send_results_to_client', 'integer', (column) => column.notNull())
    .addColumn('device_correlation_id_set_in_client', 'integer', (column) => column.notNull())
    .addColumn('device_correlation_id', 'text')
    .addColumn('token_lifetime_seconds', 'integer', (column) => column.notNull())
    .addColumn('auth_token', 'text', (column) => column.notNull())
    .addColumn('enable_session_image', 'integer', (column) => column.notNull())
    .addColumn('return_verify_image_hash', 'integer', (column) => column.notNull())
    .addColumn('verify_confidence_threshold', 'double precision')
    .addColumn('attempts_started', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_entry_id', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('result_entry_id', 'integer')
    .execute();
  await schema.createIndex('session_created_at').on('session').column('created_at').execute();

  await schema
    .createTable('attempt')
    .addColumn('session_id', id, (column) => column.notNull().references('session.id').onDelete('cascade'))
    .addColumn('id', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('directions', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('deadline_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('error_code', 'text')
    .addColumn('entry_id', 'integer')
    .addPrimaryKeyConstraint('attempt_key', ['session_id', 'id'])
    .execute();

  await schema
    .createTable('audit_entry')
    .addColumn('session_id', id, (column) => column.notNull().references('session.id').onDelete('cascade'))
    .addColumn('id', 'integer', (column) => column.notNull())
    .addColumn('attempt_id', 'integer')
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('client_request_id', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('content_length', 'bigint', (column) => column.notNull())
    .addColumn('content_type', 'text', (column) => column.notNull())
    .addColumn('user_agent', 'text', (column) => column.notNull())
    .addColumn('response_body', 'text', (column) => column.notNull())
    .addColumn('status_code', 'integer', (column) => column.notNull())
    .addColumn('latency_ms', 'integer', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('session_image_id', 'text')
    .addColumn('verify_image_hash', 'text')
    .addPrimaryKeyConstraint('audit_entry_key', ['session_id', 'id'])
    .execute();

  await schema
    .createTable('session_image')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('session_id', id, (column) => column.notNull().references('session.id').onDelete('cascade'))
    .addColumn('attempt_id', 'integer', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('content_type', 'text', (column) => column.notNull())
    .addColumn('time_offset_ms', 'integer', (column) => column.notNull())
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('face_rectangle', 'text', (column) => column.notNull())
    .addColumn('bytes', bytes, (column) => column.notNull())
    .execute();
  await schema.createIndex('session_image_session').on('session_image').column('session_id').execute();

  await schema
    .createTable('verify_image')
    .addColumn('session_id', id, (column) => column.primaryKey().references('session.id').onDelete('cascade'))
    .addColumn('content_type', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('face_rectangle', 'text')
    .addColumn('quality_for_recognition', 'text')
    .addColumn('bytes', bytes, (column) => column.notNull())
    .execute();

  await schema
    .createTable('rate_limit')
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('window_start', 'bigint', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('rate_limit_key', ['key', 'window_start'])
    .execute();
  await schema.createIndex('rate_limit_window').on('rate_limit').column('window_start').execute();

  await schema
    .createTable('signing_key')
    .addColumn('generation', 'integer', (column) => column.primaryKey())
    .addColumn('kid', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('private_key', 'text', (column) => column.notNull())
    .execute();
}

async function createSeenFrames({ schema }: Kysely<unknown>, types: TypeNames): Promise<void> {
  const id = sql.raw(types.id);
  await schema
    .createTable('seen_frame')
    .addColumn('session_id', id, (column) => column.notNull().references('session.id').onDelete('cascade'))
    .addColumn('attempt_id', 'integer', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('whole', 'text', (column) => column.notNull())
    .addColumn('face', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('seen_frame_primary', ['session_id', 'attempt_id', 'file_name'])
    .execute();

  await schema
    .createTable('seen_frame_key')
    .addColumn('session_id', id, (column) => column.notNull().references('session.id').onDelete('cascade'))
    .addColumn('attempt_id', 'integer', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('seen_frame_key_primary', ['session_id', 'attempt_id', 'file_name', 'key'])
    .execute();
  await schema.createIndex('seen_frame_key_by_key').on('seen_frame_key').column('key').execute();
}

async function addAttemptRequest({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('attempt').addColumn('client_request_id', 'text').execute();
}

/** A file name may be used again for another picture, so a frame is identified by its bytes. */
async function keySeenFramesByFile(database: Kysely<unknown>, types: TypeNames): Promise<void> {
  const id = sql.raw(types.id);
  const { schema } = database;
  await schema.alterTable('seen_frame').renameTo('named_frame').execute();
  await schema.alterTable('seen_frame_key').renameTo('named_frame_key').execute();

  await schema
    .createTable('seen_frame')
    .addColumn('session_id', id, (column) => column.notNull().references('session.id').onDelete('cascade'))
    .addColumn('attempt_id', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('whole', 'text', (column) => column.notNull())
    .addColumn('face', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('seen_file_primary', ['session_id', 'attempt_id', 'sha256'])
    .execute();
  await schema
    .createTable('seen_frame_key')
    .addColumn('session_id', id, (column) => column.notNull().references('session.id').onDelete('cascade'))
    .addColumn('attempt_id', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('seen_file_key_primary', ['session_id', 'attempt_id', 'sha256', 'key'])
    .execute();

  await sql`
    insert into seen_frame (session_id, attempt_id, sha256, file_name, seen_at, whole, face)
    select session_id, attempt_id, sha256, min(file_name), min(seen_at), min(whole), min(face)
    from named_frame group by session_id, attempt_id, sha256`.execute(database);
  await sql`
    insert into seen_frame_key (session_id, attempt_id, sha256, key)
    select distinct session_id, attempt_id, sha256, key
    from named_frame_key join named_frame using (session_id, attempt_id, file_name)`.execute(database);

  await schema.dropTable('named_frame_key').execute();
  await schema.dropTable('named_frame').execute();
  await schema.createIndex('seen_frame_by_file').on('seen_frame').column('sha256').execute();
  await schema.createIndex('seen_frame_key_by_key').on('seen_frame_key').column('key').execute();
}

async function indexSessionLists({ schema }: Kysely<unknown>): Promise<void> {
  await schema.createIndex('session_by_kind').on('session').columns(['with_verify', 'id']).execute();
  await schema
    .createIndex('session_by_device')
    .on('session')
    .columns(['device_correlation_id', 'created_at'])
    .execute();
}
