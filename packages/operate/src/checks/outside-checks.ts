import { statfs } from 'node:fs/promises';
import { readCertificateFile } from '@daybook/runtime/certificate-metrics';
import { readServedCertificate } from '@daybook/runtime/served-certificate';
import { readTransportFiles } from '@daybook/runtime/transport-security';
import { describeFailure, fault, ok, showAddress, warning, type Finding } from './check.ts';

const askMs = 8000;
const dayMs = 86_400_000;
const gibibyte = 1024 ** 3;

/** Asks Cal.com who we are, with the configured key; costs one call and changes nothing. */
export async function checkCalcom(apiUrl: string, apiKey: string): Promise<Finding[]> {
  const part = 'Cal.com';
  const place = showAddress(apiUrl);
  try {
    const answer = await fetch(`${apiUrl.replace(/\/+$/, '')}/me`, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${apiKey}`, 'cal-api-version': '2024-08-13', accept: 'application/json' },
      signal: AbortSignal.timeout(askMs),
    });
    await answer.body?.cancel();
    if (answer.ok) return [ok(part, `${place} answers and knows our key`)];
    if (answer.status === 401 || answer.status === 403) {
      return [
        fault(
          part,
          `${place} refuses our key (${answer.status})`,
          'Make a new API key in Cal.com (Settings, Developer, API keys) and put it in.',
        ),
      ];
    }
    if (answer.status === 429)
      return [
        warning(part, 'holds us back (429): too many calls', 'Wait a minute; see the rate limit of the account.'),
      ];
    const fix =
      answer.status === 404
        ? 'CALCOM_API_URL must end with /v2, such as https://api.cal.com/v2.'
        : 'See the status page of Cal.com.';
    return [fault(part, `${place} answers ${answer.status}`, fix)];
  } catch (error) {
    return [
      fault(
        part,
        `${place} cannot be reached: ${describeFailure(error)}`,
        'Check the address, name resolution, and the way out of the network.',
      ),
    ];
  }
}

function judgeEnd(part: string, end: Date, now: number): Finding {
  const days = Math.floor((end.getTime() - now) / dayMs);
  const says =
    days < 0 ? `the certificate ended on ${end.toISOString().slice(0, 10)}` : `the certificate ends in ${days} days`;
  const fix = 'Renew it (cert-manager: kubectl describe certificate; else the renewal job of your proxy).';
  if (days < 3) return fault(part, says, fix);
  return days < 14 ? warning(part, says, fix) : ok(part, says);
}

/** Opens the public address as a browser would, and reads its certificate. */
export async function checkPublicAddress(publicUrl: string, now = Date.now()): Promise<Finding[]> {
  const part = 'public address';
  const url = new URL(publicUrl);
  const found: Finding[] = [];
  if (url.protocol === 'https:') {
    try {
      found.push(judgeEnd(part, await readServedCertificate(url), now));
    } catch (error) {
      found.push(
        fault(
          part,
          `no TLS at ${url.origin}: ${describeFailure(error)}`,
          'Check DNS, the ingress or proxy, and its certificate.',
        ),
      );
    }
  }
  try {
    const answer = await fetch(new URL('/config.js', url), { redirect: 'manual', signal: AbortSignal.timeout(askMs) });
    const text = await answer.text();
    const ours = answer.ok && /javascript/.test(answer.headers.get('content-type') ?? '') && text.length < 65_536;
    if (ours) found.push(ok(part, `${url.origin} shows Daybook`));
    else
      found.push(
        fault(
          part,
          `${url.origin} answers ${answer.status}, and not as Daybook does`,
          'Does the ingress or proxy lead to the gateway, with all paths?',
        ),
      );
  } catch (error) {
    const says = `${url.origin} cannot be opened from here: ${describeFailure(error)}`;
    found.push(fault(part, says, 'Check DNS and the ingress or proxy. PUBLIC_URL must be what people type.'));
  }
  return found;
}

/** The certificate this process shows to the others, if there is one. */
export async function checkInternalCertificate(now = Date.now()): Promise<Finding[]> {
  const files = readTransportFiles();
  if (!files) return [];
  const part = 'certificate between the services';
  try {
    return [judgeEnd(part, await readCertificateFile(files.certFile), now)];
  } catch (error) {
    return [fault(part, `cannot be read: ${describeFailure(error)}`, 'Check TLS_CERT_FILE.')];
  }
}

/** Whether there is room on the disk of a folder. */
export async function checkDisk(folder: string): Promise<Finding[]> {
  const part = `disk of ${folder}`;
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const share = Math.round((bavail / blocks) * 100);
    const says = `${(free / gibibyte).toFixed(1)} GiB (${share} %) free`;
    const fix = 'Make room or give it a larger disk; without room nothing can be booked or backed up.';
    if (free < gibibyte / 4 || share < 3) return [fault(part, says, fix)];
    return free < 2 * gibibyte || share < 10 ? [warning(part, says, fix)] : [ok(part, says)];
  } catch (error) {
    return [fault(part, `cannot be looked at: ${describeFailure(error)}`, 'Check that the folder exists.')];
  }
}

/** Asks a process whether it is ready. */
export async function checkProcess(name: string, adminUrl: string): Promise<Finding[]> {
  try {
    const answer = await fetch(new URL('/readyz', adminUrl), { signal: AbortSignal.timeout(askMs) });
    const body = (await answer.json()) as { missing?: Record<string, string> };
    if (answer.ok) return [ok(name, 'is ready')];
    const missing = Object.entries(body.missing ?? {}).map(([what, why]) => `${what}: ${why}`);
    return [
      fault(name, `is not ready (${missing.join('; ') || answer.status})`, 'Its log says more; so do the parts below.'),
    ];
  } catch (error) {
    return [
      fault(name, `does not answer: ${describeFailure(error)}`, 'Is it running? In a cluster: kubectl get pods.'),
    ];
  }
}
