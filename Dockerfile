# One image for every process of Daybook: a node pulls one thing, an operator pins one digest, and the migrations can
# never be of another version than the services. What runs is the command: node <entry point>.ts, no shell.
#
#   docker build -t daybook:0.1.0 --build-arg VERSION=0.1.0 --build-arg COMMIT=$(git rev-parse HEAD) .
#
# For a reproducible build, pin the base: --build-arg NODE_IMAGE=node:26-slim@sha256:<digest>
ARG NODE_IMAGE=node:26-slim

# What git knows of the checkout, and nothing else that lies there.
FROM ${NODE_IMAGE} AS sources
WORKDIR /src
COPY . .
RUN node dev/keep-tracked.mjs

# The manifests alone, so that a change of source does not install everything anew.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /src
COPY --from=sources /src .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
 && find . -type d -empty -delete

# The web app. Nothing of this stage but web/dist goes further.
FROM ${NODE_IMAGE} AS web
WORKDIR /src
COPY --from=manifests /src .
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY --from=sources /src .
RUN npm run build

# What runs: production dependencies of the processes, their sources, the app, and the list of all it is made of.
FROM ${NODE_IMAGE} AS app
WORKDIR /app
COPY --from=manifests /src .
COPY --from=sources /src/dev/write-sbom.mjs dev/
# What packages bring for those who develop or debug them is left out: a third of all files.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
      --workspace=protos --workspace=packages --workspace=services --workspace=gateway --workspace=dev/calcom-sandbox \
 && node dev/write-sbom.mjs "$(node -p 'require("./package.json").version')" > /tmp/sbom.cdx.json \
 && find . -path '*/node_modules/*' -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \
      -o -name '*.test.js' -o -name '*.test.ts' \) -delete \
 && rm -rf web dev/stack dev/write-sbom.mjs bench tests .npmrc
COPY --from=sources /src/protos protos
COPY --from=sources /src/packages packages
COPY --from=sources /src/services services
COPY --from=sources /src/gateway gateway
COPY --from=sources /src/dev/calcom-sandbox dev/calcom-sandbox
COPY --from=sources /src/LICENSE ./
COPY --from=web /src/web/dist web/dist
RUN mv /tmp/sbom.cdx.json . \
 && find . -name node_modules -prune -o -type f \( -name '*.test.ts' -o -name '*.map' \) -print | xargs rm -f \
 && find . -name node_modules -prune -o -type d \( -name testing -o -name test-support \) -print | xargs rm -rf \
 && find . -type d -empty -delete \
 && chmod -R a+rX .

# What Node makes of the sources before it runs them. Without it every process loads the compiler that takes the types away, and
# compiles everything anew. Each entry point loads all it imports and ends, since nothing is set. Node looks for the
# folder of its own version, processor and user; where it finds none it starts as it would without, and says nothing.
FROM app AS compiled
RUN mkdir /compile-cache && chown 10001:10001 /compile-cache
USER 10001:10001
RUN for entry in gateway/src/main.ts services/*/src/main.ts services/*/src/migrate.ts services/auth/src/ensure-owner.ts \
      packages/operate/src/backup.ts packages/operate/src/restore.ts packages/operate/src/doctor.ts \
      packages/provision/src/make-cluster-secrets.ts packages/provision/src/make-secret-files.ts \
      packages/provision/src/prepare-databases.ts packages/provision/src/try-a-booking.ts dev/calcom-sandbox/src/main.ts; do \
      PORT=none NODE_ENV=production NODE_COMPILE_CACHE=/compile-cache timeout 60 node "$entry" > /dev/null 2>&1; \
    done; \
    find /compile-cache -type f | grep -q . && chmod -R u=rwX,go=rX /compile-cache

# Node and the libraries it loads: no shell, no package manager.
FROM ${NODE_IMAGE} AS runtime
RUN mkdir -p /out/etc /out/tmp /out/usr/local/bin /empty \
 && cp "$(command -v node)" /out/usr/local/bin/node \
 && for library in $(ldd /out/usr/local/bin/node | grep -o '/[^ ]*' | sort -u) /lib/*-linux-gnu/libnss_dns.so.2 \
      /lib/*-linux-gnu/libnss_files.so.2 /lib/*-linux-gnu/libresolv.so.2; do \
      if [ -e "$library" ]; then mkdir -p "/out$(dirname "$library")" && cp -L "$library" "/out$library"; fi; \
    done \
 && printf 'hosts: files dns\n' > /out/etc/nsswitch.conf \
 && printf 'daybook:x:10001:10001::/tmp:/nonexistent\n' > /out/etc/passwd \
 && printf 'daybook:x:10001:\n' > /out/etc/group \
 && chmod 1777 /out/tmp

FROM scratch
ARG VERSION=0.1.0
ARG COMMIT=
LABEL org.opencontainers.image.title="Daybook" \
      org.opencontainers.image.description="The appointment book of a practice, in step with Cal.com" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
COPY --from=runtime /out /
COPY --from=app /app /app
# Root's, so that no process can put other code in.
COPY --from=compiled --chown=0:0 /compile-cache/ /compile-cache/
# A fresh named volume takes its owner from here.
COPY --from=runtime --chown=10001:10001 /empty /secrets
COPY --from=runtime --chown=10001:10001 /empty /backups
WORKDIR /app
# Packages ask for a home, and users other than ours have none.
ENV PATH=/usr/local/bin \
    HOME=/tmp \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/compile-cache \
    ADMIN_PORT=9090 \
    DAYBOOK_VERSION=${VERSION} \
    DAYBOOK_COMMIT=${COMMIT}
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.ADMIN_PORT+'/readyz').then((a)=>process.exit(a.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node"]
CMD ["gateway/src/main.ts"]
