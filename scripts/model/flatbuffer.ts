/**
 * The part of FlatBuffers that extending a model needs: tables by field number, as in the schemas (TensorFlow
 * Lite's `schema.fbs`, version 3, and `metadata_schema.fbs`, identifier `M001`).
 */
import { type Builder, ByteBuffer } from 'flatbuffers';

/** A table in a FlatBuffers file. A field that the file lacks is read as zero, empty or null. */
export class Table {
  readonly #buffer: ByteBuffer;
  /** Bytes from the start of the file. */
  readonly position: number;

  constructor(buffer: ByteBuffer, position: number) {
    this.#buffer = buffer;
    this.position = position;
  }

  /** @throws Error if the file does not have this identifier, such as `TFL3` */
  static root(bytes: Uint8Array, identifier: string): Table {
    const buffer = new ByteBuffer(bytes);
    if (bytes.length < 8 || !buffer.__has_identifier(identifier)) {
      throw new Error(`Not a FlatBuffers file with the identifier ${identifier}.`);
    }
    return new Table(buffer, buffer.__indirect(0));
  }

  byte(field: number): number {
    const at = this.#at(field);
    return at === 0 ? 0 : this.#buffer.readUint8(at);
  }

  integer(field: number): number {
    const at = this.#at(field);
    return at === 0 ? 0 : this.#buffer.readInt32(at);
  }

  string(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  bytes(field: number): Uint8Array {
    const { start, length } = this.#vector(field);
    return this.#buffer.bytes().subarray(start, start + length);
  }

  integers(field: number): number[] {
    return this.#elements(field, (at) => this.#buffer.readInt32(at));
  }

  floats(field: number): number[] {
    return this.#elements(field, (at) => this.#buffer.readFloat32(at));
  }

  table(field: number): Table | null {
    const at = this.#at(field);
    return at === 0 ? null : new Table(this.#buffer, this.#buffer.__indirect(at));
  }

  tables(field: number): Table[] {
    return this.#elements(field, (at) => new Table(this.#buffer, this.#buffer.__indirect(at)));
  }

  /** Position of the string, vector or table that a field refers to; null if the file lacks the field. */
  target(field: number): number | null {
    const at = this.#at(field);
    return at === 0 ? null : this.#buffer.__indirect(at);
  }

  #at(field: number): number {
    const offset = this.#buffer.__offset(this.position, 4 + 2 * field);
    return offset === 0 ? 0 : this.position + offset;
  }

  #vector(field: number): { start: number; length: number } {
    const at = this.#at(field);
    if (at === 0) return { start: 0, length: 0 };
    return { start: this.#buffer.__vector(at), length: this.#buffer.__vector_len(at) };
  }

  /** Elements of a vector of four-byte numbers or references. */
  #elements<T>(field: number, read: (at: number) => T): T[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, index) => read(start + 4 * index));
  }
}

/** The value of a field to write. `reference` is what the builder's `create…` and `end…` methods return. */
export type Field = { byte: number } | { integer: number } | { reference: number };

/** Writes a table and returns its reference. Zeros are left out: zero is the default of every field written here. */
export function writeTable(builder: Builder, fields: Record<number, Field>): number {
  const numbers = Object.keys(fields).map(Number);
  builder.startObject(Math.max(-1, ...numbers) + 1);
  for (const [key, field] of Object.entries(fields)) {
    const number = Number(key);
    if ('byte' in field) builder.addFieldInt8(number, field.byte, 0);
    else if ('integer' in field) builder.addFieldInt32(number, field.integer, 0);
    else builder.addFieldOffset(number, field.reference, 0);
  }
  return builder.endObject();
}

export function writeReferences(builder: Builder, references: readonly number[]): number {
  builder.startVector(4, references.length, 4);
  for (const reference of [...references].reverse()) builder.addOffset(reference);
  return builder.endVector();
}

export function writeIntegers(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addInt32(value);
  return builder.endVector();
}

export function writeFloats(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addFloat32(value);
  return builder.endVector();
}

/** Writes bytes aligned to 16, as a model's buffers require, and returns their reference. */
export function writeBufferData(builder: Builder, bytes: Uint8Array): number {
  builder.startVector(1, bytes.length, 16);
  for (const byte of [...bytes].reverse()) builder.addInt8(byte);
  return builder.endVector();
}
