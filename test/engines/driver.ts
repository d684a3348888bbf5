/** The part of W3C WebDriver that the tests need. Each engine has its own transport for the commands. */

export interface Transport {
  /** Sends a W3C WebDriver command and waits for its value. @throws Error with the browser's message */
  send(command: Command, parameters: object): Promise<unknown>;
  close(): Promise<void>;
}

export type Command = 'newSession' | 'navigate' | 'executeAsync' | 'click';

export interface Capabilities {
  browserName: string;
  browserVersion: string;
}

/** The outcome of a script: it carries exceptions too, which must not be mistaken for failures of the driver. */
type Answer<T> = { value: T } | { error: string };

export class Browser {
  readonly #transport: Transport;
  readonly capabilities: Capabilities;

  private constructor(transport: Transport, capabilities: Capabilities) {
    this.#transport = transport;
    this.capabilities = capabilities;
  }

  static async begin(transport: Transport, wanted: object): Promise<Browser> {
    try {
      const timeouts = { script: 200_000, pageLoad: 100_000 };
      const begun = await transport.send('newSession', { capabilities: { alwaysMatch: { timeouts, ...wanted } } });
      return new Browser(transport, (begun as { capabilities: Capabilities }).capabilities);
    } catch (error) {
      await transport.close();
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    await this.#transport.send('navigate', { url });
  }

  /** Runs a function in the page. Its arguments and its result must be JSON. @throws Error if the function throws */
  async evaluate<T, Given extends unknown[]>(work: (...given: Given) => T | Promise<T>, ...given: Given): Promise<T> {
    const script = `const given = [...arguments];
      const done = given.pop();
      Promise.resolve().then(() => (${work.toString()})(...given)).then(
        (value) => done({ value }),
        (error) => done({ error: String(error) }),
      );`;
    const answer = (await this.#transport.send('executeAsync', { script, args: given })) as Answer<T>;
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  }

  /** Clicks with the mouse, as a person does, on the element that the function returns. */
  async click(find: () => Element): Promise<void> {
    const found = await this.evaluate<unknown, []>(find);
    await this.#transport.send('click', { id: Object.values(found as Record<string, string>)[0] });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
