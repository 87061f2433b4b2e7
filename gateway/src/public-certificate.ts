import { watchCertificate } from '@daybook/runtime/certificate-metrics';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import { readServedCertificate } from '@daybook/runtime/served-certificate';

const checkEveryMs = 60 * 60_000;

/**
 * Measures each hour when the certificate of the public address ends, if that is https. Where the gateway cannot reach its
 * own public address the metric is absent.
 */
export function watchPublicCertificate(publicUrl: string, lifecycle: Lifecycle): void {
  const url = new URL(publicUrl);
  if (url.protocol !== 'https:') return;
  let end: Date | undefined;
  const check = (): void => {
    readServedCertificate(url).then(
      (found) => (end = found),
      () => (end = undefined),
    );
  };
  check();
  const timer = setInterval(check, checkEveryMs);
  timer.unref();
  const unwatch = watchCertificate('public', async () => end);
  lifecycle.onShutdown('work', 'public certificate', async () => {
    unwatch();
    clearInterval(timer);
  });
}
