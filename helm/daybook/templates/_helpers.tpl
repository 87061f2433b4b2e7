{{/* The beginning of all names; short enough that the longest ending fits. */}}
{{- define "daybook.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What picks the pods of one component; takes (dict "root" $ "name" "auth"). Never changes, since selectors cannot. */}}
{{- define "daybook.selector" -}}
app.kubernetes.io/name: daybook
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "daybook.labels" -}}
{{ include "daybook.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: daybook
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | quote }}
{{- end -}}

{{- define "daybook.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{/* The Secret that holds the values, made or given. */}}
{{- define "daybook.secretName" -}}
{{- default (printf "%s-secrets" (include "daybook.fullname" .)) .Values.secrets.existingSecret -}}
{{- end -}}

{{/* One variable from that Secret; takes (dict "root" $ "env" "NATS_PASSWORD" "key" "nats-gateway-password"). */}}
{{- define "daybook.secretEnv" -}}
- name: {{ .env }}
  valueFrom:
    secretKeyRef:
      name: {{ include "daybook.secretName" .root }}
      key: {{ .key }}
{{- end -}}

{{- define "daybook.tls" -}}
{{- if ne .Values.tls.mode "off" }}true{{ end -}}
{{- end -}}

{{/* Host of a service of the release as pods write it; takes (dict "root" $ "name" "auth"). */}}
{{- define "daybook.host" -}}
{{- $service := printf "%s-%s" (include "daybook.fullname" .root) .name -}}
{{- if .root.Values.clusterDNS -}}
{{- $service -}}
{{- else -}}
{{- printf "$(%s_SERVICE_HOST)" ($service | upper | replace "-" "_") -}}
{{- end -}}
{{- end -}}

{{/* Where a gRPC service is; by name all its pods, without DNS its one address. */}}
{{- define "daybook.grpcAddress" -}}
{{- printf "%s%s:50051" (ternary "dns:///" "" .root.Values.clusterDNS) (include "daybook.host" .) -}}
{{- end -}}

{{- define "daybook.natsUrl" -}}
{{- $nats := .root.Values.nats -}}
{{- if $nats.bundled -}}
{{- printf "%s://%s@%s:4222" (ternary "tls" "nats" (eq (include "daybook.tls" .root) "true")) .user (include "daybook.host" (dict "root" .root "name" "nats")) -}}
{{- else -}}
{{- $parts := splitList "://" $nats.external.url -}}
{{- printf "%s://%s@%s" (first $parts) .user (last $parts) -}}
{{- end -}}
{{- end -}}

{{/* A role's way to its database, without the password; takes root, role, database (key of external.databases). */}}
{{- define "daybook.databaseUrl" -}}
{{- $postgres := .root.Values.postgres -}}
{{- if $postgres.bundled -}}
{{- $names := dict "auth" "daybook_auth" "scheduling" "daybook_scheduling" "calcomSync" "daybook_calcom_sync" "admin" "postgres" -}}
{{- $ssl := ternary "?sslmode=verify-full&sslrootcert=/etc/daybook/tls/ca.crt" "" (eq (include "daybook.tls" .root) "true") -}}
{{- printf "postgres://%s@%s:5432/%s%s" .role (include "daybook.host" (dict "root" .root "name" "postgres")) (get $names .database) $ssl -}}
{{- else -}}
{{- $external := $postgres.external -}}
{{- $ca := ternary "&sslrootcert=/etc/daybook/database-ca/ca.crt" "" (ne $external.caSecret "") -}}
{{- printf "postgres://%s@%s:%v/%s?sslmode=%s%s" .role $external.host (int $external.port) (get $external.databases .database) $external.sslMode $ca -}}
{{- end -}}
{{- end -}}

{{/* DATABASE_URL and its password; takes root, role (auth_app), key (auth-app-password), database. */}}
{{- define "daybook.databaseEnv" -}}
- name: DATABASE_URL
  value: {{ include "daybook.databaseUrl" . | quote }}
{{ include "daybook.secretEnv" (dict "root" .root "env" "DATABASE_PASSWORD" "key" .key) }}
{{- end -}}

{{- define "daybook.natsEnv" -}}
- name: NATS_URL
  value: {{ include "daybook.natsUrl" . | quote }}
- name: NATS_STREAM_REPLICAS
  value: {{ .root.Values.nats.streamReplicas | quote }}
{{ include "daybook.secretEnv" (dict "root" .root "env" "NATS_PASSWORD" "key" (printf "nats-%s-password" .user)) }}
{{- end -}}

{{/* What every process reads. */}}
{{- define "daybook.commonEnv" -}}
- name: LOG_LEVEL
  value: {{ .Values.logLevel | quote }}
{{- if include "daybook.tls" . }}
- name: TLS_CERT_FILE
  value: /etc/daybook/tls/tls.crt
- name: TLS_KEY_FILE
  value: /etc/daybook/tls/tls.key
- name: TLS_CA_FILE
  value: /etc/daybook/tls/ca.crt
{{- end }}
{{- end -}}

{{- define "daybook.tracingEnv" -}}
{{- if .Values.tracing.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .Values.tracing.endpoint | quote }}
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ .Values.tracing.sampleRatio | quote }}
{{- end }}
{{- end -}}

