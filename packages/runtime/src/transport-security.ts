import { ServerCredentials, credentials as grpcCredentials, experimental } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { z } from 'zod';
import { loadConfig } from './config.ts';

/** The files that say who this process is to its peers and whom it trusts; PEM, named by path. */
export type TransportFiles = { certFile: string; keyFile: string; caFile: string };

const transportEnvironment = z
  .object({
    TLS_CERT_FILE: z.string().optional(),
    TLS_KEY_FILE: z.string().optional(),
    TLS_CA_FILE: z.string().optional(),
  })
  .superRefine((env, context) => {
    const given = Object.entries(env).filter(([, value]) => value !== undefined);
    if (given.length === 0 || given.length === 3) return;
    const message = 'TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE come together or not at all';
    context.addIssue({ code: 'custom', path: ['TLS_CERT_FILE'], message });
  });

/** How often certificates are read anew, so that a renewed one is used without a restart. Milliseconds. */
const refreshIntervalMs = 60_000;

/**
 * The files named by TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE; undefined without them: peers then talk in plain text,
 * which is right only where the network between them is private.
 * @throws ConfigError when only some of the three are set
 */
export function readTransportFiles(env?: NodeJS.ProcessEnv): TransportFiles | undefined {
  const {
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
    TLS_CA_FILE: caFile,
  } = loadConfig<z.output<typeof transportEnvironment>>(transportEnvironment, env);
  return certFile && keyFile && caFile ? { certFile, keyFile, caFile } : undefined;
}

function watchFiles({ certFile, keyFile, caFile }: TransportFiles): experimental.FileWatcherCertificateProvider {
  return new experimental.FileWatcherCertificateProvider({
    certificateFile: certFile,
    privateKeyFile: keyFile,
    caCertificateFile: caFile,
    refreshIntervalMs,
  });
}

/** What a gRPC server shows and asks for: with files, callers must hold a certificate of the same authority. */
export function serverCredentials(files: TransportFiles | undefined): ServerCredentials {
  if (!files) return ServerCredentials.createInsecure();
  const provider = watchFiles(files);
  return experimental.createCertificateProviderServerCredentials(provider, provider, true);
}

/** What a gRPC client shows and asks for: with files, the peer's certificate must bear the name that was dialled. */
export function channelCredentials(files: TransportFiles | undefined): ChannelCredentials {
  if (!files) return grpcCredentials.createInsecure();
  const provider = watchFiles(files);
  return experimental.createCertificateProviderChannelCredentials(provider, provider);
}
