import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type pg from 'pg';

/** What pg's connection offers to queries that speak the copy protocol; its types leave these out. */
type Connection = {
  stream: NodeJS.ReadWriteStream & { writableNeedDrain: boolean };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
};

type Settle = { resolve: (rows: number) => void; reject: (error: Error) => void };

/** The part both directions share: a query that ends when the server is ready again. */
class CopyQuery {
  callback: (() => void) | undefined;
  readonly #text: string;
  readonly #settle: Settle;
  #failure: Error | undefined;
  #rows = 0;

  constructor(text: string, settle: Settle) {
    this.#text = text;
    this.#settle = settle;
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  fail(error: Error): void {
    this.#failure ??= error;
  }

  handleError(error: Error): void {
    // After an error the server says that it is ready, unless the connection itself is gone.
    this.fail(error);
    this.#settle.reject(error);
  }

  handleCommandComplete(message: { text: string }): void {
    this.#rows = Number(/^COPY (\d+)$/.exec(message.text)?.[1] ?? 0);
  }

  handleReadyForQuery(): void {
    if (this.#failure) this.#settle.reject(this.#failure);
    else this.#settle.resolve(this.#rows);
  }
}

class CopyOut extends CopyQuery {
  readonly #sink: Writable;
  #resume: () => void = () => undefined;
  #paused = false;

  constructor(text: string, sink: Writable, settle: Settle) {
    super(text, settle);
    this.#sink = sink;
    sink.once('error', (error) => {
      this.fail(error);
      this.#resume();
    });
  }

  handleCopyData(message: { chunk: Buffer }, connection: Connection): void {
    // After a fault of the sink the rest is read and dropped: the protocol knows no way to stop the server.
    if (this.#sink.destroyed) return;
    // The chunk lies in a buffer that pg fills anew; what is written later must be a copy.
    if (this.#sink.write(Buffer.from(message.chunk)) || this.#paused) return;
    this.#paused = true;
    this.#resume = () => {
      this.#paused = false;
      connection.stream.resume();
    };
    connection.stream.pause();
    this.#sink.once('drain', () => this.#resume());
  }

  override handleReadyForQuery(): void {
    // Nothing more comes, and a sink that is ended now never drains: the next query must not find the connection paused.
    this.#resume();
    super.handleReadyForQuery();
  }
}

class CopyIn extends CopyQuery {
  readonly #source: AsyncIterable<Buffer>;

  constructor(text: string, source: AsyncIterable<Buffer>, settle: Settle) {
    super(text, settle);
    this.#source = source;
  }

  handleCopyInResponse(connection: Connection): void {
    this.#send(connection).then(
      () => connection.endCopyFrom(),
      (error: unknown) => {
        const failure = error instanceof Error ? error : new Error('the source of a copy failed');
        this.fail(failure);
        connection.sendCopyFail('the source failed');
      },
    );
  }

  async #send(connection: Connection): Promise<void> {
    for await (const chunk of this.#source) {
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    }
  }
}

function run(client: pg.Client, make: (settle: Settle) => CopyQuery): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(make({ resolve, reject }) as unknown as pg.Submittable);
  });
}

/** Runs `COPY … TO STDOUT` and writes its bytes to the sink, which stays open; returns the rows. @throws pg's error, or the sink's */
export function copyOut(client: pg.Client, text: string, sink: Writable): Promise<number> {
  return run(client, (settle) => new CopyOut(text, sink, settle));
}

/** Runs `COPY … FROM STDIN` with the bytes of the source; returns the rows. @throws pg's error, or the source's; then nothing was copied */
export function copyIn(client: pg.Client, text: string, source: AsyncIterable<Buffer>): Promise<number> {
  return run(client, (settle) => new CopyIn(text, source, settle));
}
