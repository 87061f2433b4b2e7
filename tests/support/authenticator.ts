import { TOTP } from 'otpauth';

const stepMs = 30_000;

/** A person's authenticator app. */
export type Authenticator = {
  /** The code of the step in which the app was set up, or of one some steps away. Each counts once, and only a later one after it. */
  code(away?: number): string;
};

/**
 * An app that was given a key as the screen shows it. The step it starts from has a few seconds left, so that the code before it still
 * counts when it arrives.
 */
export async function startAuthenticator(shownKey: string): Promise<Authenticator> {
  const left = stepMs - (Date.now() % stepMs);
  if (left < 4000) await new Promise((resolve) => setTimeout(resolve, left));
  const begun = Date.now();
  const totp = new TOTP({ secret: shownKey.replaceAll(' ', '') });
  return { code: (away = 0) => totp.generate({ timestamp: begun + away * stepMs }) };
}
