/**
 * The tables, the same on SQLite and PostgreSQL. Times are milliseconds since the epoch, booleans 0 or 1, JSON is text.
 * All data of a session references it and is deleted with it.
 */
import type { Kysely } from 'kysely';
import type { LivenessOperationMode } from '../../../src/protocol/wire.js';

export interface SessionTable {
  id: string;
  /** 1: the face is compared with a verify image. */
  with_verify: number;
  api_version: string;
  created_at: number;
  /** When the client started the first attempt. */
  started_at: number | null;
  operation_mode: LivenessOperationMode;
  send_results_to_client: number;
  device_correlation_id_set_in_client: number;
  device_correlation_id: string | null;
  token_lifetime_seconds: number;
  auth_token: string;
  enable_session_image: number;
  return_verify_image_hash: number;
  /** 0…1 */
  verify_confidence_threshold: number | null;
  attempts_started: number;
  /** Id of the newest audit entry; 0: none yet. Entries count from 1 within their session. */
  last_entry_id: number;
  /** Id of the newest audit entry that holds a decision. */
  result_entry_id: number | null;
}

export interface AttemptTable {
  session_id: string;
  /** Counts from 1 within the session. */
  id: number;
  status: 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  /** JSON: the motions drawn for this attempt. */
  directions: string;
  started_at: number;
  /** Submissions that arrive later are refused. */
  deadline_at: number;
  ended_at: number | null;
  /** Why the attempt failed or was canceled. */
  error_code: string | null;
  /** The audit entry with its decision. */
  entry_id: number | null;
  /** Client request id of the request that started the attempt; null if it had none. */
  client_request_id: string | null;
}

export interface AuditEntryTable {
  session_id: string;
  id: number;
  /** Null if the call was refused. */
  attempt_id: number | null;
  request_id: string;
  client_request_id: string;
  received_at: number;
  url: string;
  method: string;
  content_length: number;
  content_type: string;
  user_agent: string;
  /** JSON of the decision or the refusal, even if the client got only part of it or, with a 204, nothing. */
  response_body: string;
  status_code: number;
  latency_ms: number;
  digest: string;
  session_image_id: string | null;
  verify_image_hash: string | null;
}

export interface SessionImageTable {
  id: string;
  session_id: string;
  attempt_id: number;
  file_name: string;
  /**
   * Determined from the first bytes, for people who read the database. The API serves every image as
   * `application/octet-stream`, as documented.
   */
  content_type: string;
  time_offset_ms: number;
  step: string;
  /** JSON, in pixels of the image. */
  face_rectangle: string;
  bytes: Uint8Array;
}

export interface VerifyImageTable {
  session_id: string;
  /** As in `SessionImageTable`. */
  content_type: string;
  /** SHA-256, 64 upper-case hex digits. */
  hash: string;
  /** JSON; null if the judge did not examine the image. */
  face_rectangle: string | null;
  quality_for_recognition: 'low' | 'medium' | 'high' | null;
  bytes: Uint8Array;
}

export interface RateLimitTable {
  /** Whose requests are counted, such as `session:<id>`. */
  key: string;
  /** Start of the window in which they are counted. */
  window_start: number;
  count: number;
}

export interface SigningKeyTable {
  /**
   * Counts from 1. Two processes that rotate the key at once make the same generation, and only one of them is stored.
   */
  generation: number;
  kid: string;
  created_at: number;
  /** JSON Web Keys. */
  public_key: string;
  private_key: string;
}

/**
 * A judged frame, as hashes of what it looks like; the picture itself is not kept here. Each file has one row per
 * attempt.
 */
export interface SeenFrameTable {
  session_id: string;
  attempt_id: number;
  /** SHA-256 of the encoded bytes, hex. */
  sha256: string;
  /** The first name it was sent under. */
  file_name: string;
  seen_at: number;
  /** Perceptual hashes of the picture and of its face, hex. */
  whole: string;
  face: string;
}

/** Keys by which frames are looked up: two pictures that look alike share a key. */
export interface SeenFrameKeyTable {
  session_id: string;
  attempt_id: number;
  sha256: string;
  key: string;
}

export interface Tables {
  session: SessionTable;
  attempt: AttemptTable;
  audit_entry: AuditEntryTable;
  session_image: SessionImageTable;
  verify_image: VerifyImageTable;
  seen_frame: SeenFrameTable;
  seen_frame_key: SeenFrameKeyTable;
  rate_limit: RateLimitTable;
  signing_key: SigningKeyTable;
}

/** A database or a transaction. */
export type Database = Kysely<Tables>;
