# SPDX-License-Identifier: BSD-2-Clause
# Finds out what is missing, names it, installs it.  To be sourced.
#
#	packages_add build demo		which groups of the table are wanted
#	packages_for unit lint		the same for these parts of tests/run
#	packages_install		name and install what of them is missing

# What is wanted: group, how to see that it is there, and the name of its
# package with apt-get, dnf, pacman and apk ("-": done without there).
#
#	command:NAME	a program
#	file:PATH	a file (PATH may be a pattern)
#	header:NAME	a C header
#	fuzzer:		the compiler runtime for fuzzing
packages_table='
build command:cc                  gcc               gcc              gcc               gcc
build header:stdio.h              libc6-dev         glibc-devel      glibc             musl-dev
build header:linux/fs.h           linux-libc-dev    kernel-headers   linux-api-headers linux-headers
build command:make                make              make             make              make
build command:cmake               cmake             cmake            cmake             cmake
build command:pkg-config          pkg-config        pkgconf-pkg-config pkgconf         pkgconf
build header:bsd/stdlib.h         libbsd-dev        libbsd-devel     libbsd            libbsd-dev
tests header:selinux/selinux.h    libselinux1-dev   libselinux-devel -                 libselinux-dev
demo  command:cmp                 diffutils         diffutils        diffutils         diffutils
loop  command:mkfs.xfs            xfsprogs          xfsprogs         xfsprogs          xfsprogs
loop  command:losetup             mount             util-linux       util-linux        losetup
tests command:gcc                 gcc               gcc              gcc               gcc
musl  command:musl-gcc            musl-tools        musl-gcc          musl              -
clang command:clang               clang             clang            clang             clang
fuzz  fuzzer:                     libclang-rt-dev   compiler-rt      compiler-rt       compiler-rt
lint  command:clang-tidy          clang-tidy        clang-tools-extra clang            clang-extra-tools
lint  command:clang-format        clang-format      clang-tools-extra clang            clang-extra-tools
lint  command:shellcheck          shellcheck        ShellCheck       shellcheck        shellcheck
lint  command:mandoc              mandoc            mandoc           mandoc            mandoc
lint  command:perl                perl              perl              perl              perl
e2e   command:perl                perl              perl              perl              perl
e2e   command:bats                bats              bats             bats              bats
e2e   file:/usr/*/bats/bats-support/load.bash bats-support bats-support bats-support   bats-support
e2e   file:/usr/*/bats/bats-assert/load.bash bats-assert bats-assert bats-assert       bats-assert
lab   command:mkfs.xfs            xfsprogs          xfsprogs         xfsprogs          xfsprogs
lab   command:mkfs.btrfs          btrfs-progs       btrfs-progs      btrfs-progs       btrfs-progs
lab   command:mkfs.ext4           e2fsprogs         e2fsprogs        e2fsprogs         e2fsprogs
lab   command:losetup             mount             util-linux       util-linux        losetup
e2e   command:setpriv             util-linux        util-linux       util-linux        setpriv
e2e   command:setfacl             acl               acl              acl               acl
e2e   command:setfattr            attr              attr             attr              attr
e2e   command:strace              strace            strace           strace            strace
e2e   command:pgrep               procps            procps-ng         procps-ng         procps
e2e   command:rsync               rsync             rsync            rsync             rsync
e2e   command:cmp                 diffutils         diffutils        diffutils         diffutils
tests file:/usr/include/fuse3/fuse.h libfuse3-dev fuse3-devel    fuse3             fuse3-dev
e2e   file:/usr/lib/python3*/*-packages/jsonschema/__init__.py python3-jsonschema python3-jsonschema python-jsonschema py3-jsonschema
e2e   command:jq                  jq               jq               jq                jq
e2e   command:zsh                 zsh               zsh              zsh               zsh
e2e   command:fish                fish              fish             fish              fish
'
packages_groups=" "

packages_add() {
	local group

	for group; do
		packages_groups+="$group "
	done
}

# What each part needs beside what it takes to build the tests.
packages_for() {
	local part

	packages_add build tests
	for part; do
		case $part in
		unit | install) ;;
		build) packages_add clang ;;
		lint) packages_add lint ;;
		fault | perf) packages_add lab ;;
		fuzz) packages_add clang fuzz ;;
		musl) packages_add musl lab e2e ;;
		tsan) packages_add lab e2e clang ;;
		*) packages_add lab e2e ;; # e2e, compare, asan, files of e2e
		esac
	done
}

packages_has() {
	local file

	case $1 in
	command:*) command -v "${1#*:}" >/dev/null ;;
	file:*)
		for file in ${1#*:}; do
			[[ -e $file ]] && return 0
		done
		return 1
		;;
	header:*) echo "#include <${1#*:}>" | cc -E - >/dev/null 2>&1 ;;
	fuzzer:)
		echo 'int LLVMFuzzerTestOneInput(const char *d, long n)
			{ return !d && n; }' |
			clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null
		;;
	esac
}

# The command that installs packages here, and the column of the table.
packages_manager() {
	if command -v apt-get >/dev/null; then
		echo "2 apt-get install -y -q --no-install-recommends"
	elif command -v dnf >/dev/null; then
		echo "3 dnf install -y -q"
	elif command -v pacman >/dev/null; then
		echo "4 pacman -S --noconfirm --needed"
	elif command -v apk >/dev/null; then
		echo "5 apk add"
	else
		return 1
	fi
}

# Print what is missing: "check package", a line each.
packages_missing() {
	local column=$1 row

	while read -r -a row; do
		[[ ${#row[@]} -gt 2 && $packages_groups == *" ${row[0]} "* ]] ||
			continue
		[[ ${row[column]} == - ]] || packages_has "${row[1]}" ||
			echo "${row[1]} ${row[column]}"
	done <<<"$packages_table"
}

# Ask, unless nobody is there to ask.
packages_agreed() {
	local answer

	[[ -t 0 && -t 1 ]] || return 0
	read -r -p "Install them now? [Y/n] " answer
	[[ ! $answer || $answer == [yYjJ]* ]]
}

packages_install() {
	local manager column command missing sudo=()

	manager=$(packages_manager) || manager="2 "
	read -r column command <<<"$manager"
	missing=$(packages_missing "$column")
	[[ $missing ]] || return 0

	local wanted
	wanted=$(cut -d ' ' -f 2 <<<"$missing" | sort -u)
	if [[ ! $command ]]; then
		echo "Missing, and no known package to install it from:"
		sed 's/ .*//; s/^[a-z]*:/  /' <<<"$missing"
		return 1
	fi
	echo "Missing packages: ${wanted//$'\n'/ }"
	if [[ $(id -u) -ne 0 ]]; then
		command -v sudo >/dev/null || {
			echo "Install them as root: $command" \
				"${wanted//$'\n'/ }"
			return 1
		}
		sudo=(sudo)
	fi
	packages_agreed || return 1

	# shellcheck disable=SC2086
	case $command in
	apt-get*)
		"${sudo[@]}" apt-get update -q >/dev/null || true
		"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
			$command $wanted >/dev/null
		;;
	*) "${sudo[@]}" $command $wanted ;;
	esac
}
