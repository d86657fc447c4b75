# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# What a copy costs beside the copy: nothing is opened or looked up for nothing.

load helper

setup() {
	umask 022
	PATH=$TOOLS:$PATH
	cd "$BATS_TEST_TMPDIR" || return 1
	unsanitized "sanitizers open and look up more"
	strace -o trace true 2>/dev/null || lacks "strace can't trace here"
}

# traced ARGUMENT...: the system calls of a copy, in ./trace.
traced() {
	LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 run -0 \
		strace -f -o "$BATS_TEST_TMPDIR/trace" "$REFLINKCP" "$@"
	trace=$BATS_TEST_TMPDIR/trace
}

@test "no locale files are opened for a copy that prints nothing" {
	on xfs
	mkfile source data:10K:1
	traced source copy
	run -1 grep -E 'locale|gconv|nls|charset' "$trace"
}

# assert_libraries: libc is loaded, and libbsd with what that needs if it isn't
# built in, and nothing else.
assert_libraries() {
	local known='/libc\.so' of_libbsd='/lib(bsd|md)\.so'

	rcp --version | grep -q '^libbsd: static' || known+="|$of_libbsd"
	run grep -oE '"[^"]*\.so[^"]*", O_RDONLY' "$trace"
	assert_equal "$(grep -vE "ld\.so\.cache|$known" <<<"$output")" ""
}

@test "no library beyond libc and libbsd is loaded" {
	on xfs
	mkfile source data:10K:1
	traced source copy
	assert_libraries
}

@test "--version says how libbsd is linked" {
	run -0 readelf -d "$REFLINKCP"
	if [[ $output == *"[libbsd.so"* ]]; then
		how=shared
	else
		how=static
	fi
	run -0 rcp --version
	assert_line --regexp "^libbsd: $how, [0-9.]+\$"
}

# A note of 16 bytes and a text, in whole words.
@test "a note names libselinux, where --version says that it is used" {
	run -0 readelf -SW "$REFLINKCP"
	if rcp --version | grep -q '^SELinux: no'; then
		refute_output --partial .note.dlopen
		return
	fi
	assert_output --regexp "\.note\.dlopen +NOTE .* A "
	rcp --version | grep '^SELinux: yes'
	# Its status is 1: it does not know that type.
	run readelf -n "$REFLINKCP"
	assert_output --regexp "FDO +0x[0-9a-f]+.*0x407c0c0a"
	objcopy -O binary -j .note.dlopen "$REFLINKCP" note
	# What of the text is as long as the note says.
	size=$(od -An -t u4 -j 4 -N 4 note)
	assert_equal "$(tail -c +17 note | head -c $((size - 1)))" \
		"$(printf %s '[{"feature":"selinux",' \
			'"description":"Default contexts of SELinux (-Z, --context)",' \
			'"priority":"suggested","soname":["libselinux.so.1"]}]')"
}

@test "-p loads no library either" {
	on xfs
	mkfile source data:10K:1
	setfacl -m u:1234:rw source
	traced -p source copy
	assert_libraries
}

@test "--context and -a ask once for SELinux, and load nothing where it is off" {
	[[ ! -e /sys/fs/selinux/enforce ]] || skip "SELinux is on"
	on xfs
	mkdir source
	for i in {1..5}; do
		mkfile "source/$i" data:10K:1
	done
	for option in -a --context -RZ "-a --no-preserve=context --context=x"; do
		# shellcheck disable=SC2086
		traced -R $option source copy
		assert_equal "$(grep -c selinux "$trace")" 1
		run -1 grep -E 'fscreate|security\.selinux' "$trace"
		rm -r copy
	done
	traced -R source copy
	run -1 grep selinux "$trace"
}

@test "nothing of /proc, /sys or /etc is read" {
	on xfs
	mkfile source data:10K:1
	traced source copy
	run grep -E 'open[^"]*"/(proc|sys|etc)/' "$trace"
	assert_equal "$(grep -v 'ld\.so\.' <<<"$output")" ""
}

@test "source and destination are opened once each" {
	on xfs
	mkfile source data:10K:1
	traced source copy
	assert_equal "$(grep -cE '^[0-9]+ +open.*"source"' "$trace")" 1
	assert_equal "$(grep -cE '^[0-9]+ +open.*"copy".* = [0-9]+$' "$trace")" 1
}

@test "no name is looked up again once it is open" {
	on xfs
	mkfile source data:10K:1
	traced -p source copy
	sed -n '/open.*"source".* = [0-9]/,$p' "$trace" >after
	assert_equal "$(tail -n +2 after | grep -c '"source"')" 0
	sed -n '/open.*"copy".* = [0-9]/,$p' "$trace" >after
	assert_equal "$(tail -n +2 after | grep -c '"copy"')" 0
}

@test "the ioctl is asked once for a pair of file systems that can't" {
	on ext4
	mkdir into
	for i in {1..10}; do
		mkfile "f$i" data:10K:1
	done
	traced f* into
	assert_equal "$(grep -c FICLONE "$trace")" 1
}

@test "a clone costs few system calls" {
	on xfs
	mkdir into
	mkfile 1 data:10K:1
	traced -t into 1
	one=$(grep -c . "$trace")
	for i in {2..21}; do
		mkfile "$i" data:10K:1
	done
	rm into/1
	traced -t into {1..21}
	twenty_one=$(grep -c . "$trace")
	each=$(((twenty_one - one) / 20))
	echo "$each system calls a file" >&3
	assert [ "$each" -le 11 ]
}

@test "--reflink=never asks for no clone and no copy in the kernel" {
	on xfs
	mkfile source data:1M:1
	traced --reflink=never source copy
	run -1 grep -E 'FICLONE|copy_file_range|sendfile|splice' "$trace"
}

@test "one whole clone: the ioctl comes once, for the whole file" {
	on xfs
	mkfile source data:100M:1
	traced source copy
	assert_equal "$(grep -c FICLONE "$trace")" 1
	run -1 grep FICLONERANGE "$trace"
}