{{/* Where certificates and scratch space are found in every container of ours; takes root, database (bool). */}}
{{- define "daybook.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- if include "daybook.tls" .root }}
- name: tls
  mountPath: /etc/daybook/tls
  readOnly: true
{{- end }}
{{- if and .database (not .root.Values.postgres.bundled) .root.Values.postgres.external.caSecret }}
- name: database-ca
  mountPath: /etc/daybook/database-ca
  readOnly: true
{{- end }}
{{- end -}}

{{/* The volumes of those mounts; takes root, name (whose certificate), database (bool). */}}
{{- define "daybook.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if include "daybook.tls" .root }}
- name: tls
  secret:
    secretName: {{ include "daybook.fullname" .root }}-{{ .name }}-tls
    defaultMode: 0440
{{- end }}
{{- if and .database (not .root.Values.postgres.bundled) .root.Values.postgres.external.caSecret }}
- name: database-ca
  secret:
    secretName: {{ .root.Values.postgres.external.caSecret }}
    defaultMode: 0440
    items: [{ key: ca.crt, path: ca.crt }]
{{- end }}
{{- end -}}

{{/* Pod Security "restricted", for the pod; takes the user id. */}}
{{- define "daybook.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* … and for each container. */}}
{{- define "daybook.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What short-lived containers may use; quotas want to be told. */}}
{{- define "daybook.jobResources" -}}
requests: { cpu: 20m, memory: 96Mi }
limits: { memory: 384Mi }
{{- end -}}

{{- define "daybook.pullSecrets" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Names under which a component is reached, as a JSON list, the shortest first. */}}
{{- define "daybook.certificateNames" -}}
{{- $service := printf "%s-%s" (include "daybook.fullname" .root) .name -}}
{{- $namespace := .root.Release.Namespace -}}
{{- $names := list $service (printf "%s.%s" $service $namespace) (printf "%s.%s.svc" $service $namespace) (printf "%s.%s.svc.%s" $service $namespace .root.Values.clusterDomain) -}}
{{- if eq .name "nats" -}}
{{- range until (int .root.Values.nats.replicas) -}}
{{- $names = append $names (printf "%s-%d.%s-cluster" $service . $service) -}}
{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}

{{/* Components that hold a certificate, as a JSON list. */}}
{{- define "daybook.certificateHolders" -}}
{{- $holders := list "gateway" "auth" "scheduling" "calcom-sync" "migrate" -}}
{{- if .Values.postgres.bundled }}{{ $holders = append $holders "postgres" }}{{ end -}}
{{- if .Values.nats.bundled }}{{ $holders = append $holders "nats" }}{{ end -}}
{{- if .Values.backup.enabled }}{{ $holders = append $holders "backup" }}{{ end -}}
{{- toJson $holders -}}
{{- end -}}

{{/* Combinations that cannot work, said before anything is installed. */}}
{{- define "daybook.check" -}}
{{- if and (not .Values.clusterDNS) (include "daybook.tls" .) -}}
{{- fail "clusterDNS: false needs tls.mode: off, since certificates are for names" -}}
{{- end -}}
{{- if and (not .Values.postgres.bundled) (not .Values.postgres.external.host) -}}
{{- fail "postgres.external.host is needed when postgres.bundled is false" -}}
{{- end -}}
{{- if and (not .Values.nats.bundled) (not .Values.nats.external.url) -}}
{{- fail "nats.external.url is needed when nats.bundled is false" -}}
{{- end -}}
{{- if and .Values.calcom.apiUrl (not .Values.calcom.existingSecret) -}}
{{- fail "calcom.existingSecret is needed with calcom.apiUrl" -}}
{{- end -}}
{{- if and .Values.calcom.apiUrl .Values.calcomSandbox.enabled -}}
{{- fail "calcom.apiUrl and calcomSandbox.enabled exclude each other" -}}
{{- end -}}
{{- if and (eq .Values.tls.mode "cert-manager") (not .Values.tls.issuer.name) -}}
{{- fail "tls.issuer.name is needed with tls.mode: cert-manager" -}}
{{- end -}}
{{- if and .Values.nats.bundled (gt (int .Values.nats.streamReplicas) (int .Values.nats.replicas)) -}}
{{- fail "nats.streamReplicas cannot be more than nats.replicas" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs is needed with httpRoute.enabled" -}}
{{- end -}}
{{- end -}}

{{/* Host name in publicUrl, without a port. */}}
{{- define "daybook.publicHost" -}}
{{- regexReplaceAll "^https?://([^:/]+).*$" .Values.publicUrl "${1}" -}}
{{- end -}}

{{/*
What the pods of a bundled server are labelled: nothing that changes with a version of Daybook, so that an upgrade leaves
the server running. Takes root, name.
*/}}
{{- define "daybook.serverLabels" -}}
{{ include "daybook.selector" . }}
app.kubernetes.io/part-of: daybook
{{- end -}}

{{/*
Beside a bundled server, which reads its certificate once: tells it when the certificate was renewed. It is of the server's own
image, so that an upgrade of Daybook does not restart it; it sees the server's process, since the pod shares
its processes, and is the same user. Takes root, image, program (the process' name), directory (where the script is).
*/}}
{{- define "daybook.renewals" -}}
- name: renewals
  image: {{ .image | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [sh, {{ .directory }}/reload-renewed.sh, {{ .program }}, /etc/daybook/tls]
  securityContext:
    {{- include "daybook.containerSecurity" . | nindent 4 }}
  resources:
    requests: { cpu: 5m, memory: 8Mi }
    limits: { memory: 32Mi }
  volumeMounts:
    - name: tmp
      mountPath: /tmp
    - name: config
      mountPath: {{ .directory }}
      readOnly: true
    - name: tls
      mountPath: /etc/daybook/tls
      readOnly: true
{{- end -}}
