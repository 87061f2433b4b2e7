#!/usr/bin/env bash
# Writes k8s/rendered/daybook.yaml: the chart with its defaults, as plain manifests for those without Helm. Apply it in a
# namespace "daybook" (kubectl apply -k k8s/overlays/production first). A test refuses it when it differs from the chart.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p k8s/rendered
{
  echo '# Written by k8s/render.sh from helm/daybook with its default values; change the chart, not this file.'
  "${HELM:-helm}" template daybook helm/daybook --namespace daybook --kube-version 1.34.0 --skip-tests
} > "${1:-k8s/rendered/daybook.yaml}"
