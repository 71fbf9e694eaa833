#!/bin/bash
# From scores to the exported model: bash run.sh FOLDER [steps] [steps of the decay]
set -euo pipefail
folder=$(realpath -m "$1")
steps=${2:-9000}
decay=${3:-3000}
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH="$here/../../..:$here/../..${PYTHONPATH:+:$PYTHONPATH}" OMP_NUM_THREADS=1
python=${PYTHON:-python}
mkdir -p "$folder/run"
cd "$folder"
if [ ! -d quartets ]; then
    git clone https://github.com/OpenScore/StringQuartets quartets
    git -C quartets checkout -q 2c723a5b7b4ea5420826116dfa912956c6a022c2
fi
nice -n 15 "$python" -m studio_music.training.corpus --cache corpus.jsonl --extra "$folder"
[ -f works.pkl ] || nice -n 15 "$python" -m studio_music.training.prepare --cache corpus.jsonl --works works.pkl
nice -n 15 "$python" -m studio_music.training.train --works works.pkl --folder run --name stable --steps "$steps"
nice -n 15 "$python" -m studio_music.training.train --works works.pkl --folder run --name final \
    --start run/stable.pt --decay "$decay"
"$python" -m studio_music.training.export --checkpoint run/final.best.pt --history run/final.csv
"$python" -m studio_music.training.evaluate --works works.pkl --checkpoint run/final.best.pt \
    --model "$here/../model/model.onnx" --out run/tables.md
