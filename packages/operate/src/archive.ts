import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** A file inside an archive. `content` must be read, or left, before the next entry is asked for. */
export type ArchiveEntry = { name: string; size: number; content: AsyncIterable<Buffer> };

/** A part to put into an archive. */
export type ArchivePart = { name: string; size: number; content: () => AsyncIterable<Buffer> | Readable };

const blockSize = 512;
const magic = Buffer.from('DAYBOOK1');
const ivSize = 12;
const tagSize = 16;

/** One header of the ustar format (POSIX.1-1988), so that `tar` reads what is not encrypted. */
function encodeHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(blockSize);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for an archive`);
  if (size > 0o77777777777) throw new Error(`${name} is too large for an archive`);
  header.write(name, 0);
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

async function* writeParts(parts: AsyncIterable<ArchivePart>): AsyncGenerator<Buffer> {
  for await (const { name, size, content } of parts) {
    yield encodeHeader(name, size);
    let written = 0;
    for await (const chunk of content()) {
      written += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    if (written !== size) throw new Error(`${name} changed while it was written`);
    yield Buffer.alloc(paddingOf(size));
  }
  yield Buffer.alloc(2 * blockSize);
}

/** AES-256-GCM over everything: 8 bytes of magic, 12 of nonce, the encrypted archive, 16 of tag. */
function encrypting(key: Buffer): Transform {
  const iv = randomBytes(ivSize);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(magic);
  let begun = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!begun) this.push(Buffer.concat([magic, iv]));
      begun = true;
      done(null, cipher.update(chunk));
    },
    flush(done) {
      done(null, Buffer.concat([cipher.final(), cipher.getAuthTag()]));
    },
  });
}

/**
 * Writes an archive (tar, gzip, encrypted if there is a key) with mode 0600, beside its final name and renamed when it is
 * whole and on disk, so that a half-written one is never taken for a backup. @returns its size in bytes
 */
export async function writeArchive(
  file: string,
  parts: AsyncIterable<ArchivePart>,
  key: Buffer | undefined,
): Promise<number> {
  const incoming = `${file}.incoming`;
  try {
    const sink: Writable = createWriteStream(incoming, { mode: 0o600, flush: true });
    const source = Readable.from(writeParts(parts), { objectMode: false });
    await (key ? pipeline(source, createGzip(), encrypting(key), sink) : pipeline(source, createGzip(), sink));
    await rename(incoming, file);
    return (await stat(file)).size;
  } catch (error) {
    await rm(incoming, { force: true });
    throw error;
  }
}

/** Why an archive cannot be read, in words for the operator. */
export class ArchiveError extends Error {}

async function openPlain(file: string, key: Buffer | undefined): Promise<Readable> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Buffer.alloc(magic.length + ivSize);
    await handle.read(start, 0, start.length, 0);
    if (!start.subarray(0, magic.length).equals(magic)) return createReadStream(file);
    if (!key) throw new ArchiveError(`${file} is encrypted: set BACKUP_ENCRYPTION_KEY to the key it was made with`);
    if (size < start.length + tagSize) throw new ArchiveError(`${file} is cut short`);
    const tag = Buffer.alloc(tagSize);
    await handle.read(tag, 0, tagSize, size - tagSize);
    const decipher = createDecipheriv('aes-256-gcm', key, start.subarray(magic.length)).setAAD(magic).setAuthTag(tag);
    return createReadStream(file, { start: start.length, end: size - tagSize - 1 }).pipe(decipher);
  } finally {
    await handle.close();
  }
}

/** Hands out a stream in pieces of asked-for lengths. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** At most so many bytes, at least one; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async exactly(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0;) {
      const piece = await this.some(missing);
      if (!piece) throw new ArchiveError('the archive is cut short');
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  }
}

async function* readContent(reader: Reader, progress: { left: number }): AsyncGenerator<Buffer> {
  while (progress.left > 0) {
    const piece = await reader.some(progress.left);
    if (!piece) throw new ArchiveError('the archive is cut short');
    progress.left -= piece.length;
    yield piece;
  }
}

/**
 * Reads an archive's entries one after the other. The seal of an encrypted archive is checked at its end, so nothing of it
 * may count before the loop is over. @throws ArchiveError in words when it is cut short, damaged, or the key is not its key
 */
export async function* readArchive(file: string, key: Buffer | undefined): AsyncGenerator<ArchiveEntry> {
  const plain = await openPlain(file, key);
  const unzipped = createGunzip();
  plain.once('error', (error) => unzipped.destroy(error));
  const reader = new Reader(plain.pipe(unzipped) as AsyncIterable<Buffer>);
  try {
    for (;;) {
      const header = await reader.exactly(blockSize);
      if (header.every((byte) => byte === 0)) break;
      const name = header.subarray(0, 100).toString('utf8').replace(/\0.*$/, '');
      const size = Number.parseInt(header.subarray(124, 135).toString('ascii'), 8);
      if (!header.equals(encodeHeader(name, size))) throw new ArchiveError('the archive is damaged');
      const progress = { left: size };
      const content = readContent(reader, progress);
      yield { name, size, content };
      while (progress.left > 0) progress.left -= (await reader.exactly(Math.min(progress.left, 65_536))).length;
      await reader.exactly(paddingOf(size));
    }
    // The rest is zeros; reading on to the end is what checks the seal.
    while (await reader.some(65_536));
  } catch (error) {
    throw error instanceof ArchiveError ? error : new ArchiveError(`${file} cannot be read: ${describe(error)}`);
  } finally {
    plain.destroy();
    unzipped.destroy();
  }
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sealBroken = /unable to authenticate|auth/i.test(text);
  return sealBroken ? 'it is damaged, or the key is not the one it was made with' : text;
}
