#!/usr/bin/env bash
# Decodes JPEG files with libjpeg-turbo's own program into .ppm files beside each other:
#   djpeg.sh FOLDER FILE...
set -euo pipefail
folder=$1
shift
for file; do
  djpeg -rgb -outfile "$folder/$(basename "$file").ppm" "$file"
done
