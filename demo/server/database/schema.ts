/**
 * The tables, the same on SQLite and PostgreSQL. Times are milliseconds since the epoch, booleans 0 or 1, JSON is text.
 * Everything that belongs to a session hangs on it and goes with it.
 */
import type { Kysely } from 'kysely';

export interface SessionTable {
  id: string;
  /** 1: the face is compared with a verify image. */
  with_verify: number;
  api_version: string;
  created_at: number;
  /** When the client first started it. */
  started_at: number | null;
  operation_mode: 'Passive' | 'PassiveActive';
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
  /** JSON: the head turns drawn for this attempt. */
  directions: string;
  started_at: number;
  /** A submission after this is refused. */
  deadline_at: number;
  ended_at: number | null;
  /** Why it failed or was canceled. */
  error_code: string | null;
  /** The audit entry with its decision. */
  entry_id: number | null;
  /** Of the request that started it; null where that gave none. */
  client_request_id: string | null;
}

export interface AuditEntryTable {
  session_id: string;
  id: number;
  attempt_id: number | null;
  request_id: string;
  client_request_id: string;
  received_at: number;
  url: string;
  method: string;
  content_length: number;
  content_type: string;
  user_agent: string;
  /** JSON: what the client was answered or, for a 204, what it would have been. */
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
  /** By its first bytes, for who reads the database: the service serves an image as bytes, as the documents say. */
  content_type: string;
  time_offset_ms: number;
  step: string;
  /** JSON, in pixels of the image. */
  face_rectangle: string;
  bytes: Uint8Array;
}

export interface VerifyImageTable {
  session_id: string;
  /** As of a session image. */
  content_type: string;
  /** SHA-256, 64 upper-case hex digits. */
  hash: string;
  /** JSON; null: the judge did not look at it. */
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
  /** Counts from 1: two processes that rotate at once make the same generation, and one of them loses. */
  generation: number;
  kid: string;
  created_at: number;
  /** JSON Web Keys. */
  public_key: string;
  private_key: string;
}

/** A frame that was judged, by what it looks like; the picture itself is not kept here. One file is one row of an attempt. */
export interface SeenFrameTable {
  session_id: string;
  attempt_id: number;
  /** Of the encoded bytes, hex. */
  sha256: string;
  /** The first it was sent under. */
  file_name: string;
  seen_at: number;
  /** Perceptual hashes of the picture and of its face, hex. */
  whole: string;
  face: string;
}

/** What a frame is looked up by: two pictures that are alike share a key. */
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

export type Database = Kysely<Tables>;
